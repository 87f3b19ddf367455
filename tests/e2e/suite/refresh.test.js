// Access tokens with a life, in one tab: renewed when needed, once for everybody, and never at the price of the session.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, heard, heardTypes } from '../lib/events.js';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, fillSessionStorage, login, loginAgain, logoutAtProvider, reloadAndHandle, session, skewClock, storedSession } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always', clients: [{}, { client_id: 'second-spa' }] });
const ofRefresh = { phase: 'refresh' };
const tokenPath = () => world.provider.paths.token;
const ordersUrl = () => world.provider.issuer + world.provider.paths.orders;

const refreshes = () => world.provider.tokenRequests('refresh_token');
const force = () => world.call(() => window.oauth.demo.getAccessToken({ force: true }));
const orders = () => world.call(async (url) => (await window.oauth.demo.get(url)).status, ordersUrl());
/** How the stored session stands, and that it is the one the page shows. */
async function tokenNow() {
  const { token } = await session(world);
  const record = await storedSession(world);
  for (const name of ['access_token', 'refresh_token', 'id_token']) assert.equal(record?.token[name], token?.[name], `stored ${name}`);
  return token;
}
/** A login whose access token ends so soon, and then lasts an hour again; gives the login's result. */
async function loginFor(seconds, options) {
  world.provider.setTtl({ AccessToken: seconds });
  const result = await login(world, options);
  world.provider.setTtl({ AccessToken: 3600 });
  return result;
}
const untilExpired = () => world.driver.until('the end of the token', () => world.call(() => window.oauth.demo.token.expires_at < Date.now() / 1000));

// ---- when it goes well

test('a forced refresh: new tokens, stored, and there after a reload', async () => {
  const { token: before } = await login(world);
  const access = await force();
  const token = await tokenNow();
  assert.equal(token.access_token, access);
  for (const name of ['access_token', 'refresh_token']) assert.notEqual(token[name], before[name], name);
  assert.equal(await reloadAndHandle(world), null);
  assert.deepEqual(await tokenNow(), token);
  assert.equal(await orders(), 200);
  assert.notEqual(await force(), access, 'and again');
  assert.deepEqual(refreshes().map(({ status }) => status), [200, 200]);
});

test('a provider that does not rotate: the refresh token stays', async () => {
  world.provider.setRefresh({ rotate: false });
  const { token: before } = await login(world);
  world.provider.tamper(tokenPath(), (answer) => { delete answer.body.refresh_token; });
  await force();
  await force();
  assert.equal((await tokenNow()).refresh_token, before.refresh_token);
});

test('a new id_token is verified, replaces the claims, and is the hint of the logout', async () => {
  const { token: before } = await login(world);
  world.provider.tamper(tokenPath(), (answer) => {
    answer.body.id_token = world.provider.signJwt({ ...world.provider.decodeJwt(answer.body.id_token).claims, name: 'Alice Renamed', at_hash: undefined });
  });
  await force();
  const { claims, token } = await session(world);
  assert.equal(claims.name, 'Alice Renamed');
  assert.deepEqual(token.userinfo, claims);
  assert.notEqual(token.id_token, before.id_token);
  await logoutAtProvider(world);
  assert.equal(world.requestsTo('endSession')[0].query.id_token_hint, token.id_token);
});

test('a token that is good is given as it is, without a request', async () => {
  const { token } = await login(world);
  world.provider.clearRequests();
  assert.deepEqual(await world.call(() => Promise.all([0, 1, 2].map(() => window.oauth.demo.getAccessToken()))), Array(3).fill(token.access_token));
  assert.deepEqual(world.provider.requests, []);
});

test('minValidity: what is good for long enough is kept, what is not is renewed', async () => {
  const { token } = await loginFor(600);
  const get = (minValidity) => world.call((seconds) => window.oauth.demo.getAccessToken({ minValidity: seconds }), minValidity);
  assert.equal(await get(300), token.access_token);
  assert.equal(refreshes().length, 0);
  assert.notEqual(await get(1200), token.access_token);
  assert.equal(refreshes().length, 1);
});

test('a short-lived token ends: the next API call renews it first, and the API never sees the old one', async () => {
  const { token } = await loginFor(2);
  await untilExpired();
  assert.equal(await orders(), 200);
  assert.deepEqual(world.requestsTo('orders', 'GET').map(({ status }) => status), [200]);
  assert.equal(refreshes().length, 1);
  assert.notEqual((await tokenNow()).access_token, token.access_token);
});

