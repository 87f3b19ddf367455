// The page's own code runs in the middle of a call, where only the browser's code is expected: a getter, a listener, a method that was
// replaced. No call fails by it, and none traps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

test('a history that is a getter which calls the client: the client answers from within', async () => {
  world.app.before(`
    const { history } = window;
    window.answers = [];
    let isInside = false;
    Object.defineProperty(window, 'history', {
      configurable: true,
      get() {
        if (window.oauth && !isInside) {
          isInside = true;
          try {
            window.answers.push(window.oauth.handleRedirect().then(() => 'answered', ({ code }) => code));
          } catch (thrown) {
            window.answers.push(String(thrown));
          }
          isInside = false;
        }
        return history;
      },
    });`);
  await login(world);
  await world.call(() => window.oauth.handleRedirect().then(() => undefined));
  const answers = await world.call(() => Promise.all(window.answers));
  assert.deepEqual([...new Set(answers)], ['answered']);
});

test('a listener of the navigation that handles the response as well: both calls get the login', async () => {
  world.app.before(`
    window.answers = [];
    window.navigation?.addEventListener('navigate', () => {
      if (window.oauth) window.answers.push(window.oauth.handleRedirect().then((result) => result?.kind ?? null, ({ code }) => code));
    });`);
  assert.equal((await login(world)).kind, 'login');
  const answers = await world.call(() => Promise.all(window.answers));
  assert.ok(answers.every((answer) => answer === 'login'), String(answers));
});

test('a channel that delivers at once, to a page that goes to sleep in the middle of it: the refresh ends well', async () => {
  await login(world);
  await world.call(() => {
    BroadcastChannel.prototype.postMessage = () => { dispatchEvent(new Event('pagehide')); };
  });
  const { access_token: before } = (await session(world)).token;
  const token = await world.call(() => window.oauth.demo.refreshToken());
  assert.notEqual(token.access_token, before);
  assert.deepEqual((await session(world)).token.access_token, token.access_token);
  assert.deepEqual(await world.call(() => window.recorded.filter(({ level }) => ['uncaught', 'unhandled'].includes(level))), []);
});
