// Giving tokens back (RFC 7009): by themselves, and on the way out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardTypes, listen } from '../lib/events.js';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, logoutAtProvider, reloadAndHandle, session, stored, storedSession } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const path = () => world.provider.paths.revocation;
const revocations = () => world.requestsTo('revocation', 'POST');
const revoke = (hint) => world.call((kind) => window.oauth.demo.revokeToken(kind ?? undefined), hint);
const isRefused = async (token) => 'refused' in await world.provider.verifyAccessToken(token);
const storedToken = async () => (await storedSession(world)).token;

/** Whether the provider takes this refresh token; asked past the package. */
async function canRefresh(token) {
  const response = await fetch(world.provider.issuer + world.provider.paths.token, {
    method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, client_id: world.provider.clientId }),
  });
  return response.ok;
}

test('by default the refresh token goes, and the login goes on without it', async () => {
  const { token } = await login(world);
  await listen(world);
  await revoke();
  const [{ body, headers }, ...more] = revocations();
  assert.deepEqual(more, []);
  assert.deepEqual(body, { token: token.refresh_token, token_type_hint: 'refresh_token', client_id: world.provider.clientId });
  assert.deepEqual([headers.cookie, headers.authorization, headers.referer], [false, undefined, undefined]);
  assert.equal(await canRefresh(token.refresh_token), false);
  const now = await session(world);
  assert.deepEqual([now.isAuthenticated, 'refresh_token' in now.token], [true, false]);
  assert.equal(JSON.stringify(await stored(world)).includes(token.refresh_token), false);
  assert.deepEqual(await heardTypes(world), []);
  await fails(world, 'missing_token', { phase: 'refresh' }, () => window.oauth.demo.refreshToken());
  await reloadAndHandle(world);
  assert.equal((await session(world)).isAuthenticated, true);
});

test('hint access_token: the provider takes it no more, and it is not used again', async () => {
  const { token } = await login(world);
  assert.equal(await isRefused(token.access_token), false);
  await revoke('access_token');
  assert.deepEqual(revocations().map(({ body }) => [body.token, body.token_type_hint]), [[token.access_token, 'access_token']]);
  assert.equal(await isRefused(token.access_token), true);
  assert.equal((await session(world)).isAuthenticated, true);
  // It counts as expired; what the provider says of the refresh token is its affair (this one takes it back, too).
  await fails(world, 'refresh_refused', { phase: 'refresh', error: 'invalid_grant', status: 400 }, () => window.oauth.demo.getAccessToken());
});

test('hint access_token at a provider that keeps the refresh token: the next call has a new one', async () => {
  // An endpoint of which nobody else hears.
  world.provider.tamper('/forget', () => ({ status: 200, headers: { 'access-control-allow-origin': '*' } }));
  const { token } = await login(world, { settings: world.settings({ metadata: { revocation_endpoint: `${world.provider.issuer}/forget` } }) });
  await revoke('access_token');
  assert.notEqual(await world.call(() => window.oauth.demo.getAccessToken()), token.access_token);
  assert.deepEqual(world.provider.tokenRequests('refresh_token').map(({ status }) => status), [200]);
});

test('without a refresh token the access token goes', async () => {
  world.provider.tamper(world.provider.paths.token, (answer) => { delete answer.body.refresh_token; });
  const { token } = await login(world);
  await revoke();
  assert.deepEqual(revocations().map(({ body }) => body.token), [token.access_token]);
  assert.equal(await isRefused(token.access_token), true);
  await fails(world, 'token_expired', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
});

test('hint refresh_token without one: missing_token, and nothing is sent', async () => {
  world.provider.tamper(world.provider.paths.token, (answer) => { delete answer.body.refresh_token; });
  await login(world);
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.revokeToken('refresh_token'));
  assert.deepEqual(world.requestsTo('revocation'), []);
});

test('nobody signed in: missing_token', async () => {
  await world.startAtHome();
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.revokeToken());
  assert.deepEqual(world.provider.requests, []);
});

