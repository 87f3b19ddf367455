// Several tabs of one person at one provider. Each has a session of its own; what concerns the person concerns all of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, listen, untilHeard } from '../lib/events.js';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { comeBack, visitKeepable } from '../lib/keepable.js';
import { signedOut } from '../lib/signed-out.js';
import {
  alice, bob, handle, login, loginAgain, logoutAtProvider, redirectToProvider, reloadAndHandle, session, signInAtProvider, storedKeys,
  storedSession,
} from '../lib/steps.js';
import { duplicate, duplicateAsleep, inTab, untilNextSecond } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const refreshes = () => world.provider.tokenRequests('refresh_token');
const works = async () => world.call(async (url) => (await window.oauth.demo.get(url)).status === 200, world.provider.issuer + world.provider.paths.orders);
const untilSignedOut = () => world.driver.until('the end of the session', async () => !(await session(world)).isAuthenticated);

/** Two tabs with the same session, both with a page at work; gives their handles, the second being in front. */
async function twoTabs() {
  await login(world);
  const first = await world.driver.tab();
  const second = await duplicate(world);
  assert.equal(await handle(world), null);
  assert.equal((await session(world)).claims.sub, alice.sub);
  return [first, second];
}

// ---- refresh: a provider that sees one refresh token twice takes it for stolen, and ends everything

/** A login of its own in a tab of its own; the person is known at the provider, which asks nothing. */
async function loginInNewTab() {
  await world.driver.newTab();
  await world.startAtHome();
  return loginAgain(world);
}

test('a duplicated tab refreshes while the first one does: one token request, and both go on with its answer', async () => {
  const [first, second] = await twoTabs();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  const begin = () => world.call(() => { window.given = window.oauth.demo.getAccessToken({ force: true }); });
  await inTab(world, first, begin);
  await asked(world);
  await begin();
  await world.driver.until('the second tab to wait for the first', () => world.call(async () => (await navigator.locks.query()).pending.length === 1));
  release();
  const given = await world.call(() => window.given);
  assert.equal(await inTab(world, first, () => world.call(() => window.given)), given);
  assert.equal(refreshes().length, 1);
  for (const tab of [first, second]) {
    await inTab(world, tab, async () => {
      assert.equal((await session(world)).token.access_token, given);
      assert.equal(await works(), true);
    });
  }
  assert.notEqual(await world.call(() => window.oauth.demo.getAccessToken({ force: true })), given, 'and can be renewed');
});

test('three tabs refresh in the same moment: one token request, no tab is signed out', async () => {
  const [first, second] = await twoTabs();
  const third = await duplicate(world);
  await handle(world);
  const tabs = [first, second, third];
  const ready = () => world.call(() => {
    window.start = new BroadcastChannel('test');
    window.given = new Promise((resolve) => { window.start.onmessage = resolve; }).then(() => window.oauth.demo.getAccessToken({ force: true }));
  });
  for (const tab of tabs) await inTab(world, tab, ready);
  await inTab(world, first, () => world.call(() => new BroadcastChannel('test').postMessage('now')));
  const given = [];
  for (const tab of tabs) given.push(await inTab(world, tab, () => world.call(() => window.given)));
  assert.deepEqual([new Set(given).size, refreshes().length], [1, 1]);
  for (const tab of tabs) assert.equal(await inTab(world, tab, works), true);
});

test('a refresh in one tab is taken over by its duplicate, which tells its listeners and keeps it', async () => {
  const [first] = await twoTabs();
  const { token: before } = await session(world);
  await listen(world);
  const token = await inTab(world, first, () => world.call(() => window.oauth.demo.refreshToken()));
  const { detail, then } = await untilHeard(world, 'tokenupdate');
  assert.deepEqual(detail, { name: 'demo', token, access_token: before.access_token, refresh_token: before.refresh_token });
  assert.equal(then.access, token.access_token);
  await reloadAndHandle(world);
  assert.deepEqual((await session(world)).token, token);
  assert.deepEqual((await heard(world).catch(() => [])) ?? [], []);
});

