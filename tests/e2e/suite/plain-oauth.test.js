// Providers of plain OAuth 2.0: a token, an API, and nobody who vouches for whose it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPlainProvider } from '../../../www-example/provider/provider.js';
import { heard, listen } from '../lib/events.js';
import { assertFailure, fails } from '../lib/failure.js';
import { useServers } from '../lib/servers.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, handle, session, signInAtProvider, stored, troubles, untilAnswered } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
let plain;
let secretive;
const clientSecret = 'every visitor can read this';
useServers(world, async () => {
  plain = await startPlainProvider({ appOrigin: world.app.origin });
  secretive = await startPlainProvider({ appOrigin: world.app.origin, clientSecret });
  return [plain, secretive];
});

const settings = (members = {}, provider = plain) => ({ demo: { ...provider.settings, redirectUri: world.app.url('/callback'), ...members } });
/** `createOAuth` with hooks, which travel to the page as source text. */
const start = (given, hooks = {}) => {
  const source = Object.entries(hooks).map(([name, hook]) => `${name}: ${hook}`).join(', ');
  return world.call(`(given) => { given.demo.hooks = { ${source} }; return window.start(given); }`, given);
};
const leave = () => world.leave(() => window.oauth.demo.authorizeRedirect());
const handleRedirect = () => world.call(() => window.oauth.handleRedirect());

async function reachCallback(given = settings(), hooks, path = '/') {
  await world.visit(path);
  await start(given, hooks);
  await leave();
  await world.driver.click('#approve');
  return untilAnswered(world);
}
async function login(given = settings(), hooks) {
  await reachCallback(given, hooks);
  await start(given, hooks);
  return handleRedirect();
}
const failsLogin = async (code, expected, given, hooks) => {
  await reachCallback(given, hooks);
  await start(given ?? settings(), hooks);
  const error = await fails(world, code, expected, () => window.oauth.handleRedirect());
  assert.deepEqual(await session(world), signedOut);
  return error;
};
const user = () => world.call(async () => {
  const response = await window.oauth.demo.get('user');
  return { status: response.status, ...(await response.json()) };
});
/** What the token endpoint says when nobody changes it, and what is said instead. */
const tamper = (change) => plain.tamper(plain.paths.token, change);

// ---- login

test('login without openid: a token, no claims, and signed in', async () => {
  const { kind, token } = await login();
  assert.equal(kind, 'login');
  assert.deepEqual(await session(world), { isAuthenticated: true, claims: null, token });
  assert.deepEqual([token.token_type, token.scope, 'id_token' in token, 'userinfo' in token, 'expires_at' in token], ['bearer', plain.settings.scope, false, false, false]);
  await world.reload();
  assert.equal(await handle(world, settings()), null);
  assert.deepEqual(await session(world), { isAuthenticated: true, claims: null, token });
});

test('the requests: PKCE and a state, no nonce, no preflight, no cookie', async () => {
  await login();
  const { state, code_challenge: challenge, ...rest } = plain.requestsTo('/authorize')[0].query;
  assert.deepEqual(rest, {
    response_type: 'code', client_id: plain.clientId, redirect_uri: world.app.url('/callback'), scope: 'read:user user:email', code_challenge_method: 'S256',
  });
  assert.ok(state && challenge);
  const [{ body, headers }, ...more] = plain.tokenRequests();
  assert.deepEqual(more, []);
  assert.deepEqual(Object.keys(body).sort(), ['client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri']);
  assert.equal(headers.cookie, false);
  assert.deepEqual(plain.requests.filter(({ preflight }) => preflight), []);
});

test('who signed in is what the API says', async () => {
  await login();
  const { status, login: name, email } = await user();
  assert.deepEqual([status, name, email], [200, plain.user.login, plain.user.email]);
});

test('the person says no: authorization_refused, in the provider\'s words', async () => {
  await world.visit('/');
  await start(settings());
  await leave();
  await world.driver.click('#deny');
  await untilAnswered(world);
  await start(settings());
  await assert.rejects(handleRedirect(), { isOAuthError: true, code: 'authorization_refused', kind: 'refused', phase: 'callback', error: 'access_denied', clientName: 'demo' });
  assert.equal((await session(world)).isAuthenticated, false);
});

