// The surroundings fail: storage, network, clock. Nothing of it is anybody's refusal, and none of it leaves half a login.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../lib/signed-out.js';
import {
  blockSessionStorage, fillSessionStorage, handle, login, loginAgain, reachCallback, redirectToProvider, reloadAndHandle, session,
  signInAtProvider, skewClock, storedKeys,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();

async function assertStillHere() {
  assert.equal((await world.driver.url()).href, world.app.url('/'));
  assert.equal(world.requestsTo('authorization').length, 0);
}

async function assertNothingStored() {
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
}

// ---- storage

test('blocked sessionStorage: storage_unavailable, and the page is not left', async () => {
  blockSessionStorage(world);
  await world.startAtHome();
  await assert.rejects(redirectToProvider(world), { isOAuthError: true, code: 'storage_unavailable', kind: 'environment' });
  await assertStillHere();
});

test('blocked sessionStorage: a page without a response still works, with nobody signed in', async () => {
  blockSessionStorage(world);
  await world.visit('/');
  assert.equal(await handle(world), null);
  assert.deepEqual(await session(world), signedOut);
});

test('full sessionStorage: storage_full, and the page is not left', async () => {
  await world.startAtHome();
  await fillSessionStorage(world);
  await assert.rejects(redirectToProvider(world), { isOAuthError: true, code: 'storage_full', kind: 'environment' });
  await assertStillHere();
});

test('damaged records in sessionStorage are nobody\'s session, and a login repairs them', async () => {
  await login(world);
  await world.call(() => {
    for (const key of Object.keys(sessionStorage)) sessionStorage.setItem(key, '{"not": what it was');
  });
  assert.equal(await reloadAndHandle(world), null);
  assert.equal((await session(world)).isAuthenticated, false);
  assert.equal((await loginAgain(world)).kind, 'login');
});

// ---- network

test('provider down at discovery: network, retryable, nothing stored, and the next click works', async () => {
  await world.startAtHome();
  world.provider.setDown(true);
  await assert.rejects(redirectToProvider(world), {
    isOAuthError: true, code: 'network', kind: 'environment', phase: 'metadata', retryable: true,
  });
  await assertStillHere();
  assert.deepEqual(await storedKeys(world, 'oidc:'), []);

  world.provider.setDown(false);
  await redirectToProvider(world);
  await signInAtProvider(world);
  assert.equal((await handle(world)).kind, 'login');
});

test('discovery answers with an error page: http_status with the status', async () => {
  world.provider.tamper((path) => path.startsWith('/.well-known/'), (answer) => {
    answer.status = 503;
    answer.body = 'busy';
  });
  await world.startAtHome();
  await assert.rejects(redirectToProvider(world), {
    isOAuthError: true, code: 'http_status', kind: 'environment', phase: 'metadata', status: 503,
  });
  await assertStillHere();
});

test('provider down at the token request: network, retryable, nothing stored, and a new login works', async () => {
  await reachCallback(world, { params: { appState: 'kept' } });
  world.provider.setDown(true);
  await assert.rejects(handle(world), {
    isOAuthError: true, code: 'network', kind: 'environment', phase: 'token', retryable: true, appState: 'kept',
  });
  await assertNothingStored();

  world.provider.setDown(false);
  assert.equal((await loginAgain(world)).kind, 'login');
});

test('keys cannot be had: nothing is stored, although the token came', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.jwks, () => ({ destroy: true }));
  await assert.rejects(handle(world), { isOAuthError: true, code: 'network', kind: 'environment' });
  assert.equal(world.requestsTo('token').length, 1);
  await assertNothingStored();
});

test('slow provider: timeout after requestTimeout, retryable', async () => {
  const options = { requestTimeout: 1 };
  await reachCallback(world, { options });
  world.provider.setDelay(world.provider.paths.token, 4000);
  await assert.rejects(handle(world, world.settings(), options), {
    isOAuthError: true, code: 'timeout', kind: 'environment', phase: 'token', retryable: true,
  });
  await assertNothingStored();
});

test('slow discovery: timeout, and the page is not left', async () => {
  await world.startAtHome(world.settings(), { requestTimeout: 1 });
  world.provider.setDelay(world.provider.paths.discovery, 4000);
  await assert.rejects(redirectToProvider(world), { isOAuthError: true, code: 'timeout', phase: 'metadata', retryable: true });
  await assertStillHere();
});

test('a call aborted by its signal: aborted, and the page is not left', async () => {
  await world.startAtHome();
  world.provider.setDelay(world.provider.paths.discovery, 4000);
  await assert.rejects(world.call(() => {
    const controller = new AbortController();
    const call = window.oauth.demo.authorizeRedirect({ signal: controller.signal });
    controller.abort();
    return call;
  }), { isOAuthError: true, code: 'aborted', kind: 'environment' });
  await assertStillHere();
});

// ---- clock: ten minutes wrong, as on a machine without time synchronisation

test('clock ten minutes behind: token_not_yet_valid, and the error speaks of the clock', async () => {
  skewClock(world, -600);
  await reachCallback(world);
  await assert.rejects(handle(world), (error) => {
    assert.equal(error.isOAuthError, true);
    assert.equal(error.code, 'token_not_yet_valid');
    assert.equal(error.kind, 'rejected');
    assert.equal(error.phase, 'id_token');
    assert.match(`${error.message} ${error.remedy}`, /\bclock\b/i);
    return true;
  });
  await assertNothingStored();
});

test('clock ten minutes ahead, id_token of five minutes: expired_token, and the error speaks of the clock', async () => {
  skewClock(world, 600);
  world.provider.setTtl({ IdToken: 300 });
  await reachCallback(world);
  await assert.rejects(handle(world), (error) => {
    assert.equal(error.isOAuthError, true);
    assert.equal(error.code, 'expired_token');
    assert.equal(error.kind, 'rejected');
    assert.match(`${error.message} ${error.remedy}`, /\bclock\b/i);
    return true;
  });
  await assertNothingStored();
});

test('clock ten minutes ahead, id_token of an hour: the login is fine', async () => {
  skewClock(world, 600);
  assert.equal((await login(world)).kind, 'login');
  assert.equal((await session(world)).isAuthenticated, true);
});

test('clock wrong by less than the tolerance: the login is fine', async () => {
  skewClock(world, -45);
  assert.equal((await login(world)).kind, 'login');
});

test('clockTolerance: what is not tolerated by default may be', async () => {
  skewClock(world, -200);
  const options = { clockTolerance: 300 };
  assert.equal((await login(world, { options })).kind, 'login');
});
