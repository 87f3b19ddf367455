import { expect, test, vi } from 'vitest';
import { home, startWorld, useWorld } from './world.js';

useWorld();

test('provider: a user signs in, and the claims are those of the user', async () => {
  const { client, login } = await startWorld();
  expect(await login()).toMatchObject({ kind: 'login', client });
  expect(client.claims).toMatchObject({ sub: 'alice', name: 'Alice Moreau', email: 'alice@example.com', aud: 'my-spa' });
  expect(client.claims.at_hash).toMatch(/^[\w-]{22}$/);
});

test('provider: an id_token is signed by RS256 where the test wants it', async () => {
  const { client, login, provider } = await startWorld({ signingAlg: 'RS256' });
  await login();
  expect(client.claims.sub).toBe('alice');
  expect(provider.verifyAccessToken(client.token.access_token)).toMatchObject({ sub: 'alice' });
});

test('provider: the verifier in Rust accepts the signatures of the provider', async () => {
  for (const signingAlg of ['ES256', 'RS256']) {
    const { client, login } = await startWorld({ signingAlg }, {}, { verifier: 'rust' });
    await login();
    expect(client.claims.sub).toBe('alice');
  }
});

test('provider: scopes open the claims, and those that no scope knows are told in any case', async () => {
  const users = [{ sub: 'carol', name: 'Carol', email: 'carol@example.com', roles: ['admin'] }];
  const { client, login } = await startWorld({ users }, { scope: 'openid email' });
  await login({ user: 'carol' });
  expect(client.claims).toMatchObject({ email: 'carol@example.com', roles: ['admin'] });
  expect(client.claims.name).toBeUndefined();
});

test('provider: userinfo tells the claims', async () => {
  const { client, login } = await startWorld();
  await login({ user: 'bob' });
  expect(await client.userinfo()).toMatchObject({ sub: 'bob', name: 'Bob Lindqvist', email_verified: false });
});

test('provider: the API has the orders of the person', async () => {
  const { client, login } = await startWorld();
  await login();
  expect(await (await client.get('orders')).json()).toMatchObject({ sub: 'alice', name: 'Alice Moreau', orders: [{ id: 'PC-20419' }, {}] });
  const echo = await client.post('echo?x=1', { body: 'hello' });
  expect(await echo.json()).toMatchObject({ sub: 'alice', method: 'POST', query: { x: '1' }, body: 'hello' });
});

test('provider: a refresh gives other tokens, and the person stays', async () => {
  const { client, login } = await startWorld();
  await login();
  const before = client.token;
  await client.refreshToken();
  expect(client.token.access_token).not.toBe(before.access_token);
  expect(client.token.refresh_token).not.toBe(before.refresh_token);
  expect(client.claims.sub).toBe('alice');
});

test('provider: an access token that has ended is renewed by the next call', async () => {
  const { client, login, provider } = await startWorld({ lifetimes: { accessToken: 100 } });
  await login();
  const { access_token: before } = client.token;
  const real = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => real() + 200_000);
  expect(provider.verifyAccessToken(before)).toBe(null);
  expect((await client.get('orders')).status).toBe(200);
  expect(client.token.access_token).not.toBe(before);
  vi.restoreAllMocks();
});

test('provider: without offline_access there is no refresh token, unless the provider gives one to all', async () => {
  const scope = 'openid';
  for (const [refreshTokens, given] of [['offline_access', false], ['always', true], ['never', false]]) {
    const { client, login } = await startWorld({ refreshTokens }, { scope });
    await login();
    expect([refreshTokens, client.token.refresh_token !== undefined]).toEqual([refreshTokens, given]);
  }
});

test('provider: a logout ends the session at the provider and the tokens, and comes back to the app', async () => {
  const { client, login, provider } = await startWorld();
  await login();
  const { token } = client;
  const { url, state } = await client.createLogoutUrl();
  expect(provider.user.sub).toBe('alice');
  expect(await provider.logout(url)).toBe(`${home}?state=${state}`);
  expect([provider.user, provider.verifyAccessToken(token.access_token)]).toEqual([null, null]);
});

test('provider: a revoked token is good for nothing', async () => {
  const { client, login, provider, seen } = await startWorld();
  await login();
  const { access_token: token } = client.token;
  await client.revokeToken('refresh_token');
  expect(provider.verifyAccessToken(token)).toBe(null);
  expect(seen()).toContain('/revoke 200');
});

test('provider: with prompt=none a person with a session is not asked', async () => {
  const { client, login } = await startWorld();
  await login({ user: 'bob' });
  await client.clear();
  await login({}, { prompt: 'none' });
  expect(client.claims.sub).toBe('bob');
});

test('provider: with prompt=none and without a session the answer is login_required', async () => {
  const { login } = await startWorld();
  await expect(login({ user: 'alice' }, { prompt: 'none' })).rejects.toMatchObject({ code: 'login_required' });
});

