// The requests themselves: whatever `fetch` can send and receive passes through untouched, and ends as its caller wants.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { fails } from '../lib/failure.js';
import { hold, untilAborted } from '../lib/hold.js';
import { useServers } from '../lib/servers.js';
import { alice, login, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
let api;
useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  return [api];
});

const settings = () => world.settings({ apiBaseUrl: `${api.origin}/api/` });
const signIn = () => login(world, { settings: settings() });
const calls = () => api.requests.filter(({ preflight }) => !preflight);
const ofPhase = { phase: 'request' };

/** What arrived of a request that is made in the page. */
async function arrived(body, ...args) {
  const echo = await world.call(`async (...args) => (await (${body})(...args)).json()`, ...args);
  assert.equal(echo.authorization, 'Bearer');
  assert.equal(echo.sub, alice.sub);
  return echo;
}

// ---- what is sent

for (const verb of ['get', 'post', 'put', 'patch', 'delete']) {
  test(`${verb}: sends ${verb.toUpperCase()}, with what it is given`, async () => {
    await signIn();
    const withBody = verb !== 'get';
    const echo = await arrived((name, init) => window.oauth.demo[name]('echo?n=1', init), verb, {
      headers: { 'x-own': 'kept' }, ...(withBody && { body: 'some text' }),
    });
    assert.equal(echo.method, verb.toUpperCase());
    assert.deepEqual(echo.query, { n: '1' });
    assert.ok(echo.headerNames.includes('x-own'));
    assert.equal(echo.body, withBody ? 'some text' : '');
  });
}

test('a verb is stronger than a method in its options', async () => {
  await signIn();
  assert.equal((await arrived(() => window.oauth.demo.put('echo', { method: 'DELETE' }))).method, 'PUT');
});

test('a URL object is accepted', async () => {
  await signIn();
  assert.deepEqual((await arrived((href) => window.oauth.demo.get(new URL(href)), `${api.origin}/api/echo?a=1`)).query, { a: '1' });
});

test('JSON: the body and its type arrive as they were given', async () => {
  await signIn();
  const body = JSON.stringify({ item: 'Teekanne «Ø»', count: 2 });
  const echo = await arrived((text) => window.oauth.demo.post('echo', { body: text, headers: { 'content-type': 'application/json' } }), body);
  assert.deepEqual([echo.body, echo.contentType], [body, 'application/json']);
});

test('URLSearchParams: a form', async () => {
  await signIn();
  const echo = await arrived(() => window.oauth.demo.post('echo', { body: new URLSearchParams({ a: 'x y', b: '&' }) }));
  assert.deepEqual([echo.body, echo.contentType], ['a=x+y&b=%26', 'application/x-www-form-urlencoded;charset=UTF-8']);
});

test('FormData: multipart, with the browser\'s boundary', async () => {
  await signIn();
  const echo = await arrived(() => {
    const form = new FormData();
    form.set('name', 'value');
    form.set('file', new Blob(['content'], { type: 'text/csv' }), 'a.csv');
    return window.oauth.demo.post('echo', { body: form });
  });
  const [, boundary] = /^multipart\/form-data; ?boundary=(.+)$/.exec(echo.contentType) ?? [];
  assert.ok(boundary && echo.body.includes(`--${boundary}--`));
  assert.ok(echo.body.includes('filename="a.csv"') && echo.body.includes('\r\n\r\ncontent\r\n'));
});

test('Blob: its bytes and its type', async () => {
  await signIn();
  const echo = await arrived(() => window.oauth.demo.post('echo', { body: new Blob([new Uint8Array(70_000).fill(65)], { type: 'image/png' }) }));
  assert.deepEqual([echo.bodyLength, echo.contentType, echo.body === 'A'.repeat(70_000)], [70_000, 'image/png', true]);
});

test('a Request: its method, headers and body', async () => {
  await signIn();
  const echo = await arrived((href) => window.oauth.demo.fetch(new Request(href, {
    method: 'PATCH', body: '[1]', headers: { 'content-type': 'application/json-patch+json', 'x-own': '1' },
  })), `${api.origin}/api/echo`);
  assert.deepEqual([echo.method, echo.body, echo.contentType, echo.headerNames.includes('x-own')], ['PATCH', '[1]', 'application/json-patch+json', true]);
});

test('a Request and options: the options win, as at the platform', async () => {
  await signIn();
  const echo = await arrived((href) => window.oauth.demo.fetch(new Request(href, { headers: { 'x-one': '1' } }), {
    method: 'POST', body: 'of the options', headers: { 'x-two': '2' },
  }), `${api.origin}/api/echo`);
  assert.deepEqual([echo.method, echo.body, echo.headerNames.filter((name) => name.startsWith('x-'))], ['POST', 'of the options', ['x-two']]);
});

