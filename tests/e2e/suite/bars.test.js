// What may keep a refresh from its end: frozen, sleeping and dying tabs, other scripts, other copies of the package. Nothing hangs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heardTypes, listen } from '../lib/events.js';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { visitKeepable } from '../lib/keepable.js';
import { handle, login, session } from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const refreshes = () => world.provider.tokenRequests('refresh_token');
const force = () => world.call(() => window.oauth.demo.getAccessToken({ force: true }));
const begin = () => world.call(() => {
  window.given = window.oauth.demo.getAccessToken({ force: true });
  window.given.catch(() => {});
});

/** A signed-in tab, and a copy of it in front, which has these options; gives the handle of the first. */
async function twoTabs(options) {
  await login(world);
  const first = await world.driver.tab();
  await duplicate(world);
  await world.start(undefined, options);
  return first;
}

test('a tab that is frozen while it refreshes: the other is told so in time, and works once the first thaws', async (t) => {
  if (!world.driver.can('freeze')) return t.skip(world.driver.lacks('freeze'));
  const first = await twoTabs({ requestTimeout: 1 });
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  await inTab(world, first, begin);
  await asked(world);
  await inTab(world, first, () => world.driver.freeze(true));
  release();
  const error = await fails(world, 'timeout', { phase: 'refresh', retryable: true }, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.match(error.message, /other tab/);
  assert.equal((await session(world)).isAuthenticated, true);
  await inTab(world, first, () => world.driver.freeze(false));
  await world.driver.until('a token', () => world.call(() => window.oauth.demo.getAccessToken({ force: true }).then(() => true, () => false)));
  assert.equal(refreshes().every(({ status }) => status === 200), true);
});

test('a page that is left while it refreshes holds up no other tab', async () => {
  const first = await twoTabs();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  await inTab(world, first, async () => {
    await visitKeepable(world);
    await world.start();
    await begin();
    await asked(world);
    await world.driver.goto(world.app.url('/blank'));
  });
  release();
  // The provider may have seen the refresh token already: then the session has ended, and the page is told.
  const outcome = await world.call(() => window.oauth.demo.getAccessToken({ force: true }).then(() => 'a token', ({ code }) => code));
  assert.match(outcome, /^(a token|refresh_refused)$/);
  assert.equal((await session(world)).isAuthenticated, outcome === 'a token');
});

test('a tab that is killed between the answer and the store: the next tab ends in a clear state', async () => {
  const first = await twoTabs();
  await listen(world);
  await inTab(world, first, async () => {
    await world.call(() => {
      const real = window.fetch;
      window.fetch = async (...args) => {
        const answer = await real(...args);
        if (new URL(args[0].url).pathname !== '/token') return answer;
        window.answered = true;
        return new Promise(() => {});
      };
    });
    await begin();
    await world.driver.until('the answer', () => world.call(() => window.answered === true));
  });
  const here = await world.driver.tab();
  await world.driver.to(first);
  await world.driver.closeTab();
  await world.driver.to(here);
  await fails(world, 'refresh_refused', { phase: 'refresh' }, () => window.oauth.demo.getAccessToken({ force: true }));
  assert.deepEqual(await heardTypes(world), ['logout', 'error']);
  assert.equal((await session(world)).isAuthenticated, false);
});

test('a listener of tokenupdate that calls refreshToken: one token request, no deadlock', async () => {
  await login(world);
  const tokens = await world.call(async () => {
    const told = [];
    window.oauth.addEventListener('tokenupdate', () => told.push(window.oauth.demo.refreshToken()));
    const token = await window.oauth.demo.refreshToken();
    return [token, ...await Promise.all(told)].map(({ access_token: access }) => access);
  });
  assert.deepEqual([tokens.length, new Set(tokens).size, refreshes().length], [2, 1, 1]);
});

test('a module reloaded by a development server: both copies refresh at once, one token request at a time, both get tokens', async () => {
  await login(world);
  const given = await world.call(async (settings) => {
    const { createOAuth } = await import('/package/entry.js?hot=1');
    const another = await createOAuth(settings);
    return Promise.all([window.oauth, another].map((oauth) => oauth.demo.getAccessToken({ force: true })));
  }, world.settings());
  assert.deepEqual([new Set(given).size, refreshes().length], [1, 1]);
});

test('a lock that another script steals: the refresh ends, and so does the next', async () => {
  const first = await twoTabs();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  await inTab(world, first, begin);
  await asked(world);
  await world.call(async () => {
    const [{ name }] = (await navigator.locks.query()).held.filter((lock) => lock.name.includes(':refresh:'));
    await navigator.locks.request(name, { steal: true }, () => {});
  });
  release();
  const token = await inTab(world, first, () => world.call(() => window.given));
  await world.driver.until('the tokens of the first tab', async () => (await session(world)).token.access_token === token);
  assert.notEqual(await force(), token);
});

test('a page without Web Locks takes turns all the same', async () => {
  world.app.before("Object.defineProperty(Navigator.prototype, 'locks', { get() { return undefined; } });");
  await login(world);
  const first = await world.driver.tab();
  await duplicate(world);
  await world.start();
  await inTab(world, first, begin);
  await begin();
  const given = await world.call(() => window.given);
  assert.equal(await inTab(world, first, () => world.call(() => window.given)), given);
  assert.equal(refreshes().length, 1);
});
