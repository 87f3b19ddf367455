// The usage example of the README, run as it stands there: only its issuer and client id are put in.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fillIn, pageFor, usageExample } from '../lib/readme.js';
import { alice, enterPassword, stored, storedKeys, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const readme = new URL('../../../README.md', import.meta.url);
const skip = !existsSync(readme) && 'there is no README.md yet';

const world = useWorld();

test('the README\'s usage example signs a user in', { skip }, async () => {
  const { app, provider, driver } = world;
  const example = usageExample(readFileSync(readme, 'utf8'));
  assert.ok(example, 'README.md has no ```js block under the heading «## Usage»');
  const page = pageFor(example);
  for (const path of ['/', '/callback']) app.serve(path, { type: 'text/html; charset=utf-8', body: page.html });
  app.serve('/example.js', { type: 'text/javascript', body: fillIn(example, provider) });

  const untilAtProvider = () => driver.untilAt('the provider', ({ origin }) => origin === provider.issuer);
  const sessions = async () => storedKeys(world, 'oidc:session:');

  await world.visit('/');
  if (page.signIn) {
    // The button works once the example has run to its end, which it does in its own time.
    await driver.until('the example to leave for the provider', async () => {
      if ((await driver.url()).origin === provider.issuer) return true;
      await driver.click(`#${page.signIn}`);
      return false;
    });
  }
  await untilAtProvider();
  await enterPassword(world);
  await driver.untilAt('the cleaned URL of the application', ({ origin, search }) => origin === app.origin && !search);
  await world.ready();
  const keys = await driver.until('a stored session', async () => {
    const found = await sessions();
    return found.length > 0 && found;
  });
  assert.equal(keys.length, 1);
  assert.ok(JSON.stringify((await stored(world))[keys[0]]).includes(alice.sub));
  assert.equal(world.requestsTo('token').length, 1);
  assert.deepEqual(await troubles(world), []);

  if (page.signOut) {
    await driver.click(`#${page.signOut}`);
    await untilAtProvider();
    await driver.click('#logout-yes');
    await driver.untilAt('the application after the logout', ({ origin }) => origin === app.origin);
    await world.ready();
    assert.deepEqual(await sessions(), []);
  }
});
