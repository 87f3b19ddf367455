// @vitest-environment node

import { expect, test } from 'vitest';
import { createSSRApp, h } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import { renderToString } from 'vue/server-renderer';
import { authPlugin, createAuth, guardRouter, useAuth } from 'oidc-client-wasm/vue';
import { soon, stubAuth } from './stub-auth.js';

const Greeting = { setup() { const { status, claims } = useAuth(); return () => h('p', `${status.value} ${claims.value?.name ?? 'nobody'}`); } };

test('a server renders that the client is loading, and hears of no failure', async () => {
  expect(typeof document).toBe('undefined');
  const auth = createAuth({ demo: { clientId: 'c', issuer: 'https://id.example.com' } });
  expect(await renderToString(createSSRApp(Greeting).use(authPlugin(auth)))).toBe('<p>loading nobody</p>');
  await soon(); // A rejection that nobody handles would fail the run.
});

test('a server listens to nothing, because its components are never unmounted', async () => {
  const { auth, demo } = stubAuth();
  await renderToString(createSSRApp(Greeting).use(authPlugin(auth)));
  expect(demo.listeners).toBe(0);
});

test('a server renders a guarded route, and begins no login', async () => {
  const { auth, demo } = stubAuth();
  const routes = [{ path: '/protected', component: Greeting, meta: { requiresAuth: true } }];
  const router = createRouter({ history: createMemoryHistory(), routes });
  guardRouter(router, auth);
  await router.push('/protected');
  const app = createSSRApp(() => h(RouterView)).use(router).use(authPlugin(auth));
  expect(await renderToString(app)).toBe('<p>loading nobody</p>');
  expect(demo.calls).toEqual([]);
});
