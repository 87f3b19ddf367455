// What an application hands in may be anything, and looking at it may run code that throws: getters, Proxies, things that only look
// like signals or URLs. Every call ends in its result or in an OAuthError by its promise, and none leaves anything behind: an
// exception that crosses WebAssembly costs a piece of its stack for good, and a hundred of them were the end of the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { alice, login, loginAgain } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

/** More than the stack of the module would stand. */
const MANY = 400;

/**
 * In every page: `hostile` are values that no call can use, `odd` those that some calls can, each made anew; `ended` tells how a
 * call did, as `ok`, as the code of an OAuthError, or as what must not be.
 */
const garbage = `
  class Mine extends Error {}
  const throws = () => { throw new Mine('of the page'); };
  const everyTrap = new Proxy({}, { get: () => throws });
  const revoked = (target) => { const { proxy, revoke } = Proxy.revocable(target, {}); revoke(); return proxy; };
  const getter = (name, rest) => Object.defineProperty({ ...rest }, name, { enumerable: true, get: throws });
  const nested = (depth) => (depth ? { a: nested(depth - 1) } : {});
  const wide = (depth) => { let value = { end: 1 }; for (let n = 0; n < depth; n += 1) value = Array(10).fill(value); return { value }; };
  const cycle = () => { const value = {}; value.self = value; return value; };
  window.Mine = Mine;
  window.getter = getter;
  window.revoked = revoked;
  window.hostile = {
    proxy: () => new Proxy({}, everyTrap),
    'proxy of a list': () => new Proxy([], everyTrap),
    'proxy of a function': () => new Proxy(() => {}, everyTrap),
    revoked: () => revoked({}),
    'revoked list': () => revoked([]),
    getters: () => ['scope', 'params', 'signal', 'method', 'headers', 'force', 'nonce'].reduce((value, name) => Object.defineProperty(value, name, { enumerable: true, get: throws }), {}),
    'getter inside': () => ({ params: getter('a') }),
    'list with a getter': () => ({ scope: Object.defineProperty(['a'], '0', { get: throws }) }),
    'list without end': () => ({ scope: new Proxy([], { get: (list, name) => (name === 'length' ? 2 ** 32 : 'a') }) }),
    'value many times over': () => ({ params: wide(12) }),
    cycle: () => ({ params: cycle() }),
    deep: () => ({ params: nested(500) }),
    'no signal': () => ({ signal: Object.create(AbortSignal.prototype) }),
    'proxy of a signal': () => ({ signal: new Proxy(new AbortController().signal, {}) }),
    'no URL': () => ({ redirectUri: Object.create(URL.prototype), postLogoutRedirectUri: Object.create(URL.prototype) }),
    map: () => new Map([['scope', 'openid']]),
    'map inside': () => ({ params: new Map([['a', 'b']]) }),
    instance: () => new (class { get scope() { return 'openid'; } })(),
    lone: () => ({ params: { a: '\\ud800' }, scope: '\\ud800' }),
    'app state': () => ({ appState: { toJSON: throws }, scope: 7 }),
    bigint: () => ({ appState: 10n, scope: 7 }),
    symbol: () => Symbol('x'),
  };
  window.odd = {
    undefined: () => undefined, null: () => null, true: () => true, zero: () => 0, NaN: () => NaN, infinity: () => -Infinity, big: () => 10n,
    text: () => 'x', 'no text': () => '', 'lone text': () => '\\ud800', list: () => [], lists: () => [[[1]]], object: () => ({}), bare: () => Object.create(null),
    function: () => () => {}, class: () => class {}, set: () => new Set(['x']), search: () => new URLSearchParams('a=b'), date: () => new Date(NaN),
    error: () => new Error('x'), boxed: () => new String('x'), bytes: () => new Uint8Array(9), stream: () => new ReadableStream(), thenable: () => ({ then() {} }),
    'throwing thenable': () => getter('then'), document: () => document, script: () => document.createElement('script'), 'script of its class': () => Object.create(HTMLScriptElement.prototype),
    'URL of its class': () => Object.create(URL.prototype), 'proxy of a URL': () => new Proxy(new URL('https://a.example'), {}),
    'request of its class': () => Object.create(Request.prototype), 'proxy of a request': () => new Proxy(new Request('/'), {}), inherited: () => Object.create({ scope: 'x' }),
    'throws as text': () => ({ toString: throws, valueOf: throws, [Symbol.toPrimitive]: throws }), 'fast proxy': () => new Proxy({}, {}),
  };
  window.ended = async (call, isSync) => {
    let result;
    try {
      result = call();
    } catch (error) {
      return isSync && window.api.isOAuthError(error) ? error.code : 'thrown at once: ' + error;
    }
    if (isSync) return 'ok';
    if (!(result instanceof Promise)) return 'no promise';
    const hangs = new Promise((resolve) => { setTimeout(resolve, 20000, 'it hangs'); });
    return Promise.race([hangs, result.then(() => 'ok', (error) => (window.api.isOAuthError(error) ? error.code : 'rejected: ' + error))]);
  };
  window.calls = {
    loadServerMetadata: (it) => window.oauth.demo.loadServerMetadata(it),
    fetchJwkSet: (it) => window.oauth.demo.fetchJwkSet(it),
    createAuthorizationUrl: (it) => window.oauth.demo.createAuthorizationUrl(it),
    saveAuthorizeData: (it) => window.oauth.demo.saveAuthorizeData(it),
    authorizeAccessToken: (it) => window.oauth.demo.authorizeAccessToken(it),
    getAccessToken: (it) => window.oauth.demo.getAccessToken(it),
    refreshToken: (it) => window.oauth.demo.refreshToken(it),
    revokeToken: (it) => window.oauth.demo.revokeToken(it),
    userinfo: (it) => window.oauth.demo.userinfo(it),
    parseIdToken: (it) => window.oauth.demo.parseIdToken(it),
    'parseIdToken of text': (it) => window.oauth.demo.parseIdToken('x', it),
    'fetch of it': (it) => window.oauth.demo.fetch(it),
    fetch: (it) => window.oauth.demo.fetch('/blank', it),
    get: (it) => window.oauth.demo.get('/blank', it),
    post: (it) => window.oauth.demo.post('/blank', it),
    delete: (it) => window.oauth.demo.delete('/blank', it),
    createLogoutUrl: (it) => window.oauth.demo.createLogoutUrl(it),
    validateLogoutResponse: (it) => window.oauth.demo.validateLogoutResponse(it),
    handleRedirect: (it) => window.oauth.handleRedirect(it),
    'createOAuth of it': (it) => window.api.createOAuth(it),
    createOAuth: (it) => window.api.createOAuth({}, it),
    'createOAuth of a client': (it) => window.api.createOAuth({ demo: it }),
  };
  window.callsAtOnce = {
    'register of it': (it) => window.oauth.register(it, {}),
    register: (it) => window.oauth.register('other', it),
    'register with options': (it) => window.oauth.register('demo', {}, it),
    unregister: (it) => window.oauth.unregister(it),
    client: (it) => window.oauth.client(it),
    isOAuthError: (it) => window.api.isOAuthError(it),
  };
  // These leave the page where they succeed.
  window.callsThatLeave = {
    authorizeRedirect: (it) => window.oauth.demo.authorizeRedirect(it),
    logoutRedirect: (it) => window.oauth.demo.logoutRedirect(it),
  };`;

