// A login in a hidden frame: who is known at the provider is signed in without leaving the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from '../app/server.js';
import { fails } from '../lib/failure.js';
import { alice, login, session, troubles } from '../lib/steps.js';
import { leftovers, nothing, serveCallback, settings, useWindows } from '../lib/windows.js';

const world = useWindows();

const silent = (params) => world.call((p) => window.oauth.demo.authorizeSilent(p), params);

/** A page of somebody whom the provider knows and this app does not. */
async function knownAtTheProvider(members, options) {
  await login(world);
  await world.call(() => window.oauth.demo.clear());
  await world.startAtHome(settings(world, members), options);
  world.provider.clearRequests();
}

test('a silent login: the page stays, the token is that of the session, and nothing of the frame is left', async () => {
  await knownAtTheProvider();
  const token = await silent();
  assert.equal(token.userinfo.sub, alice.sub);
  assert.deepEqual((await session(world)).token, token);
  assert.equal(world.authorization().prompt, 'none');
  assert.deepEqual(await leftovers(world), nothing);
  assert.equal((await world.driver.url()).href, world.app.url('/'));
  assert.deepEqual(await troubles(world), []);
  await world.reload();
  await world.start(settings(world));
  assert.equal((await session(world)).isAuthenticated, true);
});

for (const tokenStorage of ['memory', 'worker']) {
  test(`${tokenStorage}: a reload is signed in again by itself`, async () => {
    world.app.restrict({ 'require-trusted-types-for': undefined });
    await login(world, { settings: settings(world), options: { tokenStorage } });
    await world.visit('/');
    await world.start(settings(world), { tokenStorage });
    await world.driver.until('the silent login', async () => (await session(world)).isAuthenticated);
    assert.equal((await session(world)).claims.sub, alice.sub);
    assert.equal((await world.call(() => window.oauth.demo.userinfo())).sub, alice.sub);
    assert.deepEqual(await leftovers(world), nothing);
    assert.deepEqual(await troubles(world), []);
  });
}

test('memory: a redirect URI that loses the response and shows the app begins no login inside the frame of the login', async () => {
  const options = { tokenStorage: 'memory' };
  await login(world, { settings: settings(world), options });
  world.app.restrict({ 'frame-ancestors': "'self'" });
  world.app.serve('/login/callback.html', { status: 302, type: 'text/plain', body: '', headers: { location: '/' } });
  world.app.before(`
    if (parent !== window) addEventListener('load', async () => {
      await window.start(${JSON.stringify(settings(world))}, ${JSON.stringify(options)});
      // A silent login would show its frame without a question to a server.
      await new Promise((resolve) => { setTimeout(resolve, 500); });
      if (parent === top) top.inside = document.querySelectorAll('iframe').length;
    });`);
  await world.startAtHome(settings(world), options);
  const inside = await world.driver.until('the page in the frame', () => world.call(() => window.inside === undefined ? undefined : `${window.inside} frames`));
  assert.equal(inside, '0 frames');
});

test('without a session at the provider: login_required, with a remedy', async () => {
  await world.startAtHome(settings(world));
  const error = await world.call(() => window.oauth.demo.authorizeSilent().catch((thrown) => window.describe(thrown)));
  assert.deepEqual([error.code, error.kind, error.error], ['login_required', 'refused', 'login_required']);
  assert.match(error.remedy, /authorizeRedirect\(\{ prompt: "none", appState \}\)/);
  assert.deepEqual(await leftovers(world), nothing);
});

test('an app page at the redirect URI hands the response on, although it shares the transaction', async () => {
  await knownAtTheProvider({ silentRedirectUri: undefined });
  world.app.restrict({ 'frame-ancestors': "'self'" });
  world.app.before(`
    if (parent !== window) addEventListener('load', async () => {
      await window.start(${JSON.stringify(world.settings())});
      parent.handled = await window.oauth.handleRedirect();
    });`);
  const token = await silent();
  assert.equal(token.userinfo.sub, alice.sub);
  assert.equal(world.provider.tokenRequests('authorization_code').length, 1);
  assert.deepEqual(await leftovers(world), nothing);
});

test('a policy that forbids the frame: config_invalid at once, whose remedy names frame-src', async () => {
  await knownAtTheProvider();
  world.app.restrict({ 'frame-src': "'self'" });
  await world.startAtHome(settings(world));
  await fails(world, 'config_invalid', { phase: 'authorize', remedy: /frame-src/ }, () => window.oauth.demo.authorizeSilent());
  assert.deepEqual(await leftovers(world), nothing);
});

test('a page at the redirect URI that may not be framed: timeout, whose remedy names the headers', async () => {
  await serveCallback(world, { headers: { 'content-security-policy': "frame-ancestors 'none'" } });
  await knownAtTheProvider({}, { requestTimeout: 1 });
  const expected = { phase: 'authorize', remedy: /X-Frame-Options and frame-ancestors/ };
  await fails(world, 'timeout', expected, () => window.oauth.demo.authorizeSilent());
  assert.deepEqual(await leftovers(world), nothing);
});

test('a caller that gives up takes the frame away', async () => {
  await knownAtTheProvider();
  await fails(world, 'aborted', { phase: 'authorize' }, async () => {
    const giveUp = new AbortController();
    const call = window.oauth.demo.authorizeSilent({ signal: giveUp.signal });
    while (!document.querySelector('iframe')) await new Promise((resolve) => { setTimeout(resolve, 1); });
    giveUp.abort();
    await call;
  });
  assert.deepEqual(await leftovers(world), nothing);
  assert.equal((await session(world)).isAuthenticated, false);
});

test('from a page inside a frame of a page of the same site: the response reaches it', async () => {
  await login(world);
  const around = await startApp();
  try {
    const ancestors = `frame-ancestors 'self' ${around.origin}`;
    await serveCallback(world, { headers: { 'content-security-policy': `default-src 'none'; script-src 'self'; ${ancestors}` } });
    world.app.restrict({ 'frame-ancestors': `'self' ${around.origin}` });
    world.app.before(`
      if (location.pathname === '/inside') addEventListener('load', async () => {
        await window.start(${JSON.stringify(settings(world))});
        const said = await window.oauth.demo.authorizeSilent().then(({ userinfo }) => userinfo.sub, ({ code }) => code);
        parent.postMessage(said, ${JSON.stringify(around.origin)});
      });`);
    around.restrict({ 'frame-src': world.app.origin });
    around.serve('/listen.js', { type: 'text/javascript', body: 'addEventListener("message", ({ data }) => { window.said = data; });' });
    around.serve('/', { type: 'text/html', body: `<!doctype html><script src="/listen.js"></script><iframe src="${world.app.url('/inside')}"></iframe>` });
    await world.driver.goto(around.url('/'));
    const said = await world.driver.until('an answer', async () => (await world.driver.run('() => window.said')).value);
    assert.equal(said, alice.sub);
  } finally {
    await around.close();
  }
});
