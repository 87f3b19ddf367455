// Lies that only a real network can tell: how an answer comes, and not what it says. Each is told at every endpoint that scripts
// ask (metadata, keys, a refresh, userinfo); each call fails by itself, the session stays, and the next true answer is believed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as liars from '../lib/liar.js';
import { handle, login, reachCallback, session, stored, storedKeys } from '../lib/steps.js';
import { useServers } from '../lib/servers.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
let liar;
let signedIn;
useServers(world, async () => {
  liar = await liars.startLiar(world);
  return [liar];
});

const { announced, whole } = liars;

/** A page with a session, without a login of its own: many tests need one, and none is about how it began. */
async function start(options = {}) {
  if (!signedIn) {
    await login(world, { settings: liar.settings() });
    await world.call(() => window.oauth.demo.preload());
    signedIn = await stored(world);
    liar.clearRequests();
  }
  await world.visit('/');
  await world.call((records) => {
    for (const [key, record] of Object.entries(records)) sessionStorage.setItem(key, JSON.stringify(record));
  }, signedIn);
  await world.start(liar.settings(), options);
}

/** Asks at every endpoint, at once: how each call ended. */
const askAll = () => world.call(async () => {
  const { demo } = window.oauth;
  const calls = {
    discovery: demo.loadServerMetadata({ force: true }), jwks: demo.fetchJwkSet({ force: true }), token: demo.refreshToken(), userinfo: demo.userinfo(),
  };
  const outcomes = await Promise.allSettled(Object.values(calls));
  return Object.fromEntries(Object.keys(calls).map((name, index) => {
    const { reason, status } = outcomes[index];
    return [name, status === 'fulfilled' ? 'believed' : window.describe(reason)];
  }));
});

const phases = { discovery: 'metadata', jwks: 'id_token', token: 'refresh', userinfo: 'userinfo' };
const everywhere = (code) => ({ discovery: code, jwks: code, token: code, userinfo: code });
const believed = everywhere('believed');
/** An answer that came, and is none. */
const unusable = { discovery: 'invalid_metadata', jwks: 'invalid_jwks', token: 'invalid_token_response', userinfo: 'invalid_token_response' };

async function assertTold(lie, codes, options) {
  await start(options);
  const known = await session(world);
  liar.tell(lie);
  const outcomes = await askAll();
  const got = Object.fromEntries(Object.entries(outcomes).map(([name, outcome]) => [name, outcome.code ?? outcome]));
  assert.deepEqual(got, codes);
  for (const [name, error] of Object.entries(outcomes)) {
    if (error === 'believed') continue;
    const isPassing = ['network', 'timeout'].includes(error.code);
    assert.equal(error.isOAuthError, true);
    assert.deepEqual({ phase: error.phase, retryable: error.retryable }, { phase: phases[name], retryable: isPassing }, name);
    assert.ok(error.remedy, name);
  }
  if (codes === believed) return;
  assert.deepEqual(await session(world), known, 'the session is what it was');
  liar.reset();
  assert.deepEqual(await askAll(), believed, 'the truth that comes next');
}

/** That whoever sends without end is not listened to any longer. */
const untilNobodyListens = () => world.driver.until('the connections to end', () => (
  liar.requests.length > 0 && liar.requests.every(({ isOver }) => isOver)
));

// ---- true answers that are believed, however odd: or the tests below would prove nothing

for (const [what, answer] of [
  ['as it should', whole()],
  ['by HTTP/1.0, without a length', liars.untilClosed()],
  ['of another charset by name, as JSON has but one', whole({ headers: { 'content-type': 'application/json; charset=iso-8859-1' } })],
  ['as text', whole({ headers: { 'content-type': 'text/plain' } })],
  ['after an interim answer', (told) => {
    told.write('HTTP/1.1 103 Early Hints\r\nlink: </x.js>; rel=preload; as=script\r\n\r\n');
    return whole()(told);
  }],
  ['open to every origin', whole({ headers: { 'access-control-allow-origin': '*' } })],
  ['of just the longest length', whole({ change: (body) => Buffer.concat([body, Buffer.alloc((1 << 20) - body.length, ' ')]) })],
]) {
  test(`a true answer that comes ${what} is believed`, () => assertTold(answer, believed));
}

