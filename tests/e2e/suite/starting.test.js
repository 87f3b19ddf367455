// A page that does not await `createOAuth`: the verbs of a client may be called before the WebAssembly is there.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../app/server.js';
import { alice, handle, login, reachCallback, signInAtProvider, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const wasm = 'oidc_client_wasm_bg.wasm';
const requests = () => world.app.requests.filter(({ path: at }) => at === `/package/${wasm}`).length;
const unhandled = () => world.call(() => window.recorded.filter(({ level }) => level === 'unhandled' || level === 'uncaught'));

/** Holds the WebAssembly back until it is released. */
async function holdWasm() {
  const body = await readFile(path.join(packageFolder, wasm));
  let release;
  world.app.serve(`/package/${wasm}`, new Promise((resolve) => { release = () => resolve({ type: 'application/wasm', body }); }));
  return { release, asked: () => world.driver.until('the request of the WebAssembly', () => requests() > 0) };
}

/** `createOAuth` that is not awaited, as `window.starting`, and a button that begins a login. */
const begin = (settings = world.settings(), options = {}) => world.call((s, o) => {
  window.starting = window.api.createOAuth(s, o);
  const button = document.createElement('button');
  button.id = 'sign-in';
  button.textContent = 'Sign in';
  button.onclick = () => window.watch(window.starting.client('demo').authorizeRedirect({ appState: 'clicked' }));
  document.body.append(button);
}, settings, options);

/** Calls a verb that waits, as `window.outcome`. */
const call = (verb, ...args) => world.call((name, given) => { window.watch(window.starting.client('demo')[name](...given)); }, verb, args);
const outcome = () => world.driver.until('the end of the verb', () => world.call(() => window.outcome));

/** The page leaves for the provider, and comes back signed in. */
async function finish() {
  await signInAtProvider(world);
  const { kind, token, appState } = await handle(world);
  assert.deepEqual([kind, token.userinfo.sub, appState], ['login', alice.sub, 'clicked']);
}

for (const [what, clicks] of [['a click', 1], ['a second click', 2]]) {
  test(`${what} before the WebAssembly is there: one login begins when it is there`, async () => {
    const { asked, release } = await holdWasm();
    await world.visit('/');
    await begin();
    await asked();
    for (let click = 0; click < clicks; click += 1) await world.driver.click('#sign-in');
    assert.equal(await world.call(() => window.outcome === undefined && location.pathname), '/', 'the click waits');
    assert.deepEqual([world.scripted(), requests()], [[], 1]);
    release();
    await finish();
    assert.equal(world.requestsTo('authorization').length, 1);
    assert.deepEqual(await troubles(world), []);
  });
}

test('a page that renders twice: one WebAssembly, and a click begins one login', async () => {
  const { asked, release } = await holdWasm();
  await world.visit('/');
  await begin();
  await world.call(() => document.querySelector('#sign-in').remove());
  await begin();
  await asked();
  await world.driver.click('#sign-in');
  release();
  await finish();
  assert.equal(world.requestsTo('authorization').length, 1);
});

test('the verbs of a client are all that need not give an answer at once, on the same object at each call, and work when they are taken off it', async () => {
  await world.visit('/');
  await begin();
  const { names, others, touched, same, listed, thrown } = await world.call(async () => {
    const client = window.starting.client('demo');
    const { getAccessToken, touch } = client;
    const real = (await window.starting).client('demo');
    const verbs = Object.entries(Object.getOwnPropertyDescriptors(real)).filter(([, { value }]) => value).map(([name]) => name);
    return {
      names: Object.getOwnPropertyNames(client).sort(), others: verbs.filter((name) => !['monitorSession', 'subscribe'].includes(name)).sort(), touched: touch() === undefined, same: client === window.starting.client('demo'), listed: Object.keys(client),
      thrown: window.describe(await getAccessToken().catch((error) => error)),
    };
  });
  assert.deepEqual(names, others);
  assert.ok(names.includes('authorizeRedirect') && names.includes('delete') && !names.includes('claims'), names.join(' '));
  assert.deepEqual([touched, same, listed, thrown.code, thrown.clientName], [true, true, [], 'missing_token', 'demo']);
});

// ---- a response in the address bar

test('a response in the address bar is handled before the verb, once, and the page gets the same result', async () => {
  await reachCallback(world);
  const { asked, release } = await holdWasm();
  await begin();
  await world.call(() => {
    window.heard = [];
    window.result = window.starting.then((oauth) => {
      for (const type of ['login', 'error']) oauth.addEventListener(type, () => window.heard.push(type));
      return oauth.handleRedirect();
    });
  });
  await call('getAccessToken');
  await asked();
  release();
  const { value } = await outcome();
  const { kind, token } = await world.call(async () => window.describe(await window.result));
  assert.deepEqual([kind, token.access_token], ['login', value]);
  assert.deepEqual(await world.call(() => window.heard), ['login']);
  assert.equal(world.requestsTo('token').length, 1);
  assert.equal((await world.driver.url()).search, '');
});

test('a response that fails: the verb does its work all the same, and the page gets the error by its own call', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => ({ ...answer, status: 400, body: JSON.stringify({ error: 'invalid_grant' }) }));
  await begin();
  await world.call(() => { window.result = window.starting.then((oauth) => oauth.handleRedirect()).catch((error) => error.code); });
  await call('getAccessToken');
  assert.equal((await outcome()).thrown.code, 'missing_token');
  assert.equal(await world.call(() => window.result), 'token_refused');
  assert.deepEqual(await unhandled(), []);
});

