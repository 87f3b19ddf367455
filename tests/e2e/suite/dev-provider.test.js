// A login at `npx oidc-client-wasm dev-provider`, as the packed package starts it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDevProvider } from '../dev-provider/dev-provider.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, bob, handle, login, logoutAtProvider, redirectToProvider, session, untilAnswered } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({}, 'dev-provider');
const settings = () => world.settings({ scope: 'openid profile email offline_access', apiBaseUrl: `${world.provider.issuer}/api/` });

test('a person is chosen on the page, and has claims, userinfo, an API, and other tokens after a refresh', async () => {
  const { kind } = await login(world, { settings: settings() });
  assert.equal(kind, 'login');
  const { claims, token } = await session(world);
  assert.deepEqual([claims.sub, claims.name, claims.email, claims.iss], [alice.sub, alice.name, alice.login, world.provider.issuer]);
  assert.equal((await world.call(() => window.oauth.demo.userinfo())).name, alice.name);
  const orders = await world.call(async () => (await window.oauth.demo.get('orders')).json());
  assert.equal(orders.orders[0].id, 'PC-20419');
  assert.notEqual((await world.call(() => window.oauth.demo.refreshToken())).access_token, token.access_token);
});

test('the provider knows the person still, until the logout, which comes back to the app', async () => {
  await login(world, { settings: settings(), user: bob });
  await world.startAtHome(settings());
  await redirectToProvider(world);
  await untilAnswered(world);
  assert.equal((await handle(world, settings())).kind, 'login');
  assert.equal((await session(world)).claims.sub, bob.sub);

  await logoutAtProvider(world, { appState: 'bye' });
  const result = await handle(world, settings());
  assert.deepEqual([result.kind, result.appState], ['logout', 'bye']);
  assert.deepEqual(await session(world), signedOut);
  await redirectToProvider(world);
  await world.pages.untilAsked(world.driver);
});

test('a person who cancels has refused the login', async () => {
  await world.startAtHome(settings());
  await redirectToProvider(world);
  await world.pages.denyLogin(world.driver);
  await untilAnswered(world);
  await world.start(settings());
  await assert.rejects(world.call(() => window.oauth.handleRedirect()), { code: 'authorization_refused', error: 'access_denied' });
});

test('after a restart the provider has new keys and knows no token: the refresh is refused, and a login signs in again', async (t) => {
  const { port, origin } = new URL(world.provider.issuer);
  await login(world, { settings: settings() });
  await world.provider.close();
  const again = await startDevProvider({ flags: ['--port', port] });
  t.after(() => again.close());
  assert.equal(again.issuer, origin);
  await assert.rejects(world.call(() => window.oauth.demo.refreshToken()), { code: 'refresh_refused' });
  assert.deepEqual(await session(world), signedOut);
  assert.equal((await login(world, { settings: settings(), user: bob })).kind, 'login');
  assert.equal((await session(world)).claims.sub, bob.sub);
});