test('a hint that is none: config_invalid, and nothing is sent', async () => {
  await login(world);
  for (const hint of ['id_token', 7, {}]) {
    await fails(world, 'config_invalid', { phase: 'token' }, (kind) => window.oauth.demo.revokeToken(kind), hint);
  }
  assert.deepEqual(world.requestsTo('revocation'), []);
});

for (const [what, code, change, more] of [
  ['503', 'http_status', (answer) => { Object.assign(answer, { status: 503, body: 'busy' }); }, { status: 503, retryable: true }],
  ['a refusal', 'token_refused', (answer) => { Object.assign(answer, { status: 400, body: { error: 'unsupported_token_type', error_description: 'not these' } }); },
    { status: 400, error: 'unsupported_token_type', error_description: 'not these' }],
  ['no answer', 'network', () => ({ destroy: true }), {}],
]) {
  test(`the endpoint gives ${what}: ${code}, and the token is kept`, async () => {
    await login(world);
    const before = await storedToken();
    world.provider.tamper(path(), change);
    await fails(world, code, { phase: 'token', ...more }, () => window.oauth.demo.revokeToken());
    assert.deepEqual(await storedToken(), before);
  });
}

test('a provider without the endpoint: not_supported_by_provider', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.revocation_endpoint; });
  await login(world);
  await fails(world, 'not_supported_by_provider', { phase: 'token' }, () => window.oauth.demo.revokeToken());
});

// ---- on the way out

test('logoutRedirect revokes nothing unless asked to', async () => {
  await login(world);
  await logoutAtProvider(world);
  assert.deepEqual(world.requestsTo('revocation'), []);
});

test('logoutRedirect with revoke: the tokens are dead, and the logout goes its way', async () => {
  const { token } = await login(world);
  await logoutAtProvider(world, { revoke: true, appState: 'kept' });
  assert.deepEqual(revocations().map(({ body, status }) => [body.token, status]), [[token.refresh_token, 200]]);
  assert.deepEqual([await isRefused(token.access_token), await canRefresh(token.refresh_token)], [true, false]);
  assert.deepEqual(await handle(world), { kind: 'logout', client: { client: 'demo' }, appState: 'kept' });
});

for (const [what, change] of [
  ['cuts the connection', () => ({ destroy: true })],
  ['answers 500', (answer) => { Object.assign(answer, { status: 500, body: 'broken' }); }],
  ['refuses', (answer) => { Object.assign(answer, { status: 400, body: { error: 'invalid_client' } }); }],
]) {
  test(`logoutRedirect with revoke, and the endpoint ${what}: logged out all the same`, async () => {
    await login(world);
    world.provider.tamper(path(), change);
    await logoutAtProvider(world, { revoke: true });
    // A browser may ask again by itself where a connection was cut.
    assert.ok(revocations().length >= 1);
    assert.equal((await handle(world)).kind, 'logout');
    assert.deepEqual(await session(world), signedOut);
  });
}

test('logoutRedirect with revoke, and no answer ever comes: the page is signed out meanwhile, and leaves', async () => {
  await login(world);
  const { asked, held } = hold(world.provider, path());
  await world.call(() => { window.watch(window.oauth.demo.logoutRedirect({ revoke: true })); });
  await asked(world);
  assert.deepEqual(await session(world), signedOut);
  await world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
  assert.equal(held.length, 1);
  await world.driver.untilShown('#logout-yes');
});

test('logoutRedirect with revoke at a provider without revocation: logged out', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.revocation_endpoint; });
  await login(world);
  await logoutAtProvider(world, { revoke: true });
  assert.equal((await handle(world)).kind, 'logout');
});

test('revoke and fallback local at a provider without logout: revoked, and signed out here', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.end_session_endpoint; });
  const { token } = await login(world);
  await world.call(() => window.oauth.demo.logoutRedirect({ revoke: true, fallback: 'local' }));
  assert.equal(await canRefresh(token.refresh_token), false);
  assert.deepEqual(await session(world), signedOut);
});
