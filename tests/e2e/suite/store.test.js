// The entry `oidc-client-wasm/store`: the clients of an app from the first paint on.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../app/server.js';
import { alice, login, logoutAtProvider, reachCallback } from '../lib/steps.js';
import { serveCallback, settings as windowSettings } from '../lib/windows.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always', redirectPaths: ['/', '/callback', '/login/callback.html'] });

/** `createAuth` in the page, as `auth`. From then on the page writes down each state, the first of which is there at once. */
const create = (settings = world.settings(), options = {}) => world.call(async (s, o) => {
  const { createAuth } = await import('/package/frameworks/store.js');
  window.auth = createAuth(s, o);
  window.client = window.auth.client('demo');
  window.seen = [];
  const see = () => {
    const { status, claims, error } = window.client.snapshot;
    window.seen.push([status, claims?.sub ?? null, error?.code ?? null]);
  };
  see();
  window.client.subscribe(see);
}, settings, options);
const seen = () => world.call(() => window.seen);
const ended = (status) => world.driver.until(`the state ${status}`, async () => (await seen()).at(-1)[0] === status);

test('loading, then signed-out, where no user is signed in', async () => {
  await world.visit('/');
  await create();
  await ended('signed-out');
  assert.deepEqual(await seen(), [['loading', null, null], ['signed-out', null, null]]);
  assert.equal(await world.call(() => window.auth.redirect), null);
});

test('a reload of a user who is signed in: never signed-out, and the hint while it loads', async () => {
  await login(world);
  await world.visit('/');
  await create();
  await ended('signed-in');
  assert.deepEqual(await seen(), [['loading', alice.sub, null], ['signed-in', alice.sub, null]]);
  assert.equal(await world.call(() => window.client.snapshot === window.client.snapshot && window.client === window.auth.client()), true);
});

test('the response of a login is answered by itself, and returnTo goes to the place where it began, once', async () => {
  await reachCallback(world, { params: { appState: { returnTo: '/protected?a=1#b' } } });
  await create();
  await ended('signed-in');
  assert.deepEqual(await seen(), [['loading', null, null], ['signed-in', alice.sub, null]]);
  assert.deepEqual(await world.call(async () => {
    const { returnTo } = await import('/package/frameworks/store.js');
    const [places, result] = [[], await window.auth.redirect];
    returnTo(result, (place) => places.push(place));
    returnTo(result, (place) => places.push(place));
    return [result.kind, places];
  }), ['login', ['/protected?a=1#b']]);
});

test('the return from a logout at the provider: no guard of that page begins a login, and after a reload it does', async () => {
  await login(world);
  await logoutAtProvider(world);
  await create();
  await ended('signed-out');
  assert.deepEqual(await world.call(async () => [(await window.auth.redirect).kind, window.client.needsLogin]), ['logout', false]);
  await world.driver.reload();
  await world.ready();
  await create();
  await ended('signed-out');
  assert.equal(await world.call(() => window.client.needsLogin), true);
});

test('without a function of a router, returnTo changes the URL and tells the page as a step in the history does', async () => {
  await reachCallback(world, { params: { appState: { returnTo: '/protected' } } });
  await create();
  assert.deepEqual(await world.call(async () => {
    const { returnTo } = await import('/package/frameworks/store.js');
    const heard = [];
    addEventListener('popstate', () => heard.push(location.pathname));
    returnTo(await window.auth.redirect);
    return heard;
  }), ['/protected']);
});

test('returnTo goes to no place of another origin, and nowhere for what is no place', async () => {
  const { returnTo } = await import(pathToFileURL(path.join(packageFolder, 'frameworks/store.js')));
  const elsewhere = ['https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', '/\t/elsewhere.example', '/\n/elsewhere.example', '///elsewhere.example',
    '/.//elsewhere.example', '/%2e//elsewhere.example', '/x/..//elsewhere.example', '//nowhere.invalid//elsewhere.example', '//', '//%', '//['];
  const places = [];
  for (const place of [...elsewhere, 'javascript:alert(1)', 'relative', '', 7, null, undefined, {}]) {
    for (const appState of [{ returnTo: place }, place]) returnTo({ kind: 'login', appState }, (to) => places.push(to));
  }
  returnTo({ kind: 'logout', appState: { returnTo: '/' } }, (to) => places.push(to));
  returnTo(null, (to) => places.push(to));
  assert.deepEqual(places, []);
});

