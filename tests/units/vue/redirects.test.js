// Guarded routes in an app whose start leads to a guarded route: a refusal must end.

import { afterEach, describe, expect, test } from 'vitest';
import { createApp, h } from 'vue';
import * as four from 'vue-router';
import * as five from 'vue-router-5';
import { authPlugin, guardRouter } from 'oidc-client-wasm/vue';
import { soon, stubAuth } from './stub-auth.js';

const ends = [];
afterEach(() => {
  ends.splice(0).forEach((end) => end());
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});

const page = (text) => ({ render: () => h('p', text) });

describe.each([['Vue Router 4', four], ['Vue Router 5', five]])('%s', (_, { createRouter, createWebHistory, RouterView }) => {
  const starts = [
    ['a redirect', { path: '/', redirect: '/dashboard' }],
    ['a guard of the route', { path: '/', component: page('start'), beforeEnter: () => '/dashboard' }],
    ['a redirect in two steps', { path: '/', redirect: () => '/begin' }],
  ];

  function start(at, first) {
    const { auth, demo } = stubAuth('demo');
    history.replaceState(null, '', at);
    const guarded = { meta: { requiresAuth: true } };
    const routes = [first, { path: '/begin', redirect: '/dashboard' }, { path: '/dashboard', component: page('dashboard'), ...guarded }, { path: '/orders', component: page('orders'), ...guarded }];
    const router = createRouter({ history: createWebHistory(), routes });
    const asked = [];
    router.beforeEach(({ fullPath }) => {
      asked.push(fullPath);
      if (asked.length > 20) throw new Error('this never ends');
    });
    guardRouter(router, auth);
    const app = createApp({ render: () => h(RouterView) }).use(authPlugin(auth)).use(router);
    const failures = [];
    router.onError((error) => failures.push(error.message));
    const element = document.body.appendChild(document.createElement('div'));
    app.mount(element);
    ends.push(() => {
      app.unmount();
      router.options.history.destroy();
    });
    return { demo, router, failures, shown: async () => { await soon(); await soon(); return element.textContent; } };
  }

  test.each(starts)('a session that ends on a guarded route ends the navigation, where the start leads to a guarded route by %s', async (_name, first) => {
    const { demo, failures, shown } = start('/orders', first);
    demo.show('signed-in');
    expect(await shown()).toBe('orders');
    demo.show('signed-out');
    await shown();
    expect([failures, location.pathname, demo.calls]).toEqual([[], '/orders', []]);
  });

  test.each(starts)('a login that failed ends the first navigation, where the start leads to a guarded route by %s', async (_name, first) => {
    const { demo, failures, shown } = start('/', first);
    demo.show('signed-out', { error: new Error('refused') });
    expect([await shown(), failures, demo.calls]).toEqual(['', [], []]);
  });

  test.each(starts)('a session that begins without a redirect shows the route that was refused at first, where the start leads there by %s', async (_name, first) => {
    const { demo, failures, shown } = start('/', first);
    demo.show('signed-out', { error: new Error('refused') });
    expect(await shown()).toBe('');
    demo.show('signed-in'); // by a popup, or in another tab
    expect([await shown(), failures, demo.calls]).toEqual(['dashboard', [], []]);
  });

  test('a session that begins later leads away from no route that the person has gone to', async () => {
    const { demo, router, shown } = start('/orders', { path: '/', redirect: '/dashboard' });
    demo.show('signed-out', { error: new Error('refused') });
    await shown();
    router.addRoute({ path: '/help', component: page('help') });
    await router.push('/help');
    demo.show('signed-in');
    expect(await shown()).toBe('help');
  });
});
