// The judgments of the doctor by themselves: they ask nothing, so that a page can make them, too.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { judgeClock, judgeFailure, judgeSpeed } from '../node_modules/oidc-client-wasm/doctor/answers.js';
import { judgeIssuerSpelling, judgeOrigin, judgeRedirectUris } from '../node_modules/oidc-client-wasm/doctor/app.js';
import { catalogue, groups } from '../node_modules/oidc-client-wasm/doctor/catalogue.js';
import { faultOfOrigin, judgeCors } from '../node_modules/oidc-client-wasm/doctor/cors.js';
import { shown } from '../node_modules/oidc-client-wasm/doctor/finding.js';
import { judgeKeys } from '../node_modules/oidc-client-wasm/doctor/keys.js';
import { judgeLogin, outcomeOf } from '../node_modules/oidc-client-wasm/doctor/login.js';
import { ALGORITHMS } from '../node_modules/oidc-client-wasm/doctor/metadata.js';
import { judgeToken } from '../node_modules/oidc-client-wasm/doctor/tokens.js';
import { issuerOfDocument, metadataUrls, parseEndpoint, parseIssuer } from '../node_modules/oidc-client-wasm/doctor/url.js';

const folder = new URL('../node_modules/oidc-client-wasm/doctor/', import.meta.url);
const page = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8');

test('doctor: what judges imports nothing of Node.js and asks nothing', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(files.length).toBeGreaterThan(8);
  for (const name of files) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    for (const [, from] of text.matchAll(/from "([^"]+)"/g)) expect([name, from]).toEqual([name, expect.stringMatching(/^\.\/\w+\.js$/)]);
    expect(text).not.toMatch(/\b(fetch\(|process\.|Buffer\.|require\(|await import\()/);
  }
});

test('doctor: every finding has a row in docs/doctor.md, and every row a finding', () => {
  const rows = [...page.matchAll(/^\| <a id="([\w-]+)"><\/a>`([\w-]+)` \|/gm)].map(([, anchor, id]) => {
    expect(anchor).toBe(id);
    return id;
  });
  expect(rows.sort()).toEqual(Object.keys(catalogue).sort());
});

test('doctor: every finding that the code makes is in the catalogue, and every one of the catalogue is made', () => {
  const cli = new URL('../node_modules/oidc-client-wasm/cli/doctor/', import.meta.url);
  const sources = [[folder, 'answers'], [folder, 'app'], [folder, 'cors'], [folder, 'keys'], [folder, 'login'], [folder, 'metadata'], [folder, 'tokens'], [cli, 'examine']];
  const text = sources.map(([place, name]) => readFileSync(new URL(`${name}.js`, place), 'utf8')).join('\n');
  for (const [, id] of text.matchAll(/\b(?:ok|warning|problem|unseen)\("([\w-]+)"/g)) expect(catalogue).toHaveProperty(id);
  for (const id of Object.keys(catalogue)) expect(text).toMatch(new RegExp(`"${id}"|"${id}: `));
  for (const { group, specification } of Object.values(catalogue)) {
    expect(groups).toHaveProperty(group);
    if (specification) expect(specification.url).toMatch(/^https:\/\/(www\.rfc-editor\.org\/rfc\/rfc\d+#section-|openid\.net\/specs\/|fetch\.spec\.whatwg\.org\/#|www\.w3\.org\/TR\/)/);
  }
});

const rsa = (bits, more) => ({ ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }), ...more });
const ec = (namedCurve, more) => ({ ...generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }), ...more });
const ed = (more) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), ...more });
const p256 = ec('P-256', { kid: 'a' });
const judged = (keys, algorithms = ALGORITHMS) => judgeKeys({ keys }, { algorithms }).map(({ level, id }) => `${level} ${id}`);

