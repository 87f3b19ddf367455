// Each fault that a test may ask for, and what the client makes of it.

import { expect, test, vi } from 'vitest';
import { createProvider } from 'oidc-client-wasm/testing/provider';
import { startWorld, useWorld } from './world.js';

useWorld();

const once = (kind) => ({ idToken: { kind, times: 1 } });

for (const [what, faults, expected] of [
  ['the token endpoint fails', { token: { status: 500 } }, { code: 'token_refused', status: 500, error: 'server_error' }],
  ['the token endpoint refuses the code', { token: { error: 'invalid_grant' } }, { code: 'token_refused', status: 400, error: 'invalid_grant' }],
  ['the token endpoint answers with a page', { token: { body: '<!DOCTYPE html>' } }, { code: 'invalid_token_response' }],
  ['the token endpoint is down', { token: { isDown: true } }, { code: 'network' }],
  ['the keys cannot be fetched', { jwks: { isDown: true } }, { code: 'network' }],
  ['the keys are none', { jwks: { body: '{"keys":[]}' } }, { code: 'invalid_key_id' }],
  ['the signature is wrong', once('wrong-signature'), { code: 'bad_signature' }],
  ['the id_token has no signature', once('unsigned'), { code: 'unsupported_algorithm' }],
  ['the key is unknown', once('unknown-key'), { code: 'invalid_key_id' }],
  ['the id_token has expired', once('expired'), { code: 'expired_token' }],
  ['the nonce is wrong', once('wrong-nonce'), { code: 'nonce_mismatch' }],
  ['the issuer of the id_token is wrong', once('wrong-issuer'), { code: 'invalid_claim', message: expect.stringMatching(/\biss\b/) }],
  ['the audience is wrong', once('wrong-audience'), { code: 'invalid_claim', message: expect.stringMatching(/\baud\b/) }],
  ['at_hash is wrong', once('wrong-at-hash'), { code: 'at_hash_mismatch' }],
  ['there is no id_token', once('missing'), { code: 'missing_id_token' }],
  ['a function takes a claim away', once(({ exp: _exp, ...claims }) => claims), { code: 'missing_claim', message: expect.stringMatching(/\bexp\b/) }],
  ['the login is refused', { authorization: { error: 'access_denied' } }, { code: 'authorization_refused', error: 'access_denied' }],
  ['the issuer of the response is wrong', { authorization: { response: 'wrong-issuer' } }, { code: 'issuer_mismatch' }],
  ['the response has no issuer', { authorization: { response: 'missing-issuer' } }, { code: 'missing_issuer' }],
]) {
  test(`fault: ${what}`, async () => {
    const { client, login, provider } = await startWorld({ faults });
    await expect(login()).rejects.toMatchObject(expected);
    expect(client.isAuthenticated).toBe(false);
    provider.faults = {};
    await login();
    expect(client.isAuthenticated).toBe(true);
  });
}

test('fault: a response whose state is wrong is nobody\'s, and its code is not redeemed', async () => {
  const { client, login, provider, seen } = await startWorld({ faults: { authorization: { response: 'wrong-state' } } });
  expect(await login()).toBe(null);
  expect(seen()).toEqual(['/.well-known/openid-configuration 200']);
  provider.faults = {};
  expect(await login()).toMatchObject({ kind: 'login', client });
  expect(seen()).toContain('/token 200');
});

test('fault: an id_token without at_hash is no error, because the claim is optional', async () => {
  const { client, login } = await startWorld({ faults: once('missing-at-hash') });
  await login();
  expect([client.claims.sub, client.claims.at_hash]).toEqual(['alice', undefined]);
});

test('fault: the provider cannot be reached before the login', async () => {
  const { begin } = await startWorld({ faults: { discovery: { isDown: true } } });
  await expect(begin()).rejects.toMatchObject({ code: 'network' });
});

test('fault: a slow provider is a timeout', async () => {
  const { login } = await startWorld({ faults: { token: { delay: 60_000 } } }, {}, { requestTimeout: 1 });
  await expect(login()).rejects.toMatchObject({ code: 'timeout' });
});

test('fault: a fault that is to happen once happens once', async () => {
  const { client, login, provider } = await startWorld();
  await login();
  provider.faults = { token: { status: 503, times: 1 } };
  await expect(client.refreshToken()).rejects.toMatchObject({ status: 503 });
  expect(provider.faults).toEqual({});
  await client.refreshToken();
});

test('fault: userinfo and the API answer what the test wants', async () => {
  const { client, login } = await startWorld({ faults: { userinfo: { status: 500 }, api: { status: 402, body: 'pay' } } });
  await login();
  await expect(client.userinfo()).rejects.toMatchObject({ status: 500 });
  const answer = await client.get('orders');
  expect([answer.status, await answer.text()]).toEqual([402, 'pay']);
});

for (const [faults, words] of [
  [{ tokens: {} }, /no fault "tokens".*token/],
  [{ token: 500 }, /faults\.token is not an object.*status: 500/],
  [{ token: { code: 500 } }, /faults\.token has no "code".*status/],
  [{ token: { status: 1000 } }, /faults\.token\.status is 1000/],
  [{ token: { times: 0 } }, /faults\.token\.times is 0/],
  [{ idToken: 'late' }, /faults\.idToken is not known.*expired/],
  [{ token: {} }, /faults\.token does nothing.*status: 500/],
  [{ api: { times: 2 } }, /faults\.api does nothing/],
  [{ authorization: { times: 1 } }, /faults\.authorization does nothing.*wrong-state/],
  [{ api: { body: { error: 'x' } } }, /faults\.api\.body is a value of the type object.*string/],
  [{ token: { error: 401 } }, /faults\.token\.error is a value of the type number.*string/],
  [{ token: { isDown: 'yes' } }, /faults\.token\.isDown is a value of the type string.*boolean/],
  [{ authorization: { response: 'x' } }, /faults\.authorization\.response is not known.*wrong-state/],
  [[], /faults are not an object/],
]) {
  test(`a fault that does not exist is an error with its cure: ${words}`, () => {
    expect(() => createProvider({ faults })).toThrow(words);
    const provider = createProvider();
    expect(() => { provider.faults = faults; }).toThrow(TypeError);
  });
}

test('a request whose signal has ended is not answered', async () => {
  const provider = createProvider({ faults: { jwks: { delay: 60_000 } } });
  const reason = new Error('enough');
  await expect(provider.fetch(new Request(provider.metadata.jwks_uri, { signal: AbortSignal.abort(reason) }))).rejects.toThrow('enough');
  const controller = new AbortController();
  const waiting = provider.fetch(new Request(provider.metadata.jwks_uri, { signal: controller.signal }));
  controller.abort(reason);
  await expect(waiting).rejects.toThrow('enough');
  vi.unstubAllGlobals();
});
