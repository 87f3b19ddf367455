// Calling an API: which origins see the access token, and what becomes of an answer that does not like it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { assertFailure, fails } from '../lib/failure.js';
import { useServers } from '../lib/servers.js';
import { alice, canStream, login, session, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
/** The app's own API, and somebody else's. Neither is the provider, whose userinfo endpoint would allow its origin. */
let api;
let foreign;

useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  foreign = await startApi({ provider: world.provider });
  return [api, foreign];
});

const settings = (members = {}) => world.settings({ apiBaseUrl: `${api.origin}/api/`, ...members });
const signIn = (members) => login(world, { settings: settings(members) });

/** `fetch` of the client in the page; gives what the echo endpoint saw. */
const call = (input, init) => world.call(async (url, options) => {
  const response = await window.oauth.demo.fetch(url, options);
  return { status: response.status, url: response.url, ...(await response.json()) };
}, input, init);

/** Requests that were meant, without preflights. */
const calls = (server) => server.requests.filter(({ preflight }) => !preflight);
const refreshes = () => world.provider.tokenRequests('refresh_token').length;
const invalidToken = (answer) => {
  answer.status = 401;
  answer.headers['www-authenticate'] = 'Bearer realm="orders", error="invalid_token"';
  answer.body = '{}';
};
/** A window.fetch that shows what it is given: for what no server here can receive. */
const spyOnFetch = (status) => world.app.before(`
  window.seen = [];
  const real = window.fetch;
  window.fetch = async (input, init) => {
    if (!(input instanceof Request) || !input.url.endsWith('/spied')) return real.call(window, input, init);
    const { method, duplex, headers, body } = input;
    const isStream = body instanceof ReadableStream;
    window.seen.push({ method, duplex, authorization: headers.get('authorization'), isStream, text: await input.text() });
    return new Response('spied', { status: ${status}, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } });
  };`);

// ---- the token, and who gets it

test('fetch sends the access token as a Bearer header, and the API answers', async () => {
  await signIn();
  const { status, sub, authorization } = await call('echo');
  assert.deepEqual({ status, sub, authorization }, { status: 200, sub: alice.sub, authorization: 'Bearer' });
  assert.equal(calls(api)[0].headers.cookie, false, 'and no cookie');
});

// As the URL Standard resolves them.
for (const [base, url, expected] of [
  ['/api/', 'echo', '/api/echo'],
  ['/api/', 'echo?q=a b#c', '/api/echo?q=a%20b'],
  ['/api', 'echo', '/echo'],
  ['/api/v1/', '../echo', '/api/echo'],
  ['/api/v1/', '../../../../echo', '/echo'],
  ['/api/v1/', '/api/echo', '/api/echo'],
  ['/api/echo', '?q=1', '/api/echo?q=1'],
  ['/api/echo', '', '/api/echo'],
]) {
  test(`apiBaseUrl ending in ${base} and «${url}»: ${expected}`, async () => {
    await signIn({ apiBaseUrl: api.origin + base });
    await call(url);
    assert.deepEqual(calls(api).map((request) => request.url), [expected]);
  });
}

test('without apiBaseUrl a relative URL is the page\'s, which gets no token unless allowed', async () => {
  await login(world);
  world.app.requests.length = 0;
  await fails(world, 'origin_not_allowed', { phase: 'request' }, () => window.oauth.demo.fetch('echo'));
  assert.deepEqual(world.app.requests, []);
});

for (const [what, make] of [
  ['another origin', () => `${foreign.origin}/api/echo`],
  ['another origin without a scheme', () => `//${new URL(foreign.origin).host}/api/echo`],
  ['another name of the same host', () => `http://127.0.0.1:${api.port}/api/echo`],
  ['another scheme', () => `https://localhost:${api.port}/api/echo`],
  ['the allowed origin as user information', () => `http://localhost:${api.port}@127.0.0.1:${foreign.port}/api/echo`],
  ['backslashes for slashes', () => `\\\\127.0.0.1:${foreign.port}\\api\\echo`],
  ['the allowed host as a prefix', () => `http://localhost.evil.example:${api.port}/api/echo`],
  ['the allowed origin as a path', () => `${foreign.origin}/${api.origin}/api/echo`],
  ['no origin at all', () => 'data:application/json,{}'],
]) {
  test(`${what}: origin_not_allowed, and nobody is asked anything`, async () => {
    await signIn();
    world.provider.clearRequests();
    await fails(world, 'origin_not_allowed', { phase: 'request' }, (url) => window.oauth.demo.fetch(url), make());
    for (const server of [api, foreign, world.provider]) assert.deepEqual(server.requests, []);
  });
}

