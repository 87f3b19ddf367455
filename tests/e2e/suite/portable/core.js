// The core, at every provider: discovery, login, userinfo, refresh, logout.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { assertSignedOut, signedOut } from '../../lib/signed-out.js';
import {
  alice, handle, login, logoutAtProvider, reachCallback, redirectToProvider, reloadAndHandle, session, signInAtProvider, troubles,
} from '../../lib/steps.js';

/** @param world one whose provider gives refresh tokens without being asked */
export function coreScenarios(world) {
  test('discovery: the metadata names every endpoint, and a key is there for id_tokens', async () => {
    await world.startAtHome();
    const { metadata, keys } = await world.call(async () => ({
      metadata: await window.oauth.demo.loadServerMetadata(), keys: await window.oauth.demo.fetchJwkSet(),
    }));
    const { issuer, paths } = world.provider;
    assert.equal(metadata.issuer, issuer);
    assert.equal(metadata.authorization_endpoint, issuer + paths.authorization);
    assert.equal(metadata.token_endpoint, issuer + paths.token);
    assert.equal(metadata.jwks_uri, issuer + paths.jwks);
    assert.equal(metadata.userinfo_endpoint, issuer + paths.userinfo);
    assert.equal(metadata.end_session_endpoint, issuer + paths.endSession);
    assert.ok(keys.keys.some(({ kty }) => kty !== 'oct'));
  });

  test('login: the user signs in at the provider and the page knows who it is', async () => {
    const result = await login(world);
    assert.equal(result.kind, 'login');
    assert.deepEqual(result.client, { client: 'demo' });
    const { isAuthenticated, claims, token } = await session(world);
    assert.equal(isAuthenticated, true);
    assert.equal(claims.iss, world.provider.issuer);
    assert.equal(claims.sub, alice.sub);
    assert.deepEqual(token, result.token);
    assert.equal(token.token_type.toLowerCase(), 'bearer');
    assert.deepEqual(token.userinfo, claims);
    assert.ok(token.expires_at > Date.now() / 1000);
    assert.deepEqual(await troubles(world), []);
  });

  test('reload: the user is still known, and nothing is asked of the provider', async () => {
    await login(world);
    const known = await session(world);
    world.provider.clearRequests();
    assert.equal(await reloadAndHandle(world), null);
    assert.deepEqual(await session(world), known);
    assert.deepEqual(world.provider.requests, []);
    assert.deepEqual(await troubles(world), []);
  });

  test('the authorization request has exactly the parameters of a code flow with PKCE', async () => {
    await world.startAtHome();
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

  test('userinfo: what the provider knows of the user, for the access token alone', async () => {
    await login(world);
    const claims = await world.call(() => window.oauth.demo.userinfo());
    assert.equal(claims.sub, alice.sub);
    assert.equal(claims.name, alice.name);
    assert.equal(claims.email, alice.login);
    const [{ query, headers }] = world.requestsTo('userinfo', 'GET');
    assert.deepEqual(query, {});
    assert.equal(headers.authorization, 'Bearer');
    assert.equal(headers.cookie, false);
  });

  test('refreshToken: a new access token for the refresh token, and the user stays who it was', async () => {
    const { token: before } = await login(world);
    world.provider.clearRequests();
    const token = await world.call(() => window.oauth.demo.refreshToken());
    const [{ body, headers }, ...more] = world.requestsTo('token');
    assert.deepEqual(more, []);
    assert.equal(body.grant_type, 'refresh_token');
    assert.equal(body.refresh_token, before.refresh_token);
    assert.equal(body.client_id, world.provider.clientId);
    assert.equal(headers.authorization, undefined);
    assert.equal(headers.cookie, false);
    assert.notEqual(token.access_token, before.access_token);
    const { isAuthenticated, claims, token: now } = await session(world);
    assert.equal(isAuthenticated, true);
    assert.deepEqual([claims.iss, claims.sub], [before.userinfo.iss, before.userinfo.sub]);
    assert.deepEqual(now, token);
    // What came is good for something, and works again.
    assert.equal((await world.call(() => window.oauth.demo.userinfo())).sub, alice.sub);
    assert.notEqual((await world.call(() => window.oauth.demo.refreshToken())).refresh_token, before.refresh_token);
  });

  test('a verifier that is not that of the login: token_refused, nothing is stored', async () => {
    await reachCallback(world, { params: { appState: 7 } });
    await world.call(() => {
      const [name] = Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:transaction:'));
      const another = `"code_verifier":"${'v'.repeat(43)}"`;
      sessionStorage.setItem(name, sessionStorage.getItem(name).replace(/"code_verifier":"[^"]*"/, another));
    });
    await assert.rejects(handle(world), {
      isOAuthError: true, code: 'token_refused', kind: 'refused', phase: 'token', status: 400, error: 'invalid_grant', appState: 7,
    });
    assert.equal(world.requestsTo('token').length, 1);
    assert.equal(world.requestsTo('token')[0].body.code_verifier, 'v'.repeat(43));
    await assertSignedOut(world);
  });

  test('logout with state: through the provider\'s page and back', async () => {
    await login(world);
    assert.deepEqual(await troubles(world), []);
    const appState = { from: '/orders', nested: [1, { two: null }] };
    const url = await logoutAtProvider(world, { appState });
    const [sent] = world.requestsTo('endSession', 'GET');
    assert.equal(url.searchParams.get('state'), sent.query.state);

    const result = await handle(world);
    assert.deepEqual(result, { kind: 'logout', client: { client: 'demo' }, appState });
    assert.deepEqual(await session(world), signedOut);
    assert.equal((await world.driver.url()).href, world.app.url('/'), 'the state is cleaned away');
    assert.deepEqual(await troubles(world), []);
  });

  test('the session at the provider is ended: the next login asks for the password', async () => {
    await login(world);
    await logoutAtProvider(world);
    await handle(world);
    await redirectToProvider(world);
    await signInAtProvider(world);
    assert.equal((await handle(world)).kind, 'login');
  });
}