// ---- redirects

for (const status of [301, 302, 307]) {
  for (const [where, to] of [
    ['the same origin', () => '/elsewhere'],
    ['another origin', () => `${world.provider.issuer}/elsewhere`],
  ]) {
    test(`a redirect (${status}) to ${where} is not followed: network`, async () => {
      await assertTold(liars.redirect(status, to), everywhere('network'));
      assert.deepEqual(liar.requestsTo('/elsewhere'), []);
      assert.deepEqual(world.provider.requestsTo('/elsewhere'), []);
    });
  }
}

// ---- CORS: what the page may not read was never said

for (const [what, allowed] of [
  ['no origin', () => undefined],
  ['another origin', () => 'https://attacker.example'],
  ['the origin null', () => 'null'],
  ['two origins', ({ app }) => `${app.origin}, https://other.example`],
  ['this origin with a slash', ({ app }) => `${app.origin}/`],
]) {
  test(`an answer open to ${what} by CORS: network`, () => (
    assertTold(whole({ headers: (answer) => ({ 'access-control-allow-origin': allowed(answer) }) }), everywhere('network'))
  ));
}

// ---- slowness: requestTimeout covers the last byte

for (const [what, lie] of [
  ['never answers', liars.silence()],
  ['sends its headers a byte at a time', liars.drippingHead()],
  ['sends its body a byte at a time', liars.drippingBody()],
]) {
  test(`a server that ${what}: timeout, and its connections are ended`, async () => {
    // The truth that comes next has no more time, also on a busy machine.
    await assertTold(lie, everywhere('timeout'), { requestTimeout: 3 });
    await untilNobodyListens();
  });
}

// ---- answers that end too soon, or say so

for (const [what, lie] of [
  ['is reset in the middle of its body', liars.cutByReset()],
  ['ends in the middle of a chunk', liars.cutInChunk()],
  ['is no HTTP', (answer) => answer.end(answer.body)],
]) {
  test(`an answer that ${what}: network`, () => assertTold(lie, everywhere('network')));
}

test('an answer longer than its length is cut there, and what is left is no JSON', () => assertTold(announced(-1), unusable));

// What an engine makes of these is its own affair: the whole true body arrives, or what is left of it, or an error.
for (const [what, lie, whereForgiven] of [
  ['is shorter than its length', announced(10), believed],
  ['lacks the chunk that ends it', liars.withoutLastChunk(), believed],
  ['says that it is gzip, and is not', whole({ headers: { 'content-encoding': 'gzip' } }), believed],
  ['has two lengths', whole({ headers: ({ body }) => ({ 'Content-Length': body.length - 1 }) }), unusable],
]) {
  test(`an answer that ${what}: network, unless the browser forgives it`, () => (
    assertTold(lie, world.driver.can('strictHttp') ? everywhere('network') : whereForgiven)
  ));
}

// ---- answers that are too much

for (const [what, lie] of [
  ['never ends', liars.endless()],
  ['never ends and is compressed', liars.endlessGzip()],
]) {
  test(`an answer that ${what} is cut off at the limit, and its connection is ended`, async () => {
    await assertTold(lie, unusable);
    await untilNobodyListens();
  });
}

for (const [what, lie] of [
  ['is a byte longer than the limit', whole({ change: (body) => Buffer.concat([body, Buffer.alloc((1 << 20) + 1 - body.length, ' ')]) })],
  ['is a bomb of gzip', liars.gzipBomb(32)],
]) {
  test(`an answer that ${what} is not believed`, () => assertTold(lie, unusable));
}

test('a set of 10,000 keys: invalid_jwks', async () => {
  await start();
  liar.tell(whole({
    change(body) {
      const { keys: [key] } = JSON.parse(body);
      return JSON.stringify({ keys: Array.from({ length: 10_000 }, (_, n) => ({ ...key, kid: `key-${n}` })) });
    },
  }), 'jwks');
  const { jwks, ...others } = await askAll();
  assert.equal(jwks.code, 'invalid_jwks');
  assert.deepEqual(others, { discovery: 'believed', token: 'believed', userinfo: 'believed' });
});

