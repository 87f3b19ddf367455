// Leaving the page: a logout that the app's own guard must not overtake, and pages that stay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertFailure } from '../lib/failure.js';
import { PageError } from '../lib/page-error.js';
import { signedOut } from '../lib/signed-out.js';
import { handle, login, redirectToProvider, session, signInAtProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
/** The page gives up waiting soon, or so late that a test would see it wait. */
const soon = { options: { requestTimeout: 1 } };
const late = { options: { requestTimeout: 600 } };

/** What an application's own code does beside a logout: it makes `window.guarded` a list of how its logins ended. */
const guards = {
  'a listener for the logout': () => {
    window.guarded = [];
    window.oauth.addEventListener('logout', () => window.guarded.push(window.settle(window.oauth.demo.authorizeRedirect())));
  },
  'an effect of a framework, after the state has changed': () => {
    window.guarded = [];
    window.oauth.addEventListener('logout', () => queueMicrotask(() => {
      if (!window.oauth.demo.isAuthenticated) window.guarded.push(window.settle(window.oauth.demo.authorizeRedirect()));
    }));
  },
  'a router guard on a timer': () => {
    window.guarded = [];
    setInterval(() => {
      if (!window.oauth.demo.isAuthenticated) window.guarded.push(window.settle(window.oauth.demo.authorizeRedirect()));
    }, 5);
  },
  'a login with new settings of the same name': () => {
    window.guarded = [];
    window.oauth.addEventListener('logout', () => {
      const client = window.oauth.register('demo', { scope: 'openid' }, { overwrite: true });
      window.guarded.push(window.settle(client.authorizeRedirect()));
    });
  },
  'a login of another registry of the page': async (settings) => {
    window.guarded = [];
    const other = await window.api.createOAuth(settings);
    window.oauth.addEventListener('logout', () => window.guarded.push(window.settle(other.demo.authorizeRedirect())));
  },
};

/** In the page: how a promise ends, as a promise that does not fail. */
const settle = () => {
  window.settle = (promise) => promise.then(() => 'settled', (error) => error.code);
};

async function guard(name) {
  await world.call(settle);
  await world.call(guards[name], world.settings());
}

/** The person answers the provider's question, and is back and signed out on both sides. */
async function reachesTheProvider() {
  const asked = world.requestsTo('authorization').length;
  await world.pages.signOut(world.driver);
  await world.driver.untilAt('the application after the logout', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal(world.requestsTo('authorization').length, asked);
  assert.equal((await handle(world)).kind, 'logout');
  assert.deepEqual(await session(world), signedOut);
  // Signed out at the provider, too: it asks for the password.
  await redirectToProvider(world);
  await signInAtProvider(world);
}

for (const name of Object.keys(guards)) {
  test(`a logout reaches the provider although ${name} begins a login`, async () => {
    await login(world);
    world.provider.clearRequests();
    await guard(name);
    // Time enough for any guard: the provider answers the logout late.
    world.provider.setDelay(world.provider.paths.endSession, 300);
    await world.leave(() => window.oauth.demo.logoutRedirect());
    assert.equal(world.requestsTo('authorization').length, 0);
    await reachesTheProvider();
  });
}

test('a logout that revokes at a slow provider reaches it although the guard begins a login', async () => {
  await login(world);
  world.provider.clearRequests();
  await guard('a router guard on a timer');
  world.provider.setDelay(world.provider.paths.revocation, 500);
  await world.leave(() => window.oauth.demo.logoutRedirect({ revoke: true }));
  assert.equal(world.requestsTo('revocation', 'POST').length, 1);
  assert.equal(world.requestsTo('authorization').length, 0);
  await reachesTheProvider();
});

// ---------------------------------------------------------------- a page that stays

const withoutPage = (answer) => ({ ...answer, status: 204, body: '' });

/** Leaves by `body`, which the page outlives; gives how the call ended. */
async function stays(body, ...args) {
  try {
    await world.leave(body, ...args);
    return 'settled';
  } catch (error) {
    if (!(error instanceof PageError)) throw error;
    return error;
  }
}

test('a logout that the provider answers without a page: page_stayed, and another logout tells the provider with the hint', async () => {
  const { token } = await login(world, soon);
  const end = world.provider.tamper(world.provider.paths.endSession, withoutPage);
  const error = await stays(() => window.oauth.demo.logoutRedirect());
  assertFailure(error, 'page_stayed', { phase: 'logout' });
  assert.deepEqual(await session(world), signedOut);
  end();
  world.provider.clearRequests();
  await world.leave(() => window.oauth.demo.logoutRedirect());
  assert.equal(world.requestsTo('endSession', 'GET')[0].query.id_token_hint, token.id_token);
  await reachesTheProvider();
});

test('a login that the provider answers without a page: it resolves, the login that waited is refused, and the next one leaves', async () => {
  await world.startAtHome(undefined, soon.options);
  const end = world.provider.tamper(world.provider.paths.authorization, withoutPage);
  await world.call(settle);
  const outcomes = await world.call(() => Promise.all([
    window.settle(window.oauth.demo.authorizeRedirect()), window.settle(window.oauth.demo.authorizeRedirect()),
  ]));
  assert.deepEqual(outcomes, ['settled', 'page_leaving']);
  assert.equal(world.requestsTo('authorization').length, 1);
  end();
  await redirectToProvider(world);
  await signInAtProvider(world);
  assert.equal((await handle(world)).kind, 'login');
});

for (const [how, cancel] of Object.entries({
  'presses Stop': () => setTimeout(() => window.stop(), 200),
  'is kept by its own code': () => navigation.addEventListener('navigate', (event) => event.preventDefault(), { once: true }),
})) {
  for (const method of ['get', 'post']) {
    test(`a logout by ${method} from a page that ${how}: page_stayed at once`, async (t) => {
      await login(world, late);
      if (!await world.call(() => 'navigation' in window)) return t.skip('no Navigation API');
      if (how === 'presses Stop' && !world.driver.can('tellsOfStop')) return t.skip('the browser tells a page nothing of Stop, so requestTimeout ends the wait');
      world.provider.setDelay(world.provider.paths.endSession, 20_000);
      await world.call(cancel);
      assertFailure(await stays((m) => window.oauth.demo.logoutRedirect({ method: m }), method), 'page_stayed', { phase: 'logout' });
      assert.deepEqual(await session(world), signedOut);
    });
  }
}

test('a provider slower than the patience: page_stayed, and the page leaves all the same', async () => {
  await login(world, soon);
  world.provider.setDelay(world.provider.paths.endSession, 3000);
  await world.driver.start(() => window.oauth.demo.logoutRedirect().catch((error) => localStorage.setItem('outcome', error.code)));
  await world.driver.untilShown('#logout-yes');
  await world.visit('/');
  assert.equal(await world.call(() => localStorage.getItem('outcome')), 'page_stayed');
  assert.deepEqual([await handle(world), await session(world)], [null, signedOut]);
});

test('listeners of a page that stayed do not pile up', async () => {
  await world.startAtHome(undefined, soon.options);
  world.provider.tamper(world.provider.paths.authorization, withoutPage);
  const left = await world.call(async () => {
    let listening = 0;
    for (const target of [window, window.navigation].filter(Boolean)) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...args) => { listening += 1; return addEventListener.apply(target, args); };
      target.removeEventListener = (...args) => { listening -= 1; return removeEventListener.apply(target, args); };
    }
    await window.oauth.demo.authorizeRedirect();
    await window.oauth.demo.authorizeRedirect();
    return listening;
  });
  assert.equal(left, 0);
});
