// Several registries in one page: two of one copy of the package, and one of another copy, which shares nothing with them but the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, bob, login, reachCallback, redirectToProvider, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

/** Makes three registries in the page and writes down what each tells. */
async function beginThree() {
  await world.start();
  await world.call(async (settings) => {
    const another = await window.importModule('/copy/entry.js');
    if (another.createOAuth === window.api.createOAuth) throw new Error('the copy is the same module');
    window.three = [window.oauth, await window.api.createOAuth(settings), await another.createOAuth(settings)];
    window.told = [[], [], []];
    window.three.forEach((oauth, index) => {
      for (const type of ['login', 'tokenupdate', 'logout', 'userchange', 'error']) {
        oauth.addEventListener(type, ({ detail }) => window.told[index].push([type, window.describe(detail)]));
      }
    });
  }, world.settings());
}

/** What each registry told since the last call, with types only. */
async function told() {
  const all = await world.call(() => window.told.map((events) => events.splice(0)));
  return all.map((events) => events.map(([type]) => type));
}

const act = (index, verb) => world.call((which, name) => window.three[which].demo[name]().then(() => undefined), index, verb);

test('each registry of the page tells a login, whichever handles the response', async () => {
  for (const acting of [0, 1, 2]) {
    await reachCallback(world, { params: { prompt: 'login' } });
    await beginThree();
    await world.call((index) => window.three[index].handleRedirect().then(() => undefined), acting);
    assert.deepEqual(await told(), [['login'], ['login'], ['login']], `registry ${acting}`);
    await act(acting, 'clear');
    assert.deepEqual(await told(), [['logout'], ['logout'], ['logout']], `registry ${acting}`);
  }
});

test('each tells a refresh with the values that were replaced, and a sign-out with its reason', async () => {
  await login(world);
  await beginThree();
  for (const acting of [0, 1, 2]) {
    const before = await world.call(() => window.oauth.demo.token);
    await act(acting, 'refreshToken');
    const { all, after } = await world.call(() => ({ all: window.told.map((events) => events.splice(0)), after: window.oauth.demo.token }));
    for (const events of all) {
      assert.deepEqual(events, [['tokenupdate', {
        name: 'demo', token: after, refresh_token: before.refresh_token, access_token: before.access_token,
      }]], `registry ${acting}`);
    }
  }
  await act(2, 'clear');
  const all = await world.call(() => window.told);
  assert.deepEqual(all, Array(3).fill([['logout', { name: 'demo', reason: 'local' }]]));
});

test('each tells another person', async () => {
  await login(world, { user: alice });
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world, bob);
  await beginThree();
  await world.call(() => window.three[2].handleRedirect().then(() => undefined));
  assert.deepEqual(await told(), Array(3).fill(['userchange', 'login']));
});

test('what was there before a registry is not told by it', async () => {
  await login(world);
  await beginThree();
  assert.deepEqual(await told(), [[], [], []]);
});

test('clear() in another copy ends a login that is on its way', async () => {
  await reachCallback(world);
  await beginThree();
  const ended = await world.call(async () => {
    const handling = window.three[0].handleRedirect();
    await window.three[2].demo.clear();
    return handling.then(() => 'signed in', ({ code }) => code);
  });
  assert.equal(ended, 'invalid_state');
  assert.deepEqual(await world.call(() => window.three.map((oauth) => oauth.demo.isAuthenticated)), [false, false, false]);
});

test('a forged nudge changes nothing', async () => {
  await login(world);
  await beginThree();
  await world.call(() => {
    for (const members of [{}, { address: 'oidc:demo', reason: 'local' }, { address: 1, reason: {} }]) {
      window.dispatchEvent(Object.assign(new Event('oidc-client-wasm'), members));
    }
  });
  assert.deepEqual(await told(), [[], [], []]);
  assert.equal(await world.call(() => window.three.every((oauth) => oauth.demo.isAuthenticated)), true);
});
