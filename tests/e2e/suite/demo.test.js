// The demo app, by what a visitor sees and clicks.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { openDriver } from '../driver/driver.js';
import { startDemo } from '../lib/demo.js';
import { alice, enterPassword } from '../lib/steps.js';

const world = {};

before(async () => {
  world.demo = await startDemo();
  world.driver = await openDriver();
});
beforeEach(async () => {
  world.demo.provider.reset();
  await world.driver.fresh([`${world.demo.origin}/favicon.svg`]);
  world.demo.provider.clearRequests();
});
afterEach(() => world.demo?.provider.reset());
after(async () => {
  await world.driver?.close();
  await world.demo?.close();
});

const at = (pathname) => ({ origin, pathname: path, search, hash }) => (
  origin === world.demo.origin && path === pathname && search === '' && hash === ''
);

async function signIn() {
  await world.driver.click('#sign-in');
  await enterPassword(world);
  await world.driver.untilText('#user-name', (text) => text === alice.name);
}

async function assertQuiet() {
  if (!world.driver.can('console')) return;
  const trouble = (await world.driver.console()).filter(({ level }) => !['DEBUG', 'INFO'].includes(level));
  assert.deepEqual(trouble, []);
}

test('demo: sign in, see the claims and the life of the token, reload, sign out', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await signIn();
  await driver.untilAt('the first view, cleaned', at('/'));
  await driver.untilText('#claims', (text) => text.includes(alice.login) && text.includes(demo.provider.issuer));
  await driver.untilText('#token-life', (text) => /\d/.test(text));

  demo.provider.clearRequests();
  await driver.reload();
  await driver.untilText('#user-name', (text) => text === alice.name);
  assert.deepEqual(demo.provider.requests.map(({ path }) => path), [], 'a reload asks the provider nothing');

  await driver.click('#sign-out');
  await driver.click('#logout-yes');
  await driver.untilShown('#sign-in');
  await driver.untilText('#notice', (text) => /signed out/i.test(text));
  assert.equal(await driver.isShown('#user-name'), false);
  await driver.untilAt('the first view, cleaned', at('/'));
  await assertQuiet();
});

test('demo: signing in on the orders page comes back to it, and the API answers', async () => {
  const { driver, demo } = world;
  await driver.goto(`${demo.origin}/orders`);
  await driver.untilShown('#sign-in');
  await signIn();
  await driver.untilAt('the orders', at('/orders'));
  await driver.click('#call-api');
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
  await assertQuiet();
});

test('demo: a person who says no reads what happened, and can try again', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#sign-in');
  await driver.untilAt('the provider', ({ origin }) => origin === demo.provider.issuer);
  await driver.click('#deny');
  await driver.untilShown('#error');
  assert.match(await driver.text('#error-code'), /^authorization_refused$/);
  assert.equal(await driver.isShown('#user-name'), false);
  await driver.click('#error-retry');
  await enterPassword(world);
  await driver.untilText('#user-name', (text) => text === alice.name);
});

test('demo: a forged answer is explained', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#trouble-forged');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'mismatching_state');
});

test('demo: an unreachable provider is explained', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#trouble-unreachable');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'network');
});
