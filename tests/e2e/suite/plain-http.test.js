// A page that came over plain http from a name that is not loopback: its browser gives it no SubtleCrypto, and signatures are
// verified by the second module. Where no name can be had that is like that, nothing can be told (`plainHost`).

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packageFolder } from '../app/server.js';
import { fails } from '../lib/failure.js';
import { hold } from '../lib/hold.js';
import {
  alice, handle, login, logoutAtProvider, reachCallback, redirectToProvider, session, signInAtProvider, storedKeys, troubles,
} from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const signed = { client_id: 'signed-spa', userinfo_signed_response_alg: 'RS256' };
const world = useWorld({ refreshTokens: 'always', clients: [{}, signed] }, 'oidc-provider', { isSecure: false });

/** A test, where the driver can. */
const scenario = (name, body) => test(name, (t) => (world.driver.can('plainHost') ? body(t) : t.skip(world.driver.lacks('plainHost'))));

const verifier = '/package/verifier/';
const wasm = `${verifier}verifier_bg.wasm`;
const ofVerifier = () => world.app.requests.map(({ path: at }) => at).filter((at) => at.startsWith(verifier));
const askedOfApp = (at) => world.app.requests.filter((request) => request.path === at);

/** What the page that is shown said, and what the browser's console has got since the last look, is the one warning. */
async function assertWarnedOnce(where) {
  const isTheWarning = ({ text }) => /oidc-client-wasm: this page was loaded over plain http\./.test(text);
  const said = await troubles(world);
  assert.deepEqual(said.filter((entry) => !isTheWarning(entry)), [], where);
  // The page's own record, and the browser's where it can be read.
  assert.equal(said.length, world.driver.can('console') ? 2 : 1, where);
}

async function assertNothingStored() {
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
}

scenario('the page has no SubtleCrypto', async () => {
  await world.visit('/');
  assert.deepEqual(await world.call(() => [window.isSecureContext, typeof crypto, typeof crypto.subtle]), [false, 'object', 'undefined']);
});

scenario('login, claims, refresh, userinfo and logout work, and each page warns once', async () => {
  const settings = world.settings({ clientId: signed.client_id });
  await world.visit('/');
  assert.equal(await handle(world, settings), null);
  await assertWarnedOnce('the page before the login');
  assert.deepEqual(ofVerifier(), [], 'nothing was to be verified');

  await redirectToProvider(world);
  await signInAtProvider(world);
  assert.equal((await handle(world, settings)).kind, 'login');
  const { isAuthenticated, claims } = await session(world);
  assert.equal(isAuthenticated, true);
  assert.equal(claims.iss, world.provider.issuer);
  assert.equal(claims.name, alice.name);
  // Another id_token, although it may be of the same second.
  world.provider.tamper(world.provider.paths.token, (answer) => {
    const { claims: same } = world.provider.decodeJwt(answer.body.id_token);
    answer.body.id_token = world.provider.signJwt({ ...same, name: 'Renewed' });
  });
  const refreshed = await world.call(() => window.oauth.demo.refreshToken());
  assert.equal(refreshed.userinfo.name, 'Renewed');
  // A signed answer, which is verified too.
  assert.equal((await world.call(() => window.oauth.demo.userinfo())).sub, alice.sub);
  assert.equal(world.requestsTo('userinfo', 'GET').length, 1);
  // A second registry of the same page.
  await world.start(settings);
  await assertWarnedOnce('the page of the login');
  assert.equal(askedOfApp(wasm).length, 1, 'one module for all signatures of a page');

  await world.reload();
  assert.equal(await handle(world, settings), null);
  assert.equal((await session(world)).isAuthenticated, true);
  await assertWarnedOnce('the page after a reload');
  assert.equal(askedOfApp(wasm).length, 1, 'a page that verifies nothing loads no verifier');

  await logoutAtProvider(world);
  assert.equal((await handle(world, settings)).kind, 'logout');
  assert.equal((await session(world)).isAuthenticated, false);
  await assertWarnedOnce('the page after the logout');
});

