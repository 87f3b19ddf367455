// The test double in the jsdom of Jest as it is, which has neither structuredClone nor Request.

import assert from 'node:assert/strict';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';

test('a user signs in, whose claims are a frozen copy of what the test has', () => {
  const auth = createTestAuth({ demo: null });
  const given = { sub: '7', address: { country: 'NL' }, groups: ['a'] };
  auth.signIn(given);
  const { claims, status } = auth.client().snapshot;
  assert.deepEqual([status, claims.sub, { ...claims.address }, [...claims.groups]], ['signed-in', '7', { country: 'NL' }, ['a']]);
  assert.deepEqual([claims, claims.address, claims.groups].map(Object.isFrozen), [true, true, true]);
  given.address.country = 'BE';
  assert.equal(claims.address.country, 'NL');
  assert.equal(Object.isFrozen(given.address), false);
});

test('a login that fails is told', async () => {
  const auth = createTestAuth({ demo: null });
  const login = auth.client().authorizeRedirect();
  auth.fail('authorization_refused');
  await assert.rejects(login, { code: 'authorization_refused' });
  assert.equal(auth.client().snapshot.error.code, 'authorization_refused');
});

test('a request says what the environment lacks, and a reply needs nothing of it', async () => {
  const auth = createTestAuth({ demo: {} }, { fetch: () => assert.fail('nothing can be sent') });
  await assert.rejects(auth.client().get('orders'), { code: 'config_invalid', message: 'This environment has no Request.', remedy: /docs\/jest\.md/ });
  auth.reply('get', async () => ({ ok: true, json: async () => [{ id: 1 }] }));
  assert.deepEqual(await (await auth.client().get('orders')).json(), [{ id: 1 }]);
  auth.reply('get', () => { throw oauthError('timeout'); });
  await assert.rejects(auth.client().get('orders'), { code: 'timeout' });
});
