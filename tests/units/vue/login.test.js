// The real package, from the response of a login in the address bar to the end of the session.

import { afterEach, expect, test, vi } from 'vitest';
import { createApp, h } from 'vue';
import { createRouter, createWebHistory, RouterView } from 'vue-router';
import { OAuthError, createOAuth } from 'oidc-client-wasm/inline';
import { authPlugin, createAuth, guardRouter, useAuth } from 'oidc-client-wasm/vue';
import { issuer, provider } from '../real.js';

const stops = [];
afterEach(() => {
  stops.splice(0).forEach((stop) => stop());
  document.body.replaceChildren();
  sessionStorage.clear();
  localStorage.clear(); // the marks of a sign-out, by whole seconds
});

const settings = { demo: { clientId: 'c', issuer, redirectUri: `${location.origin}/callback`, scope: 'openid' } };

/** One provider for all logins, because a client keeps its keys. */
const login = {};
const answer = await provider(login);

/** Begins a login at the guarded route. The page is then at the URL by which the provider answers it. */
async function answered() {
  globalThis.fetch = answer;
  const { demo } = await createOAuth(settings);
  Object.assign(login, await demo.createAuthorizationUrl());
  await demo.saveAuthorizeData({ ...login, appState: { returnTo: '/protected?page=2' } });
  history.replaceState(null, '', `/callback?code=x&state=${login.state}`);
}

/** An app with a guarded route that answers the login. */
async function signedIn() {
  await answered();
  const auth = createAuth(settings, { createOAuth });
  const begun = vi.fn();
  const Protected = {
    setup() {
      const { claims, signOut } = useAuth();
      return () => h('button', { onClick: () => signOut({ fallback: 'local' }) }, `of ${claims.value?.sub}`);
    },
  };
  const routes = [{ path: '/:any?', component: { render: () => h('p', 'home') } }, { path: '/protected', component: Protected, meta: { requiresAuth: true } }];
  const router = createRouter({ history: createWebHistory(), routes });
  guardRouter(router, auth);
  const client = auth.client();
  const app = createApp({ setup() { const { status } = useAuth(); return () => [h('i', status.value), h(RouterView)]; } });
  const element = document.body.appendChild(document.createElement('div'));
  app.use(router).use(authPlugin(auth)).mount(element);
  stops.push(() => app.unmount(), () => router.options.history.destroy());
  client.subscribe(() => begun(client.snapshot.status));
  const text = () => element.textContent;
  expect(text()).toBe('loading');
  await vi.waitFor(() => expect(text()).toBe('signed-inof alice'));
  return { auth, client, element, text, begun };
}

test('the response of a login is not lost where the address changes before the client is there', async () => {
  await answered();
  const auth = createAuth(settings, { createOAuth });
  history.replaceState(null, '', '/welcome');
  expect(await auth.redirect).toMatchObject({ kind: 'login', appState: { returnTo: '/protected?page=2' } });
  expect(location.pathname).toBe('/welcome');
});

/** A createOAuth whose first load fails, as without a network. */
function flaky() {
  let failures = 1;
  return (...given) => {
    if (failures-- <= 0) return createOAuth(...given);
    const failed = Promise.reject(new OAuthError({ code: 'wasm_load_failed' }));
    failed.catch(() => {});
    return Object.assign(failed, { client: (name) => createOAuth(...given).client(name) });
  };
}

test('a response that waited for a load that failed is the login that the next click asks for', async () => {
  await answered();
  const auth = createAuth(settings, { createOAuth: flaky() });
  const client = auth.client();
  await vi.waitFor(() => expect(client.snapshot.error?.code).toBe('wasm_load_failed'));
  await client.authorizeRedirect();
  expect(client.snapshot).toMatchObject({ status: 'signed-in', error: null });
  expect(Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:transaction:'))).toEqual([]);
});

test('a click after a load that failed begins a login where no response waited', async () => {
  globalThis.fetch = answer;
  const auth = createAuth(settings, { createOAuth: flaky() });
  await vi.waitFor(() => expect(auth.client().snapshot.error?.code).toBe('wasm_load_failed'));
  void auth.client().authorizeRedirect();
  await vi.waitFor(() => expect(Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:transaction:'))).toHaveLength(1));
});

test('a login ends on the route where it began, and a sign-out on it begins no other', async () => {
  const { client, element, text, begun } = await signedIn();
  expect(location.pathname + location.search).toBe('/protected?page=2');
  element.querySelector('button').click();
  await vi.waitFor(() => expect(text()).toBe('signed-outhome'));
  expect(client.needsLogin).toBe(false);
  expect(begun.mock.calls.flat()).not.toContain('signing-in');
});

test('a session that the app has forgotten by clear() is not begun again', async () => {
  const { client, text, begun } = await signedIn();
  await client.clear();
  await vi.waitFor(() => expect(text()).toBe('signed-outhome'));
  expect(begun.mock.calls.flat().slice(1)).not.toContain('signing-in');
});
