// A session that ends by itself, in a browser with its own timers and its own storage.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, heardTypes, listen, untilHeard } from '../lib/events.js';
import { handle, login, session, stored } from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const isSignedIn = () => world.call(() => window.oauth.demo.isAuthenticated);
const touch = () => world.call(() => window.oauth.demo.touch());
/** From now on the page has the clock of the device, which `pass` sets forward for all tabs at once. */
const wearClock = () => world.call(() => {
  // That of the page: a driver's script has a Date of its own in Firefox.
  const { Date } = window;
  const { now } = Date;
  Date.now = () => now.call(Date) + Number(localStorage.getItem('passed') ?? 0) * 1000;
});
/** So much time passes in which the device sleeps, and its timers with it. */
const pass = (seconds) => world.call((more) => {
  localStorage.setItem('passed', Number(localStorage.getItem('passed') ?? 0) + more);
}, seconds);
const getFocus = () => world.call(() => window.dispatchEvent(new Event('focus')));

test('a session ends at its time by a timer of the page, and leaves no token', async () => {
  await login(world, { options: { sessionLifetime: { max: 5 } } });
  const { token } = await session(world);
  await listen(world);
  assert.equal((await untilHeard(world, 'logout')).detail.reason, 'expired');
  assert.equal(await isSignedIn(), false);
  assert.doesNotMatch(JSON.stringify(await stored(world)), new RegExp(`${token.access_token}|${token.refresh_token}`));
});

test('a page that slept beyond the end is signed out at the first look, and tells it when it gets the focus', async () => {
  await login(world, { options: { sessionLifetime: { max: 3600 } } });
  await listen(world);
  await wearClock();
  await pass(3600);
  assert.equal(await isSignedIn(), false);
  await getFocus();
  assert.deepEqual((await heard(world)).map(({ detail }) => detail), [{ name: 'demo', reason: 'expired' }]);
});

for (const tokenStorage of ['session', 'local']) {
  test(`${tokenStorage}: an activity in one tab keeps the session of the other, and then each tab tells the end`, async () => {
    const options = { tokenStorage, sessionLifetime: { idle: 600 } };
    await login(world, { options });
    const first = await world.driver.tab();
    await listen(world);
    await duplicate(world);
    await handle(world, undefined, options);
    await listen(world);
    const both = async (scenario) => [await inTab(world, first, scenario), await scenario()];
    await both(wearClock);
    await pass(400);
    await inTab(world, first, touch);
    await pass(400);
    assert.deepEqual(await both(isSignedIn), [true, true]);
    // Real seconds have passed before the touch, too.
    await pass(260);
    assert.deepEqual(await both(isSignedIn), [false, false]);
    await touch();
    await both(getFocus);
    for (const { detail } of await both(() => untilHeard(world, 'logout'))) assert.deepEqual(detail, { name: 'demo', reason: 'idle' });
    assert.deepEqual(await both(() => heardTypes(world)), [['logout'], ['logout']]);
  });
}
