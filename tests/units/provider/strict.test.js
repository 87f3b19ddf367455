// @vitest-environment node

import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { createProvider } from 'oidc-client-wasm/testing/provider';
import { createStore } from '../node_modules/oidc-client-wasm/testing/provider/store.js';

const redirectUri = 'http://localhost:5173/callback';
const verifier = 'v'.repeat(43);
const challenge = await oauth.calculatePKCECodeChallenge(verifier);

const authorization = { client_id: 'my-spa', redirect_uri: redirectUri, response_type: 'code', scope: 'openid offline_access', code_challenge: challenge, code_challenge_method: 'S256', state: 's' };

const urlOf = (provider, changes = {}) => `${provider.metadata.authorization_endpoint}?${new URLSearchParams({ ...authorization, ...changes })}`;
const codeOf = async (provider, changes) => new URL(await provider.authorize(urlOf(provider, changes), { user: 'alice' })).searchParams.get('code');

async function post(provider, url, form, headers = {}) {
  const answer = await provider.handle(new Request(url, { method: 'POST', headers, body: new URLSearchParams(form) }));
  return { status: answer.status, ...(await answer.json().catch(() => ({}))) };
}
const redeem = (provider, code, changes) => post(provider, provider.metadata.token_endpoint, { grant_type: 'authorization_code', client_id: 'my-spa', code, redirect_uri: redirectUri, code_verifier: verifier, ...changes });
const refresh = (provider, token, changes) => post(provider, provider.metadata.token_endpoint, { grant_type: 'refresh_token', client_id: 'my-spa', refresh_token: token, ...changes });

for (const [what, changes, error] of [
  ['another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant'],
  ['a verifier that is too short', { code_verifier: 'v' }, 'invalid_grant'],
  ['another client', { client_id: 'another' }, 'invalid_grant'],
  ['another redirect URI', { redirect_uri: `${redirectUri}/` }, 'invalid_grant'],
  ['a code of nobody', { code: 'x' }, 'invalid_grant'],
  ['a secret', { client_secret: 'x' }, 'invalid_client'],
  ['a resource that is none', { resource: '/api' }, 'invalid_target'],
  ['another grant type', { grant_type: '__proto__' }, 'unsupported_grant_type'],
]) {
  test(`a code is refused with ${what}`, async () => {
    const provider = createProvider();
    expect(await redeem(provider, await codeOf(provider), changes)).toMatchObject({ error });
  });
}

test('a code that comes twice is refused, and ends what it gave', async () => {
  const provider = createProvider();
  const code = await codeOf(provider);
  const { access_token: token, status } = await redeem(provider, code);
  expect([status, provider.verifyAccessToken(token)?.sub]).toEqual([200, 'alice']);
  expect(await redeem(provider, code)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(provider.verifyAccessToken(token)).toBe(null);
});

test('a refresh token that comes twice is refused, and ends its session', async () => {
  const provider = createProvider();
  const { refresh_token: first } = await redeem(provider, await codeOf(provider));
  const { refresh_token: second, access_token: token } = await refresh(provider, first);
  expect(provider.verifyAccessToken(token).sub).toBe('alice');
  expect(await refresh(provider, first)).toMatchObject({ error: 'invalid_grant' });
  expect(provider.verifyAccessToken(token)).toBe(null);
  expect(await refresh(provider, second)).toMatchObject({ error: 'invalid_grant' });
});

test('a refresh token is of its client and of its scope', async () => {
  const provider = createProvider();
  const { refresh_token: token } = await redeem(provider, await codeOf(provider));
  expect(await refresh(provider, token, { client_id: 'another' })).toMatchObject({ error: 'invalid_grant' });
  expect(await refresh(provider, token, { scope: 'openid admin' })).toMatchObject({ error: 'invalid_scope' });
  expect(await refresh(provider, token, { scope: 'openid' })).toMatchObject({ scope: 'openid' });
});

for (const uri of [
  'https://evil.example/', 'http://localhost.evil.example/', 'http://localhost@evil.example/', 'http://evil.example#@localhost', 'javascript:alert(1)', '//localhost/',
  'http://localhost:5173/\r\nSet-Cookie: a=b', 'http://localhost:5173\\@evil.example/', 'http://user:pw@localhost/', 'http://localhost/#x', 'localhost', ' http://localhost/', 'http://127.0.0.1.evil.example/',
]) {
  test(`the redirect URI ${JSON.stringify(uri)} gets no redirect`, async () => {
    const provider = createProvider();
    const answer = await provider.handle(new Request(urlOf(provider, { redirect_uri: uri })));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    await expect(provider.authorize(urlOf(provider, { redirect_uri: uri }), { user: 'alice' })).rejects.toThrow(/redirect URI/);
  });
}

for (const [what, changes, error] of [
  ['no PKCE', { code_challenge: '' }, 'invalid_request'],
  ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
  ['another response mode', { response_mode: 'form_post' }, 'invalid_request'],
  ['prompt none with another', { prompt: 'none login' }, 'invalid_request'],
  ['a request object', { request: 'x' }, 'request_not_supported'],
]) {
  test(`a login with ${what} is refused to the app`, async () => {
    const provider = createProvider();
    const back = new URL(await provider.authorize(urlOf(provider, changes), { user: 'alice' }));
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error, state: 's', iss: provider.issuer });
  });
}

