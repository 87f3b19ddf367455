// The pages of README.md and docs/first-login.md, run as they stand there: only the issuer and the client id are put in.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { fillIn, sample, watched } from '../lib/readme.js';
import { alice, enterPassword, stored, storedKeys, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const read = (name) => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const firstLogin = read('docs/first-login.md');
const pages = [
  ['README.md', read('README.md'), '## Usage'],
  ['docs/first-login.md', firstLogin, '## 3. Sign in'],
].map(([name, markdown, heading]) => ({ name, html: sample(markdown, heading, 'html'), script: sample(markdown, heading, 'js') }));

const world = useWorld();

/** Serves a page of the documentation at every path that the browser may ask for. `change` is what the reader did to the script. */
function serve({ html, script }, change = (text) => text) {
  const { app, provider } = world;
  for (const path of ['/', '/callback', '/orders']) app.serve(path, { type: 'text/html; charset=utf-8', body: watched(html) });
  app.serve('/main.js', { type: 'text/javascript', body: change(fillIn(script, provider)) });
}

const untilStatus = (matches) => world.driver.untilText('#status', (text) => (typeof matches === 'string' ? text === matches : matches.test(text)));
const untilAtProvider = () => world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
const untilBack = (path) => world.driver.untilAt(path, ({ origin, pathname, search }) => origin === world.app.origin && pathname === path && !search);
const sessions = () => storedKeys(world, 'oidc:session:');

for (const page of pages) {
  test(`${page.name}: the sample signs a user in and out`, async () => {
    const { driver } = world;
    serve(page);
    await world.visit('/orders?page=2#row');
    await untilStatus('Not signed in.');
    await driver.click('#sign-in');
    await untilAtProvider();
    await enterPassword(world);
    await driver.untilAt('the page of the click', ({ href }) => href === world.app.url('/orders?page=2#row'));
    await world.ready();
    await untilStatus(`Hello ${alice.name}`);
    const keys = await sessions();
    assert.equal(keys.length, 1);
    assert.ok(JSON.stringify((await stored(world))[keys[0]]).includes(alice.sub));
    assert.equal(world.requestsTo('token').length, 1);

    await world.reload();
    await untilStatus(`Hello ${alice.name}`);
    await driver.click('#sign-out');
    await untilAtProvider();
    await world.pages.signOut(driver);
    await untilBack('/');
    await world.ready();
    await untilStatus('Not signed in.');
    assert.deepEqual(await sessions(), []);
    assert.deepEqual(await troubles(world), []);
  });

  test(`${page.name}: the sample shows a mistake in the settings on the page`, async () => {
    serve(page, (script) => script.replace('scope:', 'scopes:'));
    await world.visit('/');
    await untilStatus(/scopes/);
    assert.equal(await world.driver.isShown('#sign-in'), true);
  });

  test(`${page.name}: the sample shows the failure of a click on the page`, async () => {
    const { driver, provider } = world;
    serve(page);
    await world.visit('/');
    await untilStatus('Not signed in.');
    provider.setDown(true);
    await driver.click('#sign-in');
    await untilStatus(/could not be reached/);
    provider.setDown(false);
    await driver.click('#sign-in');
    await untilAtProvider();
  });

  test(`${page.name}: the sample shows a refused login on the page, and lets the user try again`, async () => {
    const { driver } = world;
    serve(page);
    await world.visit('/');
    await untilStatus('Not signed in.');
    await driver.click('#sign-in');
    await untilAtProvider();
    await world.pages.denyLogin(driver);
    await untilBack('/');
    await untilStatus(/declined|refused|denied/i);
    await driver.click('#sign-in');
    await untilAtProvider();
    await enterPassword(world);
    await untilBack('/');
    await untilStatus(`Hello ${alice.name}`);
  });

  test(`${page.name}: with fallback "local", a sign-out shows on the page that stays`, async () => {
    const { driver, provider } = world;
    provider.tamper(provider.paths.discovery, (answer) => { delete answer.body.end_session_endpoint; });
    serve(page, (script) => script.replace('logoutRedirect()', 'logoutRedirect({ fallback: "local" })'));
    await world.visit('/');
    await untilStatus('Not signed in.');
    await driver.click('#sign-in');
    await untilAtProvider();
    await enterPassword(world);
    await untilBack('/');
    await untilStatus(`Hello ${alice.name}`);
    await driver.click('#sign-out');
    await untilStatus('Not signed in.');
    assert.deepEqual(await sessions(), []);
  });

  test(`${page.name}: the sample shows an absent WebAssembly on the page`, async () => {
    serve(page);
    world.app.serve('/package/oidc_client_wasm_bg.wasm', { status: 404, type: 'text/plain', body: 'not found' });
    await world.visit('/');
    await untilStatus(/WebAssembly/);
  });

  test(`${page.name}: the sample has no top-level await, which Vite 5 and 6 do not build`, () => {
    const body = page.script.replace(/^import .*$/gm, '');
    assert.doesNotThrow(() => new Script(body));
    assert.throws(() => new Script(`${body}\nawait start();`), SyntaxError);
  });
}

/** The page of first-login.md with its quiet login in the place that the text names. */
function quietly(script) {
  const quiet = sample(firstLogin, '## Signing in without a question', 'js');
  const [before, after] = script.split(/^ {4}const result = await oauth\.handleRedirect\(\);\n.*\n/m);
  assert.ok(after, 'the sample no longer has the lines of handleRedirect()');
  return `${before}    await signInQuietly();\n${quiet}${after}`;
}

test('docs/first-login.md: the quiet login asks once, and ends where the user was, signed in or not', async () => {
  const { driver } = world;
  serve(pages[1], quietly);
  await driver.goto(world.app.url('/orders'));
  await untilBack('/orders');
  await untilStatus('Not signed in.');
  assert.equal(world.requestsTo('authorization').length, 1);
  assert.equal(world.authorization().prompt, 'none');
  await world.reload();
  await untilStatus('Not signed in.');
  assert.equal(world.requestsTo('authorization').length, 1);

  await driver.click('#sign-in');
  await untilAtProvider();
  await enterPassword(world);
  await untilBack('/orders');
  await untilStatus(`Hello ${alice.name}`);
  // Another tab of the same browser: the provider knows the user, the page asks once and needs no click.
  await driver.newTab();
  await driver.goto(world.app.url('/orders'));
  await untilBack('/orders');
  await untilStatus(`Hello ${alice.name}`);
});
