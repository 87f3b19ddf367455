// The second verifier on a page that does not need it: there when it is asked for, and else not even loaded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { alice, handle, login, reachCallback, session, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'];
const world = useWorld({
  refreshTokens: 'always',
  signingAlgs: algorithms,
  clients: [{}, ...algorithms.map((alg) => ({ client_id: alg, id_token_signed_response_alg: alg }))],
});
const options = { verifier: 'rust' };

const files = () => world.app.requests.map(({ path }) => path).filter((path) => path.startsWith('/package/verifier/'));

for (const verifier of ['auto', 'webcrypto']) {
  test(`verifier ${verifier} in a secure context: neither its WebAssembly nor its JavaScript is fetched`, async () => {
    await login(world, { options: { verifier } });
    await world.call(() => window.oauth.demo.refreshToken());
    assert.equal(world.provider.tokenRequests('refresh_token').length, 1);
    assert.deepEqual(files(), []);
    assert.deepEqual(await troubles(world), []);
  });
}

for (const alg of algorithms) {
  test(`verifier rust: an id_token signed with ${alg} is verified without WebCrypto, an edited one is refused`, async () => {
    // Whatever else may be used of it, no key gets into it.
    world.app.before("SubtleCrypto.prototype.importKey = () => { throw new Error('not to be used'); };");
    const settings = world.settings({ clientId: alg });
    const { token } = await login(world, { settings, options });
    assert.equal(world.provider.decodeJwt(token.id_token).header.alg, alg);
    assert.equal(token.userinfo.aud, alg);

    const [header, payload, signature] = token.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    const edited = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url');
    const parse = (idToken) => window.oauth.demo.parseIdToken(idToken);
    assert.equal((await world.call(parse, token.id_token)).sub, alice.sub);
    await fails(world, 'bad_signature', { phase: 'id_token' }, parse, [header, edited, signature].join('.'));
    assert.deepEqual(files().sort(), ['/package/verifier/verifier.js', '/package/verifier/verifier_bg.wasm']);
    assert.deepEqual(await troubles(world), []);
  });
}

test('verifier rust whose file does not come: its time ends, nothing is believed, and a later login finds it', async () => {
  // The page's time passes quickly where it is the verifier's.
  world.app.before(`{
    const { fetch, setTimeout } = window;
    window.fetch = (input, ...rest) => (String(input).includes('verifier_bg') ? new Promise(() => {}) : fetch(input, ...rest));
    window.setTimeout = (call, delay, ...rest) => setTimeout(call, delay === 30000 ? 0 : delay, ...rest);
  }`);
  await reachCallback(world, { options });
  await assert.rejects(handle(world, undefined, options), { isOAuthError: true, code: 'wasm_load_failed', kind: 'environment', phase: 'id_token' });
  assert.equal((await session(world)).isAuthenticated, false);
  world.app.reset();
  assert.equal((await login(world, { params: { prompt: 'login' }, options })).token.userinfo.sub, alice.sub);
});
