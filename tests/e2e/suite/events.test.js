// What a page is told by events: once each, with the values, after the state they speak of is stored.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heard, heardTypes, listen, untilHeard } from '../lib/events.js';
import { assertFailure, fails } from '../lib/failure.js';
import {
  alice, bob, login, logoutAtProvider, reachCallback, redirectToProvider, session, signInAtProvider, skewClock,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const nobody = { isAuthenticated: false, sub: null, access: null, isStored: false };

/** Starts the page at the callback URL and listens before the answer is handled. */
async function handleListening(settings) {
  await world.start(settings);
  await listen(world);
  return world.call(() => window.oauth.handleRedirect());
}
/** From the page with the session back to the callback, as `user`. */
async function loginAs(user) {
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world, user);
  return handleListening();
}

test('login: name and token, told when everything is stored', async () => {
  await reachCallback(world);
  const { token } = await handleListening();
  assert.deepEqual(await heard(world), [
    { type: 'login', detail: { name: 'demo', token, reason: 'response' }, then: { isAuthenticated: true, sub: alice.sub, access: token.access_token, isStored: true } },
  ]);
});

test('login is told once, however often the answer is looked at', async () => {
  await reachCallback(world);
  await world.start();
  await listen(world);
  await world.call(() => Promise.all([window.oauth.handleRedirect(), window.oauth.handleRedirect()]));
  await world.call(() => window.oauth.handleRedirect());
  await world.call(() => window.oauth.demo.authorizeAccessToken());
  assert.deepEqual(await heardTypes(world), ['login']);
  await world.reload();
  await handleListening();
  assert.deepEqual(await heardTypes(world), [], 'nor by the next page');
});

test('the event is a CustomEvent of the registry, and its token cannot be changed', async () => {
  await reachCallback(world);
  await world.start();
  assert.deepEqual(await world.call(async () => {
    let event;
    let target;
    window.oauth.addEventListener('login', (told) => { event = told; target = told.target; });
    await window.oauth.handleRedirect();
    return [event instanceof CustomEvent, target === window.oauth, event.bubbles, event.cancelable, Object.isFrozen(event.detail.token), Object.isFrozen(event.detail.token.userinfo)];
  }), [true, true, false, false, true, true]);
});

test('tokenupdate: the new token and the values that were replaced', async () => {
  const { token: before } = await login(world);
  await listen(world);
  const token = await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual(await heard(world), [{
    type: 'tokenupdate',
    detail: { name: 'demo', token, access_token: before.access_token, refresh_token: before.refresh_token },
    then: { isAuthenticated: true, sub: alice.sub, access: token.access_token, isStored: true },
  }]);
});

test('tokenupdate is told once for many callers', async () => {
  await login(world);
  await listen(world);
  await world.call(() => Promise.all(Array.from({ length: 50 }, () => window.oauth.demo.getAccessToken({ force: true }))));
  assert.deepEqual(await heardTypes(world), ['tokenupdate']);
});

test('logout by clear: local, when nothing is stored any more', async () => {
  await login(world);
  await listen(world);
  await world.call(() => window.oauth.demo.clear());
  assert.deepEqual(await heard(world), [{ type: 'logout', detail: { name: 'demo', reason: 'local' }, then: nobody }]);
});

test('clear with nobody signed in tells nothing', async () => {
  await world.startAtHome();
  await listen(world);
  await world.call(() => window.oauth.demo.clear());
  assert.deepEqual(await heard(world), []);
});

test('logout by logoutRedirect: local, before the page is left; the return is no event', async () => {
  await login(world);
  await world.call(() => {
    window.oauth.addEventListener('logout', ({ detail }) => {
      sessionStorage.setItem('noted', JSON.stringify([detail, window.oauth.demo.isAuthenticated, Object.keys(sessionStorage).some((key) => key.startsWith('oidc:session:demo:')), location.pathname]));
    });
  });
  await logoutAtProvider(world);
  assert.deepEqual(JSON.parse(await world.call(() => sessionStorage.getItem('noted'))), [{ name: 'demo', reason: 'local' }, false, false, '/callback']);
  assert.equal((await handleListening()).kind, 'logout');
  assert.deepEqual(await heard(world), []);
});