/** A signed-in page with all that. */
async function signIn(settings = world.settings({ apiOrigins: [world.app.origin] })) {
  world.app.before(garbage);
  await login(world, { settings });
}

/** The page is as good as new: it signs out, and a login that begins in it ends well. The provider still knows who it is. */
async function stillWorks() {
  await world.call(() => window.oauth.demo.clear());
  await assert.rejects(world.call(() => window.oauth.demo.getAccessToken()), { isOAuthError: true, code: 'missing_token' });
  const { kind, token } = await loginAgain(world);
  assert.deepEqual([kind, token.userinfo.sub], ['login', alice.sub]);
}

const isFine = (end) => /^[a-z_]+$/.test(end);

test('every call with every odd value ends in a result or an OAuthError, and nothing is thrown at once', async () => {
  await signIn();
  const ends = await world.call(async () => {
    const all = {};
    const values = { ...window.odd, ...window.hostile };
    for (const [calls, isSync] of [[window.calls, false], [window.callsAtOnce, true]]) {
      for (const [name, call] of Object.entries(calls)) {
        const each = Object.entries(values).map(async ([what, make]) => [`${name}: ${what}`, await window.ended(() => call(make()), isSync)]);
        Object.assign(all, Object.fromEntries(await Promise.all(each)));
      }
    }
    for (const [name, call] of Object.entries(window.callsThatLeave)) {
      for (const [what, make] of Object.entries(window.hostile)) all[`${name}: ${what}`] = await window.ended(() => call(make()));
    }
    return all;
  });
  assert.deepEqual(Object.fromEntries(Object.entries(ends).filter(([, end]) => !isFine(end))), {});
  // What cannot be looked at is the caller's fault, and says so.
  const about = Object.entries(ends).filter(([what]) => /^(createAuthorizationUrl|getAccessToken|userinfo|fetch|get|register|createOAuth|authorizeRedirect): (proxy|revoked|map|instance)$/.test(what));
  assert.deepEqual([...new Set(about.map(([, end]) => end))], ['config_invalid'], JSON.stringify(about));
  await world.startAtHome();
  await stillWorks();
});

