// What is Canaille's own: an identity server whose tokens and habits are not those of oidc-provider.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, handle, login, reachCallback, redirectToProvider, session, signInAtProvider, untilAnswered } from '../lib/steps.js';
import { duplicate } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';
import { coreScenarios } from './portable/core.js';
import { tokenScenarios } from './portable/tokens.js';

const world = useWorld({
  clients: [
    {},
    { client_id: 'rs256-spa', id_token_signed_response_alg: 'RS256' },
    { client_id: 'jwt-spa', userinfo_signed_response_alg: 'RS256' },
  ],
}, 'canaille');

coreScenarios(world);
tokenScenarios(world);

const header = ({ id_token: idToken }) => world.provider.decodeJwt(idToken).header;

/** Signs the id_token anew with other claims. */
const claiming = (change) => world.provider.tamper(world.provider.paths.token, ({ body }) => {
  const { claims } = world.provider.decodeJwt(body.id_token);
  change(claims);
  body.id_token = world.provider.signJwt(claims);
});

test('discovery: the metadata and the keys are read as they are', async () => {
  await world.startAtHome();
  const { metadata, keys } = await world.call(async () => ({
    metadata: await window.oauth.demo.loadServerMetadata(), keys: await window.oauth.demo.fetchJwkSet(),
  }));
  assert.ok(metadata.id_token_signing_alg_values_supported.includes('none'), 'Canaille offers what is never taken');
  // Two keys, and neither says for which `alg` it is.
  assert.deepEqual(keys.keys.map(({ kty, use, alg }) => [kty, use, alg]), [['OKP', 'sig', undefined], ['RSA', 'sig', undefined]]);
});

test('login: the id_token is signed with RS512, and its audience is a list', async () => {
  const { token } = await login(world);
  const [, key] = (await world.call(() => window.oauth.demo.fetchJwkSet())).keys;
  assert.deepEqual(header(token), { typ: 'JWT', alg: 'RS512', kid: key.kid });
  assert.deepEqual(token.userinfo.aud, [world.provider.clientId]);
  assert.equal(token.userinfo.azp, undefined);
  assert.equal(token.userinfo.iss, world.provider.issuer);
  assert.deepEqual(token.userinfo.amr, ['pwd']);
  assert.match(token.userinfo.at_hash, /^[\w-]{43}$/, 'half of a SHA-512');
});

test('login of a client that is registered for RS256: the same key, the other algorithm', async () => {
  const settings = world.settings({ clientId: 'rs256-spa' });
  const { token } = await login(world, { settings });
  assert.equal(header(token).alg, 'RS256');
  assert.deepEqual(token.userinfo.aud, ['rs256-spa']);
});

test('auth_time with a fraction of a second is an age like any other', async () => {
  const { token } = await login(world, { params: { maxAge: 60 } });
  assert.ok(!Number.isInteger(token.userinfo.auth_time), `${token.userinfo.auth_time}`);
});

test('a stranger in the list of audiences: invalid_claim', async () => {
  await reachCallback(world);
  claiming((claims) => { claims.aud.push('stranger'); });
  await assert.rejects(handle(world), { isOAuthError: true, code: 'invalid_claim', kind: 'rejected' });
  assert.equal((await session(world)).isAuthenticated, false);
});

test('another audience in the list that the settings trust: a login', async () => {
  const settings = world.settings({ trustedAudiences: ['orders-api'] });
  await reachCallback(world, { settings });
  claiming((claims) => { claims.aud.push('orders-api'); });
  const { token } = await handle(world, settings);
  assert.deepEqual(token.userinfo.aud, [world.provider.clientId, 'orders-api']);
});

test('prompt=login: the same person is asked for the password again', async () => {
  const { token } = await login(world);
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world);
  const again = await handle(world);
  assert.equal(again.token.userinfo.sub, alice.sub);
  assert.ok(again.token.userinfo.auth_time > token.userinfo.auth_time);
});