test('a login that fails is the error, and needs no second login by itself', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, ({ body }) => { body.id_token = 'x.y.z'; });
  await create();
  await ended('signed-out');
  assert.deepEqual((await seen()).at(-1), ['signed-out', null, 'malformed_jwt']);
  assert.equal(await world.call(() => window.client.needsLogin), false);
  assert.equal(await world.call(() => window.auth.redirect.catch(({ code }) => code)), 'malformed_jwt');
});

test('WebAssembly that does not come: signed-out with the error, and the next verb tries again', async () => {
  const [wasm, gone] = ['/package/oidc_client_wasm_bg.wasm', { status: 503, type: 'text/plain', body: '' }];
  world.app.serve(wasm, gone);
  await world.visit('/');
  await create();
  await ended('signed-out');
  assert.deepEqual(await seen(), [['loading', null, null], ['signed-out', null, 'wasm_load_failed']]);
  assert.equal(await world.call(() => window.client.getAccessToken().catch(({ code }) => code)), 'wasm_load_failed');
  world.app.serve(wasm, { type: 'application/wasm', body: await readFile(path.join(packageFolder, path.basename(wasm))) });
  assert.equal(await world.call(() => window.client.getAccessToken().catch(({ code }) => code)), 'missing_token');
  await world.driver.until('the end of the load', async () => (await seen()).at(-1)[2] === null);
  assert.deepEqual((await seen()).at(-1), ['signed-out', null, null]);
});

test('a mistake in the settings is the error of the state, and is reported', async () => {
  await world.visit('/');
  await create({ demo: { ...world.settings().demo, issuer: 'no URL' } });
  await ended('signed-out');
  assert.deepEqual((await seen()).at(-1), ['signed-out', null, 'config_invalid']);
  assert.equal(await world.call(() => window.recorded.filter(({ level }) => level === 'unhandled').length), 1);
});

test('a guard begins a login for a stranger, and not after a sign-out in this page', async () => {
  world.provider.tamper(world.provider.paths.discovery, ({ body }) => { delete body.end_session_endpoint; });
  await world.visit('/');
  await create();
  await ended('signed-out');
  assert.equal(await world.call(() => window.client.needsLogin), true);
  await login(world);
  await world.visit('/');
  await create();
  assert.equal(await world.call(() => window.client.needsLogin), false, 'it loads');
  await ended('signed-in');
  assert.equal(await world.call(() => window.client.needsLogin), false);
  await world.call(() => window.client.logoutRedirect({ fallback: 'local' }));
  await ended('signed-out');
  assert.equal(await world.call(() => window.client.needsLogin), false);
});

test('with the tokens in memory, a reload is loading until its silent login has ended', async () => {
  world.app.restrict({ 'frame-src': `'self' ${world.provider.issuer}` });
  await serveCallback(world);
  const [settings, options] = [windowSettings(world), { tokenStorage: 'memory' }];
  await login(world, { settings, options });
  await world.visit('/');
  await create(settings, options);
  await ended('signed-in');
  assert.deepEqual(await seen(), [['loading', alice.sub, null], ['signed-in', alice.sub, null]]);
  assert.equal(world.requestsTo('authorization').filter(({ query }) => query.prompt === 'none').length, 1);
});

test('a silent login after a reload that the provider refuses is no error, and a guard begins a login', async () => {
  world.app.restrict({ 'frame-src': `'self' ${world.provider.issuer}` });
  await serveCallback(world);
  const [settings, options] = [windowSettings(world), { tokenStorage: 'memory' }];
  await login(world, { settings, options });
  const identity = await world.call(() => Object.entries(sessionStorage));
  // The provider forgets the person, and the tab does not.
  await world.driver.fresh([world.app.url('/blank')]);
  await world.driver.goto(world.app.url('/blank'));
  await world.driver.run((all) => { for (const [key, value] of all) sessionStorage.setItem(key, value); }, identity);
  await world.visit('/');
  await create(settings, options);
  await ended('signed-out');
  assert.deepEqual((await seen()).map(([status, , error]) => [status, error]), [['loading', null], ['signed-out', null]]);
  assert.equal(await world.call(() => window.client.needsLogin), true);
});

