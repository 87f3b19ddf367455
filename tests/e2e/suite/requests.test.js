// What goes over the wire: exactly what is meant to, and no request more than needed.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { handle, login, reachCallback, redirectToProvider, skewClock } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();

test('the authorization request has exactly the parameters of a code flow with PKCE', async () => {
  await world.visit('/');
  await world.start();
  await redirectToProvider(world);
  const { state, nonce, code_challenge: challenge, ...rest } = world.authorization();
  assert.deepEqual(rest, {
    response_type: 'code',
    client_id: world.provider.clientId,
    redirect_uri: world.app.url('/callback'),
    scope: 'openid profile email',
    code_challenge_method: 'S256',
  });
  for (const value of [state, nonce, challenge]) assert.match(value, /^[\w-]{43}$/, '32 bytes, base64url');
  assert.equal(new Set([state, nonce, challenge]).size, 3);
});

test('the plain parameters travel by their wire names', async () => {
  await world.visit('/');
  await world.start(world.settings({ authorizeParams: { audience: 'from-settings', tenant: 'a b&c' } }));
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
  await world.visit('/');
  await world.start();
  const made = await world.call(() => Promise.all(Array.from({ length: 20 }, () => window.oauth.demo.createAuthorizationUrl())));
  for (const member of ['state', 'nonce', 'codeVerifier']) assert.equal(new Set(made.map((one) => one[member])).size, 20, member);
});

test('the token request: exactly its fields, and nothing that says more', async () => {
  await login(world);
  const requests = world.requestsTo('token');
  assert.equal(requests.length, 1);
  const [{ method, headers, body, query }] = requests;
  const { code_challenge: challenge } = world.authorization();
  const { code, code_verifier: verifier, ...rest } = body;
  assert.equal(method, 'POST');
  assert.match(headers['content-type'], /^application\/x-www-form-urlencoded\b/);
  assert.deepEqual(query, {});
  assert.deepEqual(rest, {
    grant_type: 'authorization_code', redirect_uri: world.app.url('/callback'), client_id: world.provider.clientId,
  });
  assert.ok(code);
  assert.equal(createHash('sha256').update(verifier).digest('base64url'), challenge);
  assert.equal(headers.authorization, undefined);
  // The provider is on the same host as the page, so its session cookie would come along were credentials not omitted.
  assert.equal(headers.cookie, false);
  assert.equal(headers.referer, undefined);
});

test('accessTokenParams are added to the token request', async () => {
  await login(world, { settings: world.settings({ accessTokenParams: { audience: 'orders' } }) });
  assert.equal(world.requestsTo('token')[0].body.audience, 'orders');
});

test('no request of a login is preflighted, carries a cookie or a referrer', async () => {
  await login(world);
  const requests = world.provider.requests.filter(({ headers }) => headers['sec-fetch-mode'] !== 'navigate');
  assert.deepEqual([...new Set(requests.map(({ path }) => path))].sort(), ['/.well-known/openid-configuration', '/jwks', '/token']);
  for (const { method, path, headers, preflight } of requests) {
    assert.equal(preflight, false, path);
    assert.notEqual(method, 'OPTIONS', path);
    assert.equal(headers.cookie, false, `cookie at ${path}`);
    assert.equal(headers.referer, undefined, `referrer at ${path}`);
  }
});

test('after preload the callback makes one request: the token request', async () => {
  await world.visit('/');
  await world.start();
  await world.call(() => window.oauth.demo.preload());
  assert.deepEqual(world.scripted().sort(), ['GET /.well-known/openid-configuration', 'GET /jwks']);
  await reachCallback(world);
  world.provider.clearRequests();
  await handle(world);
  assert.deepEqual(world.scripted(), ['POST /token']);
});

test('after preload a click asks the provider nothing before it navigates', async () => {
  await world.visit('/');
  await world.start();
  await world.call(() => window.oauth.demo.preload());
  world.provider.clearRequests();
  await redirectToProvider(world);
  assert.deepEqual(world.scripted(), []);
});

test('without preload the callback asks for the token and the keys side by side, and not for metadata', async () => {
  await reachCallback(world);
  world.provider.clearRequests();
  // Each answer is held back until the other was asked for: one after the other would never end.
  const asked = (what) => async () => {
    const deadline = Date.now() + 10_000;
    while (!world.requestsTo(what).length) {
      if (Date.now() > deadline) throw new Error(`${what} was not asked for while the other request was open`);
      await pause(10);
    }
  };
  world.provider.tamper(world.provider.paths.token, asked('jwks'));
  world.provider.tamper(world.provider.paths.jwks, asked('token'));
  const result = await handle(world);
  assert.equal(result.kind, 'login');
  assert.deepEqual(world.scripted().sort(), ['GET /jwks', 'POST /token']);
});

test('discovery is asked for once, however many callers there are', async () => {
  await world.visit('/');
  await world.start();
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
  await world.visit('/');
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  await world.reload();
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  assert.equal(world.requestsTo('discovery').length, 1);
  await world.call(() => window.oauth.demo.loadServerMetadata({ force: true }));
  assert.equal(world.requestsTo('discovery').length, 2);
});

test('metadata is asked for again after an hour', async () => {
  await world.visit('/');
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  skewClock(world, 61 * 60);
  await world.reload();
  await world.start();
  await world.call(() => window.oauth.demo.loadServerMetadata());
  assert.equal(world.requestsTo('discovery').length, 2);
});

test('explicit endpoints need no discovery', async () => {
  const { issuer, paths } = world.provider;
  const settings = world.settings({
    authorizeUrl: issuer + paths.authorization, accessTokenUrl: issuer + paths.token, metadata: { issuer, jwks_uri: issuer + paths.jwks },
  });
  delete settings.demo.issuer;
  const result = await login(world, { settings });
  assert.equal(result.kind, 'login');
  assert.equal(world.requestsTo('discovery').length, 0);
});

test('explicit values win over discovered ones', async () => {
  await world.visit('/');
  await world.start(world.settings({ authorizeUrl: `${world.provider.issuer}/elsewhere` }));
  const { url } = await world.call(() => window.oauth.demo.createAuthorizationUrl());
  assert.equal(new URL(url).pathname, '/elsewhere');
});
