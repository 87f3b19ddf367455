// Every single thing that a page does to storage and to the network fails once, or is the last thing before its tab is closed.
// Generated: each round strikes one effect further, until the scenario needs no more. Afterwards a fresh page has a whole session or
// none, and the person can sign in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowFaults, withFault } from '../lib/faults.js';
import { alice, enterPassword, handle, redirectToProvider, session, storedSession, untilAnswered } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

const codes = {
  // A session that cannot be read is nobody's.
  storage: ['storage_unavailable', 'storage_full', 'missing_token'],
  request: ['network'],
  answer: ['network'],
  // What was asked of the network before is broken off.
  closed: ['storage_unavailable', 'storage_full', 'missing_token', 'network'],
};

/** A page that remembers nothing of the provider, where requests are what fails. */
async function freshPage(kind) {
  if (!['request', 'answer'].includes(kind)) return;
  await world.reload();
  await world.start();
}

/** What a scenario needs, from a page that is signed in; and what it does there. */
const scenarios = {
  'a login that begins': { prepare: freshPage, act: () => window.oauth.demo.authorizeRedirect() },
  'a login that ends': {
    async prepare() {
      await redirectToProvider(world);
      await untilAnswered(world);
      await world.start();
    },
    act: () => window.oauth.handleRedirect(),
  },
  'a refresh': { prepare: freshPage, act: () => window.oauth.demo.refreshToken() },
  'a logout': { prepare: freshPage, act: () => window.oauth.demo.logoutRedirect() },
};

async function signIn({ isFirst = false } = {}) {
  await redirectToProvider(world);
  if (isFirst) await enterPassword(world);
  await untilAnswered(world);
  assert.equal((await handle(world)).kind, 'login');
}

/** What earlier rounds left behind would give later ones more to do; what they remember of the provider, less to ask. */
function forgetRounds() {
  return world.call(() => {
    for (const key of Object.keys(sessionStorage)) if (/^oidc:(transaction|used|metadata|jwks):/.test(key)) sessionStorage.removeItem(key);
  });
}

/** As a fresh page sees it, of which nothing but the package's settings is known. */
async function isWholeOrNone() {
  assert.equal(await handle(world), null);
  const { isAuthenticated, claims, token } = await session(world);
  const record = await storedSession(world);
  assert.equal(isAuthenticated, record !== undefined, 'what is stored counts, and what counts is stored');
  if (isAuthenticated) {
    assert.equal(claims.sub, alice.sub);
    assert.deepEqual(token.userinfo, claims);
    assert.deepEqual(record.claims, claims);
    for (const name of ['access_token', 'refresh_token', 'id_token']) assert.equal(typeof token[name], 'string', name);
  } else {
    assert.deepEqual([claims, token], [null, null]);
  }
}

const redeemed = (grant, name) => world.provider.tokenRequests(grant).map(({ body }) => body[name]);
const isOncePerValue = (values) => new Set(values).size === values.length;

for (const [name, { prepare, act }] of Object.entries(scenarios)) {
  test(`${name}: whatever fails and wherever its tab is closed, there is a whole session or none`, async (t) => {
    allowFaults(world);
    await world.startAtHome();
    await signIn({ isFirst: true });
    let rounds = 0;
    for (const kind of Object.keys(codes)) {
      for (let at = 0; ; at += 1) {
        await forgetRounds();
        await prepare(kind);
        const { thrown, struck } = await withFault(world, { kind, at }, act);
        const where = `${kind} ${at}`;
        if (thrown) assert.ok(thrown.isOAuthError && codes[kind].includes(thrown.code), `${where}: ${thrown.code} ${thrown.message}`);
        await isWholeOrNone();
        await signIn();
        if (!struck) break;
        rounds += 1;
        assert.ok(at < 100, 'the scenario never ends');
      }
    }
    assert.ok(rounds > 5, `${rounds} rounds are hardly all`);
    assert.ok(isOncePerValue(redeemed('authorization_code', 'code')), 'a code is sent once');
    assert.ok(isOncePerValue(redeemed('refresh_token', 'refresh_token')), 'each login has a refresh token of its own');
    t.diagnostic(`${rounds} rounds`);
  });
}
