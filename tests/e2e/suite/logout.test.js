// Signing out: here, at the provider, and back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  enterPassword, handle, login, logoutAtProvider, redirectToProvider, session, storedKeys, troubles, untilAnswered,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
const signedOut = { isAuthenticated: false, claims: null, token: null };

/** Runs before a login: the provider has no logout. */
function withoutEndSession() {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.end_session_endpoint; });
}

test('logout with state: through the provider\'s page and back', async () => {
  await login(world);
  assert.deepEqual(await troubles(world), []);
  const appState = { from: '/orders', nested: [1, { two: null }] };
  const url = await logoutAtProvider(world, { appState });
  const [sent] = world.requestsTo('endSession', 'GET');
  assert.equal(url.searchParams.get('state'), sent.query.state);

  const result = await handle(world);
  assert.deepEqual(result, { kind: 'logout', client: { client: 'demo' }, appState });
  assert.deepEqual(await session(world), signedOut);
  assert.equal((await world.driver.url()).href, world.app.url('/'), 'the state is cleaned away');
  assert.deepEqual(await troubles(world), []);
});

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

test('nobody is signed in from the moment of leaving, whatever the provider does', async () => {
  await login(world);
  await world.leave(() => window.oauth.demo.logoutRedirect());
  await world.driver.untilShown('#logout-yes');
  await world.visit('/');
  assert.equal(await handle(world), null);
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('the session at the provider is ended: the next login asks for the password', async () => {
  await login(world);
  await logoutAtProvider(world);
  await handle(world);
  await redirectToProvider(world);
  await enterPassword(world);
  await untilAnswered(world);
  assert.equal((await handle(world)).kind, 'login');
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

test('a provider without logout: end_session_not_supported before anything is cleared', async () => {
  withoutEndSession();
  await login(world);
  assert.equal(await world.call(() => window.oauth.demo.supportsRpLogout), false);
  await assert.rejects(world.leave(() => window.oauth.demo.logoutRedirect()), {
    isOAuthError: true, code: 'end_session_not_supported', kind: 'usage', phase: 'logout',
  });
  assert.equal((await session(world)).isAuthenticated, true);
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

test('clear: signed out here, without a request', async () => {
  await login(world);
  world.provider.clearRequests();
  await world.call(() => window.oauth.demo.clear());
  assert.deepEqual(await session(world), signedOut);
  await world.reload();
  await handle(world);
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(world.provider.requests, []);
});
