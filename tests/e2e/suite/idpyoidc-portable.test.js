// The core at idpyoidc, and its habits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { coreScenarios } from './portable/core.js';

const world = useWorld({}, 'idpyoidc');

coreScenarios(world);

test('a refresh brings an id_token: the claims are those of the same login', async () => {
  const { token: before } = await login(world);
  const after = await world.call(() => window.oauth.demo.refreshToken());
  assert.notEqual(after.id_token, before.id_token);
  assert.deepEqual([after.userinfo.sid, after.userinfo.auth_time], [before.userinfo.sid, before.userinfo.auth_time]);
});

test('a refresh token that was used elsewhere: refresh_refused, as invalid_request', async () => {
  const { token } = await login(world);
  const form = { grant_type: 'refresh_token', refresh_token: token.refresh_token, client_id: world.provider.clientId };
  assert.equal((await fetch(world.provider.issuer + world.provider.paths.token, { method: 'POST', body: new URLSearchParams(form) })).status, 200);
  await assert.rejects(world.call(() => window.oauth.demo.refreshToken()), {
    isOAuthError: true, code: 'refresh_refused', kind: 'refused', phase: 'refresh', status: 400, error: 'invalid_request',
  });
  assert.equal((await session(world)).isAuthenticated, true);
});