test('hundreds of values that throw when they are looked at leave the page as it was', async () => {
  await signIn();
  const ends = await world.call(async (many) => {
    const seen = {};
    const calls = ['createAuthorizationUrl', 'getAccessToken', 'fetch', 'post', 'parseIdToken of text', 'createLogoutUrl', 'handleRedirect', 'loadServerMetadata'];
    for (let n = 0; n < many; n += 1) {
      for (const what of ['proxy', 'revoked', 'revoked list', 'getters', 'no signal', 'list with a getter']) {
        const name = calls[n % calls.length];
        const end = await window.ended(() => window.calls[name](window.hostile[what]()));
        seen[end] = (seen[end] ?? 0) + 1;
        const registered = await window.ended(() => window.callsAtOnce.register(window.hostile[what]()), true);
        seen[registered] = (seen[registered] ?? 0) + 1;
      }
    }
    return seen;
  }, MANY);
  assert.deepEqual(Object.keys(ends).filter((end) => !isFine(end)), []);
  assert.ok(ends.config_invalid > MANY);
  assert.equal(typeof await world.call(() => window.oauth.demo.getAccessToken()), 'string');
  await stillWorks();
});

test('what was thrown is the cause', async () => {
  await signIn();
  for (const [phase, body] of [
    ['token', () => window.oauth.demo.getAccessToken(window.getter('scope'))],
    ['authorize', () => window.oauth.demo.createAuthorizationUrl({ params: window.getter('a') })],
    ['request', () => window.oauth.demo.get('/blank', window.getter('headers'))],
    ['config', () => window.oauth.register('demo', window.getter('scope'), { overwrite: true })],
  ]) assert.equal((await fails(world, 'config_invalid', { phase }, body)).cause, 'Error');
});

test('a signal whose reason has an odd name: aborted, hundreds of times, and nobody else is disturbed', async () => {
  await signIn();
  assert.deepEqual(await world.call(async (many) => {
    const seen = new Set();
    const names = [{ value: 42 }, { value: undefined }, { value: Symbol('x') }, { value: {} }, { get() { throw new Error('no'); } }];
    for (let n = 0; n < many; n += 1) {
      const reason = Object.defineProperty(new Error('x'), 'name', names[n % names.length]);
      const signal = AbortSignal.abort(reason);
      const [aborted, other] = await Promise.all([
        window.ended(() => window.oauth.demo.getAccessToken({ signal })), window.ended(() => window.oauth.demo.getAccessToken()),
      ]);
      seen.add(`${aborted}, ${other}`);
    }
    return [...seen];
  }, MANY), ['aborted, ok']);
  await stillWorks();
});

test('a signal that lives as long as the page is listened to by nobody whose call has ended', async () => {
  await signIn();
  assert.deepEqual(await world.call(async () => {
    const { signal } = new AbortController();
    const count = { addEventListener: 0, removeEventListener: 0 };
    for (const name of Object.keys(count)) {
      signal[name] = (...args) => {
        count[name] += 1;
        return EventTarget.prototype[name].apply(signal, args);
      };
    }
    for (let n = 0; n < 3; n += 1) await window.oauth.demo.getAccessToken({ signal, force: true });
    return count;
  }), { addEventListener: 3, removeEventListener: 3 });
});

