// The page itself lies: its `fetch` has been replaced, a service worker answers in the provider's name, built-ins are patched,
// polluted or frozen. No client can be safer than the script it shares a page with. But what passes for an accident in a page must
// end in a typed error, nothing may wait for ever, and no rubbish may turn a refusal into a session.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, login, reachCallback, reloadAndHandle, session, storedKeys, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

/** From the next page on, `fetch` is `lie(input, init, real)` for everything at the provider. */
function replaceFetch(lie) {
  world.app.before(`
    (() => {
      const real = window.fetch.bind(window);
      const lie = ${lie};
      window.fetch = (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        return url.startsWith(${JSON.stringify(world.provider.issuer)}) ? lie(input, init, real) : real(input, init);
      };
    })();`);
}

const metadata = () => world.call(() => window.oauth.demo.loadServerMetadata({ force: true }));

// ---- fetch, replaced

test('a fetch that the page has wrapped is as good as the browser\'s', async () => {
  replaceFetch('(input, init, real) => real(input, init).then((answer) => new Response(answer.body, answer))');
  assert.equal((await login(world)).kind, 'login');
  assert.deepEqual(await troubles(world), []);
});

for (const [what, lie] of [
  ['throws at once', () => { throw new TypeError('no'); }],
  ['throws what is no Error', () => { throw 'no'; }], // eslint-disable-line no-throw-literal
  ['rejects with what is no Error', () => Promise.reject('no')],
  ['rejects with nothing', () => Promise.reject()],
  ['gives no promise', () => undefined],
  ['gives nothing', () => Promise.resolve()],
  ['gives null', async () => null],
  ['gives an object like a response', async () => ({ ok: true, status: 200, json: async () => ({}), headers: new Map() })],
  ['gives a response that is none', async () => Object.create(Response.prototype)],
  ['gives a network error as a response', async () => Response.error()],
  ['gives an opaque response', (input, init, real) => real(input.url, { mode: 'no-cors' })],
  ['has followed a redirect', (input, init, real) => real('/moved')],
  ['gives a response that was read already', async (input, init, real) => {
    const answer = await real(input, init);
    await answer.text();
    return answer;
  }],
  ['gives a response that another reads', async (input, init, real) => {
    const answer = await real(input, init);
    answer.body.getReader();
    return answer;
  }],
  ['gives a body of other things than bytes', async () => new Response(new ReadableStream({
    start(controller) {
      controller.enqueue('{}');
      controller.close();
    },
  }))],
  ['gives a body of what only looks like bytes', async () => new Response(new ReadableStream({
    start(controller) {
      controller.enqueue(Object.create(Uint8Array.prototype));
      controller.close();
    },
  }))],
  ['gives a body of what lies about its length', async () => new Response(new ReadableStream({
    start(controller) {
      controller.enqueue(new Proxy(new Uint8Array(2), { get: (bytes, name) => { if (name === 'length') return 9; throw new TypeError('no'); } }));
      controller.close();
    },
  }))],
  ['gives a promise that lies', () => Object.defineProperty(Promise.resolve(new Response('{}')), 'then', { value() { throw new TypeError('no'); } })],
  ['gives a body that breaks off', async () => new Response(new ReadableStream({ pull() { throw new TypeError('no'); } }))],
]) {
  test(`a fetch that ${what}: network`, async () => {
    world.app.serve('/moved', { status: 302, type: 'text/plain', body: '', headers: { location: '/settings.json' } });
    world.app.serve('/settings.json', { type: 'application/json', body: '{}' });
    replaceFetch(lie);
    await world.startAtHome();
    await assert.rejects(metadata(), { isOAuthError: true, code: 'network', phase: 'metadata', retryable: true });
    assert.deepEqual(await world.call(() => window.recorded.filter(({ level }) => ['uncaught', 'unhandled'].includes(level))), []);
  });
}

