// A person who answers "Stay" when the browser asks whether to leave the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFailure } from '../lib/failure.js';
import { PageError } from '../lib/page-error.js';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, redirectToProvider, session, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({}, 'oidc-provider', { leaveQuestion: true });
/** The page waits so long for the provider that a test would see it wait. */
const late = { options: { requestTimeout: 600 } };

/** The page asks before it is left, from the next click on: a browser asks for a page that a person has used only. */
async function askBeforeLeaving() {
  await world.call(() => {
    window.ask = (event) => { event.preventDefault(); event.returnValue = ''; };
    window.addEventListener('beforeunload', window.ask);
  });
  await world.driver.click('p');
}

/** Calls what leaves the page, answers the browser's question with "Stay", and gives how the call ended. */
async function staysByAnswer(body, ...args) {
  await world.driver.start(`(...args) => window.watch((${body})(...args))`, ...args);
  await world.driver.stay();
  return world.driver.until('the call to settle', async () => (await world.driver.run('() => window.outcome')).value);
}

for (const method of ['get', 'post']) {
  test(`"Stay" at a logout by ${method}: page_stayed, and the next logout reaches the provider with the hint`, async (t) => {
    if (!world.driver.can('leaveQuestion')) return t.skip(world.driver.lacks('leaveQuestion'));
    const { token } = await login(world, late);
    await askBeforeLeaving();
    world.provider.clearRequests();
    const { thrown } = await staysByAnswer((m) => window.oauth.demo.logoutRedirect({ method: m }), method);
    assertFailure(new PageError(thrown), 'page_stayed', { phase: 'logout' });
    assert.deepEqual(await session(world), signedOut);
    assert.equal(world.requestsTo('endSession').length, 0);
    await world.call(() => window.removeEventListener('beforeunload', window.ask));
    await world.leave(() => window.oauth.demo.logoutRedirect());
    assert.equal(world.requestsTo('endSession', 'GET')[0].query.id_token_hint, token.id_token);
    await world.driver.untilShown('#logout-yes');
  });
}

test('"Stay" at a login: it resolves, and the next login leaves', async (t) => {
  if (!world.driver.can('leaveQuestion')) return t.skip(world.driver.lacks('leaveQuestion'));
  await world.startAtHome(undefined, late.options);
  await askBeforeLeaving();
  const outcome = await staysByAnswer(() => window.oauth.demo.authorizeRedirect().then(() => 'settled'));
  assert.deepEqual(outcome, { value: 'settled' });
  assert.equal(world.requestsTo('authorization').length, 0);
  await world.call(() => window.removeEventListener('beforeunload', window.ask));
  await redirectToProvider(world);
  await signInAtProvider(world);
  assert.equal((await handle(world)).kind, 'login');
});