test('a Request for the options: what it says counts, as at the platform', async () => {
  await signIn();
  const echo = await arrived((href) => window.oauth.demo.fetch('echo', new Request(href, { method: 'DELETE', headers: { 'x-own': '1' } })), `${api.origin}/api/other`);
  assert.deepEqual([echo.method, echo.headerNames.includes('x-own')], ['DELETE', true]);
  const ofVerb = await arrived((href) => window.oauth.demo.put('echo', new Request(href, { method: 'DELETE', headers: { 'x-own': '1' } })), `${api.origin}/api/other`);
  assert.deepEqual([ofVerb.method, ofVerb.headerNames.includes('x-own')], ['PUT', true]);
  const both = await arrived((href) => {
    const [one, two] = ['PATCH', 'DELETE'].map((method) => new Request(href, { method }));
    return window.oauth.demo.fetch(one, two);
  }, `${api.origin}/api/echo`);
  assert.equal(both.method, 'DELETE');
});

test('the signal of a Request for the options counts as well', async () => {
  await signIn();
  await fails(world, 'aborted', ofPhase, () => window.oauth.demo.get('echo', new Request('/', { signal: AbortSignal.abort() })));
  assert.deepEqual(calls(), []);
});

test('an Authorization header of the caller gives way to the token', async () => {
  await signIn();
  await arrived(() => window.oauth.demo.get('echo', { headers: { authorization: 'Basic dTpw' } }));
});

test('the caller\'s objects are not changed', async () => {
  await signIn();
  assert.deepEqual(await world.call(async () => {
    const headers = Object.freeze({ 'x-own': '1' });
    const init = Object.freeze({ headers, withholdToken: false });
    const request = new Request(`${location.origin}/`, { headers });
    await window.oauth.demo.get('echo', init);
    return [Object.keys(init), request.headers.has('authorization')];
  }), [['headers', 'withholdToken'], false]);
});

// ---- what comes back

test('the Response is the platform\'s own, with its body unread', async () => {
  await signIn();
  assert.deepEqual(await world.call(async () => {
    const response = await window.oauth.demo.fetch('echo');
    return [response instanceof Response, response.bodyUsed, response.type, response.clone().status, typeof (await response.json()).sub];
  }), [true, false, 'cors', 200, 'string']);
});

test('an error status is no error', async () => {
  await signIn();
  assert.equal(await world.call(async () => (await window.oauth.demo.fetch('nowhere')).status), 404);
});

test('the body of the Response arrives chunk by chunk', async () => {
  await signIn();
  // The second chunk is far away: that the first is read shows that nobody waits for the whole.
  const text = await world.call(async () => {
    const response = await window.oauth.demo.fetch('stream?chunks=2&interval=10000');
    const reader = response.body.getReader();
    const { value } = await reader.read();
    window.reader = reader;
    return new TextDecoder().decode(value);
  });
  assert.equal(text, 'chunk 1\n');
  assert.equal(calls()[0].aborted, undefined, 'the answer goes on');
  await world.call(() => window.reader.cancel());
});

// ---- how it ends early

/** Begins a call that its `controller` can end. */
const begin = (body, ...args) => world.call(`(...args) => {
  window.controller = new AbortController();
  window.pending = (${body})(window.controller.signal, ...args);
  window.pending.catch(() => {});
}`, ...args);
const abortPending = async () => {
  window.controller.abort();
  await window.pending;
};

test('the caller\'s signal ends the request, at the server too', async () => {
  await signIn();
  const { asked, held } = hold(api, api.paths.echo);
  await begin((signal) => window.oauth.demo.fetch('echo', { signal }));
  await asked(world);
  const error = await fails(world, 'aborted', ofPhase, abortPending);
  assert.equal(error.cause, 'AbortError');
  await untilAborted(world, held[0]);
});

test('the signal of a Request counts as well', async () => {
  await signIn();
  const { asked, held } = hold(api, api.paths.echo);
  await begin((signal, href) => window.oauth.demo.fetch(new Request(href, { signal })), `${api.origin}/api/echo`);
  await asked(world);
  await fails(world, 'aborted', ofPhase, abortPending);
  await untilAborted(world, held[0]);
});

test('a reason of the caller\'s own is the cause', async () => {
  await signIn();
  const { asked } = hold(api, api.paths.echo);
  await begin((signal) => window.oauth.demo.fetch('echo', { signal }));
  await asked(world);
  const error = await fails(world, 'aborted', ofPhase, async () => {
    window.controller.abort('the user left');
    await window.pending;
  });
  assert.equal(error.cause, 'the user left');
});