for (const [what, keys, expected, algorithms] of [
  ['RSA of 2048 bits', [rsa(2048, { kid: 'a' })], ['ok keys']],
  ['RSA of 1024 bits', [rsa(1024, { kid: 'a' })], ['problem key-weak', 'problem keys-unusable']],
  ['RSA without a modulus', [{ kty: 'RSA', e: 'AQAB' }], ['problem key-weak', 'problem keys-unusable']],
  ['RSA with an even exponent', [rsa(2048, { e: 'AA4' })], ['problem key-weak', 'problem keys-unusable']],
  ['P-256', [p256], ['ok keys']],
  ['P-384', [ec('P-384')], ['ok keys']],
  ['P-521', [ec('P-521')], ['ok keys']],
  ['Ed25519', [ed({ alg: 'EdDSA' })], ['ok keys']],
  ['a point off its curve', [{ ...p256, y: p256.x }], ['problem key-off-curve', 'problem keys-unusable']],
  ['a coordinate that is too short', [{ ...p256, x: 'AQAB' }], ['problem key-weak', 'problem keys-unusable']],
  ['a key with its private part', [{ ...p256, d: 'x' }], ['problem key-private', 'problem keys-unusable']],
  ['a weak key that nobody uses, beside a good one', [rsa(1024, { use: 'enc', kid: 'b' }), p256], ['ok keys']],
  ['keys of types to come, beside a good one', [{ kty: 'AKP', alg: 'ML-DSA-44' }, { kty: 'oct' }, p256], ['ok keys']],
  ['a key for encryption alone', [{ ...p256, use: 'enc' }], ['problem keys-unusable']],
  ['a key that may only sign', [{ ...p256, key_ops: ['sign'] }], ['problem keys-unusable']],
  ['a key of another algorithm', [p256], ['problem keys-unusable'], ['RS256']],
  ['a key whose alg is another', [{ ...p256, alg: 'ES384' }], ['problem keys-unusable']],
  ['two keys of one kid', [p256, ec('P-256', { kid: 'a' })], ['ok keys', 'problem key-ids']],
  ['one key listed twice', [p256, p256], ['ok keys']],
  ['one kid for two types', [p256, rsa(2048, { kid: 'a' })], ['ok keys']],
  ['two keys without kid', [ec('P-256'), ec('P-256')], ['ok keys', 'warning key-ids']],
  ['no keys', [], ['problem keys-unusable']],
]) {
  test(`doctor: a key set with ${what}`, () => expect(judged(keys, algorithms)).toEqual(expected));
}

test('doctor: a key set without a list', () => expect(judgeKeys({}, { algorithms: ALGORITHMS })[0]).toMatchObject({ id: 'keys-unusable', level: 'problem' }));

const at = Date.parse('2026-11-30T12:00:00Z');
const sample = (seconds, more = {}, latency = 20) => ({ headers: { date: new Date(at + seconds * 1000).toUTCString(), ...more }, sent: at + 500 - latency / 2, received: at + 500 + latency / 2 });

test('doctor: the clock is judged by the answer that came soonest', () => {
  expect(judgeClock([sample(0)])).toMatchObject({ id: 'clock', level: 'ok' });
  expect(judgeClock([sample(30)])).toMatchObject({ level: 'warning', text: expect.stringMatching(/30 s ahead of/) });
  expect(judgeClock([sample(-90)])).toMatchObject({ level: 'problem', text: expect.stringMatching(/90 s behind/) });
  expect(judgeClock([sample(90, {}, 8000), sample(0)])).toMatchObject({ level: 'ok' });
});

test('doctor: an answer out of a cache is as old as it says, and counts least', () => {
  expect(judgeClock([sample(-3600, { age: '3600' })])).toMatchObject({ level: 'ok' });
  expect(judgeClock([sample(-3600, { age: '1' }), sample(0, {}, 400)])).toMatchObject({ level: 'ok' });
});

test('doctor: the speed of one answer, and of several', () => {
  const text = (...times) => judgeSpeed(times.map((ms) => ({ subject: 'metadata', ms }))).text;
  expect([text(65), text(10, 20, 30)]).toEqual(['One answer came, within 65 ms.', '3 answers came, half of them within 20 ms.']);
});

test('doctor: without a date nothing is said of the clock but that', () => {
  for (const date of [undefined, '', 'soon', '1e999']) expect(judgeClock([{ headers: { date }, sent: at, received: at }])).toMatchObject({ id: 'clock', level: 'warning' });
});

for (const [code, words] of [
  ['CERT_HAS_EXPIRED', /expired/], ['ERR_TLS_CERT_ALTNAME_INVALID', /another host/], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /intermediate/], ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted/],
  ['ERR_SSL_TLSV1_ALERT', /TLS failed/],
]) {
  test(`doctor: TLS fails with ${code}`, () => {
    expect(judgeFailure('metadata', { url: 'https://x', failure: { kind: 'tls', code } })).toMatchObject({ id: 'tls', text: expect.stringMatching(words), cure: expect.any(String) });
  });
}

