// A whole login by the real package in the environment of a unit test, with a provider that is the test's `fetch`.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';

export const issuer = 'https://id.example.com';
const metadata = {
  issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, id_token_signing_alg_values_supported: ['ES256'],
};
const settings = { demo: { clientId: 'c', issuer, redirectUri: 'https://app.example/cb', scope: 'openid', apiBaseUrl: 'https://api.example.com/' } };
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A `fetch` that answers as the provider and as the API. The nonce is that of the login, once there is one. */
export async function provider(login) {
  const pair = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const key = { ...(await webcrypto.subtle.exportKey('jwk', pair.publicKey)), kid: 'k', use: 'sig', alg: 'ES256' };
  return async ({ url, headers }) => {
    const { origin, pathname } = new URL(url);
    if (origin !== issuer) return Response.json({ sent: headers.get('Authorization') });
    if (pathname.startsWith('/.well-known/')) return Response.json(metadata);
    if (pathname === '/jwks') return Response.json({ keys: [key] });
    const now = Math.floor(Date.now() / 1000);
    const input = `${base64url({ alg: 'ES256', kid: 'k' })}.${base64url({ iss: issuer, sub: 'alice', aud: 'c', exp: now + 300, iat: now, nonce: login.nonce })}`;
    const signature = await webcrypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, Buffer.from(input));
    return Response.json({ access_token: 'at', token_type: 'Bearer', expires_in: 300, id_token: `${input}.${Buffer.from(signature).toString('base64url')}` });
  };
}

/** Signs in, calls the API, takes methods off their objects, signs out; and the console was told nothing. */
export async function wholeLogin({ createOAuth, isOAuthError, OAuthError }, options) {
  const told = [];
  const { warn, error } = console;
  Object.assign(console, { warn: (...words) => told.push(words), error: (...words) => told.push(words) });
  try {
    sessionStorage.clear();
    const login = {};
    globalThis.fetch = await provider(login);
    const oauth = await createOAuth(settings, options);
    const { createAuthorizationUrl, get, getAccessToken } = oauth.demo;
    Object.assign(login, await createAuthorizationUrl());
    await oauth.demo.saveAuthorizeData({ ...login, appState: { text: 'ü€😀' } });
    const { handleRedirect, addEventListener } = oauth;
    const heard = [];
    addEventListener('logout', ({ detail }) => heard.push(detail.reason));
    const result = await handleRedirect(new URL(`https://app.example/cb?code=x&state=${login.state}`));
    assert.deepEqual([result.kind, result.client, { ...result.appState }], ['login', oauth.demo, { text: 'ü€😀' }]);
    assert.equal(oauth.demo.claims.sub, 'alice');
    assert.equal(await getAccessToken(), 'at');
    const { signal } = new AbortController();
    assert.equal((await (await get('orders', { signal })).json()).sent, 'Bearer at');
    assert.equal((await (await get(new Request('https://api.example.com/x'))).json()).sent, 'Bearer at');
    const aborted = await getAccessToken({ signal: AbortSignal.abort() }).catch((thrown) => thrown);
    assert.deepEqual([aborted.code, isOAuthError(aborted), aborted instanceof OAuthError], ['aborted', true, true]);
    await oauth.demo.clear();
    assert.deepEqual([heard, oauth.demo.isAuthenticated], [['local'], false]);
    const unreachable = await createOAuth({ demo: { ...settings.demo, issuer: 'https://elsewhere.example' } });
    globalThis.fetch = async () => { throw new TypeError('Failed to fetch'); };
    assert.equal(await unreachable.demo.authorizeRedirect().catch(({ code }) => code), 'network');
    assert.deepEqual(told, []);
  } finally {
    Object.assign(console, { warn, error });
  }
}

/** Settings in a script element of the page. */
export async function settingsOfThePage({ createOAuth }) {
  document.body.innerHTML = `<script type="application/json" id="settings">${JSON.stringify(settings)}</script>`;
  assert.deepEqual((await createOAuth(document.querySelector('#settings'))).names, ['demo']);
}