test('an id_token that nobody asked for is dropped', async () => {
  const idToken = world.provider.signJwt({ iss: plain.origin, sub: 'mallory', aud: plain.clientId });
  tamper((answer) => { answer.body.id_token = idToken; });
  const { token } = await login();
  assert.deepEqual([(await session(world)).claims, 'id_token' in token], [null, false]);
  assert.equal(JSON.stringify(await stored(world)).includes(idToken), false);
});

test('claims that the answer brings along are nobody\'s', async () => {
  tamper((answer) => { Object.assign(answer.body, { userinfo: { sub: 'mallory' }, expires_at: 1 }); });
  const { token } = await login();
  assert.deepEqual([(await session(world)).claims, 'userinfo' in token, 'expires_at' in token], [null, false, false]);
});

test('own members of the answer are handed through', async () => {
  tamper((answer) => { answer.body.installation = { id: 7 }; });
  assert.deepEqual((await login()).token.installation, { id: 7 });
});

test('a refusal with status 200 is a refusal', async () => {
  plain.setBehaviour({ errorsAsOk: true });
  const url = await reachCallback();
  const code = url.searchParams.get('code');
  await fetch(plain.settings.accessTokenUrl, { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code', client_id: plain.clientId, code }) });
  await start(settings());
  await fails(world, 'token_refused', { phase: 'token', error: 'invalid_grant', status: 200 }, () => window.oauth.handleRedirect());
});

// ---- answers that bend the rules

test('a form-encoded answer without a hook: invalid_token_response', async () => {
  plain.setBehaviour({ formEncoded: true });
  await failsLogin('invalid_token_response', { phase: 'token' });
});

test('a provider that writes a form unless JSON is asked for: works without a hook', async () => {
  plain.setBehaviour({ formEncoded: 'unless-json' });
  assert.equal((await login()).kind, 'login');
});

test('no token_type without a hook: invalid_token_response', async () => {
  plain.setBehaviour({ omitTokenType: true });
  await failsLogin('invalid_token_response', { phase: 'token' });
});

test('form-encoded and without token_type: hooks.tokenResponse makes it good', async () => {
  plain.setBehaviour({ formEncoded: true, omitTokenType: true });
  const { token } = await login(settings(), { tokenResponse: (body) => ({ token_type: 'bearer', ...body }) });
  assert.equal(token.token_type, 'bearer');
  assert.equal((await user()).login, plain.user.login);
});

test('a form-encoded refusal is read with a hook, in the provider\'s words', async () => {
  plain.setBehaviour({ formEncoded: true });
  tamper((answer) => Object.assign(answer, { status: 400, body: 'error=invalid_grant&error_description=too+old' }));
  await failsLogin('token_refused', { phase: 'token', error: 'invalid_grant', error_description: 'too old', status: 400 }, settings(), { tokenResponse: (body) => body });
});

test('an answer for another use: unsupported_token_type', async () => {
  tamper((answer) => { answer.body.token_type = 'mac'; });
  await failsLogin('unsupported_token_type', { phase: 'token' });
});

// ---- the value that is no secret

test('clientSecret is refused when the settings are read, and nothing is sent', async () => {
  await world.visit('/');
  await fails(world, 'client_secret_in_browser', { phase: 'config' }, (given) => window.start(given), settings({ clientSecret }, secretive));
  assert.deepEqual(secretive.requests, []);
});

test('insecureClientSecret goes into the form, and the login works', async () => {
  await login(settings({ insecureClientSecret: clientSecret }, secretive));
  const [{ body, headers }] = secretive.tokenRequests();
  assert.deepEqual([body.client_secret, headers.authorization], [clientSecret, undefined]);
  assert.equal((await user()).status, 200);
  assert.equal(JSON.stringify(secretive.requestsTo('/authorize')).includes(clientSecret), false);
});

test('a wrong value: token_refused, invalid_client', async () => {
  await failsLogin('token_refused', { phase: 'token', error: 'invalid_client', status: 401 }, settings({ insecureClientSecret: 'another' }, secretive));
});

test('insecureClientSecret: the console warns once a page, without the value', async () => {
  await world.startAtHome({ one: settings({ insecureClientSecret: clientSecret }).demo, two: settings({ insecureClientSecret: clientSecret }).demo });
  await world.start(settings({ insecureClientSecret: clientSecret }));
  const warnings = (await world.call(() => window.recorded)).filter(({ level }) => level === 'warn');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0].text, /insecureClientSecret/);
  assert.equal(warnings[0].text.includes(clientSecret), false);
  if (world.driver.can('console')) {
    assert.equal((await world.driver.console()).filter(({ text }) => text.includes('insecureClientSecret')).length, 1);
  }
});