// ---- answers that are something else

const text = (body) => body.toString();
for (const [what, lie] of [
  ['a page', whole({ change: () => '<!DOCTYPE html><title>Sign in</title>', headers: { 'content-type': 'text/html' } })],
  ['a page that calls itself JSON', whole({ change: () => '<!DOCTYPE html><title>Sign in</title>' })],
  ['nothing', whole({ change: () => '' })],
  ['half of it', whole({ change: (body) => body.subarray(0, body.length / 2) })],
  ['two answers', whole({ change: (body) => Buffer.concat([body, body]) })],
  ['an answer after two byte order marks', whole({ change: (body) => `\ufeff\ufeff${body}` })],
  ['an answer in UTF-16', whole({
    change: (body) => Buffer.from(`\ufeff${body}`, 'utf16le'), headers: { 'content-type': 'application/json; charset=utf-16' },
  })],
  ['an answer with bytes that are no UTF-8', whole({
    change: (body) => Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xc0, 0xaf, 0xff]), Buffer.from('",'), body.subarray(1)]),
  })],
  ['an answer with half a surrogate', whole({ change: (body) => `{"x":"\\ud800",${text(body).slice(1)}` })],
  ['JavaScript around it', whole({ change: (body) => `callback(${body})`, headers: { 'content-type': 'text/javascript' } })],
]) {
  test(`${what} with status 200: nothing of it is believed`, () => assertTold(lie, unusable));
}

test('a byte order mark before an answer is passed over, as Response.json() does', () => assertTold(
  whole({ change: (body) => `\ufeff${body}` }), believed,
));

test('204: there is nothing to believe', () => assertTold(
  (answer) => answer.head({}, 'HTTP/1.1 204 No Content').end(),
  { ...unusable, discovery: 'http_status', jwks: 'http_status' },
));

// ---- cookies

test('cookies are neither kept nor sent', async () => {
  await start();
  // Of this host, whatever the port: a request with credentials would carry it.
  await world.call(() => { document.cookie = 'page=1; path=/'; });
  liar.tell(whole({
    headers: { 'set-cookie': 'liar=1; path=/', 'access-control-allow-credentials': 'true' },
  }));
  assert.deepEqual(await askAll(), believed);
  assert.deepEqual(await askAll(), believed);
  assert.ok(liar.requests.length >= 8);
  assert.ok(liar.requests.every(({ headers }) => headers.cookie === undefined));
  assert.equal(await world.call(() => document.cookie), 'page=1');
});

// ---- at the callback: half a login is none

for (const [what, lie, at, code, phase] of [
  ['a token response that never ends', liars.endless(), 'token', 'invalid_token_response', 'token'],
  ['a token response that is reset', liars.cutByReset(), 'token', 'network', 'token'],
  ['a token response with an id_token of 5 MB', whole({
    change: () => JSON.stringify({ access_token: 'a', token_type: 'Bearer', id_token: `a.${'b'.repeat(5 << 20)}.c` }),
  }), 'token', 'invalid_token_response', 'token'],
  ['keys that drip', liars.drippingBody(), 'jwks', 'timeout', 'id_token'],
  ['keys that never end', liars.endless(), 'jwks', 'invalid_jwks', 'id_token'],
  ['keys elsewhere', liars.redirect(307, () => `${world.provider.issuer}${world.provider.paths.jwks}`), 'jwks', 'network', 'id_token'],
]) {
  test(`${what} at the callback: ${code}, and nobody is signed in`, async () => {
    const settings = liar.settings();
    await reachCallback(world, { settings });
    liar.tell(lie, at);
    const options = { requestTimeout: 1 };
    await assert.rejects(handle(world, settings, options), { isOAuthError: true, code, phase });
    assert.equal((await session(world)).isAuthenticated, false);
    assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
  });
}
