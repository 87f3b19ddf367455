// Many callers of getAccessToken without options, as the components of a page are: they wait for one refresh, and for no longer than it concerns
// them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import { login, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const tokenPath = () => world.provider.paths.token;
const refreshes = () => world.provider.tokenRequests('refresh_token');

async function signInWithExpiredToken() {
  world.provider.setTtl({ AccessToken: 2 });
  await login(world);
  world.provider.setTtl({ AccessToken: 3600 });
  await world.driver.until('the end of the token', () => world.call(() => window.oauth.demo.token.expires_at < Date.now() / 1000));
}

/** Has a caller wait at the token endpoint, which answers when it is released. */
async function leaveACallerWaiting() {
  const { asked, release } = hold(world.provider, tokenPath());
  await world.call(() => {
    window.given = window.oauth.demo.getAccessToken();
    window.given.catch(() => {});
  });
  await asked(world);
  return release;
}

test('a thousand callers with an expired token: one token request, and each gets the new token', async () => {
  await signInWithExpiredToken();
  const given = await world.call(() => Promise.all(Array.from({ length: 1000 }, () => window.oauth.demo.getAccessToken())));
  assert.deepEqual([...new Set(given)], [(await session(world)).token.access_token]);
  assert.equal(given.length, 1000);
  assert.equal(refreshes().length, 1);
});

test('a caller that comes while another caller waits gets the same token', async () => {
  await signInWithExpiredToken();
  const release = await leaveACallerWaiting();
  const later = world.call(() => window.oauth.demo.getAccessToken());
  release();
  assert.equal(await later, await world.call(() => window.given));
  assert.equal(await later, (await session(world)).token.access_token);
  assert.equal(refreshes().length, 1);
});

test('a caller that comes after the sign-out is told so at once, although an earlier caller still waits', async () => {
  await signInWithExpiredToken();
  const release = await leaveACallerWaiting();
  await world.call(() => window.oauth.demo.clear());
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  release();
  await fails(world, 'missing_token', { phase: 'token' }, () => window.given);
});

test('a refresh that fails is told to each caller, and the next caller asks again', async () => {
  await signInWithExpiredToken();
  world.provider.setDown(true);
  const ends = await world.call(() => {
    const calls = Array.from({ length: 20 }, () => window.oauth.demo.getAccessToken());
    return Promise.all(calls.map((call) => call.catch(({ code, retryable }) => `${code}, ${retryable}`)));
  });
  assert.deepEqual(ends, Array(20).fill('network, true'));
  world.provider.setDown(false);
  assert.equal(await world.call(() => window.oauth.demo.getAccessToken()), (await session(world)).token.access_token);
  assert.equal(refreshes().length, 2);
});
