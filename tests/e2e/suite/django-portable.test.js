// The core at django-oauth-toolkit, and its habits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, reachCallback, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { coreScenarios } from './portable/core.js';

const world = useWorld({ clients: [{}, { client_id: 'plain-spa', algorithm: '' }] }, 'django');

coreScenarios(world);

test('a refresh token that was used elsewhere: refresh_refused, and nobody is signed in', async () => {
  const { token } = await login(world);
  const form = { grant_type: 'refresh_token', refresh_token: token.refresh_token, client_id: world.provider.clientId };
  assert.equal((await fetch(world.provider.issuer + world.provider.paths.token, { method: 'POST', body: new URLSearchParams(form) })).status, 200);
  await assert.rejects(world.call(() => window.oauth.demo.refreshToken()), {
    isOAuthError: true, code: 'refresh_refused', kind: 'refused', phase: 'refresh', status: 400, error: 'invalid_grant',
  });
  assert.deepEqual(await session(world), signedOut);
});

test('plain OAuth 2.0: a client without an id_token gets and refreshes an access token', async () => {
  const { issuer, paths } = world.provider;
  const settings = {
    demo: {
      clientId: 'plain-spa',
      authorizeUrl: issuer + paths.authorization,
      accessTokenUrl: issuer + paths.token,
      redirectUri: world.app.url('/callback'),
      scope: 'profile',
    },
  };
  await reachCallback(world, { settings });
  const { kind, token } = await handle(world, settings);
  assert.equal(kind, 'login');
  assert.equal(token.id_token, undefined);
  const fresh = await world.call(() => window.oauth.demo.refreshToken());
  assert.notEqual(fresh.access_token, token.access_token);
});