test('aborting while the answer is read ends the answer', async () => {
  await signIn();
  const name = await world.call(async () => {
    const controller = new AbortController();
    const response = await window.oauth.demo.fetch('stream?chunks=2&interval=10000', { signal: controller.signal });
    const reader = response.body.getReader();
    await reader.read();
    controller.abort();
    return reader.read().then(() => 'it went on', (error) => error.name);
  });
  assert.equal(name, 'AbortError');
  await untilAborted(world, calls()[0]);
});

test('AbortSignal.timeout: timeout, with the platform\'s error as the cause', async () => {
  await signIn();
  const { held } = hold(api, api.paths.echo);
  const error = await fails(world, 'timeout', ofPhase, () => window.oauth.demo.fetch('echo', { signal: AbortSignal.timeout(1500) }));
  assert.equal(error.cause, 'TimeoutError');
  await untilAborted(world, held[0]);
});

test('already aborted: nothing is sent', async () => {
  await signIn();
  world.provider.clearRequests();
  const error = await fails(world, 'aborted', ofPhase, () => window.oauth.demo.fetch('echo', { signal: AbortSignal.abort() }));
  assert.equal(error.cause, 'AbortError');
  assert.deepEqual([...api.requests, ...world.provider.requests], []);
});

test('aborted while the token is renewed: aborted, no API call, and the new token is kept', async () => {
  const { token: before } = await signIn();
  world.provider.revokeAccessTokens();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  await begin((signal) => window.oauth.demo.fetch('echo', { signal }));
  await asked(world);
  const error = await fails(world, 'aborted', ofPhase, abortPending);
  assert.equal(error.cause, 'AbortError');
  release();
  await world.driver.until('the new token', async () => (await session(world)).token.access_token !== before.access_token);
  assert.equal(calls().length, 1, 'the one that was answered with 401');
  assert.equal((await arrived(() => window.oauth.demo.fetch('echo'))).sub, alice.sub);
  assert.equal(world.provider.tokenRequests('refresh_token').length, 1);
});

test('a time limit that ends while the token is renewed: timeout', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  hold(world.provider, world.provider.paths.token);
  await fails(world, 'timeout', ofPhase, () => window.oauth.demo.fetch('echo', { signal: AbortSignal.timeout(1500) }));
});

test('the API is down: network, retryable, and the session stays', async () => {
  await signIn();
  api.setDown(true);
  const error = await fails(world, 'network', ofPhase, () => window.oauth.demo.fetch('echo'));
  assert.equal(error.cause, 'TypeError');
  api.setDown(false);
  await arrived(() => window.oauth.demo.fetch('echo'));
});

test('an API that does not let this origin read: network, whose remedy names CORS', async () => {
  await signIn();
  api.tamper(api.paths.echo, (answer) => { delete answer.headers['access-control-allow-origin']; });
  await fails(world, 'network', { ...ofPhase, remedy: /CORS/ }, () => window.oauth.demo.fetch('echo'));
});

for (const [what, body] of [
  ['a GET with a body', () => window.oauth.demo.get('echo', { body: 'no' })],
  ['a header that is none', () => window.oauth.demo.get('echo', { headers: { 'not a name': '1' } })],
  ['a URL that is none', () => window.oauth.demo.get('http://[')],
  ['a number for a URL', () => window.oauth.demo.fetch(7)],
  ['text for the options', () => window.oauth.demo.fetch('echo', 'POST')],
  ['a Map for the options', () => window.oauth.demo.fetch('echo', new Map([['method', 'POST']]))],
  ['options whose members are their class\'s', () => window.oauth.demo.fetch('echo', new (class { get method() { return 'DELETE'; } })())],
  ['a mode that lets no token pass', () => window.oauth.demo.fetch('echo', { mode: 'no-cors' })],
  ['the same mode, written by an object', () => window.oauth.demo.get('echo', { mode: { toString: () => 'no-cors' } })],
  ['a Request of that mode', () => window.oauth.demo.fetch(new Request('echo', { mode: 'no-cors' }))],
  ['a Request of that mode for the options', () => window.oauth.demo.fetch('echo', new Request('echo', { mode: 'no-cors' }))],
  ['a mode that there is none of', () => window.oauth.demo.fetch('echo', { mode: 'none' })],
]) {
  test(`${what}: config_invalid, and nothing is sent`, async () => {
    await signIn();
    await fails(world, 'config_invalid', ofPhase, body);
    assert.deepEqual(api.requests, []);
  });
}

test('withholdToken: the mode is the caller\'s affair', async () => {
  await signIn();
  assert.equal(await world.call(() => window.oauth.demo.fetch('echo', { mode: 'no-cors', withholdToken: true }).then(({ type }) => type)), 'opaque');
});
