import { afterEach, describe, expect, test } from 'vitest';
import { createApp, h } from 'vue';
import * as four from 'vue-router';
import * as five from 'vue-router-5';
import { OAuthError } from 'oidc-client-wasm';
import { authPlugin, guardRouter, useAuth } from 'oidc-client-wasm/vue';
import { alice, soon, stubAuth } from './stub-auth.js';

const apps = [];
afterEach(() => {
  apps.splice(0).forEach(({ app, router }) => {
    app.unmount();
    router.options.history.destroy();
  });
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});

const page = (text) => ({ render: () => h('p', text) });
const place = () => location.pathname + location.search + location.hash;

describe.each([['Vue Router 4', four], ['Vue Router 5', five]])('%s', (_, { createRouter, createWebHashHistory, createWebHistory, isNavigationFailure, NavigationFailureType, RouterView }) => {
  const Protected = { setup() { const { claims } = useAuth(); return () => h('p', `of ${claims.value?.name}`); } };
  let arrive;
  const late = new Promise((resolve) => { arrive = () => resolve(Protected); });
  const routes = [
    { path: '/callback', component: page('callback') },
    { path: '/', component: page('home') },
    { path: '/welcome', component: page('welcome') },
    { path: '/map', component: page('map') },
    { path: '/gone', redirect: () => ({ path: '/', query: {} }) },
    { path: '/protected/:id?', component: Protected, meta: { requiresAuth: true } },
    { path: '/late', component: () => late, meta: { requiresAuth: true } },
    { path: '/github', component: page('github'), meta: { requiresAuth: 'github' } },
  ];

  /** An app at this URL, made in this order. */
  function start({ at = '/', order = ['router', 'guard', 'auth'], options, stub = stubAuth('demo', 'github'), makeHistory = createWebHistory, base }) {
    history.replaceState(null, '', at);
    const app = createApp({ render: () => h(RouterView) });
    const router = createRouter({ history: makeHistory(base), routes });
    let off;
    const steps = { router: () => app.use(router), guard: () => { off = guardRouter(router, stub.auth, options); }, auth: () => app.use(authPlugin(stub.auth)) };
    order.forEach((step) => steps[step]());
    const element = document.body.appendChild(document.createElement('div'));
    app.mount(element);
    apps.push({ app, router });
    return { ...stub, off: () => off(), router, shown: async () => { await soon(); return element.textContent; } };
  }

  const logins = ({ calls }) => calls.filter(([verb]) => verb === 'authorizeRedirect').map(([, params]) => params);

  test.each([[['auth', 'router', 'guard']], [['router', 'auth', 'guard']], [['guard', 'router', 'auth']]])('a guarded route waits until the client is there: %j', async (order) => {
    const { demo, shown } = start({ at: '/protected', order });
    expect(await shown()).toBe('');
    demo.show('signed-in');
    expect(await shown()).toBe('of Alice');
    expect(demo.calls).toEqual([]);
  });

  test('a route without a guard waits for nothing', async () => {
    const { shown } = start({ at: '/welcome' });
    expect(await shown()).toBe('welcome');
  });

  test('a login comes back to the route that was asked for, and not to the one before', async () => {
    const { demo, github, router, shown } = start({ at: '/welcome', options: { params: { prompt: 'login' } } });
    demo.show('signed-out');
    github.show('signed-out');
    await shown();
    void router.push('/protected/7?page=2#last');
    expect(await shown()).toBe('welcome');
    expect(logins(demo)).toEqual([{ appState: { returnTo: '/protected/7?page=2#last' }, prompt: 'login' }]);
    expect(logins(github)).toEqual([]);
    expect(place()).toBe('/welcome');
  });

  test('an app below a folder comes back to that folder', async () => {
    const { demo, router } = start({ at: '/app/', base: '/app/' });
    demo.show('signed-out');
    void router.push('/protected');
    await soon();
    expect(logins(demo)).toEqual([{ appState: { returnTo: '/app/protected' } }]);
  });

  test('a hash history comes back to the fragment', async () => {
    const { demo, router } = start({ makeHistory: createWebHashHistory });
    demo.show('signed-out');
    void router.push('/protected');
    await soon();
    expect(logins(demo)).toEqual([{ appState: { returnTo: '/#/protected' } }]);
  });

  test.each([['another route', '/welcome', '/map'], ['the route of the person', '/welcome', '/welcome']])('a navigation to %s while the client loads takes the place of one to a guarded route: no login begins', async (_, at, to) => {
    const { demo, router, shown } = start({ at });
    await shown();
    void router.push('/protected');
    await soon();
    await router.push(to);
    demo.show('signed-out');
    await shown();
    expect([logins(demo), place()]).toEqual([[], to]);
  });

  test('a route asks for the client that it names', async () => {
    const { demo, github, shown } = start({ at: '/github' });
    demo.show('signed-in');
    expect(await shown()).toBe('');
    github.show('signed-in');
    expect(await shown()).toBe('github');
  });

  test('`requires` says what is guarded in place of the routes', async () => {
    const { demo } = start({ at: '/welcome', options: { requires: ({ path }) => path === '/welcome' } });
    demo.show('signed-out');
    await soon();
    expect(logins(demo)).toEqual([{ appState: { returnTo: '/welcome' } }]);
  });

  test('a logout that is leaving is left alone, and after it the route is one that anybody may see', async () => {
    const { demo, shown } = start({ at: '/protected' });
    demo.show('signed-in');
    await shown();
    demo.show('signing-out');
    expect(await shown()).toBe('of undefined');
    demo.show('signed-out');
    expect(await shown()).toBe('home');
    expect(place()).toBe('/');
    expect(demo.calls).toEqual([]);
  });

  test('a guarded route that is asked for after a sign-out begins no login', async () => {
    const { demo, router, shown } = start({ at: '/map', options: { fallback: { path: '/welcome' } } });
    demo.show('signed-in');
    demo.show('signed-out');
    await shown();
    await router.push('/protected');
    expect(await shown()).toBe('welcome');
    expect(demo.calls).toEqual([]);
  });

  test('a navigation during a logout waits for its end', async () => {
    const { demo, router, shown } = start({});
    await shown();
    demo.show('signing-out');
    void router.push('/protected');
    expect(await shown()).toBe('home');
    expect(demo.calls).toEqual([]);
  });

  test('the end of a session on its route leads to one that anybody may see, and begins no login', async () => {
    const { demo, shown } = start({ at: '/protected/7?page=2' });
    demo.show('signed-in');
    await shown();
    demo.show('signed-out');
    expect(await shown()).toBe('home');
    expect(demo.calls).toEqual([]);
  });

  test('the end of a session means nothing to a route that needs none', async () => {
    const { demo, router, shown } = start({ at: '/protected' });
    demo.show('signed-in');
    await shown();
    await router.push('/welcome');
    let navigations = 0;
    router.afterEach(() => { navigations += 1; });
    demo.show('signed-out');
    expect(await shown()).toBe('welcome');
    expect([demo.calls, navigations]).toEqual([[], 0]);
  });

  test('a guard listens once, however many routes it lets in', async () => {
    const { demo, router, shown } = start({ at: '/protected' });
    demo.show('signed-in');
    await shown();
    for (const id of [1, 2, 3]) await router.push(`/protected/${id}`);
    expect(demo.listeners).toBe(2); // the guard, and the component
  });

  test('a login that fails ends at the fallback, once', async () => {
    const { demo, shown } = start({ at: '/protected' });
    demo.login = async () => {
      const error = new Error('no');
      demo.show('signed-out', { error });
      throw error;
    };
    demo.show('signed-out');
    expect(await shown()).toBe('home');
    expect(logins(demo)).toHaveLength(1);
  });

  test('a person who comes back from the provider without a login stays on the route of the link', async () => {
    const { demo, router, shown } = start({ at: '/map' });
    demo.login = async () => { demo.show('signed-out'); };
    demo.show('signed-out');
    await shown();
    expect(isNavigationFailure(await router.push('/protected'), NavigationFailureType.aborted)).toBe(true);
    expect(await shown()).toBe('map');
    expect(logins(demo)).toHaveLength(1);
  });

  test('a person who comes back without a login to the first route of the app gets the fallback', async () => {
    const { demo, shown } = start({ at: '/protected' });
    demo.login = async () => { demo.show('signed-out'); };
    demo.show('signed-out');
    expect(await shown()).toBe('home');
    expect(logins(demo)).toHaveLength(1);
  });

  test('a fallback that is guarded, too, ends the navigation', async () => {
    const { demo, router, shown } = start({ at: '/map', options: { fallback: '/protected/none' } });
    demo.show('signing-out');
    demo.show('signed-out');
    await shown();
    expect(isNavigationFailure(await router.push('/protected'), NavigationFailureType.aborted)).toBe(true);
    expect(await shown()).toBe('map');
  });

  test('a session that ends while the components of the route are on their way lets nobody in', async () => {
    const { demo, router, shown } = start({ at: '/map' });
    demo.show('signed-in');
    const going = router.push('/late');
    await soon();
    demo.show('signing-out');
    demo.show('signed-out');
    arrive();
    await going;
    expect(await shown()).toBe('home');
  });

  test('a guard that was taken off does nothing any more, also at the end of the session', async () => {
    const { demo, off, shown } = start({ at: '/protected' });
    demo.show('signed-in');
    expect(await shown()).toBe('of Alice');
    off();
    demo.show('signing-out');
    demo.show('signed-out');
    expect(await shown()).toBe('of undefined');
  });

  test('the fallback `true` is the guarded route itself, for a person who is signed out', async () => {
    const { demo, shown } = start({ at: '/protected', options: { fallback: true } });
    demo.show('signing-out');
    demo.show('signed-out');
    expect(await shown()).toBe('of undefined');
  });

  test('the answer of a login leads to where it began, and never comes back to the address bar', async () => {
    const { answer, demo, shown } = start({ at: '/callback?code=x&state=y' });
    expect(await shown()).toBe('');
    history.replaceState(null, '', '/callback'); // as the client does
    demo.show('signed-in');
    answer({ kind: 'login', appState: { returnTo: '/protected/7#last' } });
    expect(await shown()).toBe('of Alice');
    expect(place()).toBe('/protected/7#last');
  });

  test('the answer of a login leads to where it began from a URL that the router redirects', async () => {
    const { answer, demo, shown } = start({ at: '/gone?code=x&state=y' });
    expect(await shown()).toBe('');
    expect(place()).toBe('/gone?code=x&state=y');
    demo.show('signed-in');
    answer({ kind: 'login', appState: { returnTo: '/protected' } });
    expect(await shown()).toBe('of Alice');
  });

  test('the answer of a login without a place stays where the client leaves it', async () => {
    const { answer, demo, shown } = start({ at: '/welcome?code=x&state=y' });
    history.replaceState(null, '', '/welcome');
    demo.show('signed-in');
    answer({ kind: 'login', appState: 7 });
    expect(await shown()).toBe('welcome');
    expect(place()).toBe('/welcome');
  });

  test('the place of a login beyond the app is the start of the app', async () => {
    const { answer, demo, shown } = start({ at: '/app/?code=x&state=y', base: '/app/' });
    history.replaceState(null, '', '/app/');
    demo.show('signed-in');
    answer({ kind: 'login', appState: { returnTo: '/apple' } });
    expect(await shown()).toBe('home');
    expect(place()).toBe('/app/');
  });

  test('a refused login leads to where it began, and begins no other', async () => {
    const { demo, fail, shown } = start({ at: '/callback?error=access_denied&state=y' });
    history.replaceState(null, '', '/callback');
    const error = Object.assign(new Error('no'), { appState: { returnTo: '/welcome' } });
    demo.show('signed-out', { error });
    fail(error);
    expect(await shown()).toBe('welcome');
    expect(place()).toBe('/welcome');
    expect(demo.calls).toEqual([]);
  });

  test('a return from the provider after a logout is a page like another', async () => {
    const { answer, demo, shown } = start({ at: '/?state=y' });
    history.replaceState(null, '', '/');
    demo.show('signed-out');
    answer({ kind: 'logout' });
    expect(await shown()).toBe('home');
    expect(place()).toBe('/');
  });

  test('a state that is the own of the app stays, at first and later', async () => {
    const { answer, router, shown } = start({ at: '/map?state=Ohio' });
    answer(null);
    expect(await shown()).toBe('map');
    await router.push('/map?state=Utah');
    expect(place()).toBe('/map?state=Utah');
  });

  test('a guard that is taken off guards nothing', async () => {
    const stub = stubAuth();
    const router = createRouter({ history: createWebHistory(), routes });
    guardRouter(router, stub.auth)();
    await router.push('/protected');
    expect(place()).toBe('/protected');
    router.options.history.destroy();
  });

  test('a login of the guard that fails by a mistake of the app is reported, and another failure is not', async () => {
    const reported = [];
    const note = ({ code }) => reported.push(code);
    const others = process.listeners('unhandledRejection');
    others.forEach((listener) => process.off('unhandledRejection', listener));
    process.on('unhandledRejection', note);
    for (const code of ['network', 'config_invalid']) {
      const { demo, router, shown } = start({ at: '/welcome' });
      demo.login = async () => {
        const error = new OAuthError({ code });
        demo.show('signed-out', { error });
        throw error;
      };
      demo.show('signed-out');
      await shown();
      await router.push('/protected');
      await shown();
    }
    process.off('unhandledRejection', note);
    others.forEach((listener) => process.on('unhandledRejection', listener));
    expect(reported).toEqual(['config_invalid']);
  });

  test('a session of another page lets the person in', async () => {
    const { demo, shown } = start({ at: '/protected' });
    demo.login = async () => { demo.show('signed-in', { claims: alice }); };
    demo.show('signed-out');
    expect(await shown()).toBe('of Alice');
  });
});