// ---- the token's life

test('a token without an end is good until the API says otherwise', async () => {
  const { token } = await login();
  assert.equal(await world.call(() => window.oauth.demo.getAccessToken({ minValidity: 86_400 })), token.access_token);
  plain.revokeTokens();
  assert.equal((await user()).status, 401);
  assert.equal(plain.requestsTo('/user', 'GET').length, 1, 'there is nothing to renew it with');
});

test('a refresh without id_tokens: rotated, stored, still nobody\'s claims', async () => {
  plain.setBehaviour({ refreshTokens: true, expiresIn: 3600 });
  const { token: before } = await login();
  await listen(world);
  tamper((answer) => { answer.body.id_token = 'not.asked.for'; });
  const token = await world.call(() => window.oauth.demo.refreshToken());
  assert.notEqual(token.refresh_token, before.refresh_token);
  assert.deepEqual(await session(world), { isAuthenticated: true, claims: null, token });
  assert.equal('id_token' in token, false);
  assert.deepEqual((await heard(world)).map(({ type }) => type), ['tokenupdate']);
  assert.equal((await user()).status, 200);
});

test('the API refuses the token: one refresh, one repetition', async () => {
  plain.setBehaviour({ refreshTokens: true, expiresIn: 3600 });
  await login();
  plain.revokeTokens();
  assert.equal((await user()).status, 200);
  assert.deepEqual([plain.requestsTo('/user', 'GET').length, plain.tokenRequests('refresh_token').length], [2, 1]);
});

test('the refresh token is refused: signed out', async () => {
  plain.setBehaviour({ refreshTokens: true, expiresIn: 3600 });
  await login();
  await listen(world);
  plain.revokeTokens({ refresh: true });
  await fails(world, 'refresh_refused', { phase: 'refresh', error: 'invalid_grant', status: 400 }, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.equal((await session(world)).isAuthenticated, false);
  const [logout, failure] = await heard(world);
  assert.deepEqual(logout.detail, { name: 'demo', reason: 'refresh-rejected' });
  assertFailure(failure.detail.error, 'refresh_refused', { phase: 'refresh' });
});

// ---- what such a provider does not have

test('revokeToken: not_supported_by_provider, and the token is kept', async () => {
  const { token } = await login();
  await fails(world, 'not_supported_by_provider', { phase: 'token' }, () => window.oauth.demo.revokeToken());
  assert.deepEqual((await session(world)).token, token);
});

test('userinfo: not_supported_by_provider', async () => {
  await login();
  await fails(world, 'not_supported_by_provider', { phase: 'userinfo' }, () => window.oauth.demo.userinfo());
});

test('logout: no endpoint, so nobody is signed in here, and end_session_not_supported', async () => {
  await login();
  await fails(world, 'end_session_not_supported', { phase: 'logout' }, () => window.oauth.demo.logoutRedirect());
  assert.deepEqual(await session(world), signedOut);
});

test('logout with fallback local: the same without an error', async () => {
  await login();
  await world.call(() => window.oauth.demo.logoutRedirect({ fallback: 'local', revoke: true }));
  assert.deepEqual(await session(world), signedOut);
});

// ---- beside an OpenID provider

test('one page, two providers: each client has its own session', async () => {
  const both = { demo: settings().demo, person: world.settings().demo };
  await world.startAtHome(both);
  await leave();
  await world.driver.click('#approve');
  await untilAnswered(world);
  await world.start(both);
  assert.deepEqual((await handleRedirect()).client, { client: 'demo' });
  await world.leave(() => window.oauth.person.authorizeRedirect());
  await signInAtProvider(world);
  await world.start(both);
  assert.deepEqual((await handleRedirect()).client, { client: 'person' });
  assert.deepEqual(await world.call(() => [window.oauth.demo.claims, window.oauth.person.claims.sub]), [null, alice.sub]);
  await fails(world, 'origin_not_allowed', { phase: 'request', clientName: 'person' }, (url) => window.oauth.person.get(url), `${plain.origin}/user`);
  assert.equal((await user()).login, plain.user.login);
  assert.deepEqual(await troubles(world), []);
  await world.call(() => window.oauth.demo.clear());
  assert.equal(await world.call(() => window.oauth.person.isAuthenticated), true);
});
