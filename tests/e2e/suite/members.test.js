// Members of a client and of the registry that are taken off their object, and the class of errors across copies of the package.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packageFolder } from '../app/server.js';
import { alice, login, reachCallback } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

test('methods of a client work when they are destructured, handed on, or called with another this', async () => {
  await login(world);
  const results = await world.call(async () => {
    const { getAccessToken, userinfo, createAuthorizationUrl, clear } = window.oauth.demo;
    const token = await getAccessToken();
    const others = [{}, null, window, Object.create(window.oauth.demo)];
    const tokens = await Promise.all(others.map((self) => getAccessToken.call(self)));
    const button = document.createElement('button');
    const clicked = new Promise((resolve) => { button.onclick = (event) => getAccessToken({ signal: event.signal }).then(resolve); });
    button.click();
    const { sub } = await Promise.resolve().then(userinfo);
    const { state } = await createAuthorizationUrl();
    await clear();
    return { same: tokens.every((other) => other === token), clicked: (await clicked) === token, sub, state, isAuthenticated: window.oauth.demo.isAuthenticated };
  });
  assert.deepEqual({ ...results, state: typeof results.state }, { same: true, clicked: true, sub: alice.sub, state: 'string', isAuthenticated: false });
});

test('methods of the registry work when they are destructured', async () => {
  await reachCallback(world);
  await world.start();
  const results = await world.call(async (settings) => {
    const { handleRedirect, register, unregister, client, addEventListener, removeEventListener, dispatchEvent } = window.oauth;
    const heard = [];
    const listener = ({ detail }) => heard.push(detail.name);
    addEventListener('login', listener);
    const { kind, client: who } = await handleRedirect();
    removeEventListener('login', listener);
    dispatchEvent(new CustomEvent('login', { detail: { name: 'not heard' } }));
    const added = register('other', settings);
    return {
      kind, heard, isSame: who === client('demo') && added === window.oauth.other, names: window.oauth.names, gone: unregister('other'), rest: window.oauth.names,
    };
  }, world.settings().demo);
  assert.deepEqual(results, { kind: 'login', heard: ['demo'], isSame: true, names: ['demo', 'other'], gone: true, rest: ['demo'] });
});

test('members are the same at each look, in no listing, and a test may replace them', async () => {
  await world.startAtHome();
  assert.deepEqual(await world.call(() => {
    const { demo } = window.oauth;
    const same = ['get', 'fetch', 'getAccessToken', 'authorizeRedirect', 'clear'].every((name) => demo[name] === demo[name] && typeof demo[name] === 'function');
    const registry = ['handleRedirect', 'register'].every((name) => window.oauth[name] === window.oauth[name]);
    const listed = [Object.keys(demo), Object.keys(window.oauth), JSON.stringify(demo)];
    demo.get = () => 'mine';
    return { same, registry, listed, replaced: demo.get() };
  }), { same: true, registry: true, listed: [[], ['demo'], '{}'], replaced: 'mine' });
});

test('a client has no free(), and nothing of the glue is in its reach', async () => {
  await world.startAtHome();
  assert.deepEqual(await world.call(() => {
    const found = [];
    for (const object of [window.oauth, window.oauth.demo]) {
      // Up to the page's Object.prototype, which is another one than that of a WebDriver script in Firefox.
      for (let at = object; Object.getPrototypeOf(at); at = Object.getPrototypeOf(at)) {
        found.push(...Reflect.ownKeys(at).map(String).filter((name) => /^__|free|dispose/.test(name)));
      }
    }
    return found;
  }), []);
});

// ---- errors

test('a second copy of the package in the page: its errors are errors of the first, and the other way round', async () => {
  for (const name of ['inline', 'core', 'inline/client']) {
    world.app.serve(`/copy/${name}.js`, { type: 'text/javascript', body: await readFile(path.join(packageFolder, `${name}.js`)) });
  }
  await world.visit('/');
  assert.deepEqual(await world.call(async () => {
    const copy = await window.importModule('/copy/inline.js');
    const thrown = await copy.createOAuth({ demo: {} }).catch((error) => error);
    const own = await window.api.createOAuth({ demo: {} }).catch((error) => error);
    const { OAuthError, isOAuthError } = window.api;
    class Mine extends OAuthError {}
    return {
      classes: copy.OAuthError === OAuthError,
      codes: [thrown.code, own.code],
      known: [isOAuthError(thrown), thrown instanceof OAuthError, copy.isOAuthError(own), own instanceof copy.OAuthError],
      subclass: [own instanceof Mine, new Mine({ code: 'network' }) instanceof Mine, new Mine({ code: 'network' }) instanceof copy.OAuthError],
    };
  }), {
    classes: false, codes: ['config_invalid', 'config_invalid'], known: [true, true, true, true], subclass: [false, true, true],
  });
});

test('isOAuthError and instanceof of everything else are false, whatever it does', async () => {
  await world.visit('/');
  assert.deepEqual(await world.call(() => {
    const throws = new Proxy({}, { get: () => { throw new Error('x'); }, getPrototypeOf: () => { throw new Error('x'); } });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const values = [undefined, null, 1, 'OAuthError', Symbol('x'), 10n, {}, [], () => {}, new Error('x'), { code: 'network', name: 'OAuthError' }, throws, proxy, Object.create(null)];
    return values.filter((value) => window.api.isOAuthError(value) || value instanceof window.api.OAuthError).length;
  }), 0);
});

test('new OAuthError with the code alone is complete; what is given stands', async () => {
  await world.visit('/');
  const made = await world.call(() => {
    const pick = ({ code, kind, phase, retryable, message, name, docs, status }) => ({ code, kind, phase, retryable, message, name, docs, status });
    const make = (fields) => pick(new window.api.OAuthError(fields));
    return [
      make({ code: 'login_required' }), make({ code: 'config_invalid', message: 'No.' }), make({ code: 'network' }), make({ code: 'bad_signature', kind: undefined }),
      make({ code: 'http_status', status: 503 }), make({ code: 'http_status', status: 404, phase: 'token', retryable: true }),
      Object.keys(new window.api.OAuthError({ code: 'timeout', remedy: undefined })),
    ];
  });
  const error = (code, kind, phase, retryable, more = {}) => ({ code, kind, phase, retryable, message: code, name: 'OAuthError', docs: `docs/errors.md#${code}`, status: null, ...more });
  assert.deepEqual(made, [
    error('login_required', 'refused', 'callback', false), error('config_invalid', 'usage', 'config', false, { message: 'No.' }),
    error('network', 'environment', 'request', true), error('bad_signature', 'rejected', 'callback', false),
    error('http_status', 'environment', 'request', true, { status: 503 }), error('http_status', 'environment', 'token', true, { status: 404 }),
    ['code', 'kind', 'phase', 'retryable', 'docs'],
  ]);
});
