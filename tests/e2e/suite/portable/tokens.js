// What tokens are for, at any provider: telling who the user is, being renewed, being given back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signedOut } from '../../lib/signed-out.js';
import { handle, login, logoutAtProvider, reloadAndHandle, session } from '../../lib/steps.js';

/** @param world one whose provider gives refresh tokens without being asked, and refreshes without a new id_token */
export function tokenScenarios(world) {
  /** Asks as the page would, but past the package. */
  const post = (path, form) => fetch(world.provider.issuer + world.provider.paths[path], {
    method: 'POST',
    body: new URLSearchParams({ ...form, client_id: world.provider.clientId }),
  });

  test('a refresh without an id_token: that of the login stays, byte for byte, and is the hint of the logout', async () => {
    const { token: before } = await login(world);
    let answer;
    world.provider.tamper(world.provider.paths.token, ({ body }) => { answer = { ...body }; });
    const token = await world.call(() => window.oauth.demo.refreshToken());
    assert.equal(answer.id_token, undefined);
    assert.equal(token.access_token, answer.access_token);
    assert.equal(token.id_token, before.id_token);

    assert.equal(await reloadAndHandle(world), null);
    assert.deepEqual((await session(world)).token, token);
    await logoutAtProvider(world);
    assert.equal(world.requestsTo('endSession')[0].query.id_token_hint, before.id_token);
    assert.equal((await handle(world)).kind, 'logout');
  });

  test('revokeToken: the provider takes the refresh token no more', async () => {
    // Canaille has to be told to hear public clients.
    await world.provider.setPublicRevocation?.(true);
    const { token: before } = await login(world);
    await world.call(() => window.oauth.demo.revokeToken());
    const [{ body, status }, ...more] = world.requestsTo('revocation', 'POST');
    assert.deepEqual(more, []);
    assert.equal(body.token, before.refresh_token);
    assert.equal(body.client_id, world.provider.clientId);
    assert.equal(status, 200);
    const refused = await post('token', { grant_type: 'refresh_token', refresh_token: before.refresh_token });
    assert.equal(refused.status, 400);
    assert.equal((await refused.json()).error, 'invalid_grant');
    assert.equal((await session(world)).isAuthenticated, true, 'the login is another matter');
  });

  test('a refresh token that was taken back elsewhere: refresh_refused, and nobody is signed in', async () => {
    await world.provider.setPublicRevocation?.(true);
    const { token } = await login(world);
    assert.equal((await post('revocation', { token: token.refresh_token, token_type_hint: 'refresh_token' })).status, 200);
    await assert.rejects(world.call(() => window.oauth.demo.refreshToken()), {
      isOAuthError: true, code: 'refresh_refused', kind: 'refused', phase: 'refresh', status: 400, error: 'invalid_grant',
    });
    assert.deepEqual(await session(world), signedOut);
  });

  test('getAccessToken: the token at hand while it is good, and a new one by force', async () => {
    const { token } = await login(world);
    world.provider.clearRequests();
    assert.equal(await world.call(() => window.oauth.demo.getAccessToken()), token.access_token);
    assert.deepEqual(world.provider.requests, []);
    const fresh = await world.call(() => window.oauth.demo.getAccessToken({ force: true }));
    assert.notEqual(fresh, token.access_token);
    assert.equal((await session(world)).token.access_token, fresh);
    assert.equal(world.requestsTo('token').length, 1);
  });
}