test('authorizeAccessToken reads the address bar when it is called, and not when the WebAssembly is there', async () => {
  await reachCallback(world);
  const { asked, release } = await holdWasm();
  await begin();
  await call('authorizeAccessToken');
  await world.call(() => history.replaceState(null, '', '/elsewhere'));
  await asked();
  release();
  const { value } = await outcome();
  assert.equal(value.userinfo.sub, alice.sub);
  assert.equal((await world.driver.url()).pathname, '/elsewhere');
});

test('verbs with a session: an API call, userinfo and a logout wait, and then do what those of the client do', async () => {
  await login(world);
  const { asked, release } = await holdWasm();
  await world.reload();
  await begin();
  await world.call(() => {
    const demo = window.starting.client('demo');
    window.both = Promise.all([demo.userinfo().then(({ sub }) => sub), demo.getAccessToken().then((token) => typeof token)]);
  });
  await asked();
  release();
  assert.deepEqual(await world.call(() => window.both), [alice.sub, 'string']);
  await world.reload();
  await begin();
  await world.leave(() => window.starting.client('demo').logoutRedirect());
  await world.pages.signOut(world.driver);
  await world.driver.untilAt('the application after the logout', ({ origin }) => origin === world.app.origin);
});

// ---- failures

test('a load that failed: the verb tells it, the next one tries again, and a page that never awaits has no unhandled rejection', async () => {
  world.app.serve(`/package/${wasm}`, { status: 503, type: 'text/plain', body: 'busy' });
  await world.visit('/');
  await begin();
  for (const times of [1, 2]) {
    await call('getAccessToken');
    const { thrown } = await outcome();
    assert.deepEqual([thrown.isOAuthError, thrown.code, thrown.kind, thrown.status, thrown.retryable], [true, 'wasm_load_failed', 'environment', 503, true], String(times));
  }
  world.app.reset();
  await world.driver.click('#sign-in');
  await finish();
  assert.deepEqual(await unhandled(), []);
});

test('a load that failed before any verb was called, in a page that never awaits: no unhandled rejection', async () => {
  world.app.serve(`/package/${wasm}`, { status: 404, type: 'text/plain', body: '' });
  await world.visit('/');
  await begin();
  await world.call(() => window.api.createOAuth({}).catch(() => new Promise((resolve) => { setTimeout(resolve); })));
  assert.deepEqual(await unhandled(), []);
});

test('a mistake in the settings: every verb tells it, and it is reported where the page never awaits', async () => {
  await world.visit('/');
  await begin(world.settings({ scopes: 'openid' }));
  await call('authorizeRedirect');
  const { thrown } = await outcome();
  assert.deepEqual([thrown.code, thrown.kind, thrown.clientName], ['config_invalid', 'usage', 'demo']);
});

