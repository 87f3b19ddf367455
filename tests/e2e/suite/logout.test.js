// Signing out: here, at the provider, and back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, logoutAtProvider, session, storedKeys } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { logoutScenarios } from './portable/logout.js';

const world = useWorld();

logoutScenarios(world);

/** Runs before a login: the provider has no logout. */
function withoutEndSession() {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.end_session_endpoint; });
}

test('nobody is signed in from the moment of leaving, whatever the provider does', async () => {
  await login(world);
  await world.leave(() => window.oauth.demo.logoutRedirect());
  await world.driver.untilShown('#logout-yes');
  await world.visit('/');
  assert.equal(await handle(world), null);
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('every parameter of a logout travels by its wire name', async () => {
  await login(world);
  const { url, state } = await world.call((postLogoutRedirectUri) => window.oauth.demo.createLogoutUrl({
    postLogoutRedirectUri, idTokenHint: 'a.b.c', state: 'a-state-of-my-own', clientId: 'another', logoutHint: 'alice',
    uiLocales: ['de', 'en'], params: { extra: 'x y' },
  }), world.app.url('/callback'));
  assert.equal(state, 'a-state-of-my-own');
  const sent = new URL(url);
  assert.equal(sent.origin + sent.pathname, world.provider.issuer + world.provider.paths.endSession);
  assert.deepEqual(Object.fromEntries(sent.searchParams), {
    post_logout_redirect_uri: world.app.url('/callback'), id_token_hint: 'a.b.c', state: 'a-state-of-my-own', client_id: 'another',
    logout_hint: 'alice', ui_locales: 'de en', extra: 'x y',
  });
  assert.equal((await session(world)).isAuthenticated, true, 'building a URL ends nothing');
});

test('idTokenHint null sends none', async () => {
  await login(world);
  const { url } = await world.call(() => window.oauth.demo.createLogoutUrl({ idTokenHint: null }));
  assert.equal(new URL(url).searchParams.has('id_token_hint'), false);
});

test('staying signed in at the provider: signed out here all the same', async () => {
  await login(world);
  await world.leave(() => window.oauth.demo.logoutRedirect());
  await world.driver.click('#logout-no');
  await world.driver.untilAt('the application', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal((await handle(world)).kind, 'logout');
  assert.deepEqual(await session(world), signedOut);
});

test('a provider without logout: signed out here, then end_session_not_supported', async () => {
  withoutEndSession();
  await login(world);
  assert.equal(await world.call(() => window.oauth.demo.supportsRpLogout), false);
  await assert.rejects(world.leave(() => window.oauth.demo.logoutRedirect()), {
    isOAuthError: true, code: 'end_session_not_supported', kind: 'usage', phase: 'logout',
  });
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('a provider without logout, fallback local: signed out here, and the page stays', async () => {
  withoutEndSession();
  await login(world);
  await world.call(() => window.oauth.demo.logoutRedirect({ fallback: 'local' }));
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
  assert.equal((await world.driver.url()).href, world.app.url('/callback'));
});

test('a provider with logout: fallback local changes nothing', async () => {
  await login(world);
  assert.equal(await world.call(() => window.oauth.demo.supportsRpLogout), true);
  await logoutAtProvider(world, { fallback: 'local' });
  assert.equal((await handle(world)).kind, 'logout');
});