for (const [what, lie] of [
  ['never answers, whatever its signal says', () => new Promise(() => {})],
  ['gives a body that never comes, whatever its signal says', async () => new Response(new ReadableStream({}))],
]) {
  test(`a fetch that ${what}: timeout`, async () => {
    replaceFetch(lie);
    await world.startAtHome(world.settings(), { requestTimeout: 1 });
    await assert.rejects(metadata(), { isOAuthError: true, code: 'timeout', phase: 'metadata', retryable: true });
  });
}

test('a fetch that gives a body without end: it is read to the limit and no further', async () => {
  replaceFetch(`async () => new Response(new ReadableStream({
    pull(controller) { controller.enqueue(new Uint8Array(65536).fill(32)); },
    cancel() { window.cancelled = true; },
  }))`);
  await world.startAtHome();
  await assert.rejects(metadata(), { isOAuthError: true, code: 'invalid_metadata' });
  assert.equal(await world.call(() => window.cancelled), true);
});

test('no fetch at all: network', async () => {
  await world.startAtHome();
  await world.call(() => { window.fetch = undefined; });
  await assert.rejects(metadata(), { isOAuthError: true, code: 'network' });
});

test('an API request by a fetch that throws at once is a network error, and what another gives comes back as it is', async () => {
  const settings = world.settings({ apiBaseUrl: world.provider.issuer });
  await login(world, { settings });
  const outcomes = await world.call(async () => {
    const lies = [() => { throw new Error('no'); }, () => Promise.reject('no'), () => null, async () => ({ mocked: true })];
    const ends = [];
    for (const lie of lies) {
      window.fetch = lie;
      ends.push(await window.oauth.demo.get('/api/orders').catch(({ code, phase }) => ({ code, phase })));
    }
    return ends;
  });
  const network = { code: 'network', phase: 'request' };
  assert.deepEqual(outcomes, [network, network, null, { mocked: true }]);
});

// ---- a service worker, which may stay from a former version of the page

/** Has a service worker answer everything at the provider with `lie`; skips the test where there is none. */
async function employ(t, lie) {
  world.app.serve('/worker.js', {
    type: 'text/javascript',
    body: `
      addEventListener('install', () => skipWaiting());
      addEventListener('activate', (event) => event.waitUntil(clients.claim()));
      addEventListener('fetch', (event) => {
        if (event.request.url.startsWith(${JSON.stringify(world.provider.issuer)}) && event.request.mode !== 'navigate') {
          event.respondWith((${lie})(event.request));
        }
      });`,
  });
  await world.visit('/');
  const isEmployed = await world.call(async () => {
    if (!navigator.serviceWorker) return false;
    // Trusted Types are required in this page.
    const policy = window.trustedTypes?.createPolicy('test', { createScriptURL: (url) => url });
    const controlled = new Promise((resolve) => { navigator.serviceWorker.addEventListener('controllerchange', resolve); });
    await navigator.serviceWorker.register(policy ? policy.createScriptURL('/worker.js') : '/worker.js');
    if (!navigator.serviceWorker.controller) await controlled;
    return true;
  });
  if (!isEmployed) t.skip('this browser gives the page no service worker');
  t.after(() => world.call(async () => {
    for (const registration of await navigator.serviceWorker?.getRegistrations() ?? []) await registration.unregister();
  }));
  return isEmployed;
}

for (const [what, code, lie] of [
  ['with an error', 'network', () => Response.error()],
  ['with what the page may not read', 'network', ({ url }) => fetch(url, { mode: 'no-cors' })],
  ['by following a redirect', 'network', () => fetch('/moved')],
  ['with rubbish', 'invalid_metadata', () => new Response('<!DOCTYPE html>')],
  ['with the metadata of another issuer', 'issuer_mismatch', () => Response.json({
    issuer: 'https://attacker.example', authorization_endpoint: 'https://attacker.example/a', token_endpoint: 'https://attacker.example/t',
  })],
  ['never', 'timeout', () => new Promise(() => {})],
  ['without end', 'invalid_metadata', () => new Response(new ReadableStream({
    pull(controller) { controller.enqueue(new Uint8Array(65536).fill(32)); },
  }))],
]) {
  test(`a service worker that answers ${what}: ${code}`, async (t) => {
    world.app.serve('/moved', { status: 302, type: 'text/plain', body: '', headers: { location: '/settings.json' } });
    world.app.serve('/settings.json', { type: 'application/json', body: '{}' });
    if (!await employ(t, lie)) return;
    await world.start(world.settings(), { requestTimeout: 1 });
    await assert.rejects(metadata(), { isOAuthError: true, code, phase: 'metadata' });
  });
}