for (const [what, changes, answer, error] of [
  ['a fault of its own', {}, {}, 'temporarily_unavailable'],
  ['the person who refuses', { prompt: 'login' }, { deny: true }, 'access_denied'],
  ['a mistake of the app', { response_type: 'token' }, {}, 'unsupported_response_type'],
]) {
  test(`a fault of the response is one of an error, too: ${what}`, async () => {
    const provider = createProvider();
    await codeOf(provider);
    provider.faults = { authorization: { response: 'wrong-state', times: 1, ...(error === 'temporarily_unavailable' && { error }) } };
    expect(Object.fromEntries(new URL(await provider.authorize(urlOf(provider, changes), answer)).searchParams)).toMatchObject({ error, state: 'sx' });
    expect(provider.faults).toEqual({});
  });
}

test('max_age=0 asks for a new login, also in the second of the last one', async () => {
  const provider = createProvider();
  await codeOf(provider);
  const errorOf = async (changes) => new URL(await provider.authorize(urlOf(provider, { prompt: 'none', ...changes }))).searchParams.get('error');
  expect([await errorOf({ max_age: '0' }), await errorOf({ max_age: '60' })]).toEqual(['login_required', null]);
});

test('id_token_hint is an id_token of this provider: no access token, and none of a provider beside it', async () => {
  const [provider, other] = [createProvider(), createProvider({ issuer: 'http://localhost:9401' })];
  const { access_token: token, id_token: own } = await redeem(provider, await codeOf(provider));
  const { id_token: foreign } = await redeem(other, await codeOf(other));
  const errorOf = async (hint) => new URL(await provider.authorize(urlOf(provider, { prompt: 'none', id_token_hint: hint }))).searchParams.get('error');
  expect([await errorOf(token), await errorOf(foreign), await errorOf(own)]).toEqual(['invalid_request', 'invalid_request', null]);
});

test('a token of a login that has been forgotten is good for nothing', () => {
  const store = createStore({ accessToken: 60, refreshToken: 60 });
  const { id } = store.newGrant({ clientId: 'c', sub: 'alice' });
  const refreshToken = store.newTokens(id, { accessToken: 'a', scope: 'openid', hasRefreshToken: true, fullScope: 'openid' });
  expect(store.accessToken('a').grant.sub).toBe('alice');
  for (let count = 0; count < 10_000; count += 1) store.newGrant({ clientId: 'c', sub: 'bob' });
  expect([store.accessToken('a'), store.takeRefreshToken(refreshToken, 'c')]).toEqual([undefined, undefined]);
});

test('registered clients have their redirect URIs to the letter, and no others', async () => {
  const provider = createProvider({ clients: [{ clientId: 'my-spa', redirectUris: ['https://app.example/cb'] }] });
  expect(await codeOf(provider, { redirect_uri: 'https://app.example/cb' })).toBeTruthy();
  await expect(codeOf(provider, { redirect_uri: 'https://app.example/cb/' })).rejects.toThrow(/not allowed/);
  await expect(codeOf(provider, { client_id: 'other' })).rejects.toThrow(/no client "other"/);
});

test('a question without an answer is an error that says how to answer', async () => {
  const provider = createProvider();
  await expect(provider.authorize(urlOf(provider))).rejects.toThrow('authorize(url, { user: "alice" })');
  await expect(provider.authorize(urlOf(provider), { user: 'mallory' })).rejects.toThrow(/There are: alice, bob/);
});

