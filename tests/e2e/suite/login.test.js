// Signing in as a person does, staying signed in, and using the token.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../lib/signed-out.js';
import {
  alice, bob, enterPassword, handle, login, reachCallback, redirectToProvider, session, signInAtProvider, untilAnswered,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { loginScenarios } from './portable/login.js';

const world = useWorld({ clients: [{}, { client_id: 'second-spa' }] });

loginScenarios(world);

test('before a login there is no user', async () => {
  await world.visit('/');
  assert.equal(await handle(world), null);
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(world.provider.requests, [], 'a page without a response asks the provider nothing');
});

// User interface libraries compare by identity: a new object for each look would make them draw for ever.
test('claims and token are the same frozen objects until they change', async () => {
  await login(world);
  assert.deepEqual(await world.call(() => {
    const { demo } = window.oauth;
    return [demo.claims === demo.claims, demo.token === demo.token, Object.isFrozen(demo.claims), Object.isFrozen(demo.token)];
  }), [true, true, true, true]);
});

test('API call: the access token opens the API', async () => {
  await login(world);
  const answer = await world.call(async (url) => {
    const { token } = window.oauth.demo;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token.access_token}` } });
    return { status: response.status, body: await response.json() };
  }, world.provider.issuer + world.provider.paths.orders);
  assert.equal(answer.status, 200);
  assert.equal(answer.body.sub, alice.sub);
  assert.ok(answer.body.orders.length > 0);
});

test('a second login of another user replaces the first', async () => {
  await login(world);
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world, bob);
  await handle(world);
  const { claims } = await session(world);
  assert.equal(claims.sub, bob.sub);
  assert.equal(claims.name, bob.name);
});

test('responseMode fragment: the answer in the hash is understood and cleaned away', async () => {
  const settings = world.settings({ responseMode: 'fragment' });
  const url = await reachCallback(world, { settings });
  assert.equal(world.authorization().response_mode, 'fragment');
  assert.match(url.hash, /[#&]code=/);
  assert.equal(url.search, '');
  const result = await handle(world, settings);
  assert.equal(result.kind, 'login');
  assert.equal((await world.driver.url()).href, world.app.url('/callback'));
});

test('max_age 0 is sent, not dropped', async () => {
  await login(world, { params: { maxAge: 0 } });
  assert.equal(world.authorization().max_age, '0');
});

test('prompt=consent with offline_access: the user agrees and a refresh token comes', async () => {
  await world.startAtHome();
  await redirectToProvider(world, { prompt: 'consent', scope: 'openid offline_access' });
  await enterPassword(world);
  await world.pages.allow(world.driver);
  await untilAnswered(world);
  const { token } = await handle(world);
  assert.equal(world.authorization().scope, 'openid offline_access');
  assert.equal(typeof token.refresh_token, 'string');
});

