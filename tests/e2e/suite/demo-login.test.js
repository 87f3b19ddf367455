// What the demo shows of the login that was just made: the diagram, the second tab, the devtools.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { useDemo } from '../lib/demo-world.js';
import { alice } from '../lib/steps.js';

const { world, signIn, startSignedIn, assertQuiet } = useDemo();
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** In the page: the texts of the diagram that run out of its picture. */
const cutOff = () => [...document.querySelectorAll('#last-login text')].filter((text) => {
  const { x, width } = text.getBBox();
  return x < -1 || x + width > text.ownerSVGElement.viewBox.baseVal.width + 1;
}).map(({ textContent }) => textContent);

test('demo: the login that was just made is a diagram of the real requests, and a list without a secret', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  const svg = await driver.until('the diagram', async () => {
    const { value } = await driver.run(() => document.querySelector('#last-login svg')?.textContent ?? '');
    return value.includes('verifies the answer') && value;
  });
  for (const step of ['asks for the provider’s metadata', 'sends the person back with a code', 'redeems the code at the token endpoint']) assert.ok(svg.includes(step), step);
  const { value: text } = await driver.run(() => document.querySelector('#last-login').closest('section').textContent);
  // Not every browser tells a page where it goes.
  if ((await driver.run(() => 'navigation' in window)).value) assert.match(text, /code_challenge‹code_challenge, 43 characters›/);
  assert.match(text, /code_verifier‹code_verifier, \d+ characters›/);
  const { code, code_verifier: verifier } = demo.provider.requestsTo(demo.provider.paths.token).at(-1).body;
  for (const secret of [code, verifier, alice.login]) assert.equal(text.includes(secret), false, secret);
  assert.deepEqual((await driver.run(cutOff)).value, []);
  await assertQuiet();
});

test('demo: “Continue as Alice” opens a tab that has the session, without a login', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  assert.match(await driver.text('#second-tab'), /Continue as Alice in a second tab/);
  const logins = demo.provider.requestsTo(demo.provider.paths.authorization).length;
  await driver.follow(() => driver.click('#second-tab'));
  await driver.untilText('#user-name', (text) => text === alice.name);
  await driver.until('the diagram of the second tab', async () => (
    (await driver.run(() => document.querySelector('#last-login svg')?.textContent.includes('another tab'))).value
  ));
  assert.equal(demo.provider.requestsTo(demo.provider.paths.authorization).length, logins);
  await assertQuiet();
});

test('demo: the devtools open and close by the button in the footer, under the policy of the demo', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await signIn();
  await driver.press('#devtools');
  await driver.untilShown('oidc-devtools');
  const { value: steps } = await driver.run(() => document.querySelector('oidc-devtools').shadowRoot.querySelector('#content').textContent);
  assert.match(steps, /redeems the code/);
  await driver.run(() => document.querySelector('#devtools').click());
  await driver.until('the end of the devtools', async () => !(await driver.has('oidc-devtools')));
  await assertQuiet();
});

test('demo: axe finds nothing, signed out, signed in and on each view', async () => {
  const { driver, demo } = world;
  const look = async (where) => {
    await driver.run(`() => { ${axe}; }`);
    const { value } = await driver.run(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 150)}`));
    assert.deepEqual(value, [], where);
  };
  await driver.goto(demo.origin);
  await driver.untilShown('.hero');
  await look('signed out');
  await signIn();
  await driver.untilShown('#last-login svg');
  await driver.run(() => { for (const each of document.querySelectorAll('details')) each.open = true; });
  await look('signed in');
  for (const path of ['/providers', '/read/docs/devtools.md']) {
    await driver.goto(demo.origin + path);
    await driver.untilShown('h1');
    await look(path);
  }
});
