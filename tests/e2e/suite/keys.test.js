// Signatures: every algorithm that a provider may sign with, and keys that change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handle, login, reachCallback, session } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'];

const world = useWorld({
  signingAlgs: algorithms,
  clients: [{}, ...algorithms.map((alg) => ({ client_id: alg, id_token_signed_response_alg: alg }))],
});

for (const alg of algorithms) {
  test(`an id_token signed with ${alg} is verified`, async () => {
    const settings = world.settings({ clientId: alg });
    const { token } = await login(world, { settings });
    assert.equal(world.provider.decodeJwt(token.id_token).header.alg, alg);
    assert.equal(token.userinfo.aud, alg);
  });
}

test('an algorithm that the settings do not accept: unsupported_algorithm', async () => {
  const settings = world.settings({ idTokenSigningAlgs: ['ES256', 'PS256'] });
  await reachCallback(world, { settings });
  await assert.rejects(handle(world, settings), { isOAuthError: true, code: 'unsupported_algorithm', kind: 'rejected' });
  assert.equal((await session(world)).isAuthenticated, false);
});

test('keys replaced after they were remembered: asked for once more, and the login completes', async () => {
  await world.startAtHome();
  await world.call(() => window.oauth.demo.preload());
  await reachCallback(world);
  await world.provider.rotateKeys();
  world.provider.clearRequests();
  assert.equal((await handle(world)).kind, 'login');
  assert.deepEqual(world.scripted().sort(), ['GET /jwks', 'POST /token']);
});

test('a key that the provider does not publish: refused after one more look, not after many', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => {
    const { claims } = world.provider.decodeJwt(answer.body.id_token);
    answer.body.id_token = world.provider.signJwt(claims, { header: { kid: 'nobody-knows-me' } });
  });
  world.provider.clearRequests();
  await assert.rejects(handle(world), { isOAuthError: true, code: 'invalid_key_id', kind: 'rejected' });
  assert.ok(world.requestsTo('jwks').length <= 2);
  assert.equal((await session(world)).isAuthenticated, false);
});

test('static keys in the settings: none are asked for', async () => {
  const jwks = { keys: world.provider.keys.map(({ d, p, q, dp, dq, qi, ...published }) => published) };
  const settings = world.settings({ jwks });
  const { kind } = await login(world, { settings });
  assert.equal(kind, 'login');
  assert.equal(world.requestsTo('jwks').length, 0);
});
