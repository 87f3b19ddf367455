// Signing out by POST, at a provider that has to be told to accept it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCookiesLax, takesPosts } from '../lib/posts.js';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, logoutAtProvider, session, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld(takesPosts);

test('logout by POST: nothing of it in a URL', async () => {
  makeCookiesLax(world);
  const { token } = await login(world);
  const url = await logoutAtProvider(world, { method: 'post', appState: 'posted' });
  const [first] = world.requestsTo('endSession');
  assert.equal(first.method, 'POST');
  assert.deepEqual(first.query, {});
  assert.match(first.headers['content-type'], /^application\/x-www-form-urlencoded\b/);
  const { state, ...rest } = first.body;
  assert.deepEqual(rest, {
    id_token_hint: token.id_token, post_logout_redirect_uri: world.app.url('/'), client_id: world.provider.clientId,
  });
  assert.equal(state, url.searchParams.get('state'));
  assert.deepEqual(await handle(world), { kind: 'logout', client: { client: 'demo' }, appState: 'posted' });
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await troubles(world), []);
});

test('logout by POST with parameters named as what a form can do: they arrive', async () => {
  makeCookiesLax(world);
  await login(world);
  const params = { submit: '1', remove: '2', appendChild: '3', action: '4', method: '5' };
  await logoutAtProvider(world, { method: 'post', params });
  const [{ method, body }] = world.requestsTo('endSession');
  assert.equal(method, 'POST');
  assert.deepEqual(Object.fromEntries(Object.keys(params).map((name) => [name, body[name]])), params);
});