test('userchange: bob signs in where alice is, told before the login', async () => {
  await login(world);
  await loginAs(bob);
  const [change, second, ...more] = await heard(world);
  assert.deepEqual(change, {
    type: 'userchange', detail: { name: 'demo', previousSub: 'alice', sub: 'bob' },
    then: { ...second.then, sub: bob.sub, isStored: true },
  });
  assert.deepEqual([second.type, second.detail.token.userinfo.sub, more], ['login', 'bob', []]);
});

test('no userchange when the same person signs in again, nor after a sign-out', async () => {
  await login(world);
  await loginAs(alice);
  assert.deepEqual(await heardTypes(world), ['login']);
  await world.call(() => window.oauth.demo.clear());
  await loginAs(bob);
  assert.deepEqual(await heardTypes(world), ['login']);
});

test('error: a login that fails, once for all who ask, with the error that they get', async () => {
  await reachCallback(world, { params: { appState: { from: '/orders' } } });
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.body.id_token = world.provider.signJwt({ ...world.provider.decodeJwt(answer.body.id_token).claims, nonce: 'another' });
  });
  await world.start();
  await listen(world);
  const expected = { phase: 'id_token', appState: { from: '/orders' } };
  const call = () => window.oauth.handleRedirect();
  await fails(world, 'nonce_mismatch', expected, async () => { await Promise.all([window.oauth.handleRedirect(), window.oauth.handleRedirect()]); });
  await fails(world, 'nonce_mismatch', expected, call);
  const [event, ...more] = await heard(world);
  assert.deepEqual([event.type, event.detail.name, event.then, more], ['error', 'demo', nobody, []]);
  assertFailure(event.detail.error, 'nonce_mismatch', expected);
});

test('error: a refresh that fails, once for many callers', async () => {
  await login(world);
  await listen(world);
  world.provider.setDown(true);
  assert.equal(await world.call(async () => {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => window.oauth.demo.getAccessToken({ force: true })));
    return results.filter(({ reason }) => reason.code === 'network').length;
  }), 50);
  const [event, ...more] = await heard(world);
  assert.deepEqual(more, []);
  assertFailure(event.detail.error, 'network', { phase: 'refresh' });
});

test('an API call that fails is no event', async () => {
  await login(world);
  await listen(world);
  await fails(world, 'origin_not_allowed', { phase: 'request' }, () => window.oauth.demo.fetch('https://api.example'));
  await fails(world, 'config_invalid', { phase: 'token' }, () => window.oauth.demo.getAccessToken({ colour: 'red' }));
  assert.deepEqual(await heard(world), []);
});

// ---- expiring

/** A login whose token ends so soon; listening from before it. */
async function loginFor(seconds) {
  world.provider.setTtl({ AccessToken: seconds });
  await reachCallback(world);
  const result = await handleListening();
  world.provider.setTtl({ AccessToken: 3600 });
  return result;
}
const tellings = async () => (await heard(world)).filter(({ type }) => type === 'expiring');
const untilExpired = () => world.driver.until('the end of the token', () => world.call(() => window.oauth.demo.token.expires_at + 1 < Date.now() / 1000));

test('expiring: told in the second half of a short life, once, with the end', async () => {
  const { token } = await loginFor(4);
  const { detail } = await untilHeard(world, 'expiring');
  assert.deepEqual(detail, { name: 'demo', expires_at: token.expires_at });
  await untilExpired();
  assert.equal((await tellings()).length, 1);
  assert.equal((await session(world)).isAuthenticated, true, 'nobody is signed out by it');
});

test('expiring: told on a page that finds the session, too', async () => {
  const { token } = await loginFor(10);
  await world.startAtHome();
  await listen(world);
  assert.equal((await untilHeard(world, 'expiring')).detail.expires_at, token.expires_at);
});

test('expiring: told at once on a page that finds a token near its end', async () => {
  const { token } = await loginFor(600);
  skewClock(world, 590);
  await world.visit('/');
  const detail = await world.call(async (settings) => {
    await window.start(settings);
    return new Promise((resolve) => { window.oauth.addEventListener('expiring', (event) => resolve(event.detail)); });
  }, world.settings());
  assert.deepEqual(detail, { name: 'demo', expires_at: token.expires_at });
});

test('expiring: a listener may renew the token, and nothing is told of the old one again', async () => {
  await loginFor(4);
  await world.call(() => {
    window.oauth.addEventListener('expiring', () => { window.renewed = window.oauth.demo.refreshToken(); });
  });
  await untilHeard(world, 'tokenupdate');
  const { expires_at: end } = await world.call(() => window.renewed);
  assert.deepEqual(await heardTypes(world), ['login', 'expiring', 'tokenupdate']);
  assert.ok(end > Date.now() / 1000 + 3000);
});

