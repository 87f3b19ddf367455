// Lies in what an answer says, told in a real browser with the real keys beside them: the URL that comes back, and an id_token from
// a token endpoint that somebody else has taken over. The native tests have all of them; these show that none gets lost on the way.

import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { assertSignedOut } from '../lib/signed-out.js';
import { alice, handle, reachCallback, redirectToProvider, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ signingAlgs: ['RS256', 'ES256'] });

const tokenRequests = () => world.requestsTo('token').length;

// ---- the URL

const smuggled = 'access_token=smuggled&id_token=a.b.c&token_type=bearer&expires_in=3600';

test('tokens smuggled in the fragment beside an honest answer: the token is the token endpoint\'s', async () => {
  const url = await reachCallback(world);
  await world.visit(`${url.href}#${smuggled}`);
  const { kind, token } = await handle(world);
  assert.equal(kind, 'login');
  assert.notEqual(token.access_token, 'smuggled');
  assert.equal(await world.call(() => JSON.stringify({ ...sessionStorage }).includes('smuggled')), false);
});

test('tokens smuggled in the fragment with the state of this login: nobody is signed in by them', async () => {
  const { searchParams } = await reachCallback(world);
  await world.visit(`/callback#${smuggled}&state=${searchParams.get('state')}`);
  assert.equal(await handle(world), null);
  await assertSignedOut(world);
  assert.equal(tokenRequests(), 0);
});

test('tokens smuggled in the query with the state of this login: missing_code', async () => {
  const { searchParams } = await reachCallback(world);
  const iss = encodeURIComponent(world.provider.issuer);
  await world.visit(`/callback?${smuggled}&state=${searchParams.get('state')}&iss=${iss}`);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'missing_code', kind: 'rejected', phase: 'callback' });
  await assertSignedOut(world);
  assert.equal(tokenRequests(), 0);
});

test('an answer bound to the state of another login of this tab: its code is worth nothing there', async () => {
  const first = await reachCallback(world);
  await world.startAtHome();
  await redirectToProvider(world, { prompt: 'login' });
  const second = await signInAtProvider(world);
  second.searchParams.set('code', first.searchParams.get('code'));
  await world.visit(second.href);
  // The verifier of the second login does not fit the code of the first: the provider sees that (RFC 7636).
  await assert.rejects(handle(world), { isOAuthError: true, code: 'token_refused', kind: 'refused', error: 'invalid_grant' });
  await assertSignedOut(world);
});

test('an error with a foreign state concerns nobody, and the login that is under way completes', async () => {
  const url = await reachCallback(world);
  await world.visit(`/callback?error=access_denied&state=${'F'.repeat(43)}`);
  assert.equal(await handle(world), null);
  await world.visit(url.href);
  assert.equal((await handle(world)).kind, 'login');
});

test('an error and a code at once: it is an error, and no token is asked for', async () => {
  const url = await reachCallback(world);
  await world.visit(`${url.href}&error=access_denied`);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'authorization_refused', kind: 'refused' });
  assert.equal(tokenRequests(), 0);
  await assertSignedOut(world);
});

test('the issuer in the fragment does not stand for the one that the query lacks: missing_issuer', async () => {
  const url = await reachCallback(world);
  url.searchParams.delete('iss');
  await world.visit(`${url.href}#iss=${encodeURIComponent(world.provider.issuer)}`);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'missing_issuer', kind: 'rejected' });
  assert.equal(tokenRequests(), 0);
});

// ---- the id_token. The token endpoint gives anything for any code, so nobody has to sign in first

/** Answers a login of the page's own with what `make(claims)` gives for an id_token; `claims` are those of an honest one. */
async function answerWith(make) {
  await world.startAtHome();
  const { state, nonce } = await world.call(async () => {
    const data = await window.oauth.demo.createAuthorizationUrl();
    await window.oauth.demo.saveAuthorizeData(data);
    return data;
  });
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: world.provider.issuer, sub: alice.sub, aud: world.provider.clientId, iat: now, exp: now + 300, nonce };
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 200;
    answer.body = { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: make(claims) };
  });
  const query = new URLSearchParams({ code: 'any', state, iss: world.provider.issuer });
  return world.call((url) => window.oauth.handleRedirect(url), world.app.url(`/callback?${query}`));
}

const keyOf = (alg) => world.provider.keys.find((key) => key.alg === alg);
const sign = (claims, options) => world.provider.signJwt(claims, options);
const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const unsigned = (header, claims, signature = '') => `${encode(header)}.${encode(claims)}.${signature}`;

function signedByAttacker(claims, header) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  return sign(claims, { key: { ...privateKey.export({ format: 'jwk' }), alg: 'RS256' }, header: { kid: keyOf('RS256').kid, ...header(jwk) } });
}

test('an honest id_token by this way is a login: the lies below fail for what they are', async () => {
  assert.equal((await answerWith((claims) => sign(claims))).kind, 'login');
  assert.equal((await answerWith((claims) => sign(claims, { alg: 'ES256' }))).token.userinfo.sub, alice.sub);
});