for (const [what, url] of [['a popup', '/?code=c&state=s.oidc-popup'], ['a hidden frame', '/?error=login_required&state=s.oidc-silent']]) {
  test(`in ${what} of a login no guard begins a login`, async () => {
    await world.visit(url);
    await create();
    assert.deepEqual(await seen(), [['loading', null, null]]);
    assert.equal(await world.call(() => window.auth.redirect.then(() => window.client.needsLogin)), false);
  });
}

test('a response to a login that this browser has forgotten: no guard begins a login, which may end the same way', async () => {
  await world.visit('/callback?code=c&state=unknown');
  await create();
  await ended('signed-out');
  assert.equal(await world.call(() => window.client.needsLogin), false);
});

test('a response whose login was damaged is the error of the client', async () => {
  await reachCallback(world);
  await world.call(() => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith('oidc:transaction:')) sessionStorage.setItem(key, '{');
  });
  await create();
  await ended('signed-out');
  assert.deepEqual((await seen()).at(-1), ['signed-out', null, 'invalid_state']);
  assert.equal(await world.call(() => window.client.needsLogin), false);
});

test('a session that ends while the client loads is a session that has ended in this page', async () => {
  await login(world);
  const body = await readFile(path.join(packageFolder, 'oidc_client_wasm_bg.wasm'));
  let release;
  world.app.serve('/package/oidc_client_wasm_bg.wasm', new Promise((resolve) => { release = () => resolve({ type: 'application/wasm', body }); }));
  await world.visit('/');
  await create();
  assert.deepEqual(await seen(), [['loading', alice.sub, null]]);
  await world.call(() => sessionStorage.clear());
  release();
  await ended('signed-out');
  assert.equal(await world.call(() => window.client.needsLogin), false);
});

test('the place to come back to has no response in it', async () => {
  await world.visit('/');
  assert.deepEqual(await world.call(async () => {
    const { placeHere } = await import('/package/frameworks/store.js');
    return ['/callback?code=c&state=s', '/callback#error=e&state=s', '/list?state=open', '/list?page=2#last'].map((place) => {
      history.replaceState(null, '', place);
      return placeHere().returnTo;
    });
  }), ['/callback', '/callback', '/list?state=open', '/list?page=2#last']);
});

test('a client that is registered later is watched, too', async () => {
  world.app.serve('/settings.json', { type: 'application/json', body: '{}' });
  await login(world);
  await world.visit('/');
  await create('/settings.json');
  await ended('signed-out');
  await world.call(async (settings) => {
    (await window.auth.oauth).register('demo', settings);
    window.client.snapshot;
    await window.client.clear();
  }, world.settings().demo);
  await world.driver.until('the end of the session', async () => (await seen()).length > 2);
  assert.equal(await world.call(() => window.client.needsLogin), false);
});

test('a client that the settings lack, and a name that is missing: config_invalid, whose remedy has the names', async () => {
  const { createAuth } = await import(pathToFileURL(path.join(packageFolder, 'frameworks/store.js')));
  const refused = (body, words) => assert.throws(body, (error) => {
    assert.deepEqual([error.code, error.kind], ['config_invalid', 'usage']);
    assert.match(`${error.message} ${error.remedy}`, words);
    return true;
  });
  refused(() => createAuth(world.settings()).client('nobody'), /"nobody".*demo/);
  refused(() => createAuth('/settings.json').client(), /missing.*Pass the name/);
  refused(() => createAuth({}).client(), /missing/);
});

test('a client that a settings file lacks: signed-out, with the error that has the names', async () => {
  world.app.serve('/settings.json', { type: 'application/json', body: JSON.stringify({ other: world.settings().demo }) });
  await world.visit('/');
  await create('/settings.json');
  await ended('signed-out');
  assert.deepEqual((await seen()).at(-1), ['signed-out', null, 'config_invalid']);
  assert.match(await world.call(() => window.client.snapshot.error.remedy), /other/);
});

test('on a server: loading, without an unhandled rejection, and a verb says where to call it', async () => {
  const { createAuth, LOADING } = await import(pathToFileURL(path.join(packageFolder, 'frameworks/store.js')));
  const auth = createAuth(world.settings());
  const client = auth.client('demo');
  assert.equal(client.snapshot, LOADING);
  await assert.rejects(client.authorizeRedirect(), { code: 'config_invalid' });
  await new Promise(setImmediate);
  assert.equal(client.snapshot, LOADING);
  assert.equal(auth.client('demo'), client);
});