// ---- built-ins, polluted: what is read from an object must be the object's own

/** As a careless merge of `JSON.parse` into an object would do it: data, never functions. */
const pollutions = {
  // What an id_token or its header may lack.
  nonce: 'polluted', crit: ['exp'], alg: 'none', kid: 'polluted', typ: 'JWT', jwk: {}, sub: 'mallory', aud: 'demo-spa', exp: 9e9, azp: 'mallory',
  // What makes a key, and what WebCrypto is told.
  d: 'AQAB', k: 'AQAB', n: 'AQAB', e: 'AQAB', use: 'enc', key_ops: ['sign'], ext: false, oth: [], hash: 'SHA-1', name: 'HMAC', saltLength: 0,
  publicExponent: 3, keys: [], length: 1,
  // What a request is made of.
  mode: 'no-cors', credentials: 'include', redirect: 'follow', referrer: '/', referrerPolicy: 'unsafe-url', cache: 'force-cache', method: 'PUT',
  body: 'polluted', headers: { 'x-polluted': '1' }, integrity: 'sha256-AAAA', keepalive: true, duplex: 'half', priority: 'low', window: 'polluted',
  // What settings and calls may lack.
  clientId: 'mallory', clientSecret: 'polluted', allowMissingNonce: true, trustedAudiences: ['mallory'], idTokenSigningAlgs: ['none'],
  tokenStorage: 'local', clockTolerance: 300, storagePrefix: 'polluted', force: true, overwrite: true, maxAge: 1, accessToken: 'polluted',
  // What errors, events, streams and records have.
  code: 'polluted', message: 'polluted', cause: 'polluted', detail: 'polluted', done: true, value: 'polluted', error: 'polluted', status: 200,
  userinfo: { sub: 'mallory' }, claims: { sub: 'mallory' }, token: 'polluted', toJSON: 'polluted', isAuthenticated: true,
};

/** Judges a good id_token and bad ones, under each pollution alone. */
const verdicts = (tokens, polluted) => world.call(async (given, things) => {
  const { demo } = window.oauth;
  const judge = async () => {
    const codes = {};
    for (const [name, [idToken, expected]] of Object.entries(given)) {
      codes[name] = await demo.parseIdToken(idToken, expected).then(({ sub }) => `believed: ${sub}`, (error) => error.code ?? String(error));
    }
    return codes;
  };
  const ends = { nothing: await judge() };
  for (const [name, value] of Object.entries(things)) {
    Object.prototype[name] = value; // eslint-disable-line no-extend-native
    try {
      // One that was asked for anew, so that the network is part of it.
      await demo.fetchJwkSet({ force: true }).catch(() => {});
      ends[name] = await judge();
    } finally {
      delete Object.prototype[name];
    }
  }
  return ends;
}, tokens, polluted);

