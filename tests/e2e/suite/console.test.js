// What the console prints of an error that nobody caught.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorld } from '../lib/world.js';

const world = useWorld();

const refused = [/OAuthError: The access token is not sent to this origin/, /Add the API's origin to apiOrigins/, /docs\/errors\.md#origin_not_allowed/];
const misspelt = [/OAuthError: .*scopes.* is not a known setting/, /docs\/settings\.md/, /docs\/errors\.md#config_invalid/];

const forbidden = "oauth.demo.fetch('https://elsewhere.example/')";
// What a script of WebDriver leaves uncaught, a browser tells nobody: the page runs a script of its own.
const visit = async (statement) => {
  const settings = JSON.stringify(world.settings());
  const script = `import { createOAuth } from '/package/entry.js';\nconst oauth = await createOAuth(${settings});\n${statement}\nwindow.ready = true;`;
  world.app.serve('/uncaught.js', { type: 'text/javascript', body: script });
  world.app.serve('/uncaught', { type: 'text/html', body: '<!DOCTYPE html><title>Uncaught</title><script type="module" src="/uncaught.js"></script>' });
  if (world.driver.can('console')) await world.driver.console();
  await world.visit('/uncaught');
};

for (const [what, texts, statement] of [
  ['a rejection that the page does not handle', refused, `${forbidden};`],
  ['an error that the page throws', refused, `${forbidden}.catch((error) => setTimeout(() => { throw error; }));`],
  ['a misspelt setting', misspelt, "createOAuth({ demo: { clientId: 'x', scopes: 'openid' } });"],
]) {
  test(`${what}: the console has the message, the remedy and the page of the documentation`, async (t) => {
    if (!world.driver.can('console')) return t.skip(world.driver.lacks('console'));
    await visit(statement);
    const ours = await world.driver.until('the console to tell', async () => (
      (await world.driver.console()).filter(({ text }) => text.includes('OAuthError:'))
    ).find(({ text }) => texts.every((part) => part.test(text))));
    assert.equal(ours.level, 'SEVERE');
  });
}

test('a page that handles the event itself: the package prints nothing', async (t) => {
  if (!world.driver.can('console')) return t.skip(world.driver.lacks('console'));
  await visit(`await new Promise((resolve) => {
    addEventListener('unhandledrejection', (event) => { event.preventDefault(); resolve(); }, { capture: true });
    ${forbidden};
  });`);
  assert.deepEqual((await world.driver.console()).filter(({ text }) => text.includes('OAuthError')), []);
});

test('an error: its message is the message alone, and its stack begins with all of it', async () => {
  await world.startAtHome();
  const [error, stack] = await world.call(async () => {
    const caught = await window.oauth.demo.fetch('https://elsewhere.example/').catch((thrown) => thrown);
    return [window.describe(caught), caught.stack];
  });
  assert.match(error.message, /^The access token is not sent to this origin[^.]*\.$/);
  assert.equal(error.docs, 'docs/errors.md#origin_not_allowed');
  // Only V8 writes the text of an error into its stack.
  if (world.driver.name === 'chromium') {
    assert.ok(stack.startsWith(`OAuthError: ${error.message} ${error.remedy} See ${error.docs} of oidc-client-wasm\n`), stack);
  }
});
