// Leaving the page: a logout that the app's own guard must not overtake, and pages that stay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { enterPassword, handle, login, redirectToProvider, session, untilAnswered } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
const signedOut = { isAuthenticated: false, claims: null, token: null };
const quick = { options: { requestTimeout: 1 } };

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
  await enterPassword(world);
  await untilAnswered(world);
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
