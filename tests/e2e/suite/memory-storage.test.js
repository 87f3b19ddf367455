// `tokenStorage: "memory"`: the tokens are in the memory of the page, and in no storage and no message.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, handle, login, session, storedKeys } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const options = { tokenStorage: 'memory' };

/** Every text in the storages of the origin and on the channel since `listenIn`. */
const texts = () => world.call(async () => {
  const databases = await indexedDB.databases?.() ?? [];
  return JSON.stringify([{ ...sessionStorage }, { ...localStorage }, databases.map(({ name }) => name), window.overheard]);
});
const listenIn = () => world.call(() => {
  window.overheard = [];
  window.channel = new BroadcastChannel('oidc');
  window.channel.onmessage = ({ data }) => window.overheard.push(data);
});

test('memory: sessionStorage, localStorage, IndexedDB and the channel have no access token and no refresh token', async () => {
  await login(world, { options });
  await listenIn();
  const tokens = [(await session(world)).token];
  for (let turn = 0; turn < 2; turn += 1) tokens.push(await world.call(() => window.oauth.demo.refreshToken()));
  const found = await texts();
  for (const { access_token, refresh_token } of tokens) assert.equal(found.includes(access_token) || found.includes(refresh_token), false);
  assert.equal(found.includes(tokens.at(-1).id_token), true, 'the identity is there');
  assert.equal((await storedKeys(world, 'oidc:session:')).length, 0);
});

test('memory: a reload has the identity for the hint and for a silent login, which brings the person back', async () => {
  await login(world, { options });
  await world.reload();
  const hint = await world.call(async (o) => (await window.importModule('/package/hint.js')).readHint('demo', undefined, o), options);
  assert.equal(hint.unverifiedClaims.sub, alice.sub);
  await handle(world, undefined, options);
  assert.equal((await session(world)).isAuthenticated, false);
  await world.leave(() => window.oauth.demo.authorizeRedirect({ prompt: 'none' }));
  await world.driver.untilAt('the answer of the provider', ({ origin, search }) => origin === world.app.origin && search.includes('code='));
  await world.ready();
  await handle(world, undefined, options);
  assert.equal((await session(world)).claims.sub, alice.sub);
  assert.equal(typeof world.authorization().id_token_hint, 'string');
});

test('memory: Back to a page that has the tokens, after a later page of the tab has signed out: signed out', async () => {
  await login(world, { options });
  await world.visit('/later');
  await handle(world, undefined, options);
  await world.call(() => window.oauth.demo.clear());
  await world.driver.back();
  await world.ready();
  if (!(await world.call(() => Boolean(window.oauth)))) await handle(world, undefined, options);
  assert.equal((await session(world)).isAuthenticated, false);
});
