// The signal of every method that waits: it ends the waiting, and nothing begins for a caller that has given up already.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hold } from '../lib/hold.js';
import { alice, login, reachCallback, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

/** The methods that ask for the provider's metadata first, each with its signal, and the phase of the error. */
const asking = [
  ['loadServerMetadata', 'metadata', (signal) => window.oauth.demo.loadServerMetadata({ force: true, signal })],
  ['fetchJwkSet', 'id_token', (signal) => window.oauth.demo.fetchJwkSet({ force: true, signal })],
  ['preload', 'metadata', (signal) => window.oauth.demo.preload({ signal })],
  ['createAuthorizationUrl', 'authorize', (signal) => window.oauth.demo.createAuthorizationUrl({ signal })],
  ['authorizeRedirect', 'authorize', (signal) => window.oauth.demo.authorizeRedirect({ signal })],
  ['createLogoutUrl', 'logout', (signal) => window.oauth.demo.createLogoutUrl({ signal })],
  ['logoutRedirect', 'logout', (signal) => window.oauth.demo.logoutRedirect({ signal })],
  ['userinfo', 'userinfo', (signal) => window.oauth.demo.userinfo({ signal })],
];
/** The same with `refreshToken`, `getAccessToken` and `revokeToken`, which a session needs. */
const all = [
  ...asking,
  ['revokeToken', 'token', (signal) => window.oauth.demo.revokeToken(undefined, { signal })],
  ['refreshToken', 'refresh', (signal) => window.oauth.demo.refreshToken({ signal })],
  ['getAccessToken', 'token', (signal) => window.oauth.demo.getAccessToken({ force: true, signal })],
  ['handleRedirect', 'callback', (signal) => window.oauth.handleRedirect(undefined, { signal })],
  ['authorizeAccessToken', 'config', (signal) => window.oauth.demo.authorizeAccessToken(undefined, { signal })],
];

const call = (body, signal) => world.call(`() => (${body})(${signal})`);

test('a signal that is aborted already: aborted, and nothing is sent or changed', async () => {
  await login(world);
  world.provider.clearRequests();
  for (const [name, phase, body] of all) {
    await assert.rejects(call(body, 'AbortSignal.abort()'), { isOAuthError: true, code: 'aborted', phase }, name);
  }
  assert.deepEqual(world.scripted(), []);
  assert.equal((await session(world)).claims.sub, alice.sub);
});

test('a TaskSignal, which is an AbortSignal, counts as one', async (t) => {
  await login(world);
  if (!(await world.call(() => typeof TaskController === 'function'))) return t.skip(`${world.driver.name} has no TaskController`);
  for (const [name, phase, body] of all) {
    const signal = '(() => { const task = new TaskController(); task.abort(); return task.signal; })()';
    await assert.rejects(call(body, signal), { isOAuthError: true, code: 'aborted', phase }, name);
  }
});

test('a signal that is no signal: config_invalid', async () => {
  await login(world);
  for (const [name, , body] of all) {
    await assert.rejects(call(body, '{ aborted: true }'), { isOAuthError: true, code: 'config_invalid' }, name);
  }
});

test('a signal of AbortSignal.timeout ends the wait for a provider that does not answer, and the page stays', async () => {
  await world.startAtHome();
  hold(world.provider, world.provider.paths.discovery);
  for (const [name, phase, body] of asking.filter(([name]) => name !== 'userinfo')) {
    await assert.rejects(call(body, 'AbortSignal.timeout(50)'), { isOAuthError: true, code: 'timeout', phase }, name);
  }
  assert.equal(new URL(await world.driver.url()).pathname, '/');
});

test('a callback that was given up goes on with the next call', async () => {
  await reachCallback(world);
  await world.start();
  const { asked, release } = hold(world.provider, world.provider.paths.token);
  await world.call(() => {
    window.controller = new AbortController();
    window.given = window.oauth.handleRedirect(undefined, { signal: window.controller.signal });
    window.given.catch(() => {});
  });
  await asked(world);
  await world.call(() => window.controller.abort());
  await assert.rejects(world.call(() => window.given), { isOAuthError: true, code: 'aborted', phase: 'callback' });
  release();
  assert.equal((await world.call(() => window.oauth.handleRedirect())).kind, 'login');
  assert.equal(world.provider.tokenRequests('authorization_code').length, 1);
});
