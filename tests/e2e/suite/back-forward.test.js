// The back/forward cache: a page that is left with requests under way, and is shown again. A browser may keep the page or load it anew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { heardTypes, listen } from '../lib/events.js';
import { hold } from '../lib/hold.js';
import { comeBack, visitKeepable } from '../lib/keepable.js';
import { useServers } from '../lib/servers.js';
import { alice, handle, login, redirectToProvider, session, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
let api;
useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  return [api];
});
const settings = () => world.settings({ apiBaseUrl: `${api.origin}/api/` });

/** A signed-in page that begins `ask`, whose answer is held back, and is left. Gives what holds it. */
async function leaveAsking(ask) {
  await login(world, { settings: settings() });
  await visitKeepable(world);
  await world.start(settings());
  const held = ask === 'get' ? hold(api, api.paths.echo) : hold(world.provider, world.provider.paths.token);
  await world.call((verb) => window.watch(verb === 'get' ? window.oauth.demo.get('echo') : window.oauth.demo[verb]()), ask);
  await held.asked(world);
  await world.driver.goto(world.app.url('/blank'));
  return held;
}

/** Whether the page, kept or loaded anew, is signed in and can use its session, or is signed out. Nothing lies between. */
async function assertWhole(isKept) {
  if (!isKept) await handle(world, settings());
  const isSignedIn = (await session(world)).isAuthenticated;
  const outcome = await world.call(() => window.oauth.demo.getAccessToken({ force: true }).then(() => 'a token', ({ code }) => code));
  // A page that the browser gave up between the answer of the provider and the store has lost the new refresh token.
  assert.match(outcome, isSignedIn ? /^(a token|refresh_refused)$/ : /^missing_token$/);
  assert.equal((await session(world)).isAuthenticated, outcome === 'a token');
}

const untilSettled = () => world.driver.until('the request to end', () => world.call(() => window.outcome));

for (const [ask, what] of [['get', 'a request to an API'], ['refreshToken', 'a refresh']]) {
  test(`${what} whose answer comes while the page is away: it has ended after Back, and the session is whole`, async () => {
    const held = await leaveAsking(ask);
    held.release();
    const isKept = await comeBack(world);
    if (isKept) await untilSettled();
    await assertWhole(isKept);
  });

  test(`${what} whose answer comes after Back: it ends, and the session is whole`, async () => {
    const held = await leaveAsking(ask);
    const isKept = await comeBack(world);
    held.release();
    if (isKept) await untilSettled();
    await assertWhole(isKept);
  });
}

test('Back to the page before the login: signed in, and a page that was kept is told so once', async (t) => {
  await visitKeepable(world);
  await world.start();
  await listen(world);
  await redirectToProvider(world);
  await signInAtProvider(world);
  await handle(world);
  await world.call(() => { sessionStorage.setItem('of the page', 'after'); });
  await world.driver.back();
  const isKept = await comeBack(world);
  const isStale = await world.call(() => sessionStorage.getItem('of the page') === null);
  if (isStale) return t.skip(`${world.driver.name} shows a kept page with the sessionStorage of before`);
  if (!isKept) await world.start();
  const { isAuthenticated, claims } = await session(world);
  assert.deepEqual([isAuthenticated, claims?.sub], [true, alice.sub]);
  if (isKept) assert.deepEqual(await heardTypes(world), ['login']);
});
