// Front-Channel Logout 1.0 at a provider that nobody here wrote: its own page loads the application's page in a frame, and goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logoutPath, serveLogoutPage } from '../lib/embedder.js';
import { listen, untilHeard } from '../lib/events.js';
import { assertSignedOut } from '../lib/signed-out.js';
import { bob, handle, login, session } from '../lib/steps.js';
import { duplicate, untilNextSecond } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const clients = (origin) => [{ frontchannel_logout_uri: origin + logoutPath, frontchannel_logout_session_required: true }];
const world = useWorld({ clients }, 'idpyoidc');

/** The person signs out on the provider's own page, in a tab of its own. Gives the tab that was in front before. */
async function signOutAtProvider() {
  const tab = await world.driver.tab();
  const { token } = await session(world);
  await untilNextSecond(world);
  await world.driver.newTab();
  await world.driver.goto(`${world.provider.issuer}${world.provider.paths.endSession}?id_token_hint=${token.id_token}`);
  await world.pages.signOut(world.driver);
  await world.driver.to(tab);
}

test('the person signs out at the provider: its page signs the tabs out that are awake', async (t) => {
  if (!world.driver.can('sharedFrames')) return t.skip(world.driver.lacks('sharedFrames'));
  await login(world);
  const first = await world.driver.tab();
  await listen(world);
  await duplicate(world);
  await handle(world);
  await listen(world);
  serveLogoutPage({ app: world.app, settings: () => world.settings() });
  await signOutAtProvider();
  for (const tab of [await world.driver.tab(), first]) {
    await world.driver.to(tab);
    assert.deepEqual((await untilHeard(world, 'logout')).detail, { name: 'demo', reason: 'front-channel' });
    await assertSignedOut(world);
  }
  const told = world.app.requests.filter(({ path }) => path === logoutPath);
  const { searchParams } = new URL(told[0].url, world.app.origin);
  assert.deepEqual([told.length, searchParams.get('iss'), searchParams.has('sid')], [1, world.provider.issuer, true]);
});

test('with one session for all tabs: it ends in all of them, and each says so once', async (t) => {
  if (!world.driver.can('sharedFrames')) return t.skip(world.driver.lacks('sharedFrames'));
  const options = { tokenStorage: 'local' };
  await login(world, { user: bob, options });
  await listen(world);
  serveLogoutPage({ app: world.app, settings: () => world.settings(), options });
  await signOutAtProvider();
  // The change of the storage may arrive before the message that has the reason.
  assert.match((await untilHeard(world, 'logout')).detail.reason, /^(front-channel|other-tab)$/);
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual((await world.call(() => window.heard)).map(({ type }) => type), ['logout']);
});
