// What goes over the wire: exactly what is meant to, and no request more than needed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, redirectToProvider, skewClock } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { requestScenarios } from './portable/requests.js';

const world = useWorld();

requestScenarios(world);

test('the plain parameters travel by their wire names', async () => {
  await world.startAtHome(world.settings({ authorizeParams: { audience: 'from-settings', tenant: 'a b&c' } }));
  const { url } = await world.call((redirectUri) => window.oauth.demo.createAuthorizationUrl({
    redirectUri, scope: ['openid', 'email'], prompt: 'login', loginHint: 'alice+1@example.com', idTokenHint: 'a.b.c', maxAge: 300,
    acrValues: ['urn:demo:silver', 'urn:demo:bronze'], uiLocales: ['de-CH', 'en'], display: 'popup',
    claims: { id_token: { email: { essential: true } } }, params: { audience: 'from-call' },
  }), world.app.url('/'));
  const { state, nonce, code_challenge: challenge, ...sent } = Object.fromEntries(new URL(url).searchParams);
  assert.ok(state && nonce && challenge);
  assert.deepEqual({ ...sent, claims: JSON.parse(sent.claims) }, {
    response_type: 'code', client_id: world.provider.clientId, redirect_uri: world.app.url('/'), scope: 'openid email',
    code_challenge_method: 'S256', prompt: 'login', login_hint: 'alice+1@example.com', id_token_hint: 'a.b.c', max_age: '300',
    acr_values: 'urn:demo:silver urn:demo:bronze', ui_locales: 'de-CH en', display: 'popup',
    claims: { id_token: { email: { essential: true } } }, audience: 'from-call', tenant: 'a b&c',
  });
});

test('every login has a state, a nonce and a verifier of its own', async () => {
  await world.startAtHome();
  const made = await world.call(() => Promise.all(Array.from({ length: 20 }, () => window.oauth.demo.createAuthorizationUrl())));
  for (const member of ['state', 'nonce', 'codeVerifier']) assert.equal(new Set(made.map((one) => one[member])).size, 20, member);
});

test('accessTokenParams are added to the token request', async () => {
  await login(world, { settings: world.settings({ accessTokenParams: { audience: 'orders' } }) });
  assert.equal(world.requestsTo('token')[0].body.audience, 'orders');
});

test('after preload a click asks the provider nothing before it navigates', async () => {
  await world.startAtHome();
  await world.call(() => window.oauth.demo.preload());
  world.provider.clearRequests();
  await redirectToProvider(world);
  assert.deepEqual(world.scripted(), []);
});

test('discovery is asked for once, however many callers there are', async () => {
  await world.startAtHome();
  const documents = await world.call(() => {
    const { demo } = window.oauth;
    return Promise.all([
      ...Array.from({ length: 10 }, () => demo.loadServerMetadata()),
      demo.createAuthorizationUrl(), demo.preload(), demo.fetchJwkSet(),
    ]);
  });
  assert.equal(documents[0].issuer, world.provider.issuer);
  assert.deepEqual(documents[9], documents[0]);
  assert.equal(world.requestsTo('discovery').length, 1);
  assert.equal(world.requestsTo('jwks').length, 1);
});

test('metadata is remembered across pages, and asked for again with force', async () => {
  await world.startAtHome();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  await world.reload();
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  assert.equal(world.requestsTo('discovery').length, 1);
  await world.call(() => window.oauth.demo.loadServerMetadata({ force: true }));
  assert.equal(world.requestsTo('discovery').length, 2);
});

test('metadata is asked for again after an hour', async () => {
  await world.startAtHome();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  skewClock(world, 61 * 60);
  await world.reload();
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  assert.equal(world.requestsTo('discovery').length, 2);
});

test('explicit values win over discovered ones', async () => {
  await world.startAtHome(world.settings({ authorizeUrl: `${world.provider.issuer}/elsewhere` }));
  const { url } = await world.call(() => window.oauth.demo.createAuthorizationUrl());
  assert.equal(new URL(url).pathname, '/elsewhere');
});
