// The test double where there is no page: Node.js by itself, with its own test runner.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { isOAuthError } from 'oidc-client-wasm';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';

test('there is no page', () => {
  assert.deepEqual([typeof document, typeof location], ['undefined', 'undefined']);
});

test('a user signs in and out, and a listener hears of each change', async () => {
  const auth = createTestAuth({ demo: null });
  const client = auth.client();
  const heard = [];
  const stop = client.subscribe(() => heard.push(`${client.snapshot.status} ${client.snapshot.claims?.name ?? 'nobody'}`));
  const login = client.authorizeRedirect({ appState: { returnTo: '/orders' } });
  auth.signIn({ name: 'Alice' });
  await login;
  const logout = client.logoutRedirect();
  auth.signOut();
  await logout;
  stop();
  auth.signIn();
  assert.deepEqual(heard, ['signing-in nobody', 'signed-in Alice', 'signing-out Alice', 'signing-out nobody', 'signed-out nobody']);
  assert.deepEqual(auth.called('authorizeRedirect'), [[{ appState: { returnTo: '/orders' } }]]);
});

test('events have their details', () => {
  const auth = createTestAuth({ demo: {} });
  const reasons = [];
  auth.registry.addEventListener('logout', ({ detail }) => reasons.push(detail.reason));
  auth.signOut({ reason: 'expired' });
  assert.deepEqual(reasons, ['expired']);
});

test('a failure is an error of the package', async () => {
  const auth = createTestAuth({ demo: null });
  const popup = auth.client().authorizePopup();
  auth.fail('popup_blocked');
  await assert.rejects(popup, { code: 'popup_blocked', kind: 'environment' });
  assert.ok(isOAuthError(auth.client().snapshot.error));
  assert.ok(isOAuthError(oauthError('timeout')));
});

test('requests go to the function of the test with the token that is made up, and else to the fetch of Node.js', async (context) => {
  const told = mock.fn(async ({ url, headers }) => Response.json([url, headers.get('Authorization')]));
  const expected = ['https://api.invalid/orders', 'Bearer fake-access-token-1-of-demo'];
  assert.deepEqual(await (await createTestAuth({ demo: {} }, { fetch: told }).client().get('orders')).json(), expected);
  context.mock.method(globalThis, 'fetch', told);
  assert.deepEqual(await (await createTestAuth({ demo: {} }).client().get('orders')).json(), expected);
  assert.equal(told.mock.callCount(), 2);
});

test('no warning is told where there is no page; in a page of a build that is not for tests there is one', (context) => {
  const { NODE_ENV } = process.env;
  context.after(() => {
    delete globalThis.document;
    if (NODE_ENV !== undefined) process.env.NODE_ENV = NODE_ENV;
  });
  delete process.env.NODE_ENV;
  const warn = context.mock.method(console, 'warn', () => {});
  createTestAuth();
  assert.equal(warn.mock.callCount(), 0);
  globalThis.document = {};
  createTestAuth();
  createTestAuth();
  assert.deepEqual(warn.mock.calls.map(({ arguments: told }) => told), [['oidc-client-wasm/testing: the users of this page are made up. Nobody is signed in.']]);
});

test('a production build is refused', (context) => {
  const before = process.env.NODE_ENV;
  context.after(() => { if (before === undefined) delete process.env.NODE_ENV; else process.env.NODE_ENV = before; });
  process.env.NODE_ENV = 'production';
  assert.throws(() => createTestAuth(), { code: 'config_invalid' });
});