test('the allowed origin as a prefix of another: origin_not_allowed', async () => {
  await signIn({ apiBaseUrl: 'http://localhost/api/' });
  assert.ok(foreign.origin.startsWith('http://localhost'));
  await fails(world, 'origin_not_allowed', { phase: 'request' }, (url) => window.oauth.demo.fetch(url), `${foreign.origin}/api/echo`);
  assert.deepEqual(foreign.requests, []);
});

test('apiOrigins allows a further origin, and that one alone', async () => {
  await signIn({ apiOrigins: [foreign.origin] });
  assert.equal((await call(`${foreign.origin}/api/echo`)).sub, alice.sub);
  await fails(world, 'origin_not_allowed', { phase: 'request' }, (url) => window.oauth.demo.fetch(url), `http://127.0.0.1:${foreign.port}/api/echo`);
});

test('the origin of the userinfo endpoint is allowed', async () => {
  await login(world);
  assert.equal((await call(world.provider.issuer + world.provider.paths.orders)).sub, alice.sub);
});

test('withholdToken: no token goes along, neither to a foreign origin nor to an allowed one', async () => {
  await signIn();
  for (const server of [foreign, api]) {
    const { status, sub, authorization } = await call(`${server.origin}/api/echo`, { withholdToken: true });
    assert.deepEqual({ status, sub, authorization }, { status: 200, sub: null, authorization: null });
    assert.deepEqual(calls(server).map(({ headers }) => headers.authorization), [undefined]);
  }
});

test('withholdToken works with nobody signed in', async () => {
  await world.startAtHome(settings());
  assert.equal((await call('echo', { withholdToken: true })).sub, null);
});

test('a redirect from an allowed origin to a foreign one arrives without the token', async () => {
  await signIn();
  // After such a redirect the browser names the origin «null».
  foreign.tamper(foreign.paths.echo, (answer) => { answer.headers['access-control-allow-origin'] = '*'; });
  const answer = await call(`redirect?to=${encodeURIComponent(`${foreign.origin}/api/echo`)}`).catch((error) => error);
  assert.deepEqual(calls(api).map(({ headers }) => headers.authorization), ['Bearer'], 'the allowed one had it');
  assert.deepEqual(foreign.requests.filter(({ headers }) => headers.authorization), []);
  // A browser may also refuse to go there.
  if (answer.isOAuthError) assertFailure(answer, 'network', { phase: 'request' });
  else assert.deepEqual([answer.url, answer.sub, answer.headerNames.includes('authorization')], [`${foreign.origin}/api/echo`, null, false]);
});

test('nobody signed in: missing_token, and nothing is sent', async () => {
  await world.startAtHome(settings());
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.fetch('echo'));
  assert.deepEqual([...api.requests, ...world.provider.requests], []);
});

test('getAccessToken: a token that works elsewhere, and is the stored one', async () => {
  await signIn();
  const { given, sub } = await world.call(async (url) => {
    const token = await window.oauth.demo.getAccessToken();
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    return { given: token, sub: (await response.json()).sub };
  }, `${api.origin}/api/orders`);
  assert.equal(sub, alice.sub);
  assert.equal(given, (await session(world)).token.access_token);
});

test('no token is in any URL, on the console or in an error', async () => {
  await signIn();
  await troubles(world);
  const tokens = [(await session(world)).token.access_token];
  await call('echo?q=1');
  world.provider.revokeAccessTokens();
  await call('echo');
  tokens.push((await session(world)).token.access_token);
  api.setDown(true);
  const error = await fails(world, 'network', { phase: 'request' }, () => window.oauth.demo.get('echo'));
  const said = JSON.stringify([
    error, await troubles(world), await world.call(() => [window.recorded, location.href, performance.getEntriesByType('resource').map(({ name }) => name)]),
    ...[api, foreign, world.provider, world.app].flatMap(({ requests }) => requests.map(({ url, headers }) => [url, headers.referer])),
  ]);
  assert.equal(new Set(tokens).size, 2);
  for (const token of tokens) assert.equal(said.includes(token), false);
});

// ---- 401