for (const [code, words, where] of [
  ['ENOTFOUND', /name service/, 'app'], ['EAI_AGAIN', /looked up/, null], ['ECONNREFUSED', /nothing listens/, 'provider'], ['EPROTO', /does not speak TLS/, 'provider'],
  ['ESOMETHING', /cannot be reached \(ESOMETHING\)/, 'provider'], [undefined, /no reason is known/, 'provider'],
]) {
  test(`doctor: no connection, because of ${code}`, () => {
    expect(judgeFailure('metadata', { url: 'https://x', failure: { kind: 'network', code } })).toMatchObject({ id: 'unreachable', where, text: expect.stringMatching(words), cure: expect.any(String) });
  });
}

test('doctor: an origin is compared as a browser compares it', () => {
  const of = (value) => faultOfOrigin(value === undefined ? {} : { 'access-control-allow-origin': value }, 'https://app.example');
  for (const good of ['https://app.example', '*']) expect(of(good)).toBeUndefined();
  for (const bad of [undefined, '', 'null', 'https://APP.example', 'https://app.example/', 'https://app.example:443', '*, *', 'https://*.example']) expect([bad, of(bad)]).toEqual([bad, expect.any(String)]);
});

test('doctor: an issuer is as strict as in the settings', () => {
  for (const good of ['https://id.example', 'https://id.example/', 'https://id.example:8443/realms/x', 'http://localhost:9400', 'http://127.0.0.1/x', 'http://[::1]:8080']) expect([good, parseIssuer(good).fault]).toEqual([good, undefined]);
  for (const bad of ['http://id.example', 'https://id.example?x', 'https://id.example#x', 'https://a@id.example', 'ftp://x', 'https://', 'https://ex ample', 'https:/x', 'https://\u00e9.example', 'https://x:99999', 'http://127.0.0.1.evil.example', 'https://a\\b', 'https://1.2.3.4.5', 'https://256.1.1.1', 'https://[::::]', 'https://a..b', 'https://-a']) {
    expect([bad, parseIssuer(bad).fault]).toEqual([bad, expect.any(String)]);
  }
  expect(parseEndpoint('https://id.example/x?y').fault).toBeUndefined();
});

test('doctor: the places of metadata are those that the package asks', () => {
  expect(metadataUrls('https://id.example/realms/x')).toEqual(['https://id.example/realms/x/.well-known/openid-configuration', 'https://id.example/.well-known/oauth-authorization-server/realms/x']);
  expect(metadataUrls('https://id.example/')).toEqual(['https://id.example/.well-known/openid-configuration', 'https://id.example/.well-known/oauth-authorization-server']);
  for (const url of metadataUrls('https://id.example/realms/x')) expect(issuerOfDocument(url)).toBe('https://id.example/realms/x');
  expect(issuerOfDocument('https://id.example/realms/x')).toBeUndefined();
});

test('doctor: an app on plain http, a page on https with a provider on http, and loopback', () => {
  const ids = (origin, issuer) => judgeOrigin({ origin, issuer }).map(({ id }) => id);
  expect(ids('http://app.example', 'https://id.example')).toEqual(['origin-insecure']);
  expect(ids('http://localhost:5173', 'https://id.example')).toEqual(['origin']);
  expect(ids('https://app.example', 'http://localhost:9400')).toEqual(['origin', 'origin-mixed']);
});

test('doctor: redirect URIs of another origin, with a fragment, or without a scheme', () => {
  const ids = (redirectUri, postLogoutRedirectUri = 'https://app.example/') => judgeRedirectUris({ origin: 'https://app.example', redirectUri, postLogoutRedirectUri }).map(({ id }) => id);
  expect(ids('https://app.example/callback')).toEqual(['redirect-uri']);
  expect(ids('https://www.app.example/callback')).toEqual(['redirect-uri-other-origin']);
  expect(ids('https://app.example/#/callback')).toEqual(['redirect-uri-invalid']);
  expect(ids('https://app.example/callback', 'https://app.example/#x')).toEqual(['redirect-uri', 'post-logout-uri-invalid']);
});

test('doctor: an issuer on plain http is named before anything is asked', () => {
  expect(judgeIssuerSpelling('http://id.example')).toMatchObject({ id: 'issuer-invalid', level: 'problem' });
  expect(judgeIssuerSpelling('https://id.example')).toBeUndefined();
});