test('a polluted Object.prototype turns no refusal into belief', async () => {
  const { token } = await login(world);
  const { claims } = world.provider.decodeJwt(token.id_token);
  const { nonce, ...withoutNonce } = claims;
  const { sub, ...withoutSub } = claims;
  const sign = (members, options) => world.provider.signJwt(members, options);
  const flip = (text, at) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
  const tokens = {
    good: [token.id_token, { nonce }],
    damaged: [flip(token.id_token, token.id_token.length - 20), {}],
    unsigned: [`${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.id_token.split('.')[1]}.`, {}],
    nonceless: [sign(withoutNonce), { nonce: 'polluted' }],
    nobody: [sign(withoutSub), {}],
    foreign: [sign({ ...claims, aud: 'another' }), {}],
    expired: [sign({ ...claims, exp: claims.iat - 1000 }), {}],
    critical: [sign(claims, { header: { crit: ['b64'], b64: false } }), {}],
  };
  const refused = {
    damaged: 'bad_signature', unsigned: 'unsupported_algorithm', nonceless: 'missing_claim', nobody: 'missing_claim', foreign: 'invalid_claim',
    expired: 'expired_token', critical: 'unsupported_critical_header',
  };
  const { nothing, ...ends } = await verdicts(tokens, pollutions);
  const expected = { good: `believed: ${alice.sub}`, ...refused };
  assert.deepEqual(nothing, expected);
  for (const [name, ended] of Object.entries(ends)) {
    // A browser that reads a polluted member into a key refuses the key, which is safe.
    const isSafe = (code) => ['weak_key', 'crypto_unavailable'].includes(code);
    const strict = Object.fromEntries(Object.entries(ended).map(([which, code]) => [which, isSafe(code) ? expected[which] : code]));
    assert.deepEqual(strict, expected, `Object.prototype.${name}`);
  }
});

/** From the next page on, before anything is loaded. Not enumerable, because drivers of browsers enumerate. */
const pollute = (things) => world.app.before(`
  for (const [name, value] of Object.entries(${JSON.stringify(things)})) {
    Object.defineProperty(Object.prototype, name, { __proto__: null, value, writable: true, configurable: true });
  }`);

test('a page whose Object.prototype is polluted from the start signs the right user in, by the right requests', async () => {
  const { clientId, nonce, crit, kid, sub, aud, azp, allowMissingNonce, trustedAudiences, idTokenSigningAlgs, tokenStorage, userinfo, claims } = pollutions;
  pollute({ clientId, nonce, crit, kid, sub, aud, azp, allowMissingNonce, trustedAudiences, idTokenSigningAlgs, tokenStorage, userinfo, claims });
  pollute({ credentials: 'include', redirect: 'follow', referrerPolicy: 'unsafe-url', clientSecret: 'polluted', keepalive: true });
  const { token } = await login(world);
  assert.equal(token.userinfo.sub, alice.sub);
  const { isAuthenticated, claims: shown } = await session(world);
  assert.equal(isAuthenticated, true);
  assert.equal(shown.sub, alice.sub);
  assert.equal(JSON.stringify(world.provider.requests).includes('polluted'), false);
  for (const { headers } of world.scriptedRequests()) {
    assert.equal(headers.referer, undefined);
    assert.equal(headers.cookie, false);
  }
});

test('what is put into Object.prototype is no option of a request or of a lock', async () => {
  await login(world);
  const ends = await world.call(async () => {
    const polluted = {
      body: 'polluted', headers: { 'x-polluted': '1' }, method: 'PUT', mode: 'same-origin', integrity: 'sha256-AAAA', duplex: 'half', window: 'polluted',
      signal: AbortSignal.abort(), ifAvailable: 'polluted', steal: true,
    };
    const results = {};
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { __proto__: null, value, writable: true, configurable: true });
      try {
        const refreshed = await window.oauth.demo.getAccessToken({ force: true }).then(() => 'refreshed', (error) => error.code);
        results[name] = await window.oauth.demo.fetchJwkSet({ force: true }).then(() => `${refreshed} and asked`, (error) => `${refreshed} and ${error.code}`);
      } finally {
        delete Object.prototype[name];
      }
    }
    return results;
  });
  assert.deepEqual(new Set(Object.values(ends)), new Set(['refreshed and asked']), JSON.stringify(ends));
  assert.equal(JSON.stringify(world.provider.requests).includes('polluted'), false);
});

test('a polluted "userinfo" gives nobody an identity where there was no id_token', async () => {
  pollute({ userinfo: { sub: 'mallory' } });
  await login(world, { settings: world.settings({ scope: 'profile' }) });
  const { isAuthenticated, claims } = await session(world);
  assert.equal(isAuthenticated, true);
  assert.equal(claims, null);
});