test('expiring: not told of a token that was replaced before', async () => {
  const { token } = await loginFor(4);
  await world.call(() => window.oauth.demo.refreshToken());
  await world.driver.until('the end of the first token', () => token.expires_at + 1 < Date.now() / 1000);
  assert.deepEqual(await heardTypes(world), ['login', 'tokenupdate']);
});

test('expiring: not told after a sign-out', async () => {
  const { token } = await loginFor(4);
  await world.call(() => window.oauth.demo.clear());
  await world.driver.until('the end of the token', () => token.expires_at + 1 < Date.now() / 1000);
  assert.deepEqual(await heardTypes(world), ['login', 'logout']);
});

test('expiring: told once of a client that was registered again meanwhile', async () => {
  await loginFor(6);
  await world.call(() => { window.oauth.register('demo', { scope: 'openid' }, { overwrite: true }); });
  await untilHeard(world, 'expiring');
  await untilExpired();
  assert.equal((await tellings()).length, 1);
});

test('expiring: not told of a client that was taken away', async () => {
  const { token } = await loginFor(4);
  await world.call(() => window.oauth.unregister('demo'));
  await world.driver.until('the end of the token', () => token.expires_at + 1 < Date.now() / 1000);
  assert.equal(await world.call(() => window.heard.filter(({ type }) => type === 'expiring').length), 0);
});

// ---- listeners

// Defined by the page itself: of a script that automation brings, a browser tells a page's error reporting nothing.
const throwingListeners = () => world.app.before(`
  window.throwing = () => { throw new Error('of a listener'); };
  window.rejecting = async () => { throw new Error('of a listener'); };`);

test('a listener that throws disturbs nobody: the login is done, the others are told', async () => {
  throwingListeners();
  await reachCallback(world);
  await world.start();
  const result = await world.call(async () => {
    window.told = 0;
    for (const listener of [window.throwing, window.rejecting, () => { window.told += 1; }]) window.oauth.addEventListener('login', listener);
    return window.oauth.handleRedirect();
  });
  assert.equal(result.kind, 'login');
  assert.equal((await session(world)).isAuthenticated, true);
  assert.equal(await world.call(() => window.told), 1);
  const reported = () => world.call(() => window.recorded.filter(({ text }) => text.includes('of a listener')).map(({ level }) => level).sort());
  assert.deepEqual(await reported(), ['uncaught', 'unhandled'], 'and the browser reports them as the page\'s own');
});

test('a listener that throws does not stop a refresh or a sign-out', async () => {
  throwingListeners();
  await login(world);
  await world.call(() => {
    for (const name of ['tokenupdate', 'logout']) window.oauth.addEventListener(name, window.throwing);
  });
  assert.equal(typeof await world.call(() => window.oauth.demo.getAccessToken({ force: true })), 'string');
  await world.call(() => window.oauth.demo.clear());
  assert.equal((await session(world)).isAuthenticated, false);
});

test('a listener may call the client at once', async () => {
  await reachCallback(world);
  await world.start();
  assert.equal(await world.call(async () => {
    window.oauth.addEventListener('login', ({ detail }) => { window.answer = window.oauth.client(detail.name).userinfo(); });
    await window.oauth.handleRedirect();
    return (await window.answer).sub;
  }), alice.sub);
});

test('removeEventListener, once, a listening object and an abort signal work as at any EventTarget', async () => {
  await login(world);
  assert.deepEqual(await world.call(async () => {
    const counts = { removed: 0, once: 0, object: 0, aborted: 0 };
    const removed = () => { counts.removed += 1; };
    const controller = new AbortController();
    window.oauth.addEventListener('tokenupdate', removed);
    window.oauth.removeEventListener('tokenupdate', removed);
    window.oauth.addEventListener('tokenupdate', () => { counts.once += 1; }, { once: true });
    window.oauth.addEventListener('tokenupdate', { handleEvent() { counts.object += 1; } });
    window.oauth.addEventListener('tokenupdate', () => { counts.aborted += 1; }, { signal: controller.signal });
    window.oauth.addEventListener('tokenupdate', null);
    await window.oauth.demo.refreshToken();
    controller.abort();
    await window.oauth.demo.refreshToken();
    return counts;
  }), { removed: 0, once: 1, object: 2, aborted: 1 });
});
