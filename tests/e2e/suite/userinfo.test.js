// What the provider tells of the person beyond the id_token: believed only if it is about them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { alice, bob, login, reloadAndHandle, session, skewClock } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({
  refreshTokens: 'always', claimSources: true,
  clients: [{}, { client_id: 'signed-spa', userinfo_signed_response_alg: 'RS256' }],
});
const ofUserinfo = { phase: 'userinfo' };

const userinfo = () => world.call(() => window.oauth.demo.userinfo());
const asked = () => world.requestsTo('userinfo', 'GET');
const tamper = (change) => world.provider.tamper(world.provider.paths.userinfo, change);
const signIn = (user) => login(world, { user });
const signInSigned = () => login(world, { settings: world.settings({ clientId: 'signed-spa' }) });
/** The provider signs other claims than its own. */
const sign = (change) => tamper((answer) => {
  answer.body = world.provider.signJwt({ ...world.provider.decodeJwt(answer.body).claims, ...change });
});
const failsAs = (code, more) => fails(world, code, { ...ofUserinfo, ...more }, () => window.oauth.demo.userinfo());

test('userinfo is an object of its own: the session keeps the claims of the id_token', async () => {
  await signIn();
  const before = await session(world);
  tamper((answer) => { answer.body.name = 'Alice of the userinfo'; });
  assert.deepEqual(await world.call(async () => {
    const claims = await window.oauth.demo.userinfo();
    claims.name += '!';
    return [claims.name, (await window.oauth.demo.userinfo()).name];
  }), ['Alice of the userinfo!', 'Alice of the userinfo']);
  assert.deepEqual(await session(world), before);
});

test('a sub that is not the signed-in person\'s: subject_mismatch', async () => {
  await signIn();
  tamper((answer) => { answer.body.sub = 'bob'; });
  const error = await failsAs('subject_mismatch');
  assert.equal(`${error.message} ${error.reported}`.includes(alice.name), false, 'and nothing of the answer gets out');
  assert.equal((await session(world)).isAuthenticated, true);
});

test('no sub: missing_claim', async () => {
  await signIn();
  tamper((answer) => { delete answer.body.sub; });
  await failsAs('missing_claim');
});

test('something that is no object: invalid_token_response', async () => {
  await signIn();
  tamper((answer) => { answer.body = ['alice']; });
  await failsAs('invalid_token_response');
});

// ---- signed answers

test('a signed answer is verified, and its claims are given', async () => {
  await signInSigned();
  const claims = await userinfo();
  assert.equal(asked()[0].headers.accept.includes('application/jwt'), true);
  assert.deepEqual([claims.sub, claims.name, claims.aud, claims.iss], [alice.sub, alice.name, 'signed-spa', world.provider.issuer]);
});

for (const [what, code, change] of [
  ['about somebody else', 'subject_mismatch', { sub: 'bob' }],
  ['for another client', 'invalid_claim', { aud: 'demo-spa' }],
  ['of another issuer', 'invalid_claim', { iss: 'https://id.example.com' }],
  ['without an issuer', 'missing_claim', { iss: undefined }],
  ['without an audience', 'missing_claim', { aud: undefined }],
]) {
  test(`a signed answer ${what}: ${code}`, async () => {
    await signInSigned();
    sign(change);
    await failsAs(code);
  });
}

test('a signed answer with other claims than were signed: bad_signature', async () => {
  await signInSigned();
  tamper((answer) => {
    const [header, payload, signature] = answer.body.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), name: 'Mallory' };
    answer.body = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  });
  await failsAs('bad_signature');
});

// ---- claims of others (OpenID Connect Core 5.6.2)

test('aggregated and distributed claims come as they are, and nobody else is asked', async () => {
  await signIn(bob);
  let sent;
  tamper((answer) => { sent = { names: answer.body._claim_names, sources: answer.body._claim_sources }; });
  const { _claim_names: names, _claim_sources: sources, name } = await userinfo();
  assert.deepEqual(names, { shoe_size: 'cobbler', credit_score: 'bureau' });
  assert.deepEqual({ names, sources }, sent);
  assert.equal(name, bob.name);
  assert.deepEqual(world.provider.requestsTo('/bureau'), []);
});

test('aggregated and distributed claims of the id_token survive a reload', async () => {
  await signIn(bob);
  await reloadAndHandle(world);
  assert.deepEqual((await session(world)).claims._claim_names, { shoe_size: 'cobbler', credit_score: 'bureau' });
});

// ---- the token

test('an expired token is renewed before the provider is asked', async () => {
  await signIn();
  skewClock(world, 7200);
  world.provider.setTtl({ IdToken: 4 * 3600 });
  await reloadAndHandle(world);
  assert.equal((await userinfo()).sub, alice.sub);
  assert.deepEqual(asked().map(({ status }) => status), [200]);
  assert.equal(world.provider.tokenRequests('refresh_token').length, 1);
});

test('a revoked token: one refresh, one repetition', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  assert.equal((await userinfo()).sub, alice.sub);
  assert.deepEqual(asked().map(({ status }) => status), [401, 200]);
  assert.equal(world.provider.tokenRequests('refresh_token').length, 1);
});

