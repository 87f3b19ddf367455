// The provider says no, or says something that must not be believed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSignedOut } from '../lib/signed-out.js';
import { handle, login, reachCallback, redirectToProvider, session, untilAnswered } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { refusalScenarios } from './portable/refused.js';

const world = useWorld();
const tokenRequests = () => world.requestsTo('token').length;

refusalScenarios(world);

// ---- no at the authorization endpoint

test('denial on the page to sign in at: authorization_refused', async () => {
  await world.startAtHome();
  await redirectToProvider(world);
  await world.pages.denyLogin(world.driver);
  await untilAnswered(world);
  await assert.rejects(handle(world), { code: 'authorization_refused', error: 'access_denied' });
  assert.equal(tokenRequests(), 0);
  await assertSignedOut(world);
});

test('prompt=none without a session at the provider: login_required', async () => {
  await world.startAtHome();
  await redirectToProvider(world, { prompt: 'none', appState: 'silently' });
  await untilAnswered(world);
  await assert.rejects(handle(world), {
    isOAuthError: true, code: 'login_required', kind: 'refused', error: 'login_required', appState: 'silently',
  });
  assert.equal(tokenRequests(), 0);
});

test('the provider\'s words are never part of the message', async () => {
  const url = await reachCallback(world);
  const { searchParams } = url;
  searchParams.delete('code');
  searchParams.set('error', 'access_denied');
  searchParams.set('error_description', 'Call 0900-123456 now');
  searchParams.set('error_uri', 'https://provider.example/why');
  await world.visit(url.href);
  await assert.rejects(handle(world), (error) => {
    assert.equal(error.error_description, 'Call 0900-123456 now');
    assert.equal(error.error_uri, 'https://provider.example/why');
    assert.ok(!error.message.includes('0900'), error.message);
    return true;
  });
});

// ---- no at the token endpoint

test('the token endpoint refuses: token_refused with its words and status; nothing is stored', async () => {
  await reachCallback(world, { params: { appState: 7 } });
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 400;
    answer.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
  });
  await assert.rejects(handle(world), {
    isOAuthError: true, code: 'token_refused', kind: 'refused', phase: 'token', status: 400,
    error: 'invalid_grant', error_description: 'grant request is invalid', appState: 7,
  });
  await assertSignedOut(world);
});

test('the token endpoint redirects: nothing is followed', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 307;
    answer.headers.location = '/stolen';
  });
  await assert.rejects(handle(world), { isOAuthError: true, kind: 'environment' });
  assert.ok(!world.provider.requests.some(({ path }) => path === '/stolen'));
  await assertSignedOut(world);
});

// ---- answers that must not be believed: [what the token endpoint does, what the page says]

/** Signs the id_token anew with other claims. */
const claiming = (change) => (answer) => {
  const { claims } = world.provider.decodeJwt(answer.body.id_token);
  change(claims);
  answer.body.id_token = world.provider.signJwt(claims);
};

const lies = [
  ['an id_token with a damaged signature', 'bad_signature', (answer) => {
    const [header, payload, signature] = answer.body.id_token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes[20] ^= 1;
    answer.body.id_token = [header, payload, bytes.toString('base64url')].join('.');
  }],
  ['an id_token that is not signed', 'unsupported_algorithm', (answer) => {
    const [, payload] = answer.body.id_token.split('.');
    answer.body.id_token = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  }],
  ['an id_token of another issuer', 'invalid_claim', claiming((claims) => { claims.iss += '/1'; })],
  ['an id_token for another client', 'invalid_claim', claiming((claims) => { claims.aud = 'another'; })],
  ['an id_token of another login', 'nonce_mismatch', claiming((claims) => { claims.nonce += '1'; })],
  ['an id_token without a nonce', 'missing_claim', claiming((claims) => { delete claims.nonce; })],
  ['an id_token without a subject', 'missing_claim', claiming((claims) => { delete claims.sub; })],
  ['an access token that the id_token does not know', 'at_hash_mismatch', (answer) => {
    claiming((claims) => { claims.at_hash = 'AAAAAAAAAAAAAAAAAAAAAA'; })(answer);
  }],
  ['no id_token', 'missing_id_token', (answer) => { delete answer.body.id_token; }],
  ['no access token', 'invalid_token_response', (answer) => { delete answer.body.access_token; }],
  ['a page instead of a token', 'invalid_token_response', (answer) => {
    answer.headers['content-type'] = 'text/html';
    answer.body = '<!DOCTYPE html><title>Sign in</title>';
  }],
  ['a token type that nobody asked for', 'unsupported_token_type', (answer) => { answer.body.token_type = 'mac'; }],
];

for (const [what, code, lie] of lies) {
  test(`the token endpoint answers with ${what}: ${code}, nothing is stored`, async () => {
    await reachCallback(world);
    world.provider.tamper(world.provider.paths.token, lie);
    await assert.rejects(handle(world), { isOAuthError: true, code, kind: 'rejected', retryable: false });
    await assertSignedOut(world);
  });
}

test('max_age: a login that is too old is refused', async () => {
  await reachCallback(world, { params: { maxAge: 60 } });
  world.provider.tamper(world.provider.paths.token, claiming((claims) => { claims.auth_time -= 1000; }));
  await assert.rejects(handle(world), { isOAuthError: true, code: 'auth_time_too_old', kind: 'rejected' });
  await assertSignedOut(world);
});

test('an essential acr that was not reached: acr_not_met', async () => {
  await reachCallback(world, { params: { acrValues: ['urn:demo:gold'], essentialAcr: true } });
  await assert.rejects(handle(world), { isOAuthError: true, code: 'acr_not_met', kind: 'rejected' });
  await assertSignedOut(world);
});

// ---- metadata that must not be believed

test('metadata of another issuer: no authorization request', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { answer.body.issuer += 'INVALID'; });
  await world.startAtHome();
  await assert.rejects(redirectToProvider(world), { isOAuthError: true, code: 'issuer_mismatch', kind: 'rejected', phase: 'metadata' });
  assert.equal(world.requestsTo('authorization').length, 0);
});

test('an authorization endpoint that is a script is not navigated to', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => {
    answer.body.authorization_endpoint = 'javascript:document.title="owned"//';
  });
  await world.startAtHome();
  await assert.rejects(redirectToProvider(world), { isOAuthError: true, code: 'invalid_metadata', kind: 'rejected' });
  assert.equal(await world.call(() => document.title), 'Fixture');
});
