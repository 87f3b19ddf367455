// Coming back from the provider: once, twice, by reload, by Back, in several tabs, and with things that are not an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, handle, login, loginAgain, reachCallback, redirectToProvider, session, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { callbackScenarios } from './portable/callback.js';

const world = useWorld();
const tokenRequests = () => world.requestsTo('token').length;
const here = async () => (await world.driver.url()).href;

callbackScenarios(world);

// ---- the address bar

test('the address bar is clean before anything can fail', async () => {
  await reachCallback(world);
  world.provider.setDown(true);
  await world.start();
  await assert.rejects(world.call(() => window.oauth.handleRedirect()), { code: 'network' });
  assert.equal(await here(), world.app.url('/callback'));
});

test('history.state and the length of the history stay as they were', async () => {
  await reachCallback(world);
  const before = await world.call(() => {
    history.replaceState({ router: { key: 'k1', position: 3 } }, '');
    return { state: history.state, length: history.length };
  });
  await handle(world);
  assert.deepEqual(await world.call(() => ({ state: history.state, length: history.length })), before);
});

test('a foreign code and state are left alone', async () => {
  const url = '/?code=GIFT-2024&state=Bavaria&ref=mail#code=1&state=2';
  await world.visit(url);
  assert.equal(await handle(world), null);
  assert.equal(await here(), world.app.url(url));
  assert.deepEqual(world.provider.requests, []);
});

test('a foreign error is left alone', async () => {
  await world.visit('/?error=not_found&error_description=No+such+page');
  assert.equal(await handle(world), null);
  assert.equal(await here(), world.app.url('/?error=not_found&error_description=No+such+page'));
});

// ---- one answer, several calls

test('handleRedirect of a given URL leaves the address bar alone', async () => {
  const url = await reachCallback(world);
  await world.visit('/elsewhere?code=1#x');
  await world.start();
  const result = await world.call((href) => window.oauth.handleRedirect(new URL(href)), url.href);
  assert.equal(result.kind, 'login');
  assert.equal(await here(), world.app.url('/elsewhere?code=1#x'));
});

for (const [what, given, rest] of [
  ['its path and query', () => location.pathname + location.search, ''],
  ['the same, with a fragment in the address', () => location.pathname + location.search, '#section'],
  ['its query', () => location.search, ''],
  ['the whole of it, in capitals where that means nothing', () => location.href.replace('http://localhost', 'HTTP://LOCALHOST'), ''],
]) {
  test(`handleRedirect of the page's own address by ${what}: the address bar is clean as ever`, async () => {
    const url = await reachCallback(world);
    if (rest) await world.call((hash) => { location.hash = hash; }, rest);
    await world.start();
    const result = await world.call(`() => window.oauth.handleRedirect((${given})())`);
    assert.equal(result.kind, 'login');
    assert.equal(await here(), url.origin + url.pathname + rest);
  });
}

test('handleRedirect of what is no URL: config_invalid', async () => {
  await world.startAtHome();
  await assert.rejects(world.call(() => window.oauth.handleRedirect('http://[')), { isOAuthError: true, code: 'config_invalid', message: /"url"/ });
});

test('handleRedirect one after the other: one result, one token request', async () => {
  await reachCallback(world, { params: { appState: 1 } });
  const first = await handle(world);
  assert.equal(first.kind, 'login');
  assert.deepEqual(await world.call(() => window.oauth.handleRedirect()), first);
  assert.equal(tokenRequests(), 1);
});

test('two registries in one page, one after the other: one result, one token request', async () => {
  await reachCallback(world, { params: { appState: 1 } });
  const first = await handle(world);
  assert.equal(first.kind, 'login');
  assert.deepEqual(await handle(world), first);
  assert.equal(tokenRequests(), 1);
});

