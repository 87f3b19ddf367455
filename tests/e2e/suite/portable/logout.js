// Signing out at any provider, and coming back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../../lib/signed-out.js';
import { handle, login, logoutAtProvider, reloadAndHandle, session } from '../../lib/steps.js';

export function logoutScenarios(world) {
  test('the end-session request: exactly its parameters, the hint byte for byte the issued id_token', async () => {
    let issued;
    world.provider.tamper(world.provider.paths.token, (answer) => { issued = answer.body.id_token; });
    await login(world);
    await logoutAtProvider(world, { appState: 'stays here' });
    const { state, ...rest } = world.requestsTo('endSession', 'GET')[0].query;
    assert.match(state, /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      id_token_hint: issued, post_logout_redirect_uri: world.app.url('/'), client_id: world.provider.clientId,
    });
  });

  test('validateLogoutResponse judges the return', async () => {
    await login(world);
    await logoutAtProvider(world, { appState: [1] });
    await world.start();
    assert.deepEqual(await world.call(() => window.oauth.demo.validateLogoutResponse()), {
      post_logout_redirect_uri: world.app.url('/'), appState: [1],
    });
  });

  test('a return with another state: not ours; the session stays cleared', async () => {
    await login(world);
    const url = await logoutAtProvider(world);
    url.searchParams.set('state', `${url.searchParams.get('state')}_INVALID`);
    await world.visit(url.href);
    assert.equal(await handle(world), null);
    assert.equal((await world.driver.url()).href, url.href);
    await assert.rejects(world.call(() => window.oauth.demo.validateLogoutResponse()), { isOAuthError: true, code: 'invalid_state', kind: 'rejected' });
    assert.deepEqual(await session(world), signedOut);
  });

  test('a return without a state: not ours; the session stays cleared', async () => {
    await login(world);
    const url = await logoutAtProvider(world);
    url.searchParams.delete('state');
    await world.visit(url.href);
    assert.equal(await handle(world), null);
    await assert.rejects(world.call(() => window.oauth.demo.validateLogoutResponse()), { isOAuthError: true, code: 'missing_state', kind: 'rejected' });
    assert.deepEqual(await session(world), signedOut);
  });

  test('the state of a logout does not pass for that of a login', async () => {
    await login(world);
    const url = await logoutAtProvider(world);
    url.searchParams.set('code', 'stolen');
    url.searchParams.set('iss', world.provider.issuer);
    await world.visit(url.href);
    world.provider.clearRequests();
    await world.start();
    await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), { isOAuthError: true, kind: 'rejected' });
    assert.equal(world.requestsTo('token').length, 0);
    assert.deepEqual(await session(world), signedOut);
  });

  test('handleRedirect twice after a logout: one result', async () => {
    await login(world);
    await logoutAtProvider(world, { appState: 'x' });
    await world.start();
    const [first, second] = await world.call(() => Promise.all([window.oauth.handleRedirect(), window.oauth.handleRedirect()]));
    assert.deepEqual(first, { kind: 'logout', client: { client: 'demo' }, appState: 'x' });
    assert.deepEqual(second, first);
  });

  test('clear: signed out here, without a request', async () => {
    await login(world);
    world.provider.clearRequests();
    await world.call(() => window.oauth.demo.clear());
    assert.deepEqual(await session(world), signedOut);
    await reloadAndHandle(world);
    assert.deepEqual(await session(world), signedOut);
    assert.deepEqual(world.provider.requests, []);
  });
}
