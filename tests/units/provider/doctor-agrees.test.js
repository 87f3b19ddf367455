// The doctor and the package judge alike: what the doctor calls a problem the package refuses, and what it finds well the package takes.

import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, expect, test, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { createProvider } from 'oidc-client-wasm/testing/provider';
import { judgeDocument } from '../node_modules/oidc-client-wasm/doctor/answers.js';
import { judgeIssuerSpelling } from '../node_modules/oidc-client-wasm/doctor/app.js';
import { judgeKeys } from '../node_modules/oidc-client-wasm/doctor/keys.js';
import { ALGORITHMS, judgeIssuer, judgeMetadata } from '../node_modules/oidc-client-wasm/doctor/metadata.js';

const origin = 'https://id.example';
const issuer = `${origin}/realms/x`;
const { metadata: { userinfo_endpoint: _, ...good } } = createProvider({ issuer: 'http://localhost:9400' });
for (const [name, value] of Object.entries(good)) if (typeof value === 'string') good[name] = value.replace('http://localhost:9400', issuer);

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

/** A page that gets these documents: paths with bytes or with what becomes JSON. */
function stub(documents) {
  vi.stubGlobal('fetch', async ({ url }) => {
    const body = documents[url];
    if (body === undefined) return new Response('{}', { status: 404 });
    return new Response(ArrayBuffer.isView(body) ? body : JSON.stringify(body));
  });
}

const client = async (settings) => (await createOAuth({ demo: { issuer, clientId: 'spa', redirectUri: `${location.origin}/callback`, ...settings } }, { storagePrefix: `t${Math.random()}` })).demo;
const codeOf = (promise) => promise.then(() => undefined, ({ code }) => code ?? 'no code');
const problems = (findings) => findings.filter(({ level }) => level === 'problem').map(({ id }) => id);
const discovery = `${issuer}/.well-known/openid-configuration`;
const bytes = (text) => new TextEncoder().encode(text);
const withMembers = (members) => bytes(JSON.stringify({ ...good, ...members }));

for (const [what, document] of [
  ['as it should be', withMembers({})],
  ['with a byte order mark', bytes(`\ufeff${JSON.stringify(good)}`)],
  ['with 32 levels', withMembers({ x: JSON.parse('['.repeat(31) + ']'.repeat(31)) })],
  ['with 33 levels', withMembers({ x: JSON.parse('['.repeat(32) + ']'.repeat(32)) })],
  ['with a member twice', bytes(JSON.stringify(good).replace('{', '{"x":1,"x":2,'))],
  ['with a member twice, once in other letters', bytes(JSON.stringify(good).replace('{', '{"xy":1,"\\u0078y":2,'))],
  ['with 100000 values', withMembers({ x: Array.from({ length: 100_001 }, () => 1) })],
  ['with 2001 members', withMembers({ x: Object.fromEntries(Array.from({ length: 2001 }, (__, at) => [`m${at}`, 1])) })],
  ['with octets that are no UTF-8', Uint8Array.from([...bytes('{"a":"'), 0xff, ...bytes('"}')])],
  ['larger than a mebibyte', withMembers({ x: 'x'.repeat(1 << 20) })],
  ['that is a list', bytes('[]')],
  ['that is HTML', bytes('<!doctype html>')],
  ['of another issuer', withMembers({ issuer: `${issuer}/` })],
  ['without an issuer', withMembers({ issuer: null })],
  ['with an issuer that is a number', withMembers({ issuer: 1 })],
  ['without an authorization endpoint', withMembers({ authorization_endpoint: '' })],
  ['without a token endpoint', withMembers({ token_endpoint: undefined })],
  ['without keys', withMembers({ jwks_uri: undefined })],
  ['with an endpoint on http', withMembers({ revocation_endpoint: 'http://id.example/r' })],
  ['with an endpoint on another host', withMembers({ token_endpoint: 'https://other.example/t?x=y' })],
  ['with an endpoint with a fragment', withMembers({ end_session_endpoint: 'https://id.example/r#x' })],
  ['with an endpoint with a user', withMembers({ jwks_uri: 'https://a@id.example/r' })],
  ['with an endpoint that is a list', withMembers({ token_endpoint: [] })],
  ['with an endpoint with a letter beyond ASCII', withMembers({ token_endpoint: 'https://id.example/é' })],
  ['with HS256 alone', withMembers({ id_token_signing_alg_values_supported: ['HS256', 'none'] })],
  ['with EdDSA alone', withMembers({ id_token_signing_alg_values_supported: ['EdDSA'] })],
  ['with algorithms that are a text', withMembers({ id_token_signing_alg_values_supported: 'RS256' })],
  ['with algorithms of userinfo that are numbers', withMembers({ userinfo_signing_alg_values_supported: [1] })],
  ['without a list of algorithms', withMembers({ id_token_signing_alg_values_supported: null })],
  ['with plain PKCE', withMembers({ code_challenge_methods_supported: ['plain'] })],
  ['without a word on PKCE', withMembers({ code_challenge_methods_supported: undefined })],
  ['with the implicit flow', withMembers({ response_types_supported: ['token'] })],
  ['with a promise that is a text', withMembers({ authorization_response_iss_parameter_supported: 'yes' })],
  ['with pushed requests', withMembers({ require_pushed_authorization_requests: true })],
  ['with pushed requests, as a text', withMembers({ require_pushed_authorization_requests: 'true' })],
]) {
  test(`doctor: agrees with the package on metadata ${what}`, async () => {
    stub({ [discovery]: document, [good.jwks_uri]: { keys: [] } });
    const code = await codeOf((await client()).createAuthorizationUrl());
    const answer = { url: discovery, status: 200, headers: { 'content-type': 'application/json' }, body: document.subarray(0, 1 << 20), isCut: document.length > 1 << 20 };
    const { document: read, findings } = judgeDocument('metadata', answer);
    const judged = read ? [judgeIssuer(read, issuer), ...judgeMetadata(read, { issuer }).findings] : findings;
    expect([code, problems(judged)]).toEqual(code === undefined ? [undefined, []] : [expect.any(String), expect.arrayContaining([expect.any(String)])]);
  });
}