test('doctor: Google is named with its cure, also where its token endpoint looks at the code first', () => {
  const answer = (error, description) => ({ url: 'https://oauth2.googleapis.com/token', status: 400, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify({ error, error_description: description })) });
  const asked = { issuer: 'https://accounts.google.com', clientId: 'x' };
  expect(judgeToken(answer('invalid_request', 'client_secret is missing.'), asked)[0]).toMatchObject({ id: 'client-secret', level: 'problem', cure: expect.stringMatching(/"Web application".*insecureClientSecret/) });
  expect(judgeToken(answer('invalid_grant', 'Malformed auth code.'), asked)[0]).toMatchObject({ id: 'client-secret', level: 'warning', cure: expect.stringMatching(/insecureClientSecret/) });
  expect(judgeToken(answer('invalid_client', 'Unauthorized'), asked)[0]).toMatchObject({ id: 'client-secret', level: 'problem' });
  expect(judgeToken(answer('invalid_client', 'The OAuth client was not found.'), asked)[0]).toMatchObject({ id: 'client-unknown', level: 'problem' });
});

test('doctor: a refusal at Microsoft Entra says nothing of the type of the redirect URI, nor of a secret', () => {
  const answer = (url, headers, description) => ({ url, status: 400, headers, body: utf8(JSON.stringify({ error: 'invalid_grant', error_description: description })) });
  const judged = (url, headers = {}) => judgeCors('token_endpoint', answer(url, headers, 'x'), 'https://app.example');
  const entra = 'https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/oauth2/v2.0/token';
  expect(judged(entra)).toMatchObject({ id: 'cors-token', level: 'warning', cure: expect.stringMatching(/under the platform Single-page application, and under no other/) });
  for (const host of ['login.microsoftonline.us', 'my-tenant.ciamlogin.com', 'my-tenant.b2clogin.com', 'login.partner.microsoftonline.cn']) expect([host, judged(`https://${host}/x/oauth2/v2.0/token`).level]).toEqual([host, 'warning']);
  expect(judged(entra, { 'access-control-allow-origin': '*' }).level).toBe('ok');
  expect(judged(entra, { 'access-control-allow-origin': 'https://other.example' }).level).toBe('problem');
  for (const url of ['https://id.example/token', 'https://login.microsoftonline.com.evil.example/token', 'https://evil.example/login.microsoftonline.com/token']) expect([url, judged(url).level]).toEqual([url, 'problem']);
  expect(judgeCors('token_endpoint', { ...answer(entra, {}, 'x'), status: 200 }, 'https://app.example').level).toBe('problem');
  expect(judgeCors('jwks_uri', answer(entra, {}, 'x'), 'https://app.example').level).toBe('problem');

  const token = (description, error = 'invalid_grant') => judgeToken({ ...answer(entra, {}, ''), body: utf8(JSON.stringify({ error, error_description: description })) }, { issuer: 'https://login.microsoftonline.com/x/v2.0', clientId: 'x' })[0];
  expect(token('AADSTS9002313: Invalid request. Request is malformed or invalid.')).toMatchObject({ id: 'client-public', level: 'not-seen' });
  expect(token('AADSTS9002313: Invalid request. Request is malformed or invalid.', 'invalid_request')).toMatchObject({ id: 'client-public', level: 'not-seen' });
  expect(token("AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", 'invalid_client')).toMatchObject({ id: 'client-secret', level: 'problem' });
  expect(token("AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.", 'invalid_request')).toMatchObject({ id: 'token-refused', level: 'problem' });
});