test('provider: a person who refuses has refused the login', async () => {
  const { login } = await startWorld();
  await expect(login({ deny: true })).rejects.toMatchObject({ code: 'authorization_refused', error: 'access_denied' });
});

test('provider: a consent is asked for and refused', async () => {
  const { begin, login, oauth, provider } = await startWorld();
  await login();
  const url = await provider.authorize(await begin({ prompt: 'consent' }), { deny: true });
  await expect(oauth.handleRedirect(url)).rejects.toMatchObject({ code: 'authorization_refused', error: 'access_denied' });
});

test('provider: an old login does not do for max_age', async () => {
  const { client, login } = await startWorld();
  await login();
  const { auth_time: before } = client.claims;
  const real = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => real() + 100_000);
  await login({ user: 'alice' }, { maxAge: 50 });
  vi.restoreAllMocks();
  expect(client.claims.auth_time).toBeGreaterThanOrEqual(before + 100);
});

test('provider: acr is the first that the login asks for', async () => {
  const { client, login } = await startWorld();
  await login({ user: 'alice' }, { acrValues: 'urn:demo:silver urn:demo:bronze' });
  expect(client.claims.acr).toBe('urn:demo:silver');
});

test('provider: login_hint says who signs in', async () => {
  const { client, login } = await startWorld();
  await login({}, { loginHint: 'bob@example.com' });
  expect(client.claims.sub).toBe('bob');
});

test('provider: the response comes in the fragment where the client wants it', async () => {
  const { begin, client, oauth, provider } = await startWorld({}, { responseMode: 'fragment' });
  const url = await provider.authorize(await begin(), { user: 'alice' });
  expect(new URL(url).hash).toMatch(/^#code=/);
  await oauth.handleRedirect(url);
  expect(client.claims.sub).toBe('alice');
});

test('provider: plain OAuth 2.0 has a token and no person', async () => {
  const { client, login, provider } = await startWorld({}, { scope: 'orders' });
  await login();
  expect([client.claims, client.token.id_token]).toEqual([null, undefined]);
  expect(provider.verifyAccessToken(client.token.access_token)).toMatchObject({ sub: 'alice', scope: 'orders', client_id: 'my-spa' });
});

test('provider: an access token is for the resource that the client names', async () => {
  const { client, login, provider } = await startWorld({}, { resource: 'https://api.example.com/' });
  await login();
  expect(provider.verifyAccessToken(client.token.access_token).aud).toBe('https://api.example.com/');
  expect(await provider.keys.verify(client.token.access_token)).toMatchObject({ aud: 'https://api.example.com/', client_id: 'my-spa' });
});

test('provider: a token for another resource is for that one, and that of the session stays', async () => {
  const { client, login, provider } = await startWorld();
  await login();
  const audience = async (options) => provider.verifyAccessToken(await client.getAccessToken(options)).aud;
  expect(await audience({ resource: 'https://files.example.com/' })).toBe('https://files.example.com/');
  expect(await audience()).toBe(`${provider.issuer}/api/`);
});

test('provider: an issuer may have a path and a slash at its end, to the letter', async () => {
  const issuer = 'https://id.example.com/realm/';
  const { client, login } = await startWorld({ issuer });
  await login();
  expect(client.claims.iss).toBe(issuer);
});

test('provider: after new keys a client fetches them, and old id_tokens are known still', async () => {
  const { client, login, provider, seen } = await startWorld();
  await login();
  const { id_token: old } = client.token;
  await provider.keys.rotate();
  await login({ user: 'bob' });
  expect(client.claims.sub).toBe('bob');
  expect(seen().filter((row) => row.startsWith('/jwks'))).toHaveLength(2);
  expect(await provider.keys.verify(old)).toMatchObject({ sub: 'alice' });
});

test('provider: an administrator ends the session of one user, whose refresh is then refused', async () => {
  const { client, login, provider } = await startWorld();
  await login();
  provider.signOut('bob');
  await client.refreshToken();
  provider.signOut('alice');
  await expect(client.refreshToken()).rejects.toMatchObject({ code: 'refresh_refused' });
  expect([client.isAuthenticated, provider.user]).toEqual([false, null]);
});

test('provider: requests to other origins are passed on', async () => {
  const beyond = vi.fn(async () => new Response('elsewhere'));
  const { provider } = await startWorld({ fetch: beyond });
  expect(await (await provider.fetch('https://elsewhere.example/x')).text()).toBe('elsewhere');
  expect(beyond).toHaveBeenCalledOnce();
  expect((await provider.fetch(provider.metadata.jwks_uri)).status).toBe(200);
  expect(beyond).toHaveBeenCalledOnce();
});

test('provider: the log of requests has paths, and no secret', async () => {
  const { client, login, provider, seen } = await startWorld();
  await login();
  await client.userinfo();
  expect(seen()).toEqual(['/.well-known/openid-configuration 200', '/token 200', '/jwks 200', '/userinfo 200']);
  expect(JSON.stringify(provider.requests)).not.toContain(client.token.access_token);
});