test('the page of the login escapes what comes from outside', async () => {
  const provider = createProvider({ users: [{ sub: 'x"><script>', name: '<img src=x onerror=alert(1)>' }] });
  const answer = await provider.handle(new Request(urlOf(provider, { client_id: '"><script>alert(1)</script>' })));
  const text = await answer.text();
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(text).not.toMatch(/<script|<img|"><s/);
  const refused = await (await provider.handle(new Request(urlOf(provider, { redirect_uri: 'https://x/<script>alert(1)</script>' })))).text();
  expect(refused).not.toContain('<script');
});

test('a form that no page of the provider has shown to this browser is refused', async () => {
  const provider = createProvider();
  const page = await (await provider.handle(new Request(urlOf(provider)))).text();
  const question = /name="question" value="([\w-]+)"/.exec(page)[1];
  const answer = await provider.handle(new Request(`${provider.issuer}/login`, { method: 'POST', body: new URLSearchParams({ question, sub: 'alice' }) }));
  expect([answer.status, answer.headers.get('set-cookie')]).toEqual([400, null]);
});

for (const [options, words] of [
  [{ user: [] }, /no "user".*users/],
  [{ issuer: 'x' }, /issuer "x"/],
  [{ users: [] }, /no users/],
  [{ users: [{ sub: '' }] }, /users\[0\]/],
  [{ users: [{ sub: 'a' }, { sub: 'a' }] }, /sub "a"/],
  [{ users: [{ sub: 'a', iss: 'x' }] }, /"iss".*Leave it out/],
  [{ users: [{ sub: 'a', toJSON: () => ({ sub: 'b c' }) }] }, /users\[0\] has no usable "sub"/],
  [{ users: [{ sub: 'a', toJSON: () => 7 }] }, /users\[0\] is not an object/],
  [{ users: [{ sub: 'a', age: 7n }] }, /users\[0\] is not JSON/],
  [{ users: [JSON.parse('{"sub":"a","__proto__":{"x":1}}')] }, /"__proto__"/],
  [{ signingAlg: 'none' }, /signingAlg.*"ES256"/],
  [{ lifetimes: { code: 0 } }, /lifetimes\.code/],
  [{ clients: [{ clientId: 'a', redirectUris: ['/x'] }] }, /redirectUris/],
]) {
  test(`wrong options are an error with its cure: ${words}`, () => {
    expect(() => createProvider(options)).toThrow(words);
  });
}

describe('oauth4webapi', () => {
  for (const [signingAlg, issuer] of [['ES256', 'http://localhost:9400'], ['RS256', 'http://localhost:9400/realm'], ['ES256', 'http://localhost:9400/realm/']]) {
    test(`accepts the answers of ${issuer}, signed by ${signingAlg}`, async () => {
      const provider = createProvider({ signingAlg, issuer });
      const http = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: provider.fetch };
      const client = { client_id: 'my-spa' };
      const identifier = new URL(issuer);
      const server = await oauth.processDiscoveryResponse(identifier, await oauth.discoveryRequest(identifier, http));
      const nonce = oauth.generateRandomNonce();
      const back = new URL(await provider.authorize(urlOf(provider, { nonce }), { user: 'alice' }));
      const params = oauth.validateAuthResponse(server, client, back, 's');
      const answer = await oauth.authorizationCodeGrantRequest(server, client, oauth.None(), params, redirectUri, verifier, http);
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, { expectedNonce: nonce, requireIdToken: true });
      await oauth.validateApplicationLevelSignature(server, answer, http);
      const { sub } = oauth.getValidatedIdTokenClaims(tokens);
      const person = await oauth.processUserInfoResponse(server, client, sub, await oauth.userInfoRequest(server, client, tokens.access_token, http));
      expect(person.sub).toBe('alice');
      const refreshed = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token, http);
      const again = await oauth.processRefreshTokenResponse(server, client, refreshed);
      await oauth.validateApplicationLevelSignature(server, refreshed, http);
      expect(again.refresh_token).not.toBe(tokens.refresh_token);
      await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, oauth.None(), again.refresh_token, http));
      expect(provider.verifyAccessToken(again.access_token)).toBe(null);
    });
  }

  for (const fault of ['wrong-signature', 'unknown-key', 'expired', 'wrong-nonce', 'wrong-issuer', 'wrong-audience']) {
    test(`refuses an id_token of the fault ${fault}`, async () => {
      const provider = createProvider({ faults: { idToken: fault } });
      const http = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: provider.fetch };
      const client = { client_id: 'my-spa' };
      const back = new URL(await provider.authorize(urlOf(provider, { nonce: 'n' }), { user: 'alice' }));
      const params = oauth.validateAuthResponse(provider.metadata, client, back, 's');
      const answer = await oauth.authorizationCodeGrantRequest(provider.metadata, client, oauth.None(), params, redirectUri, verifier, http);
      const judged = oauth.processAuthorizationCodeResponse(provider.metadata, client, answer, { expectedNonce: 'n', requireIdToken: true })
        .then(() => oauth.validateApplicationLevelSignature(provider.metadata, answer, http));
      await expect(judged).rejects.toMatchObject({ name: 'OperationProcessingError' });
    });
  }
});