// ---- only plain objects have members that can be read

for (const [key, value] of [
  ['params', 'new URLSearchParams("tenant=acme")'],
  ['claims', 'new Map([["id_token", { acr: { essential: true } }]])'],
  ['params', 'new (class { tenant = "acme"; })()'],
  ['claims', 'Object.create({ id_token: { acr: null } })'],
  ['acrValues', 'new Set(["gold"])'],
]) {
  test(`"${key}" as ${value.slice(0, 24)}…: config_invalid, naming it`, async () => {
    await world.startAtHome();
    await fails(world, 'config_invalid', { phase: 'authorize', message: new RegExp(key) }, `() => window.oauth.demo.createAuthorizationUrl({ ${key}: ${value} })`);
  });
}

for (const [what, body] of [
  ['a Map for the parameters', () => window.oauth.demo.createAuthorizationUrl(new Map([['maxAge', 5]]))],
  ['a Map for a client\'s settings', (own) => window.oauth.register('other', new Map(Object.entries(own)))],
  ['an instance for a client\'s settings', (own) => window.oauth.register('other', new (class { clientId = own.clientId; })())],
  ['a Map of clients', (own) => window.api.createOAuth(new Map([['demo', own]]))],
  ['a Map of options', (own) => window.api.createOAuth({ demo: own }, new Map([['storagePrefix', 'x']]))],
  ['a number for the options', (own) => window.api.createOAuth({ demo: own }, 7)],
]) {
  test(`${what}: config_invalid`, async () => {
    await world.startAtHome();
    await assert.rejects(world.call(body, world.settings().demo), { isOAuthError: true, code: 'config_invalid', message: /plain object/ });
  });
}

test('objects without a prototype, of another realm and behind a Proxy are as good as any', async () => {
  await world.visit('/');
  assert.deepEqual(await world.call(async (own) => {
    const frame = document.body.appendChild(document.createElement('iframe'));
    const foreign = new frame.contentWindow.Object();
    await window.start(Object.assign(Object.create(null), { demo: new Proxy(own, {}) }), Object.assign(foreign, { storagePrefix: 'far' }));
    const params = [Object.assign(Object.create(null), { a: '1' }), Object.assign(new frame.contentWindow.Object(), { a: '2' }), new Proxy({ a: '3' }, {}), JSON.parse('{"a":"4"}')];
    const urls = await Promise.all(params.map((each) => window.oauth.demo.createAuthorizationUrl({ params: each })));
    return urls.map(({ url }) => new URL(url).searchParams.get('a'));
  }, world.settings().demo), ['1', '2', '3', '4']);
});

// ---- functions of the settings

/** A page whose client has functions: `functions` is the source of an object, run there. */
async function startWith(functions, options = {}) {
  world.app.before(garbage);
  await world.visit('/');
  await world.call(`(given, options) => {
    window.times = 0;
    return window.start({ demo: { ...given.demo, ...(${functions}) } }, options);
  }`, world.settings(), options);
}

test('a hook whose result throws when it is looked at: config_invalid with the cause, and the next call asks again', async () => {
  await startWith('{ hooks: { metadata: (document) => { window.times += 1; return window.times === 1 ? window.getter("x") : document; } } }');
  const load = () => window.oauth.demo.loadServerMetadata();
  assert.equal((await fails(world, 'config_invalid', { phase: 'metadata', message: /metadata/ }, load)).cause, 'Error');
  assert.equal((await world.call(load)).issuer, world.provider.issuer);
});

test('a hook that looks at what is made by it is not called without end', async () => {
  const functions = '{ hooks: { metadata: (document) => { void window.oauth?.demo.supportsRpLogout; return document; } } }';
  await startWith(functions);
  await world.call(() => window.oauth.demo.loadServerMetadata());
  // From storage, where the hook runs when the property is read.
  await world.call(`(given) => window.start({ demo: { ...given.demo, ...(${functions}) } })`, world.settings());
  assert.equal(await world.call(() => window.oauth.demo.supportsRpLogout), true);
  assert.equal((await world.call(() => window.oauth.demo.loadServerMetadata({ force: true }))).issuer, world.provider.issuer);
});