for (const text of [
  'https://id.example', 'https://id.example/', 'https://id.example:8443/x', 'http://localhost:1', 'http://127.0.0.1', 'http://[::1]:3', 'http://a.localhost', 'HTTPS://id.example',
  'http://id.example', 'http://128.0.0.1', 'http://127.0.0.1.example', 'http://127.1', 'https://id.example?x', 'https://id.example#x', 'https://u@id.example', 'https://', 'https:/id.example', 'id.example',
  'https://id.example\\x', 'https://id exa', 'https://\u00e9.example', 'https://id..example', 'https://-id.example', 'https://id.example:99999', 'https://id.example:x', 'ftp://id.example', 'javascript:1',
]) {
  test(`doctor: agrees with the package on the issuer ${text}`, async () => {
    stub({});
    const code = await codeOf(client({ issuer: text }));
    expect(code === undefined).toBe(judgeIssuerSpelling(text) === undefined);
  });
}

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
const jwk = ({ publicKey }, more) => ({ ...publicKey.export({ format: 'jwk' }), kid: 'k', ...more });
const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function idToken({ privateKey }, alg) {
  const now = Math.floor(Date.now() / 1000);
  const input = `${base64url({ alg, kid: 'k' })}.${base64url({ iss: issuer, sub: 'alice', aud: 'spa', exp: now + 300, iat: now })}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const p256 = jwk(ec);
for (const [what, keys, pair = ec, alg = 'ES256'] of [
  ['a good key', [p256]],
  ['a good key of RSA', [jwk(rsa)], rsa, 'RS256'],
  ['a key of RSA with 1024 bits', [jwk(small)], small, 'RS256'],
  ['a key of RSA with an even exponent', [jwk(rsa, { e: 'AQAA' })], rsa, 'RS256'],
  ['a key of RSA with zeros before its modulus', [jwk(rsa, { n: Buffer.concat([Buffer.alloc(2), Buffer.from(jwk(rsa).n, 'base64url')]).toString('base64url') })], rsa, 'RS256'],
  ['a point off its curve', [{ ...p256, y: p256.x }]],
  ['a coordinate that is too short', [{ ...p256, x: 'AQAB' }]],
  ['a coordinate with padding', [{ ...p256, x: `${p256.x}=` }]],
  ['its private part', [{ ...p256, d: 'x' }]],
  ['its private part as null', [{ ...p256, d: null }]],
  ['use enc', [{ ...p256, use: 'enc' }]],
  ['use null', [{ ...p256, use: null }]],
  ['key_ops sign', [{ ...p256, key_ops: ['sign'] }]],
  ['key_ops verify', [{ ...p256, key_ops: ['verify'] }]],
  ['another alg', [{ ...p256, alg: 'ES384' }]],
  ['another key of the same kid', [p256, jwk(other)]],
  ['the same key twice', [p256, { ...p256 }]],
  ['a key of another type of the same kid', [p256, jwk(rsa)]],
  ['strange members beside it', [null, 1, {}, { kty: 'AKP' }, p256]],
]) {
  test(`doctor: agrees with the package on a key set with ${what}`, async () => {
    const { keys: set } = JSON.parse(JSON.stringify({ keys }));
    stub({ [discovery]: { ...good, id_token_signing_alg_values_supported: [alg] }, [good.jwks_uri]: { keys: set } });
    const code = await codeOf((await client({ allowMissingNonce: true })).parseIdToken(idToken(pair, alg)));
    const judged = problems(judgeKeys({ keys: set }, { algorithms: [alg] }));
    expect([code, judged]).toEqual(judged.length === 0 ? [undefined, []] : [expect.stringMatching(/^(invalid_key_id|weak_key)$/), judged]);
  });
}

test('doctor: knows the algorithms that the package accepts, and no other', async () => {
  stub({});
  for (const alg of ALGORITHMS) expect(await codeOf(client({ idTokenSigningAlgs: [alg] }))).toBeUndefined();
  for (const alg of ['none', 'HS256', 'RS1', 'ES256K', 'Ed448']) expect(await codeOf(client({ idTokenSigningAlgs: [alg] }))).toBe('config_invalid');
});
