// Front-Channel Logout 1.0: the provider's page loads a page of the application in a frame. The browser decides what the frame shares with
// the tabs of the application.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logoutPath, serveLogoutPage, startEmbedder } from '../lib/embedder.js';
import { listen, untilHeard } from '../lib/events.js';
import { useServers } from '../lib/servers.js';
import { assertSignedOut } from '../lib/signed-out.js';
import { alice, handle, login, session } from '../lib/steps.js';
import { duplicate, duplicateAsleep, inTab, untilNextSecond } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ features: { claimsParameter: { enabled: true } } });
let embedder;
useServers(world, async () => {
  embedder = await startEmbedder();
  return [embedder];
});

/** Signs in with a `sid` in the id_token, and gives it. */
async function signIn() {
  await login(world, { params: { claims: { id_token: { sid: null } } } });
  const { sid } = (await session(world)).claims;
  assert.equal(typeof sid, 'string');
  return sid;
}

/** Shows the embedding page in this tab; gives what it heard of the frame. */
async function embed(query, host) {
  serveLogoutPage({ app: world.app, settings: () => world.settings() });
  await world.driver.goto(embedder.url(`${world.app.url(logoutPath)}?${new URLSearchParams(query)}`, { host }));
  return world.driver.until('the page in the frame', async () => (await world.driver.run('() => window.heard[0]')).value);
}

const named = (sid) => [['iss', world.provider.issuer], ['sid', sid]];

test('a page of the same site signs the tabs out that are awake, that sleep, and that it took the place of', async (t) => {
  if (!world.driver.can('sharedFrames')) return t.skip(world.driver.lacks('sharedFrames'));
  const sid = await signIn();
  await listen(world);
  const awake = await world.driver.tab();
  const asleep = await duplicateAsleep(world);
  await duplicate(world);
  await handle(world);
  await untilNextSecond(world);
  assert.equal((await embed(named(sid))).isEnded, true);
  await inTab(world, awake, async () => {
    assert.deepEqual((await untilHeard(world, 'logout')).detail, { name: 'demo', reason: 'front-channel' });
    await assertSignedOut(world);
    assert.equal((await world.driver.url()).pathname, '/callback', 'the page stays');
  });
  await inTab(world, asleep, async () => {
    await world.visit('/');
    const hint = await world.call(async () => (await window.importModule('/package/hint.js')).readHint('demo'));
    assert.equal(hint, null);
    await handle(world);
    await assertSignedOut(world);
  });
  await world.visit('/');
  await handle(world);
  await assertSignedOut(world);
});

test('a page of another site reaches no tab, and is told so', async () => {
  const sid = await signIn();
  const tab = await world.driver.tab();
  await world.driver.newTab();
  await untilNextSecond(world);
  assert.equal((await embed(named(sid), '127.0.0.1')).isEnded, false);
  await inTab(world, tab, async () => {
    assert.equal((await session(world)).claims.sub, alice.sub);
    await world.reload();
    await handle(world);
    assert.equal((await session(world)).claims.sub, alice.sub);
  });
});

test('a page that guesses, names another issuer, or writes a parameter twice: nothing changes', async () => {
  const sid = await signIn();
  const before = await world.call(() => [Object.entries(sessionStorage), Object.entries(localStorage)]);
  const tab = await world.driver.tab();
  await world.driver.newTab();
  for (const query of [named(`${sid}x`), [['iss', 'https://evil.example'], ['sid', sid]], [...named(sid), ['sid', sid]], [['sid', sid]], []]) {
    assert.deepEqual((await embed(query)).isEnded, false, JSON.stringify(query));
  }
  await world.driver.to(tab);
  assert.equal((await session(world)).claims.sub, alice.sub);
  assert.deepEqual(await world.call(() => [Object.entries(sessionStorage), Object.entries(localStorage)]), before);
});