test('a token that ended while the page was away is renewed after a reload', async () => {
  await login(world);
  skewClock(world, 7200);
  world.provider.setTtl({ IdToken: 4 * 3600 });
  await reloadAndHandle(world);
  assert.equal((await session(world)).isAuthenticated, true, 'the login does not end with its token');
  assert.equal(await orders(), 200);
  assert.equal(refreshes().length, 1);
});

test('a thousand callers at once: one token request, one token', async () => {
  await login(world);
  const given = await world.call(() => Promise.all(Array.from({ length: 1000 }, () => window.oauth.demo.getAccessToken({ force: true }))));
  assert.deepEqual([...new Set(given)], [(await tokenNow()).access_token]);
  assert.equal(refreshes().length, 1);
});

test('API calls, userinfo and refreshToken at once with an expired token: one token request', async () => {
  await loginFor(2);
  await untilExpired();
  const answers = await world.call((url) => {
    const { demo } = window.oauth;
    return Promise.all([
      ...Array.from({ length: 100 }, async () => (await demo.get(url)).status),
      demo.userinfo().then(({ sub }) => sub),
      demo.refreshToken().then(({ access_token: token }) => token),
    ]);
  }, ordersUrl());
  assert.deepEqual(answers, [...Array(100).fill(200), alice.sub, (await tokenNow()).access_token]);
  assert.equal(refreshes().length, 1);
});

test('a narrower scope: a token beside that of the login, asked for once', async () => {
  const { token: before } = await login(world);
  const narrow = () => world.call(() => window.oauth.demo.getAccessToken({ scope: 'openid' }));
  const given = await narrow();
  assert.equal(await narrow(), given);
  assert.deepEqual(refreshes().map(({ body }) => body.scope), ['openid']);
  const { access_token: access, scope, refresh_token: refresh } = await tokenNow();
  assert.deepEqual({ access, scope }, { access: before.access_token, scope: before.scope });
  assert.notEqual(given, access);
  assert.notEqual(refresh, before.refresh_token, 'the rotated one is kept all the same');
  assert.notEqual(await force(), access);
});

test('refreshTokenUrl and refreshTokenParams: the refresh goes there, with them', async () => {
  const settings = world.settings({ refreshTokenUrl: `${world.provider.issuer}/token?tenant=a`, refreshTokenParams: { audience: 'orders' } });
  await login(world, { settings });
  await force();
  assert.deepEqual(world.requestsTo('token').map(({ url, body }) => [url, body.grant_type, body.audience]), [
    ['/token', 'authorization_code', undefined], ['/token?tenant=a', 'refresh_token', 'orders'],
  ]);
});

// ---- when there is nothing to renew with

const withoutRefreshToken = () => world.provider.tamper(tokenPath(), (answer) => { delete answer.body.refresh_token; });

test('without a refresh token: the token works until its end, then token_expired and no API call', async () => {
  withoutRefreshToken();
  await loginFor(2);
  assert.equal(await orders(), 200);
  await untilExpired();
  world.provider.clearRequests();
  await fails(world, 'token_expired', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  await fails(world, 'token_expired', { phase: 'token' }, (url) => window.oauth.demo.get(url), ordersUrl());
  assert.deepEqual(world.provider.requests, []);
  assert.equal((await session(world)).isAuthenticated, true);
});

test('without a refresh token: refreshing is missing_token', async () => {
  withoutRefreshToken();
  await login(world);
  await fails(world, 'missing_token', ofRefresh, () => window.oauth.demo.getAccessToken({ force: true }));
  await fails(world, 'missing_token', ofRefresh, () => window.oauth.demo.refreshToken());
  assert.equal(refreshes().length, 0);
});

test('nobody signed in: missing_token, and nothing is asked', async () => {
  await world.startAtHome();
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.refreshToken());
  assert.deepEqual(world.provider.requests, []);
});

// ---- when it fails for now

/** The token endpoint answers so instead. */
const answerWith = (status, body) => world.provider.tamper(tokenPath(), (answer) => { Object.assign(answer, { status, body }); });
const hideFromOrigin = () => world.provider.tamper(tokenPath(), (answer) => { delete answer.headers['access-control-allow-origin']; });