test('a window that the page opens shares its session, and the refresh of either', async (t) => {
  if (!world.driver.can('openedTabs')) return t.skip(world.driver.lacks('openedTabs'));
  await login(world);
  const first = await world.driver.tab();
  const second = await world.driver.follow(() => world.driver.start('() => { window.open("/"); }'));
  await world.ready();
  await handle(world);
  await world.call(() => window.oauth.demo.refreshToken());
  await world.driver.to(first);
  await world.driver.until('the tokens of the second tab', async () => (
    (await session(world)).token.access_token === (await inTab(world, second, () => session(world))).token.access_token
  ));
  assert.equal(await world.call(async () => (await window.oauth.demo.refreshToken()).access_token !== ''), true);
  assert.deepEqual(refreshes().map(({ status }) => status), [200, 200]);
});

test('a duplicate that slept through a refresh takes the new tokens over, and ends nobody\'s session', async () => {
  await login(world);
  const first = await world.driver.tab();
  const second = await duplicateAsleep(world);
  await inTab(world, first, () => world.call(() => window.oauth.demo.refreshToken()));
  await world.visit('/');
  await handle(world);
  await world.call(() => window.oauth.demo.getAccessToken({ force: true }));
  for (const tab of [first, second]) assert.equal(await inTab(world, tab, works), true);
});

