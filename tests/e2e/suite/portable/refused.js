// Any provider says no, in its own words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSignedOut } from '../../lib/signed-out.js';
import { enterPassword, handle, login, redirectToProvider, session, untilAnswered } from '../../lib/steps.js';

export function refusalScenarios(world) {
  const tokenRequests = () => world.requestsTo('token').length;

  /** A login whose user is asked for consent and does not give it; ends at the callback URL. */
  async function beDenied(params) {
    await world.provider.setConsent(true);
    await world.startAtHome();
    await redirectToProvider(world, params);
    await enterPassword(world);
    await world.pages.deny(world.driver);
    return untilAnswered(world);
  }

  test('consent: the user is asked, agrees, and is signed in', async () => {
    await world.provider.setConsent(true);
    await world.startAtHome();
    await redirectToProvider(world);
    await enterPassword(world);
    await world.pages.allow(world.driver);
    await untilAnswered(world);
    assert.equal((await handle(world)).kind, 'login');
  });

  test('denied consent: authorization_refused in the provider\'s own words, with appState, and no token request', async () => {
    const url = await beDenied({ appState: { cart: [1, 2] } });
    await assert.rejects(handle(world), {
      isOAuthError: true, name: 'OAuthError', code: 'authorization_refused', kind: 'refused', phase: 'callback', clientName: 'demo',
      error: 'access_denied', error_description: url.searchParams.get('error_description') ?? undefined, appState: { cart: [1, 2] },
    });
    assert.equal(tokenRequests(), 0);
    assert.equal((await world.driver.url()).href, world.app.url('/callback'), 'the address bar is cleaned of the error too');
    await assertSignedOut(world);
  });

  test('after a denial a new login succeeds', async () => {
    await beDenied();
    await assert.rejects(handle(world), { code: 'authorization_refused' });
    await redirectToProvider(world);
    await world.pages.allow(world.driver);
    await untilAnswered(world);
    assert.equal((await handle(world)).kind, 'login');
  });

  test('a denial does not end the session of the user who is signed in', async () => {
    await login(world);
    await world.provider.setConsent(true);
    await redirectToProvider(world, { prompt: 'consent' });
    await world.pages.deny(world.driver);
    await untilAnswered(world);
    await assert.rejects(handle(world), { code: 'authorization_refused', error: 'access_denied' });
    assert.equal((await session(world)).isAuthenticated, true);
  });
}