for (const [what, code, make, more] of [
  ['the provider is down', 'network', () => world.provider.setDown(true)],
  ['its answer cannot be read by this origin', 'network', hideFromOrigin, { remedy: /CORS/ }],
  ['503', 'http_status', () => answerWith(503, 'busy'), { status: 503, retryable: true }],
  ['429', 'http_status', () => answerWith(429, ''), { status: 429, retryable: true }],
  ['a passing trouble in words', 'http_status', () => answerWith(503, { error: 'temporarily_unavailable' }),
    { status: 503, retryable: true, error: 'temporarily_unavailable' }],
]) {
  test(`refresh, ${what}: ${code}, retryable, and the session is untouched`, async () => {
    await login(world);
    const before = await tokenNow();
    make();
    await fails(world, code, { ...ofRefresh, ...more }, () => window.oauth.demo.getAccessToken({ force: true }));
    assert.deepEqual(await tokenNow(), before);
    world.provider.reset();
    assert.equal(await orders(), 200);
  });
}

test('after the provider was down the next refresh works', async () => {
  const { token } = await login(world);
  world.provider.setDown(true);
  await fails(world, 'network', ofRefresh, () => window.oauth.demo.refreshToken());
  world.provider.setDown(false);
  assert.notEqual(await force(), token.access_token);
});