test('a polluted name of a function among the settings is not taken for one of them', async () => {
  pollute({ hooks: { metadata: 'polluted' }, expectedIssuer: 'polluted', fetchToken: 'polluted' });
  assert.equal((await login(world)).kind, 'login');
});

test('a polluted "wasm" does not say which module is loaded, nor "get" what a property is', async () => {
  world.app.serve('/attacker.wasm', { type: 'application/wasm', body: '' });
  pollute({ wasm: '/attacker.wasm', overwrite: true, get: 'polluted', set: 'polluted', method: 'POST' });
  await world.startAtHome();
  assert.deepEqual(await world.call(() => [window.oauth.names, window.oauth.demo.name]), [['demo'], 'demo']);
  assert.equal(await world.call((own) => {
    try {
      return String(window.oauth.register('demo', own));
    } catch ({ code }) {
      return code;
    }
  }, world.settings().demo), 'client_exists');
  assert.equal(world.app.requests.some(({ path }) => path === '/attacker.wasm'), false);
});

// ---- built-ins, patched and frozen

test('frozen intrinsics: login, reload and logout work, and nothing is said', async () => {
  world.app.before(`
    for (const name of ['Object', 'Function', 'Array', 'Promise', 'Error', 'TypeError', 'Symbol', 'Map', 'Set', 'WeakMap', 'Date', 'RegExp', 'String',
      'Number', 'Boolean', 'Uint8Array', 'ArrayBuffer', 'DataView', 'Reflect', 'JSON', 'Math', 'TextDecoder', 'TextEncoder', 'Request', 'Response', 'Headers',
      'ReadableStream', 'URL', 'AbortSignal', 'EventTarget', 'CustomEvent', 'WebAssembly', 'FinalizationRegistry']) {
      Object.freeze(globalThis[name]);
      if (globalThis[name].prototype) Object.freeze(globalThis[name].prototype);
    }`);
  const { token } = await login(world);
  assert.equal(await reloadAndHandle(world), null);
  assert.deepEqual((await session(world)).token, token);
  await world.call(() => window.oauth.demo.clear());
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await troubles(world), []);
});

test('promises and JSON that a library has wrapped: the login works', async () => {
  world.app.before(`
    (() => {
      const { then } = Promise.prototype;
      Promise.prototype.then = function (done, failed) { return then.call(this, done && ((value) => done(value)), failed && ((error) => failed(error))); };
      const { parse, stringify } = JSON;
      JSON.parse = (...args) => parse(...args);
      JSON.stringify = (...args) => stringify(...args);
    })();`);
  assert.equal((await login(world, { params: { appState: { from: '/' } } })).appState.from, '/');
  assert.deepEqual(await troubles(world), []);
});

/** Handles the answer in the address bar while `JSON.parse` is `lie(parse)`, and no longer: drivers of browsers parse, too. */
const handleWhileParsing = (lie) => world.call(`async () => {
  const { parse } = JSON;
  JSON.parse = (${lie})(parse);
  try {
    await window.oauth.handleRedirect();
  } finally {
    JSON.parse = parse;
  }
}`);

test('a JSON.parse that lies to the page: a forged id_token is no less refused', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => {
    const { claims } = world.provider.decodeJwt(answer.body.id_token);
    answer.body.id_token = world.provider.signJwt({ ...claims, nonce: 'polluted' });
  });
  await world.start();
  await assert.rejects(handleWhileParsing((parse) => (...args) => {
    const value = parse(...args);
    return value && typeof value === 'object' ? Object.assign(value, { sub: 'mallory', nonce: 'polluted', alg: 'none' }) : value;
  }), { isOAuthError: true, code: 'nonce_mismatch' });
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('a JSON.parse that throws: who is signed in does not depend on it', async () => {
  await reachCallback(world);
  await world.start();
  await handleWhileParsing(() => () => { throw new Error('no'); });
  const { isAuthenticated, claims } = await session(world);
  assert.equal(isAuthenticated, true);
  assert.equal(claims.sub, alice.sub);
  assert.equal(world.requestsTo('token').length, 1);
});