// Words that the pages of providers have, as people reported them or the source of the provider has them: what they are taken for.
const utf8 = (text) => new TextEncoder().encode(text);
for (const [what, status, text, expected] of [
  ['Keycloak, an unknown client', 400, '<h1>We are sorry...</h1><p>Client not found.</p>', 'client-unknown'],
  ['Keycloak, a redirect URI', 400, '<h1>We are sorry...</h1><p>Invalid parameter: redirect_uri</p>', 'redirect-unregistered'],
  ['Auth0, an unknown client', 403, '<p>Unknown client: x</p>', 'client-unknown'],
  ['Auth0, a redirect URI', 403, '<p>Callback URL mismatch. The provided redirect_uri is not in the list of allowed callback URLs.</p>', 'redirect-unregistered'],
  ['Auth0, a redirect URI, with the code', 403, '<p>unauthorized_client: Callback URL mismatch. https://app.example/x is not in the list of allowed callback URLs</p>', 'redirect-unregistered'],
  ['Okta, an unknown client', 400, '<p>Description: Invalid value for &#39;client_id&#39; parameter.</p>', 'client-unknown'],
  ['Okta, a redirect URI as older releases have it', 400, "<p>The 'redirect_uri' parameter must be an absolute URI that is whitelisted in the client app settings.</p>", 'redirect-unregistered'],
  ['Okta, a redirect URI', 400, "<p>The 'redirect_uri' parameter must be a Login redirect URI in the client app settings</p>", 'redirect-unregistered'],
  ['Entra, a redirect URI, in a script of a page with 200', 200, '<script>$Config={"strMainMessage":"AADSTS50011: The redirect URI \\u0027https://app.example/x\\u0027 specified in the request does not match the redirect URIs configured for the application"}</script>', 'redirect-unregistered'],
  ['Entra, an unknown client, in a script of a page with 200', 200, '<script>$Config={"strMainMessage":"AADSTS700016: Application with identifier \\u0027x\\u0027 was not found in the directory"}</script>', 'client-unknown'],
  ['Entra, an application without a redirect URI', 200, '<script>$Config={"strMainMessage":"AADSTS500113: No reply address is registered for the application."}</script>', 'redirect-unregistered'],
  ['Entra, accounts of persons, an unknown client', 400, '<p>unauthorized_client: The client does not exist or is not enabled for consumers.</p>', 'client-unknown'],
  ['Google, a redirect URI', 400, '<p>Error 400: redirect_uri_mismatch</p>', 'redirect-unregistered'],
  ['Google, an unknown client', 401, '<p>The OAuth client was not found. Error 401: invalid_client</p>', 'client-unknown'],
  ['authentik, an unknown client', 400, '<h1>Client ID Error</h1><p>The client identifier (client_id) is missing or invalid.</p>', 'client-unknown'],
  ['Zitadel, a redirect URI', 400, '{"error":"invalid_request","error_description":"The requested redirect_uri is missing in the client configuration."}', 'redirect-unregistered'],
  ['Zitadel, an unknown client', 400, '{"error":"invalid_request","error_description":"Errors.App.NotFound"}', 'client-unknown'],
  ['authentik, a redirect URI', 400, '<h1>Redirect URI Error</h1><p>The request fails due to a missing, invalid, or mismatching redirection URI (redirect_uri).</p>', 'redirect-unregistered'],
  ['a page of a login', 200, '<h1>Sign in</h1><p>Forgot your password?</p>', 'login-unseen'],
]) {
  test(`doctor: words of ${what}`, () => {
    const answer = { url: 'https://id.example/authorize', status, headers: {}, body: utf8(text) };
    const findings = judgeLogin({ asked: outcomeOf(answer, { uri: 'https://app.example/callback' }) }, { uri: 'https://app.example/callback', clientId: 'spa', issuer: 'https://id.example', origin: 'https://app.example' });
    expect(findings[0].id).toBe(expected);
  });
}

test('doctor: a token endpoint that speaks of credentials wants a secret, and one that does not know the client says so', () => {
  const id = (error, description) => judgeToken({ url: 'https://id.example/token', status: 401, headers: {}, body: utf8(JSON.stringify({ error, error_description: description })) }, { issuer: 'https://id.example', clientId: 'spa' })[0].id;
  expect(id('invalid_client', 'Invalid client or Invalid client credentials')).toBe('client-secret');
  expect(id('invalid_client', 'The client does not exist on this server.')).toBe('client-unknown');
  expect(id('invalid_request', 'Unknown Client ID')).toBe('client-unknown');
  expect(id('invalid_client', 'Client authentication failed')).toBe('client-secret');
  expect(id('unauthorized_client', 'AADSTS700016: Application with identifier was not found')).toBe('client-unknown');
  expect(id('unauthorized_client', 'The client may not use this grant.')).toBe('token-refused');
});

test('doctor: a value is shown in part, without half a letter at its end', () => {
  expect(shown('x'.repeat(500))).toBe(`${'x'.repeat(200)}…`);
  expect(shown('\u{1f600}'.repeat(500))).toBe(`${'\u{1f600}'.repeat(200)}…`);
  expect(shown('\ud800x')).toBe('\ufffdx');
});