test('a revoked token and nothing to renew it with: userinfo_refused, in the provider\'s words', async () => {
  world.provider.tamper(world.provider.paths.token, (answer) => { delete answer.body.refresh_token; });
  await signIn();
  world.provider.revokeAccessTokens();
  await failsAs('userinfo_refused', { status: 401, error: 'invalid_token' });
  assert.equal(asked().length, 1);
  assert.equal((await session(world)).isAuthenticated, true);
});

test('403 insufficient_scope: userinfo_refused, and nothing is repeated', async () => {
  await signIn();
  tamper((answer) => {
    answer.status = 403;
    answer.headers['www-authenticate'] = 'Bearer error="insufficient_scope", scope="profile"';
    answer.headers['access-control-expose-headers'] = 'WWW-Authenticate';
    answer.body = '';
  });
  await failsAs('userinfo_refused', { status: 403, error: 'insufficient_scope' });
  assert.equal(asked().length, 1);
});

test('nobody signed in: missing_token, and the endpoint is not asked', async () => {
  await world.startAtHome();
  await failsAs('missing_token', { phase: 'token' });
  assert.deepEqual(world.requestsTo('userinfo'), []);
});

// ---- the surroundings

test('503: http_status, retryable', async () => {
  await signIn();
  tamper((answer) => { Object.assign(answer, { status: 503, body: 'busy' }); });
  await failsAs('http_status', { status: 503, retryable: true });
});

test('the provider is down: network, retryable, and the session stays', async () => {
  await signIn();
  world.provider.setDown(true);
  await failsAs('network');
  assert.equal((await session(world)).isAuthenticated, true);
});

test('a slow provider: timeout', async () => {
  await login(world, { options: { requestTimeout: 1 } });
  hold(world.provider, world.provider.paths.userinfo);
  await failsAs('timeout');
});

test('the caller\'s signal ends the call: aborted', async () => {
  await signIn();
  const { asked: untilAsked } = hold(world.provider, world.provider.paths.userinfo);
  await world.call(() => {
    window.controller = new AbortController();
    window.given = window.oauth.demo.userinfo({ signal: window.controller.signal });
    window.given.catch(() => {});
  });
  await untilAsked(world);
  await fails(world, 'aborted', ofUserinfo, () => {
    window.controller.abort();
    return window.given;
  });
});

test('already aborted: nothing is asked', async () => {
  await signIn();
  world.provider.clearRequests();
  await fails(world, 'aborted', ofUserinfo, () => window.oauth.demo.userinfo({ signal: AbortSignal.abort() }));
  assert.deepEqual(world.provider.requests, []);
});

test('a provider without the endpoint: not_supported_by_provider', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { delete answer.body.userinfo_endpoint; });
  await signIn();
  await failsAs('not_supported_by_provider');
});

test('the endpoint may come from the settings', async () => {
  const settings = world.settings({ metadata: { userinfo_endpoint: `${world.provider.issuer}${world.provider.paths.userinfo}?v=2` } });
  await login(world, { settings });
  await userinfo();
  assert.deepEqual(asked().map(({ query }) => query), [{ v: '2' }]);
});

// ---- an id_token that came another way

const parse = (idToken, expected) => [(text, options) => window.oauth.demo.parseIdToken(text, options), idToken, expected];
const idTokenOf = (change) => world.provider.signJwt({
  ...world.provider.decodeJwt(issued.id_token).claims, nonce: undefined, at_hash: undefined, ...change,
});
let issued;
const signInForIdToken = async () => { issued = (await signIn()).token; };

test('parseIdToken: verified claims, and the session is another matter', async () => {
  await signInForIdToken();
  const before = await session(world);
  assert.equal((await world.call(...parse(idTokenOf({ sub: 'bob', name: 'Somebody' })))).name, 'Somebody');
  assert.deepEqual(await session(world), before);
});

test('parseIdToken with a nonce: it must be there and fit', async () => {
  await signInForIdToken();
  assert.equal((await world.call(...parse(idTokenOf({ nonce: 'a' }), { nonce: 'a' }))).nonce, 'a');
  await fails(world, 'nonce_mismatch', { phase: 'id_token' }, ...parse(idTokenOf({ nonce: 'b' }), { nonce: 'a' }));
  await fails(world, 'missing_claim', { phase: 'id_token' }, ...parse(idTokenOf({}), { nonce: 'a' }));
});

for (const [what, code, make] of [
  ['for another client', 'invalid_claim', () => idTokenOf({ aud: 'signed-spa' })],
  ['of another issuer', 'invalid_claim', () => idTokenOf({ iss: 'https://id.example.com' })],
  ['that has expired', 'expired_token', () => idTokenOf({ exp: 1_700_000_000 })],
  ['with a broken signature', 'bad_signature', () => `${idTokenOf({}).slice(0, -6)}AAAAAA`],
  ['that is none', 'malformed_jwt', () => 'a.b.c'],
]) {
  test(`parseIdToken of one ${what}: ${code}`, async () => {
    await signInForIdToken();
    await fails(world, code, { phase: 'id_token' }, ...parse(make()));
  });
}

test('parseIdToken with an access token that is not its own: at_hash_mismatch', async () => {
  await signInForIdToken();
  const atHash = createHash('sha256').update('its own').digest().subarray(0, 16).toString('base64url');
  await world.call(...parse(idTokenOf({ at_hash: atHash }), { accessToken: 'its own' }));
  await fails(world, 'at_hash_mismatch', { phase: 'id_token' }, ...parse(idTokenOf({ at_hash: atHash }), { accessToken: 'another' }));
});