test('a duplicate that slept through a refresh and finds nobody awake: token_expired, and the session of the other lives', async () => {
  await login(world);
  const first = await world.driver.tab();
  await duplicateAsleep(world);
  await inTab(world, first, async () => {
    await world.call(() => window.oauth.demo.refreshToken());
    await world.driver.goto(world.app.url('/blank'));
  });
  await world.visit('/');
  await handle(world);
  await fails(world, 'token_expired', { phase: 'refresh' }, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.equal(refreshes().length, 1, 'the provider is not shown a refresh token twice');
  assert.equal((await session(world)).isAuthenticated, true);
  await inTab(world, first, async () => {
    await world.visit('/');
    await handle(world);
    await world.call(() => window.oauth.demo.refreshToken());
    assert.equal(await works(), true);
  });
  await world.call(() => window.oauth.demo.getAccessToken({ force: true }));
  assert.equal(await works(), true, 'once the other is awake, it has its tokens');
});

test('tabs of separate logins refresh independently', async () => {
  const { token: ofFirst } = await login(world);
  const first = await world.driver.tab();
  const { token: ofSecond } = await loginInNewTab();
  await listen(world);
  await inTab(world, first, () => world.call(() => window.oauth.demo.refreshToken()));
  assert.equal((await world.call(() => window.oauth.demo.refreshToken())).refresh_token === ofSecond.refresh_token, false);
  assert.deepEqual(refreshes().map(({ body, status }) => [body.refresh_token, status]), [[ofFirst.refresh_token, 200], [ofSecond.refresh_token, 200]]);
  assert.equal((await heard(world)).length, 1, 'its own refresh alone');
});

// ---- logout

test('a logout in one tab signs the other out, which is told why', async () => {
  const [first] = await twoTabs();
  await listen(world);
  await inTab(world, first, () => logoutAtProvider(world));
  const { detail, then } = await untilHeard(world, 'logout');
  assert.deepEqual(detail, { name: 'demo', reason: 'other-tab' });
  assert.deepEqual(then, { isAuthenticated: false, sub: null, access: null, isStored: false });
  assert.deepEqual(await session(world), signedOut);
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  assert.deepEqual((await heard(world)).map(({ type }) => type), ['logout']);
});

test('a logout signs out a tab with a login of its own of the same person', async () => {
  await login(world);
  const first = await world.driver.tab();
  await loginInNewTab();
  await inTab(world, first, () => logoutAtProvider(world));
  await untilSignedOut();
});

test('a logout does not sign out another person', async () => {
  await login(world);
  const first = await world.driver.tab();
  await world.driver.newTab();
  await login(world, { params: { prompt: 'login' }, user: bob });
  await inTab(world, first, async () => {
    await untilNextSecond(world);
    await world.leave(() => window.oauth.demo.logoutRedirect());
  });
  assert.equal((await session(world)).claims.sub, bob.sub);
  await reloadAndHandle(world);
  assert.equal((await session(world)).claims.sub, bob.sub);
});

test('a tab that is loaded after the logout is signed out, too', async () => {
  await login(world);
  const first = await world.driver.tab();
  await duplicateAsleep(world);
  await untilNextSecond(world);
  await inTab(world, first, () => logoutAtProvider(world));
  await world.visit('/');
  assert.equal(await handle(world), null);
  assert.deepEqual(await session(world), signedOut);
  await reloadAndHandle(world);
  assert.deepEqual(await session(world), signedOut);
});

test('a login after the logout in another tab holds', async () => {
  const [first] = await twoTabs();
  await untilNextSecond(world);
  await inTab(world, first, () => logoutAtProvider(world));
  await untilSignedOut();
  await redirectToProvider(world);
  await signInAtProvider(world);
  assert.equal((await handle(world)).kind, 'login');
  await reloadAndHandle(world);
  assert.equal((await session(world)).isAuthenticated, true);
  assert.equal(await works(), true);
});

test('clear signs out its own tab alone', async () => {
  const [first] = await twoTabs();
  await inTab(world, first, () => world.call(() => window.oauth.demo.clear()));
  assert.equal((await session(world)).isAuthenticated, true);
  await reloadAndHandle(world);
  assert.equal(await works(), true);
  assert.deepEqual(await inTab(world, first, () => session(world)), signedOut);
});

test('what a logout leaves for other tabs names nobody and holds no token', async () => {
  const { token } = await login(world);
  await logoutAtProvider(world);
  const left = JSON.stringify(await world.call(() => Object.entries(localStorage)));
  for (const secret of [alice.sub, alice.name, alice.login, token.access_token, token.refresh_token, ...token.id_token.split('.')]) {
    assert.equal(left.includes(secret), false, secret);
  }
});

// ---- the back/forward cache

async function startKeepable() {
  await visitKeepable(world);
  await world.start();
}
/** Back to the page, whether it was kept or is loaded anew. */
async function startBack() {
  if (!await comeBack(world)) await world.start();
}

test('Back to the page after a logout: signed out', async () => {
  await login(world);
  await startKeepable();
  assert.equal((await session(world)).isAuthenticated, true);
  await world.leave(() => window.oauth.demo.logoutRedirect());
  await world.driver.untilShown('#logout-yes');
  await startBack();
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('Back to a page that slept while another tab logged out: signed out', async () => {
  await login(world);
  const first = await world.driver.tab();
  await duplicate(world);
  await startKeepable();
  assert.equal((await session(world)).isAuthenticated, true);
  await listen(world);
  await world.driver.goto(world.app.url('/blank'));
  await untilNextSecond(world);
  await inTab(world, first, () => logoutAtProvider(world));
  await startBack();
  assert.deepEqual(await session(world), signedOut);
  // A page that was kept is told; one that was loaded anew has no listener yet.
  const told = await world.call(() => window.heard);
  if (told) assert.deepEqual(told.map(({ detail }) => detail), [{ name: 'demo', reason: 'other-tab' }]);
});

test('a page that slept hears the other tabs again', async () => {
  const [first] = await twoTabs();
  await startKeepable();
  await world.driver.goto(world.app.url('/blank'));
  await startBack();
  const token = await inTab(world, first, () => world.call(() => window.oauth.demo.refreshToken()));
  await world.driver.until('the tokens of the other tab', async () => (await session(world)).token.access_token === token.access_token);
  assert.equal((await storedSession(world)).token.refresh_token, token.refresh_token);
});
