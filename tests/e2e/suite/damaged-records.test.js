// Records in sessionStorage that are none any more, and people who leave while something of theirs is on its way: dropped with a
// typed error, never half used, and the next login is whole. The native tests edit every member; these show it in a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, heardTypes, listen } from '../lib/events.js';
import { hold } from '../lib/hold.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, handle, login, reachCallback, session, storedKeys } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
/** The provider knows the person already. */
const again = () => login(world, { params: { prompt: 'login' } });

/** Does something to the text of every record of one kind. */
async function edit(kind, change) {
  const records = await world.call((start) => Object.entries(sessionStorage).filter(([key]) => key.startsWith(start)), `oidc:${kind}:`);
  assert.equal(records.length, 1);
  await world.call((edited) => edited.forEach(([key, text]) => sessionStorage.setItem(key, text)), records.map(([key, text]) => [key, change(text)]));
}

const edits = {
  'cut off': (text) => text.slice(0, -9),
  'of another version': (text) => text.replace('"v":', '"v":9'),
  'of another client': (text) => text.replaceAll('"client_id":"', '"client_id":"x'),
  'no JSON': () => 'undefined',
};

for (const [name, change] of Object.entries(edits)) {
  test(`a stored session that is ${name}: nobody is signed in, the page is told once, and the record is gone`, async () => {
    await login(world);
    await edit('session', change);
    await world.reload();
    await world.start();
    assert.deepEqual(await session(world), signedOut);
    await listen(world);
    assert.equal(await world.call(() => window.oauth.handleRedirect()), null);
    const [{ type, detail }] = await heard(world);
    assert.deepEqual([type, detail.name, detail.error.code, detail.error.kind, detail.error.phase], ['error', 'demo', 'invalid_session', 'rejected', 'storage']);
    assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
    await assert.rejects(world.call(() => window.oauth.demo.getAccessToken()), { isOAuthError: true, code: 'missing_token' });
    assert.deepEqual(await heardTypes(world), ['error'], 'told once');
    const { token } = await again();
    assert.equal(token.userinfo.sub, alice.sub);
  });
}

for (const name of ['cut off', 'of another version', 'no JSON']) {
  test(`the record of a login under way that is ${name}: invalid_state, whoever asks, and no code is sent or stays in sight`, async () => {
    await reachCallback(world);
    await edit('transaction', edits[name]);
    const damaged = { isOAuthError: true, code: 'invalid_state', kind: 'rejected', phase: 'callback' };
    await assert.rejects(handle(world), damaged);
    await assert.rejects(world.call(() => window.oauth.handleRedirect()), damaged);
    await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), damaged);
    assert.equal((await world.driver.url()).search, '');
    assert.equal(world.requestsTo('token').length, 0);
    assert.deepEqual(await storedKeys(world, 'oidc:transaction:'), []);
    assert.equal((await again()).kind, 'login');
  });
}

test('a sign-out while the tokens of a login are on their way: nobody is signed in by them, and they are given back', async () => {
  await reachCallback(world);
  const tokens = hold(world.provider, world.provider.paths.token);
  await world.start();
  await world.call(() => { window.watch(window.oauth.handleRedirect()); });
  await tokens.asked(world);
  await world.call(() => window.oauth.demo.clear());
  tokens.release();
  await world.driver.until('the end of the login', () => world.call(() => window.outcome !== undefined));
  const { thrown } = await world.call(() => window.outcome);
  assert.deepEqual([thrown.isOAuthError, thrown.code, thrown.phase], [true, 'invalid_state', 'callback']);
  assert.deepEqual(await session(world), signedOut);
  await world.driver.until('the revocation', () => world.requestsTo('revocation').length === 1);
});