test('a fetchToken whose token throws when it is looked at: config_invalid with the cause, and the next call asks again', async () => {
  await startWith('{ fetchToken: () => { window.times += 1; return window.times === 1 ? window.getter("access_token") : { access_token: "second" }; } }');
  const get = () => window.oauth.demo.getAccessToken();
  assert.equal((await fails(world, 'config_invalid', { phase: 'token', message: /fetchToken/ }, get)).cause, 'Error');
  assert.equal(await world.call(get), 'second');
});

test('a fetchToken that never ends: timeout for all who wait, and the next call asks again', async () => {
  const functions = '{ fetchToken: () => { window.times += 1; return window.times === 1 ? new Promise(() => {}) : { access_token: "second" }; } }';
  await startWith(functions, { requestTimeout: 1 });
  const get = () => window.oauth.demo.getAccessToken();
  await fails(world, 'timeout', { phase: 'token', message: /fetchToken/ }, `() => Promise.all([(${get})(), (${get})()])`);
  assert.equal(await world.call(get), 'second');
});

test('a fetchToken that never ends: who gives up is free at once, and leaves nobody waiting', async () => {
  await startWith('{ fetchToken: () => { window.times += 1; return window.times === 1 ? new Promise(() => {}) : { access_token: "second" }; } }');
  await fails(world, 'timeout', { phase: 'token' }, () => window.oauth.demo.getAccessToken({ signal: AbortSignal.timeout(100) }));
  assert.equal(await world.call(() => window.oauth.demo.getAccessToken()), 'second');
});

// ---- what stands in for a built-in

test('a JSON.parse that gives what throws at every look, hundreds of times: the page goes on', async () => {
  await login(world);
  assert.deepEqual(await world.call(async () => {
    const { parse } = JSON;
    const throws = () => { throw new Error('no'); };
    const traps = new Proxy({}, { get: () => throws });
    JSON.parse = () => new Proxy({}, traps);
    try {
      for (let n = 0; n < 400; n += 1) {
        // A client of its own, which has not shown the token before.
        const client = window.oauth.register('demo', {}, { overwrite: true });
        void [client.token, client.claims];
      }
    } finally {
      JSON.parse = parse;
    }
    const { token, isAuthenticated } = window.oauth.register('demo', {}, { overwrite: true });
    return [isAuthenticated, token.access_token === await window.oauth.demo.getAccessToken()];
  }), [true, true]);
});

// Text is a record, and one that is none is dropped; what no storage could give is nothing.
for (const [what, item, stays] of [['a number', 42, true], ['an object', {}, true], ['text that is none of ours', 'x', false]]) {
  test(`a storage that gives ${what}: nobody is signed in, and nothing breaks`, async () => {
    await login(world);
    assert.deepEqual(await world.call(async (value, own) => {
      const { getItem } = Storage.prototype;
      const ends = [];
      Storage.prototype.getItem = () => value;
      try {
        for (let n = 0; n < 300; n += 1) ends.push(window.oauth.demo.isAuthenticated, await window.oauth.handleRedirect());
      } finally {
        Storage.prototype.getItem = getItem;
      }
      await window.start(own);
      return [[...new Set(ends)], window.oauth.demo.isAuthenticated];
    }, item, world.settings()), [[false, null], stays]);
  });
}

test('what is put into Object.prototype is no member of an error', async () => {
  await world.visit('/');
  await world.start();
  const ends = await world.call(async (things) => {
    const { OAuthError } = window.api;
    const show = (error) => Object.fromEntries(Object.getOwnPropertyNames(error).filter((name) => name !== 'stack').map((name) => [name, String(error[name])]));
    const errors = async () => [
      show(new OAuthError({ code: 'network' })),
      await window.api.createOAuth({}, { wasm: 1 }).catch(show),
      await window.oauth.demo.getAccessToken().catch(show),
    ];
    const found = { nothing: await errors() };
    for (const [name, value] of Object.entries(things)) {
      Object.prototype[name] = value; // eslint-disable-line no-extend-native
      try {
        found[name] = await errors();
      } finally {
        delete Object.prototype[name];
      }
    }
    return found;
  }, { kind: 'polluted', cause: 'polluted', message: 'polluted', status: 500, retryable: true });
  const { nothing, ...polluted } = ends;
  for (const [name, errors] of Object.entries(polluted)) assert.deepEqual(errors, nothing, `Object.prototype.${name}`);
});
