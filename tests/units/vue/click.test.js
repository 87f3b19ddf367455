// What a click does whose listener is `signIn`, as a template has it: `@click="signIn"`.

import { afterEach, expect, test, vi } from 'vitest';
import { createApp, h } from 'vue';
import { createTestAuth } from 'oidc-client-wasm/testing';
import { authPlugin, useAuth } from 'oidc-client-wasm/vue';

const apps = [];
afterEach(() => apps.splice(0).forEach((app) => app.unmount()));

test('vue: a button may ignore a login that fails: Vue hears of no error, and the page of none that is unhandled', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const auth = createTestAuth({ demo: null });
  const errorHandler = vi.fn();
  const app = createApp({ setup() { const { signIn } = useAuth(); return () => h('button', { onClick: signIn }); } });
  app.config.errorHandler = errorHandler;
  app.use(authPlugin(auth));
  apps.push(app);
  const element = document.body.appendChild(document.createElement('div'));
  app.mount(element);
  element.querySelector('button').click();
  auth.fail('authorization_refused');
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  process.off('unhandledRejection', unhandled);
  expect(auth.client().snapshot.error.code).toBe('authorization_refused');
  expect([errorHandler.mock.calls, unhandled.mock.calls]).toEqual([[], []]);
});

test('vue: a mistake of the app in a listener is reported', async () => {
  const auth = createTestAuth({ demo: null });
  const errorHandler = vi.fn();
  const app = createApp({ setup() { const { signOut } = useAuth(); return () => h('button', { onClick: signOut }); } });
  app.config.errorHandler = errorHandler;
  app.use(authPlugin(auth));
  apps.push(app);
  const element = document.body.appendChild(document.createElement('div'));
  app.mount(element);
  element.querySelector('button').click();
  auth.fail('config_invalid');
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(errorHandler.mock.calls.map(([error]) => error.code)).toEqual(['config_invalid']);
});
