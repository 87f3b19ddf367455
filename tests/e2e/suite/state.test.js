// `subscribe` and `snapshot` of a client: what the external store of a framework wants.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hold } from '../lib/hold.js';
import { comeBack, visitKeepable } from '../lib/keepable.js';
import { alice, handle, login, logoutAtProvider, reachCallback, redirectToProvider } from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const signedOut = { status: 'signed-out', sub: null, error: null, expiresAt: null };

/** The state, its claims and its error short. */
const state = () => world.call(() => window.short(window.oauth.demo.snapshot));
/** From now on the page writes down each state that a listener is called for. */
async function observe() {
  await world.call(() => {
    window.short = ({ status, claims, error, expiresAt }) => ({ status, sub: claims?.sub ?? null, error: error?.code ?? null, expiresAt: expiresAt && typeof expiresAt });
    window.seen = [];
    window.stop = window.oauth.demo.subscribe(() => window.seen.push(window.short(window.oauth.demo.snapshot)));
  });
}
const seen = () => world.call(() => window.seen.map(({ status, error }) => (error ? `${status}: ${error}` : status)));
const untilSeen = (status) => world.driver.until(`the state ${status}`, async () => (await seen()).at(-1) === status);
const signedIn = { status: 'signed-in', sub: alice.sub, error: null, expiresAt: 'number' };

test('the snapshot of a user who is signed in, and of one who is not', async () => {
  await world.startAtHome();
  await observe();
  assert.deepEqual(await state(), signedOut);
  await login(world);
  await observe();
  assert.deepEqual(await state(), signedIn);
  assert.deepEqual(await world.call(() => {
    const { snapshot, claims, token } = window.oauth.demo;
    return [snapshot.claims === claims, snapshot.expiresAt === token.expires_at, Object.isFrozen(snapshot)];
  }), [true, true, true]);
});

test('the snapshot is the same object until something changes, and a refresh changes it', async () => {
  await login(world);
  await observe();
  assert.deepEqual(await world.call(async () => {
    const { demo } = window.oauth;
    const before = demo.snapshot;
    const isKept = before === demo.snapshot && (await demo.getAccessToken(), before === demo.snapshot);
    await new Promise((resolve) => { setTimeout(resolve, 1100); });
    await demo.refreshToken();
    return [isKept, before === demo.snapshot, before.claims.sub === demo.snapshot.claims.sub, before.expiresAt < demo.snapshot.expiresAt];
  }), [true, false, true, true]);
  assert.deepEqual(await seen(), ['signed-in']);
});

test('signing-in while a redirect leaves the page, while its response is answered, and signed-in then', async () => {
  await world.startAtHome();
  await observe();
  const metadata = hold(world.provider, world.provider.paths.discovery);
  await world.call(() => { window.watch(window.oauth.demo.authorizeRedirect()); });
  assert.equal((await state()).status, 'signing-in');
  metadata.release();
  await world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
  await reachCallback(world);
  const token = hold(world.provider, world.provider.paths.token);
  await world.start();
  await observe();
  await world.call(() => { window.watch(window.oauth.handleRedirect()); });
  assert.equal((await state()).status, 'signing-in');
  token.release();
  await untilSeen('signed-in');
  assert.deepEqual(await seen(), ['signing-in', 'signed-in']);
});

test('handleRedirect of a URL without a response is no sign-in', async () => {
  await world.startAtHome();
  await observe();
  assert.equal(await world.call(() => window.oauth.handleRedirect()), null);
  assert.deepEqual([await seen(), await state()], [[], signedOut]);
});

