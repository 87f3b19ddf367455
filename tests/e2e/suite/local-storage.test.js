// `tokenStorage: "local"`: one session for all tabs, which outlives them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, untilHeard } from '../lib/events.js';
import { hold } from '../lib/hold.js';
import { alice, bob, handle, login, redirectToProvider, session, signInAtProvider, stored } from '../lib/steps.js';
import { inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const options = { tokenStorage: 'local' };

const refreshes = () => world.provider.tokenRequests('refresh_token');

/** A new tab, with the app at work; gives its handle. */
async function newTab() {
  const tab = await world.driver.newTab();
  await world.visit('/');
  await handle(world, undefined, options);
  return tab;
}

test('local: a new tab has the session of the first, sessionStorage has no token, and the hint knows the person', async () => {
  await login(world, { options });
  const { token } = await session(world);
  assert.doesNotMatch(JSON.stringify(await stored(world)), new RegExp(`${token.access_token}|${token.refresh_token}`));
  world.provider.clearRequests();
  await newTab();
  assert.deepEqual((await session(world)).token, token);
  const hint = (given) => world.call(async (o) => (await window.importModule('/package/hint.js')).readHint('demo', undefined, o), given);
  assert.equal((await hint(options)).unverifiedClaims.sub, alice.sub);
  assert.equal(await hint({}), null);
  assert.deepEqual(world.scripted(), [], 'no request');
});

test('local: tabs refresh in the same moment: one token request, and each tells the new token once', async () => {
  await login(world, { options });
  const first = await world.driver.tab();
  await newTab();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  const begin = () => world.call(() => { window.given = window.oauth.demo.getAccessToken({ force: true }); });
  await listen(world);
  await inTab(world, first, begin);
  await asked(world);
  await begin();
  await world.driver.until('this tab to wait for the first', () => world.call(async () => (await navigator.locks.query()).pending.length === 1));
  release();
  const given = await world.call(() => window.given);
  assert.equal(await inTab(world, first, () => world.call(() => window.given)), given);
  assert.equal((await untilHeard(world, 'tokenupdate')).detail.token.access_token, given);
  assert.equal(refreshes().length, 1);
  await world.reload();
  await handle(world, undefined, options);
  assert.equal((await session(world)).token.access_token, given);
  await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual(refreshes().map(({ status }) => status), [200, 200]);
});

test('local: a login reaches a tab that is signed out, and clear() in one tab is that of the other', async () => {
  await world.startAtHome(undefined, options);
  const first = await world.driver.tab();
  await listen(world);
  await world.driver.newTab();
  await login(world, { options });
  await inTab(world, first, async () => {
    assert.equal((await untilHeard(world, 'login')).detail.token.userinfo.sub, alice.sub);
    assert.equal((await session(world)).claims.sub, alice.sub);
  });
  await world.call(() => window.oauth.demo.clear());
  await inTab(world, first, async () => {
    assert.deepEqual((await untilHeard(world, 'logout')).detail, { name: 'demo', reason: 'other-tab' });
    assert.equal((await session(world)).isAuthenticated, false);
  });
  assert.deepEqual(await world.call(() => Object.keys(localStorage).filter((key) => key.startsWith('oidc:session:'))), []);
});

test('local: another person signs in in another tab: userchange, and both tabs have that person', async () => {
  await login(world, { options });
  const first = await world.driver.tab();
  await listen(world);
  await newTab();
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world, bob);
  await handle(world, undefined, options);
  await inTab(world, first, async () => {
    assert.deepEqual((await untilHeard(world, 'userchange')).detail, { name: 'demo', previousSub: alice.sub, sub: bob.sub });
    assert.equal((await session(world)).claims.sub, bob.sub);
  });
});
