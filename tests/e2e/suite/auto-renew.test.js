// `autoRenew` with the timers of a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardTypes, listen, untilHeard } from '../lib/events.js';
import { handle, login } from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const options = { autoRenew: true };

const refreshes = () => world.provider.tokenRequests('refresh_token').length;

/** A login whose first access token lives so long; later ones live for an hour. */
async function loginFor(seconds) {
  world.provider.setTtl({ AccessToken: seconds });
  await login(world, { options });
  world.provider.setTtl({ AccessToken: 3600 });
  await listen(world);
}

/** Time passes in which the page sleeps, and its timers with it. */
const sleep = (seconds) => world.call((ms) => {
  // That of the page: a driver's script has a Date of its own in Firefox.
  const { Date } = window;
  const { now } = Date;
  Date.now = () => now.call(Date) + ms;
}, seconds * 1000);

test('two tabs: a timer renews the token ahead of its end, once for both, and no token is told to be expiring', async () => {
  await loginFor(30);
  const first = await world.driver.tab();
  await duplicate(world);
  await handle(world, undefined, options);
  await listen(world);
  const { token } = (await untilHeard(world, 'tokenupdate')).detail;
  assert.equal((await inTab(world, first, () => untilHeard(world, 'tokenupdate'))).detail.token.access_token, token.access_token);
  assert.equal(refreshes(), 1);
  assert.deepEqual([await heardTypes(world), await inTab(world, first, () => heardTypes(world))], [['tokenupdate'], ['tokenupdate']]);
});

for (const name of ['visibilitychange', 'focus', 'online']) {
  test(`a page that slept beyond the end of its token renews it at the event ${name}`, async () => {
    // Not so long that the clock of the provider, which did not move, would be taken for a wrong one.
    await loginFor(300);
    await sleep(301);
    await world.call((type) => { window.dispatchEvent(new Event(type)); }, name);
    await untilHeard(world, 'tokenupdate');
    assert.equal(refreshes(), 1);
  });
}