test('a failed answer fails the same way for every caller, with one token request', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 400;
    answer.body = { error: 'invalid_grant' };
  });
  await world.start();
  const codes = await world.call(async () => {
    const outcomes = await Promise.allSettled([window.oauth.handleRedirect(), window.oauth.handleRedirect()]);
    return outcomes.map(({ reason }) => reason?.code);
  });
  assert.deepEqual(codes, ['token_refused', 'token_refused']);
  assert.equal(tokenRequests(), 1);
});

// ---- one answer, several documents

test('reload of a callback URL whose login failed: invalid_state, no second token request', async () => {
  const url = await reachCallback(world);
  world.provider.setDown(true);
  await assert.rejects(handle(world), { code: 'network' });
  world.provider.reset();
  world.provider.clearRequests();
  await world.visit(url.href);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'invalid_state', kind: 'rejected' });
  assert.equal(tokenRequests(), 0);
});

test('reload while the token request is under way: no second token request', async () => {
  const url = await reachCallback(world);
  await world.start();
  world.provider.setDelay(world.provider.paths.token, 5000);
  await world.driver.start('() => { window.watch(window.oauth.handleRedirect()); }');
  await world.driver.until('the token request', () => tokenRequests() === 1);
  await world.visit(url.href);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'invalid_state', kind: 'rejected' });
  assert.equal(tokenRequests(), 1);
  assert.equal((await session(world)).isAuthenticated, false);
});

// ---- several tabs

// Canaille remembers one login page per browser, and leads whoever fills it in to the request that came last.
test('two tabs logging in at once: both complete', async () => {
  const { driver } = world;
  const first = await driver.tab();
  await world.startAtHome();
  await redirectToProvider(world, { appState: 'first' });
  const second = await driver.newTab();
  await world.startAtHome();
  await redirectToProvider(world, { appState: 'second' });

  await driver.to(first);
  await signInAtProvider(world);
  await driver.to(second);
  await signInAtProvider(world);
  assert.equal((await handle(world)).appState, 'second');
  await driver.to(first);
  assert.equal((await handle(world)).appState, 'first');
  assert.equal((await session(world)).claims.sub, alice.sub);
  assert.equal(tokenRequests(), 2);
});

test('a duplicated tab: the user is known there too, without a request, and can log in anew', async (t) => {
  if (!world.driver.can('openedTabs')) return t.skip(world.driver.lacks('openedTabs'));
  await login(world);
  world.provider.clearRequests();
  // An opened window gets a copy of its opener's sessionStorage, as a duplicated tab does.
  await world.driver.follow(() => world.driver.start('() => { window.open("/"); }'));
  await world.ready();
  assert.equal(await handle(world), null);
  assert.equal((await session(world)).claims.sub, alice.sub);
  assert.deepEqual(world.provider.requests, []);

  assert.equal((await loginAgain(world)).kind, 'login');
});

test('a tab duplicated while the login was under way: its copy of the answer asks for no second token', async (t) => {
  if (!world.driver.can('openedTabs')) return t.skip(world.driver.lacks('openedTabs'));
  const url = await reachCallback(world);
  const first = await handle(world);
  await world.driver.follow(() => world.driver.start('(href) => { window.open(href); }', url.href));
  await world.ready();
  assert.deepEqual(await handle(world), first);
  assert.equal(tokenRequests(), 1);
});

test('a page that forgot handleRedirect() is told so by the error, and by the console when it starts another login', async () => {
  await reachCallback(world);
  await world.start();
  const forgotten = /Call oauth\.handleRedirect\(\) on every page load/;
  await assert.rejects(world.call(() => window.oauth.demo.getAccessToken()), { code: 'missing_token', clientName: 'demo', remedy: forgotten });
  const warnings = await world.call(async () => {
    await Promise.allSettled([1, 2].map(() => window.oauth.demo.authorizeRedirect({ params: { state: 'mine' } })));
    return window.recorded.filter(({ level }) => level === 'warn').map(({ text }) => text);
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0], forgotten);
});