scenario('the verifier is asked for beside the token request, not after it, and never with a referrer', async () => {
  await reachCallback(world);
  const token = hold(world.provider, world.provider.paths.token);
  await world.start();
  await world.driver.start(() => window.watch(window.oauth.handleRedirect()));
  await token.asked(world);
  await world.driver.until('the verifier, while the token is still on its way', () => askedOfApp(wasm).length === 1);
  token.release();
  const { value } = await world.driver.until('the login', async () => (await world.driver.run('() => window.outcome')).value);
  assert.equal(value.kind, 'login');
  assert.equal(askedOfApp(wasm).length, 1);
  assert.deepEqual(askedOfApp(wasm).map(({ headers }) => headers.referer), [undefined]);
  // The JavaScript beside it is a module: what imports it is named, not the page with its code and state.
  for (const { headers } of askedOfApp(`${verifier}verifier.js`)) assert.doesNotMatch(headers.referer ?? '', /[?#]/);
});

scenario('a forged id_token: bad_signature, and nothing is stored', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => {
    const [header, payload, signature] = answer.body.id_token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'bob' })).toString('base64url');
    answer.body.id_token = [header, forged, signature].join('.');
  });
  await world.start();
  await fails(world, 'bad_signature', { phase: 'id_token' }, () => window.oauth.handleRedirect());
  await assertNothingStored();
});

scenario('verifier webcrypto: crypto_unavailable, and nothing is stored', async () => {
  const options = { verifier: 'webcrypto' };
  await reachCallback(world, { options });
  await world.start(world.settings(), options);
  await fails(world, 'crypto_unavailable', { phase: 'id_token' }, () => window.oauth.handleRedirect());
  await assertNothingStored();
  assert.deepEqual(ofVerifier(), []);
});

scenario('a verifier that cannot be loaded: wasm_load_failed, which may be tried again, and nothing is stored', async () => {
  const options = { verifierWasm: '/nowhere.wasm' };
  await reachCallback(world, { options });
  await world.start(world.settings(), options);
  await fails(world, 'wasm_load_failed', { phase: 'id_token', retryable: true }, () => window.oauth.handleRedirect());
  assert.ok(askedOfApp('/nowhere.wasm').length > 0);
  await assertNothingStored();
});

scenario('a verifier that could not be loaded is asked for again by the next signature', async () => {
  const { token } = await login(world);
  await world.startAtHome(world.settings(), { verifierWasm: '/nowhere.wasm' });
  const parse = (idToken) => window.oauth.demo.parseIdToken(idToken);
  await fails(world, 'wasm_load_failed', { phase: 'id_token', retryable: true }, parse, token.id_token);
  const body = await readFile(path.join(packageFolder, 'verifier/verifier_bg.wasm'));
  world.app.serve('/nowhere.wasm', { type: 'application/wasm', body });
  assert.equal((await world.call(parse, token.id_token)).sub, alice.sub);
});

// ---- no Web Locks either: a lease in localStorage

const leases = () => world.call(() => Object.entries(localStorage).filter(([key]) => key.includes(':lease:')).map(([, value]) => value));

scenario('three tabs refresh in the same moment, without Web Locks: one token request, and every tab has its answer', async () => {
  await login(world);
  assert.equal(await world.call(() => navigator.locks === undefined), true);
  const tabs = [await world.driver.tab()];
  for (let more = 0; more < 2; more += 1) {
    tabs.push(await duplicate(world));
    assert.equal(await handle(world), null);
  }
  const ready = () => world.call(() => {
    window.start = new BroadcastChannel('test');
    window.given = new Promise((resolve) => { window.start.onmessage = resolve; }).then(() => window.oauth.demo.getAccessToken({ force: true }));
  });
  for (const tab of tabs) await inTab(world, tab, ready);
  // From the first tab, whose own channel does not hear it.
  await inTab(world, tabs[0], () => world.call(() => new BroadcastChannel('test').postMessage('now')));
  const given = [];
  for (const tab of tabs) given.push(await inTab(world, tab, () => world.call(() => window.given)));
  assert.deepEqual([new Set(given).size, world.provider.tokenRequests('refresh_token').length], [1, 1]);
  for (const tab of tabs) assert.equal(await inTab(world, tab, async () => (await session(world)).token.access_token), given[0]);
  assert.deepEqual(await leases(), ['[]'], 'the lease is given back');
});
