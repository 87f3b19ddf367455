// The world of the demo's tests, fresh before every test, and the steps that they share.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach } from 'node:test';
import { openDriver } from '../driver/driver.js';
import { startDemo } from './demo.js';
import * as pages from './pages.js';
import { alice } from './steps.js';

/** Sets the demo and a browser up around the tests of the calling file. */
export function useDemo() {
  const world = {};

  before(async () => {
    world.demo = await startDemo();
    world.driver = await openDriver();
  });
  beforeEach(async () => {
    await world.demo.reset();
    await world.driver.fresh([`${world.demo.origin}/favicon.svg`]);
    world.demo.provider.clearRequests();
    world.demo.codeHost.clearRequests();
  });
  afterEach(() => world.demo?.reset());
  after(async () => {
    await world.driver?.close();
    await world.demo?.close();
  });

  const at = (pathname) => ({ origin, pathname: path, search, hash }) => (
    origin === world.demo.origin && path === pathname && search === '' && hash === ''
  );

  async function signIn() {
    await world.driver.click('#sign-in');
    await pages.signIn(world.driver, alice);
    await world.driver.untilText('#user-name', (text) => text === alice.name);
  }

  async function startSignedIn() {
    await world.driver.goto(world.demo.origin);
    await signIn();
  }

  /** The page says that the session is over, offers a new sign-in, and shows nobody. */
  async function untilSignedOut(why) {
    const { driver } = world;
    await driver.untilText('#notice', (text) => why.test(text));
    await driver.untilShown('#sign-in');
    assert.equal(await driver.isShown('#user-name'), false);
    assert.equal(await driver.has('#claims'), false);
  }

  async function assertQuiet({ but } = {}) {
    if (!world.driver.can('console')) return;
    const trouble = (await world.driver.console()).filter(({ level, text }) => !['DEBUG', 'INFO'].includes(level) && !but?.test(text));
    assert.deepEqual(trouble, []);
  }

  return { world, at, signIn, startSignedIn, untilSignedOut, assertQuiet };
}
