// A tab without a session is given that of another tab.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, listen, untilHeard } from '../lib/events.js';
import { comeBack, visitKeepable } from '../lib/keepable.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, bob, handle, login, loginAgain, reachCallback, reloadAndHandle, session } from '../lib/steps.js';
import { inTab, untilNextSecond } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const refreshes = () => world.provider.tokenRequests('refresh_token');

/** A new tab with the fixture page, and what it says when `createOAuth` has resolved. */
async function newTab(options) {
  await world.driver.newTab();
  await world.startAtHome(undefined, options);
  return session(world);
}

/** The locks by which tabs show that they have a session. */
const shown = () => world.call(async () => (await navigator.locks.query()).held.filter(({ name }) => name.startsWith('oidc:present:')).length);

test('a new tab is signed in when createOAuth resolves, without a request, and both tabs go on with one refresh', async () => {
  const { token } = await login(world);
  const first = await world.driver.tab();
  world.provider.clearRequests();
  const { isAuthenticated, claims, token: given } = await newTab();
  assert.deepEqual([isAuthenticated, claims.sub, given], [true, alice.sub, token]);
  assert.deepEqual(world.scripted(), []);
  assert.equal(JSON.stringify(await world.call(() => ({ ...localStorage }))).includes(token.refresh_token), false);
  const renewed = await world.call(() => window.oauth.demo.refreshToken());
  await inTab(world, first, () => (
    world.driver.until('the tokens of the new tab', async () => (await session(world)).token.access_token === renewed.access_token)
  ));
  assert.deepEqual(refreshes().map(({ status }) => status), [200]);
  await reloadAndHandle(world);
  assert.equal((await session(world)).claims.sub, alice.sub);
});

test('a link that opens a tab without an opener: the tab is signed in', async (t) => {
  if (!world.driver.can('openedTabs')) return t.skip(world.driver.lacks('openedTabs'));
  await login(world);
  await world.driver.follow(() => world.driver.start('() => { window.open("/", "_blank", "noopener"); }'));
  await world.ready();
  assert.deepEqual(await world.call(() => [sessionStorage.length, opener]), [0, null]);
  await handle(world);
  assert.equal((await session(world)).claims.sub, alice.sub);
});

test('a verb that is called before the WebAssembly is there waits for the session of another tab', async () => {
  const { token } = await login(world);
  await world.driver.newTab();
  await world.visit('/');
  assert.equal(await world.call((settings) => window.api.createOAuth(settings).client('demo').getAccessToken(), world.settings()), token.access_token);
});

test('with the last page of the app the session is out of reach of a new tab', async () => {
  await login(world);
  const first = await world.driver.tab();
  await world.driver.goto(world.app.url('/blank'));
  assert.deepEqual(await newTab(), signedOut);
  await inTab(world, first, async () => {
    await world.startAtHome();
    assert.equal((await session(world)).isAuthenticated, true);
  });
});

test('a lock that another script holds keeps a new tab waiting for half a second, and no longer', async () => {
  await login(world);
  await world.call(async () => {
    const { name } = (await navigator.locks.query()).held.find((lock) => lock.name.startsWith('oidc:present:'));
    for (let n = 0; n < 3; n += 1) void navigator.locks.request(`${name}${n}`, () => new Promise(() => {}));
    await window.oauth.demo.clear();
  });
  await world.driver.newTab();
  await world.visit('/');
  const took = await world.call(async (settings) => {
    const before = performance.now();
    await window.start(settings);
    return performance.now() - before;
  }, world.settings());
  assert.ok(took >= 490 && took < 5_000, `${took} ms`);
  assert.deepEqual(await session(world), signedOut);
});

test('a login in one tab signs the other in, which is told why, and leaves another person alone', async () => {
  const out = await world.driver.tab();
  await world.startAtHome();
  await listen(world);
  await world.driver.newTab();
  await login(world, { user: bob, options: { shareSession: false } });
  await reloadAndHandle(world);
  await listen(world);
  const ofBob = await world.driver.tab();
  await world.driver.newTab();
  // A page that asked would bring the session of Bob to both.
  await reachCallback(world, { params: { prompt: 'login' }, options: { shareSession: false } });
  const { token } = await handle(world);
  await inTab(world, out, async () => {
    const { detail, then } = await untilHeard(world, 'login');
    assert.deepEqual(detail, { name: 'demo', token, reason: 'other-tab' });
    assert.deepEqual(then, { isAuthenticated: true, sub: alice.sub, access: token.access_token, isStored: true });
  });
  await inTab(world, ofBob, async () => {
    assert.equal((await session(world)).claims.sub, bob.sub);
    assert.deepEqual(await heard(world), []);
  });
});

test('a tab that cleared its session stays signed out, also after a reload, until a later login', async () => {
  await login(world);
  await newTab();
  const cleared = await world.driver.tab();
  await world.call(() => window.oauth.demo.clear());
  await reloadAndHandle(world);
  assert.deepEqual(await session(world), signedOut);
  assert.equal((await newTab()).isAuthenticated, true, 'a new tab is another tab');
  await untilNextSecond(world);
  await loginAgain(world);
  await inTab(world, cleared, () => world.driver.until('the later login', async () => (await session(world)).isAuthenticated));
});

test('shareSession: false shares nothing', async () => {
  await login(world);
  assert.deepEqual(await newTab({ shareSession: false }), signedOut);
  await world.driver.newTab();
  await login(world, { options: { shareSession: false }, params: { prompt: 'login' }, user: bob });
  assert.equal((await newTab()).claims.sub, alice.sub);
  assert.equal(await shown(), 2, 'the tabs of alice');
});

test('a page that sleeps holds no lock, and takes it again when it is shown', async () => {
  await login(world);
  await visitKeepable(world);
  await world.start();
  assert.equal(await shown(), 1);
  await world.driver.goto(world.app.url('/blank'));
  assert.equal(await shown(), 0);
  if (!await comeBack(world)) await world.start();
  await world.driver.until('the lock', async () => (await shown()) === 1);
});