// RFC 9207 section 2 wants `iss` in errors, too. Canaille promises it and leaves it out where nobody was asked.
test('prompt=none without a session: login_required without the provider\'s words, and missing_issuer as its cause', async () => {
  await world.startAtHome();
  await redirectToProvider(world, { prompt: 'none', appState: 'silently' });
  const { searchParams } = await untilAnswered(world);
  assert.equal(searchParams.get('error'), 'login_required');
  assert.equal(searchParams.get('iss'), null);
  const told = await world.call(async (settings) => {
    await window.start(settings);
    const error = await window.oauth.handleRedirect().catch((caught) => caught);
    return { ...window.describe(error), cause: window.describe(error.cause) };
  }, world.settings());
  assert.deepEqual(
    [told.isOAuthError, told.code, told.kind, told.appState, told.error, told.error_description],
    [true, 'login_required', 'refused', 'silently', undefined, undefined],
  );
  assert.deepEqual([told.cause.isOAuthError, told.cause.code, told.cause.kind], [true, 'missing_issuer', 'rejected']);
});

test('prompt=none without a session, the promise taken back by the settings: login_required', async () => {
  const settings = world.settings({ metadata: { authorization_response_iss_parameter_supported: false } });
  await world.startAtHome(settings);
  await redirectToProvider(world, { prompt: 'none' });
  await untilAnswered(world);
  await assert.rejects(handle(world, settings), { isOAuthError: true, code: 'login_required', kind: 'refused', error: 'login_required' });
});

test('an access token of ten days, and after a refresh one of an hour: expires_at follows', async () => {
  const assertGoodFor = ({ expires_at: at }, seconds) => {
    assert.ok(Math.abs(at - Date.now() / 1000 - seconds) <= 10, `${at - Date.now() / 1000} s`);
  };
  const { token } = await login(world);
  assertGoodFor(token, 864_000);
  assert.equal(token.userinfo.exp - token.userinfo.iat, 3600);
  assertGoodFor(await world.call(() => window.oauth.demo.refreshToken()), 3600);
});

test('userinfo as a signed JWT: the claims, once the signature holds', async () => {
  await login(world, { settings: world.settings({ clientId: 'jwt-spa' }) });
  let type;
  world.provider.tamper(world.provider.paths.userinfo, ({ headers }) => { type = headers['content-type']; });
  const claims = await world.call(() => window.oauth.demo.userinfo());
  assert.match(type, /^application\/jwt\b/);
  assert.equal(claims.sub, alice.sub);
  assert.equal(claims.name, alice.name);
});

// Canaille's metadata says so (`revocation_endpoint_auth_methods_supported`: client_secret_basic), and a page has no secret.
test('revocation as Canaille comes: refused in its own words, and the session stays', async () => {
  await login(world);
  await assert.rejects(world.call(() => window.oauth.demo.revokeToken()), {
    isOAuthError: true, code: 'token_refused', kind: 'refused', error: 'invalid_client', status: 401,
  });
  assert.equal((await session(world)).isAuthenticated, true);
});

// Canaille ends its session without a question. A provider that asks first still has the session when the page of the logout has gone.
test('a logout while the guard of another tab begins a login at once: the login comes second, and is asked for the password', async () => {
  await login(world);
  const here = await world.driver.tab();
  const other = await duplicate(world);
  await handle(world);
  assert.equal((await session(world)).isAuthenticated, true);
  await world.call(() => {
    window.oauth.addEventListener('logout', ({ detail }) => {
      localStorage.setItem('heard', detail.reason);
      void window.oauth.demo.authorizeRedirect();
    });
  });
  await world.driver.to(here);
  world.provider.clearRequests();
  // Time enough for the guard.
  world.provider.setDelay(world.provider.paths.endSession, 1000);
  await world.leave(() => window.oauth.demo.logoutRedirect());
  await world.driver.untilAt('the application after the logout', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal((await handle(world)).kind, 'logout');
  assert.equal(await world.call(() => localStorage.getItem('heard')), 'other-tab');

  await world.driver.to(other);
  await world.pages.untilAsked(world.driver);
  const { authorization, endSession } = world.provider.paths;
  const asked = world.provider.requests.map(({ path }) => path).filter((path) => [authorization, endSession].includes(path));
  assert.deepEqual(asked.slice(0, 2), [endSession, authorization]);
  await signInAtProvider(world);
  assert.equal((await handle(world)).kind, 'login');
});