test('signing-out until a logout has left the page, and signed out when the user comes back', async () => {
  await login(world);
  await observe();
  const revocation = hold(world.provider, world.provider.paths.revocation);
  await world.call(() => { window.watch(window.oauth.demo.logoutRedirect({ revoke: true })); });
  assert.deepEqual(await state(), { ...signedOut, status: 'signing-out' });
  assert.equal((await seen()).at(-1), 'signing-out');
  revocation.release();
  await world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
  await world.pages.signOut(world.driver);
  await world.driver.untilAt('the application', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal((await handle(world)).kind, 'logout');
  await observe();
  assert.deepEqual(await state(), signedOut);
});

test('a logout that stays in the page ends in signed-out', async () => {
  world.provider.tamper(world.provider.paths.discovery, ({ body }) => { delete body.end_session_endpoint; });
  await login(world);
  await observe();
  await world.call(() => window.oauth.demo.logoutRedirect({ fallback: 'local' }));
  assert.deepEqual((await seen()).slice(-2), ['signing-out', 'signed-out']);
});

test('an error of a login stays until the next login begins', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, ({ body }) => { body.id_token = 'x.y.z'; });
  await world.start();
  await observe();
  await world.call(() => window.oauth.handleRedirect().catch(() => {}));
  assert.deepEqual(await state(), { ...signedOut, error: 'malformed_jwt' });
  assert.deepEqual(await world.call(() => {
    window.watch(window.oauth.demo.authorizeRedirect());
    return window.short(window.oauth.demo.snapshot);
  }), { ...signedOut, status: 'signing-in' });
});

test('a verb that fails is the error, and one that its signal ended is not', async () => {
  await world.startAtHome();
  await observe();
  const failed = (params) => world.call((p) => window.oauth.demo.authorizeRedirect(p).then(() => 'left', ({ code }) => code), params);
  assert.equal(await failed({ redirectUri: 'no URL' }), 'invalid_redirect_uri');
  assert.deepEqual(await state(), { ...signedOut, error: 'invalid_redirect_uri' });
  assert.equal(await world.call(() => window.oauth.demo.authorizeRedirect({ signal: AbortSignal.abort() }).catch(({ code }) => code)), 'aborted');
  assert.deepEqual(await state(), signedOut);
});

test('a refresh that fails is the error until one succeeds', async () => {
  await login(world);
  await observe();
  await world.call(async () => {
    const { fetch } = window;
    window.fetch = () => Promise.reject(new TypeError('offline'));
    await window.oauth.demo.refreshToken().catch(() => {});
    window.fetch = fetch;
  });
  assert.deepEqual(await state(), { ...signedIn, error: 'network' });
  await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual(await state(), signedIn);
});

test('a logout and a login in another tab reach the listeners', async () => {
  await login(world);
  await observe();
  const other = await world.driver.tab();
  await duplicate(world);
  await handle(world);
  await logoutAtProvider(world);
  await handle(world);
  await inTab(world, other, async () => {
    await untilSeen('signed-out');
    assert.deepEqual(await state(), signedOut);
  });
  await login(world);
  await inTab(world, other, () => untilSeen('signed-in'));
});

test('Back after a login that had left: the page is not signing in any more', async () => {
  await visitKeepable(world);
  await world.start();
  await observe();
  await redirectToProvider(world);
  await world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
  if (!await comeBack(world)) {
    await world.start();
    await observe();
  }
  await world.driver.until('the end of the login', async () => (await state()).status === 'signed-out');
  assert.equal((await state()).error, null);
});

test('a listener that throws stops no other, and one that was taken away is not called', async () => {
  await login(world);
  await observe();
  await world.call(async () => {
    const { demo } = window.oauth;
    window.calls = [];
    addEventListener('error', (event) => event.preventDefault(), { once: true });
    const stops = [() => { throw new Error('of a listener'); }, () => window.calls.push('kept'), () => window.calls.push('taken away')].map((each) => demo.subscribe(each));
    stops.at(-1)();
    await demo.clear();
  });
  assert.deepEqual(await world.call(() => window.calls), ['kept']);
});

test('two clients: a change of one is no change of the other', async () => {
  await world.startAtHome({ ...world.settings(), other: { ...world.settings().demo, clientId: 'other' } });
  assert.deepEqual(await world.call(async () => {
    const { demo, other } = window.oauth;
    const calls = [];
    demo.subscribe(() => calls.push('demo'));
    other.subscribe(() => calls.push('other'));
    const before = other.snapshot;
    await demo.authorizeRedirect({ redirectUri: 'no URL' }).catch(() => {});
    return [calls, before === other.snapshot];
  }), [['demo', 'demo'], true]);
});