test('a slow provider: timeout after requestTimeout', async () => {
  await login(world, { options: { requestTimeout: 1 } });
  const before = await tokenNow();
  hold(world.provider, tokenPath());
  await fails(world, 'timeout', ofRefresh, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.deepEqual(await tokenNow(), before);
});

test('a token near its end still serves while the provider is down, unless minValidity insists', async () => {
  const { token } = await loginFor(600);
  skewClock(world, 580);
  await reloadAndHandle(world);
  world.provider.setDown(true);
  assert.equal(await world.call(() => window.oauth.demo.getAccessToken()), token.access_token);
  await fails(world, 'network', ofRefresh, () => window.oauth.demo.getAccessToken({ minValidity: 60 }));
  assert.equal((await tokenNow()).access_token, token.access_token);
});

test('the answer is lost on its way: the session is kept, and what the provider says next decides', async () => {
  await login(world);
  await listen(world);
  const restore = world.provider.tamper(tokenPath(), () => ({ destroy: true }));
  await fails(world, 'network', ofRefresh, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.equal((await session(world)).isAuthenticated, true);
  restore();
  // This one takes the refresh token for stolen: it is used up.
  await fails(world, 'refresh_refused', { ...ofRefresh, error: 'invalid_grant', status: 400 }, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await heardTypes(world), ['error', 'logout', 'error']);
  assert.equal((await loginAgain(world)).kind, 'login');
});

test('full storage: the rotated token lives on in this page, and the error is told', async () => {
  const { token } = await login(world);
  await listen(world);
  await fillSessionStorage(world);
  // What was written over keeps its room: the answer has to be longer than that of the login.
  world.provider.tamper(tokenPath(), (answer) => { answer.body.extra = 'x'.repeat(20_000); });
  const access = await force();
  assert.notEqual(access, token.access_token);
  assert.deepEqual((await heard(world)).map(({ type, detail }) => [type, detail.error?.code]), [['error', 'storage_full'], ['tokenupdate', undefined]]);
  assert.equal((await session(world)).token.access_token, access);
  assert.notEqual(await force(), access);
});

// ---- when the provider says no

test('the refresh token is revoked: refresh_refused, signed out, in storage too', async () => {
  await login(world);
  await listen(world);
  world.provider.revokeRefreshTokens();
  const error = await fails(world, 'refresh_refused', { ...ofRefresh, error: 'invalid_grant', status: 400 }, () => window.oauth.demo.refreshToken());
  assert.ok(error.error_description, 'the provider\'s own words');
  assert.deepEqual(await session(world), signedOut);
  assert.equal(await storedSession(world), undefined);
  const [logout, failure, ...more] = await heard(world);
  assert.deepEqual([logout.type, logout.detail, logout.then.isStored], ['logout', { name: 'demo', reason: 'refresh-rejected' }, false]);
  assert.deepEqual([failure.type, failure.detail.error.code, more], ['error', 'refresh_refused', []]);
  assert.equal(await reloadAndHandle(world), null);
  assert.equal((await session(world)).isAuthenticated, false);
});

test('a refusal that is not about the login keeps the session', async () => {
  await login(world);
  const before = await tokenNow();
  await fails(world, 'refresh_refused', { ...ofRefresh, error: 'invalid_scope', status: 400 }, () => window.oauth.demo.getAccessToken({ scope: 'openid admin' }));
  assert.deepEqual(await tokenNow(), before);
});

/** The next answer to a refresh has this id_token. */
function answerWithIdToken(change) {
  let isOver = false;
  world.provider.tamper(tokenPath(), (answer) => {
    if (isOver) return;
    isOver = true;
    answer.body.id_token = change({ ...world.provider.decodeJwt(answer.body.id_token).claims, at_hash: undefined });
  });
}

for (const [what, code, change] of [
  ['with a broken signature', 'bad_signature', (claims) => `${world.provider.signJwt(claims).slice(0, -6)}AAAAAA`],
  ['for another client', 'invalid_claim', (claims) => world.provider.signJwt({ ...claims, aud: 'second-spa' })],
  ['that is no text', 'invalid_token_response', () => 7],
]) {
  test(`a new id_token ${what}: ${code}, and of the answer the new refresh token alone is kept`, async () => {
    await login(world);
    const { refresh_token: spent, ...before } = await tokenNow();
    answerWithIdToken(change);
    await fails(world, code, ofRefresh, () => window.oauth.demo.getAccessToken({ force: true }));
    const { refresh_token: kept, ...after } = await tokenNow();
    assert.deepEqual(after, before);
    assert.notEqual(kept, spent);
    // A provider that sees a refresh token twice ends everything.
    await reloadAndHandle(world);
    assert.notEqual(await world.call(() => window.oauth.demo.getAccessToken({ force: true })), before.access_token);
    assert.equal((await session(world)).isAuthenticated, true);
  });
}

test('a new id_token of another person: subject_mismatch, the session ends, and its tokens are revoked', async () => {
  await login(world);
  answerWithIdToken((claims) => world.provider.signJwt({ ...claims, sub: 'bob' }));
  await fails(world, 'subject_mismatch', ofRefresh, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.deepEqual(await session(world), signedOut);
  assert.equal(await storedSession(world), undefined);
  await world.driver.until('the revocation', () => world.requestsTo('revocation').length === 1);
});

// ---- callers that leave

test('a caller gives up: aborted for them alone, and the rotated token is not lost', async () => {
  const { token: before } = await login(world);
  const { asked, release } = hold(world.provider, tokenPath());
  await world.call(() => {
    window.controller = new AbortController();
    window.given = window.oauth.demo.getAccessToken({ force: true, signal: window.controller.signal });
    window.given.catch(() => {});
    window.other = window.oauth.demo.getAccessToken({ force: true });
  });
  await asked(world);
  await fails(world, 'aborted', { phase: 'token' }, () => {
    window.controller.abort();
    return window.given;
  });
  release();
  const access = await world.call(() => window.other);
  assert.notEqual(access, before.access_token);
  assert.equal((await tokenNow()).access_token, access);
  assert.equal(refreshes().length, 1);
});

test('the only caller gives up: the token is there for the next one, and after a reload', async () => {
  const { token: before } = await login(world);
  const { asked, release } = hold(world.provider, tokenPath());
  await world.call(() => {
    window.controller = new AbortController();
    window.given = window.oauth.demo.refreshToken({ signal: window.controller.signal });
    window.given.catch(() => {});
  });
  await asked(world);
  await fails(world, 'aborted', ofRefresh, () => {
    window.controller.abort();
    return window.given;
  });
  release();
  await world.driver.until('the new token', async () => (await session(world)).token.access_token !== before.access_token);
  await reloadAndHandle(world);
  await force();
  assert.deepEqual(refreshes().map(({ status }) => status), [200, 200]);
});

test('already aborted: nothing is asked', async () => {
  await login(world);
  world.provider.clearRequests();
  await fails(world, 'aborted', { phase: 'token' }, () => window.oauth.demo.getAccessToken({ force: true, signal: AbortSignal.abort() }));
  await fails(world, 'aborted', { phase: 'refresh' }, () => window.oauth.demo.refreshToken({ signal: AbortSignal.abort() }));
  assert.deepEqual(world.provider.requests, []);
});

test('signed out while the refresh is under way: nobody is signed in again by its answer', async () => {
  await login(world);
  const { asked, release } = hold(world.provider, tokenPath());
  await world.call(() => {
    window.given = window.oauth.demo.refreshToken();
    window.given.catch(() => {});
  });
  await asked(world);
  await world.call(() => window.oauth.demo.clear());
  release();
  await fails(world, 'missing_token', { phase: 'token' }, () => window.given);
  assert.equal((await session(world)).isAuthenticated, false);
  assert.equal(await storedSession(world), undefined);
});