const lies = [
  ['unsigned, in another spelling of none', 'unsupported_algorithm', (claims) => unsigned({ alg: 'nOnE' }, claims)],
  ['signed by HMAC with the public key', 'unsupported_algorithm', (claims) => {
    const { kid, n, e } = keyOf('RS256');
    const secret = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const input = unsigned({ alg: 'HS256', kid }, claims).slice(0, -1);
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  }],
  ['signed by a key that it brings itself', 'bad_signature', (claims) => signedByAttacker(claims, (jwk) => ({ jwk }))],
  ['signed by a key that it names by URL', 'bad_signature', (claims) => signedByAttacker(claims, () => ({
    jku: `${world.app.origin}/attacker/jwks`, x5u: `${world.app.origin}/attacker/x5u`,
  }))],
  ['signed by a key of no known id', 'invalid_key_id', (claims) => signedByAttacker(claims, () => ({ kid: '../../etc/passwd' }))],
  ['of one algorithm with the key id of another', 'invalid_key_id', (claims) => sign(claims, { alg: 'ES256', header: { kid: keyOf('RS256').kid } })],
  ['with an ECDSA signature of zeros', 'bad_signature', (claims) => (
    unsigned({ alg: 'ES256', kid: keyOf('ES256').kid }, claims, Buffer.alloc(64).toString('base64url'))
  )],
  ['with an ECDSA signature cut short', 'bad_signature', (claims) => sign(claims, { alg: 'ES256' }).slice(0, -42)],
  ['with a critical header', 'unsupported_critical_header', (claims) => sign(claims, { header: { crit: ['exp'], exp: 1 } })],
  ['with five parts', 'malformed_jwt', (claims) => `${sign(claims)}.a.b`],
  ['with padding', 'malformed_jwt', (claims) => sign(claims).replace('.', '=.')],
  ['with a blank at its end', 'malformed_jwt', (claims) => `${sign(claims)} `],
  ['with a duplicate claim', 'malformed_jwt', (claims) => sign(`{"sub":"mallory",${JSON.stringify(claims).slice(1)}`)],
  ['with half a surrogate', 'malformed_jwt', (claims) => sign(`{"name":"\\ud800",${JSON.stringify(claims).slice(1)}`)],
  ['nested too deeply', 'malformed_jwt', (claims) => sign(`{"x":${'['.repeat(5000)}${']'.repeat(5000)},${JSON.stringify(claims).slice(1)}`)],
  ['for another audience besides', 'invalid_claim', (claims) => sign({ ...claims, aud: [claims.aud, 'mallory'] })],
  ['for another party', 'invalid_claim', (claims) => sign({ ...claims, azp: 'mallory' })],
  ['of an issuer with one slash more', 'invalid_claim', (claims) => sign({ ...claims, iss: `${claims.iss}/` })],
  ['of a subject that is a number', 'invalid_claim', (claims) => sign({ ...claims, sub: 1 })],
  ['that is over', 'expired_token', (claims) => sign({ ...claims, exp: claims.iat - 600 })],
  ['from the future', 'token_not_yet_valid', (claims) => sign({ ...claims, iat: claims.iat + 3600, exp: claims.exp + 3600 })],
];

for (const [what, code, lie] of lies) {
  test(`an id_token ${what}: ${code}, and nobody is signed in`, async () => {
    await assert.rejects(answerWith(lie), { isOAuthError: true, code, kind: 'rejected', phase: 'id_token', retryable: false });
    await assertSignedOut(world);
    assert.equal(world.app.requests.some(({ path }) => path.startsWith('/attacker')), false);
  });
}

test('an id_token of a former login, given again: nonce_mismatch', async () => {
  let former;
  await answerWith((claims) => {
    former = sign(claims);
    return former;
  });
  await world.call(() => window.oauth.demo.clear());
  await assert.rejects(answerWith(() => former), { isOAuthError: true, code: 'nonce_mismatch', kind: 'rejected' });
  await assertSignedOut(world);
});

// ---- keys

for (const [what, code, change] of [
  ['fail with 503', 'http_status', (answer) => { answer.status = 503; }],
  ['are none', 'invalid_key_id', (answer) => { answer.body = { keys: [] }; }],
  ['are no list', 'invalid_jwks', (answer) => { answer.body = { keys: { 0: answer.body.keys[0] } }; }],
  ['are published with their private halves', 'invalid_key_id', (answer) => { answer.body = { keys: world.provider.keys }; }],
  ['are symmetric', 'invalid_key_id', (answer) => {
    answer.body.keys = answer.body.keys.map(({ kid, alg }) => ({ kty: 'oct', k: 'AAAA', kid, alg }));
  }],
  ['are meant for encryption', 'invalid_key_id', (answer) => { for (const key of answer.body.keys) key.use = 'enc'; }],
]) {
  test(`keys that ${what}: ${code}, and nobody is signed in`, async () => {
    world.provider.tamper(world.provider.paths.jwks, change);
    await assert.rejects(answerWith((claims) => sign(claims)), { isOAuthError: true, code });
    await assertSignedOut(world);
  });
}