test('401 invalid_token: one refresh, one repetition with the new token, 200', async () => {
  const { token: before } = await signIn();
  world.provider.revokeAccessTokens();
  const { status, sub } = await call('echo');
  assert.deepEqual({ status, sub }, { status: 200, sub: alice.sub });
  assert.deepEqual(calls(api).map((request) => request.status), [401, 200]);
  assert.equal(refreshes(), 1);
  assert.notEqual((await session(world)).token.access_token, before.access_token);
});

test('401 again: it is returned, and there is no third time', async () => {
  await signIn();
  api.tamper(api.paths.echo, invalidToken);
  assert.equal((await call('echo')).status, 401);
  assert.deepEqual([calls(api).length, refreshes()], [2, 1]);
});

test('many 401 at once: one refresh', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  const statuses = await world.call(() => Promise.all(Array.from({ length: 20 }, async () => (await window.oauth.demo.fetch('echo')).status)));
  assert.deepEqual([...new Set(statuses)], [200]);
  assert.equal(refreshes(), 1);
});

for (const [what, status, challenge] of [
  ['401 without a challenge', 401, undefined],
  ['401 with another error', 401, 'Bearer error="invalid_request"'],
  ['401 of another scheme', 401, 'DPoP error="invalid_token"'],
  ['403 insufficient_scope', 403, 'Bearer error="insufficient_scope"'],
  ['403 that says invalid_token', 403, 'Bearer error="invalid_token"'],
]) {
  test(`${what}: returned as it is`, async () => {
    await signIn();
    api.tamper(api.paths.echo, (answer) => {
      answer.status = status;
      answer.headers['www-authenticate'] = challenge;
    });
    assert.equal((await call('echo')).status, status);
    assert.deepEqual([calls(api).length, refreshes()], [1, 0]);
  });
}

test('401 and the refresh is refused: the API\'s answer is returned, readable, and nobody is signed in', async () => {
  await signIn();
  world.provider.revokeGrants();
  const { status, error } = await call('echo');
  assert.deepEqual({ status, error }, { status: 401, error: 'invalid_token' });
  assert.deepEqual([calls(api).length, refreshes()], [1, 1]);
  assert.equal((await session(world)).isAuthenticated, false);
});

test('401 for a JSON body: repeated once with the same body', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  const { status, body, contentType } = await call('echo', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } });
  assert.deepEqual({ status, body, contentType }, { status: 200, body: '{"a":1}', contentType: 'application/json' });
  assert.deepEqual(calls(api).map(({ rawBody }) => rawBody), ['{"a":1}', '{"a":1}']);
});

test('401 for the body of a Request: not repeated, but the next call has a new token', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  const status = await world.call(async (url) => (await window.oauth.demo.fetch(new Request(url, { method: 'POST', body: 'once' }))).status, `${api.origin}/api/echo`);
  assert.equal(status, 401);
  assert.deepEqual([calls(api).length, refreshes()], [1, 1]);
  assert.equal((await call('echo')).status, 200);
  assert.equal(refreshes(), 1);
});

test('401 for a stream: not repeated, but the token is renewed', async (t) => {
  spyOnFetch(401);
  await signIn();
  if (!await canStream(world)) return t.skip(`${world.driver.name} sends no streams`);
  const { status, seen } = await world.call(async () => {
    const body = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode('once')); c.close(); } });
    const response = await window.oauth.demo.fetch('spied', { method: 'POST', body, duplex: 'half' });
    return { status: response.status, seen: window.seen };
  });
  assert.equal(status, 401);
  assert.deepEqual([seen.length, refreshes()], [1, 1]);
});

test('a stream is handed to the browser as it is, with the token', async (t) => {
  spyOnFetch(200);
  await signIn();
  if (!await canStream(world)) return t.skip(`${world.driver.name} sends no streams`);
  const seen = await world.call(async () => {
    const chunks = ['one ', 'two ', 'three'];
    const body = new ReadableStream({ pull(c) { if (chunks.length) c.enqueue(new TextEncoder().encode(chunks.shift())); else c.close(); } });
    await window.oauth.demo.fetch('spied', { method: 'POST', body, duplex: 'half' });
    return window.seen;
  });
  const { token } = await session(world);
  assert.deepEqual(seen, [{ method: 'POST', duplex: 'half', authorization: `Bearer ${token.access_token}`, isStream: true, text: 'one two three' }]);
});
