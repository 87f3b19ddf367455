import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import test from 'node:test';
import { makeCertificate } from '../lib/certificate.js';
import { Provider } from '../lib/provider.js';
import { forgeries } from '../lib/tokens.js';

const redirectUri = 'http://app.localhost/callback';
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());

/** Runs `use` with a provider and what a client would do there. */
async function withProvider(use) {
  const provider = await new Provider().start();
  const origin = `http://localhost:${provider.servers[0].address().port}`;
  const post = (form) => fetch(`${origin}/token`, { method: 'POST', body: new URLSearchParams({ client_id: 'app', ...form }) });
  const login = async ({ verifier = 'v', nonce = 'n' } = {}) => {
    const challenge = createHash('sha256').update('v').digest('base64url');
    const query = new URLSearchParams({ client_id: 'app', redirect_uri: redirectUri, state: 's', nonce, code_challenge: challenge });
    const { headers } = await fetch(`${origin}/authorize?${query}`, { redirect: 'manual' });
    const answer = new URL(headers.get('location')).searchParams;
    const response = await post({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirectUri, code_verifier: verifier });
    return { answer, status: response.status, tokens: await response.json() };
  };
  const refresh = async (token) => {
    const response = await post({ grant_type: 'refresh_token', refresh_token: token });
    return { status: response.status, tokens: await response.json() };
  };
  try {
    await use({ provider, origin, login, refresh });
  } finally {
    provider.close();
  }
}

async function isSigned(origin, idToken) {
  const { keys: [key] } = await (await fetch(`${origin}/jwks`)).json();
  const [header, claims, signature] = idToken.split('.');
  return verify('sha256', Buffer.from(`${header}.${claims}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url'));
}

test('an honest login has a signed id_token for this login', () => withProvider(async ({ provider, origin, login }) => {
  const { answer, tokens } = await login();
  assert.equal(answer.get('state'), 's');
  assert.equal(answer.get('iss'), provider.plainIssuer);
  assert.ok(await isSigned(origin, tokens.id_token));
  const claims = decode(tokens.id_token.split('.')[1]);
  assert.deepEqual([claims.iss, claims.aud, claims.nonce], [provider.plainIssuer, 'app', 'n']);
  assert.ok(claims.exp > Date.now() / 1000);
}));

test('a code is not redeemed without its verifier', () => withProvider(async ({ login }) => {
  assert.equal((await login({ verifier: 'of somebody else' })).status, 400);
}));

test('a refresh token that comes twice ends the session where the provider is strict', () => withProvider(async ({ provider, login, refresh }) => {
  provider.strict = true;
  const { tokens } = await login();
  const next = await refresh(tokens.refresh_token);
  assert.equal(next.status, 200);
  assert.equal((await refresh(tokens.refresh_token)).status, 400);
  assert.equal((await refresh(next.tokens.refresh_token)).status, 400);
}));

test('the time of the login stays the same over refreshes', () => withProvider(async ({ provider, login, refresh }) => {
  const { tokens } = await login();
  provider.ahead = 7200;
  const { tokens: later } = await refresh(tokens.refresh_token);
  const [first, second] = [tokens, later].map(({ id_token: token }) => decode(token.split('.')[1]));
  assert.equal(second.auth_time, first.auth_time);
  assert.ok(second.exp - first.exp >= 7200);
}));

test('each forgery shows, and no other fault comes with it', () => withProvider(async ({ provider, origin, login }) => {
  for (const forgery of forgeries) {
    provider.forgery = forgery;
    const { answer, tokens } = await login();
    const [header, claims] = tokens.id_token.split('.').slice(0, 2).map(decode);
    const faults = [
      !(header.alg === 'RS256' && await isSigned(origin, tokens.id_token)), claims.aud !== 'app', claims.iss !== provider.plainIssuer, claims.nonce !== 'n',
      claims.exp < Date.now() / 1000, answer.get('state') !== 's', answer.get('iss') !== provider.plainIssuer,
    ];
    assert.equal(faults.filter(Boolean).length, 1, forgery);
  }
}));

test('the certificate is for its host, and signed by its own key', () => {
  const { cert, spkiHash } = makeCertificate('op.app.localhost');
  const certificate = new X509Certificate(cert);
  assert.equal(certificate.checkHost('op.app.localhost'), 'op.app.localhost');
  assert.ok(certificate.verify(certificate.publicKey));
  assert.equal(createHash('sha256').update(certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('base64'), spkiHash);
});