test('a name without a client: config_invalid, which names it, and a client that is registered later is found', async () => {
  await world.visit('/');
  await begin({});
  await call('getAccessToken');
  const { thrown } = await outcome();
  assert.deepEqual([thrown.code, thrown.clientName, thrown.message], ['config_invalid', 'demo', 'There is no client with the name "demo".']);
  await world.call(async (settings) => { (await window.starting).register('demo', settings); }, world.settings().demo);
  await world.driver.click('#sign-in');
  await finish();
});

test('a signal that is aborted while the verb waits: aborted, and nothing is sent', async () => {
  const { asked, release } = await holdWasm();
  await world.visit('/');
  await begin();
  await world.call(() => {
    const controller = new AbortController();
    window.watch(window.starting.client('demo').authorizeRedirect({ signal: controller.signal }));
    controller.abort();
  });
  await asked();
  release();
  assert.equal((await outcome()).thrown.code, 'aborted');
  assert.deepEqual(world.scripted(), []);
});

for (const entry of ['index', 'inline', 'slim']) {
  test(`${entry}.js where there is no page: a verb rejects with config_invalid`, async () => {
    const { createOAuth } = await import(pathToFileURL(path.join(packageFolder, `${entry}.js`)));
    const starting = createOAuth({});
    starting.catch(() => {});
    for (const verb of ['authorizeRedirect', 'authorizeAccessToken']) {
      await assert.rejects(starting.client('demo')[verb](), { name: 'OAuthError', code: 'config_invalid' });
    }
  });
}

// ---- an earlier download

test('the links of docs/startup.md: every file is requested once, and the WebAssembly without a referrer', async (t) => {
  const guide = await readFile(new URL('../../../docs/startup.md', import.meta.url), 'utf8');
  const links = guide.match(/^<link .*>$/gm).join('\n').replaceAll('/vendor/oidc-client-wasm/', '/package/');
  assert.equal(links.match(/<link /g).length, 3);
  world.app.serve('/preloaded', { type: 'text/html', body: `<!DOCTYPE html><title>Preloaded</title>${links}<script src="/recorder.js"></script><script type="module" src="/page.js"></script>` });
  await world.visit('/preloaded?code=secret');
  await world.start();
  assert.deepEqual(await world.call(() => window.oauth.names), ['demo']);
  const asked = world.app.requests.filter(({ path: at }) => at.startsWith('/package/') && at !== '/package/entry.js');
  const files = asked.map(({ path: at }) => at).sort();
  if (world.driver.name === 'webkit' && files.length === 4) return t.skip('webkit does not use for fetch what a preload link has fetched');
  assert.deepEqual(files, ['/package/core.js', '/package/index.js', `/package/${wasm}`]);
  assert.equal(asked.find(({ path: at }) => at.endsWith('.wasm')).headers.referer, undefined);
});

test('the option log gets the promise of createOAuth during the call, before the WebAssembly is there', async () => {
  const { release } = await holdWasm();
  await world.visit('/');
  const during = await world.call((settings) => {
    const given = [];
    window.starting = window.api.createOAuth(settings, { log: (oauth) => given.push(oauth, typeof oauth.client('demo').authorizeRedirect) });
    return [given.length, given[0] === window.starting, given[1]];
  }, world.settings());
  assert.deepEqual(during, [2, true, 'function']);
  release();
  assert.deepEqual(await world.call(async () => (await window.starting).names), ['demo']);
});

test('a log that throws: the page reports the exception, and the registry is there', async () => {
  await world.visit('/');
  // A function of the page itself, which throws without `new`: browsers report no exception of a driver's script.
  const names = await world.call(async (settings) => (await window.api.createOAuth(settings, { log: URL })).names, world.settings());
  assert.deepEqual(names, ['demo']);
  const reported = await world.driver.until('the report', async () => { const told = await unhandled(); return told.length > 0 && told; });
  assert.equal(reported.length, 1);
  assert.match(reported[0].text, /URL/);
});

test('a log that is no function: config_invalid, which names the option', async () => {
  await world.visit('/');
  await world.call((settings) => { window.watch(window.api.createOAuth(settings, { log: 'debug' })); }, world.settings());
  const { thrown: { code, message } } = await outcome();
  assert.deepEqual([code, message], ['config_invalid', '"log" must be a function.']);
});
