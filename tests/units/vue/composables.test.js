import { afterEach, expect, test, vi } from 'vitest';
import { createApp, createSSRApp, effectScope, h, nextTick } from 'vue';
import { createAuth as createRealAuth } from 'oidc-client-wasm/store';
import { authPlugin, createAuth, useAccessToken, useAuth } from 'oidc-client-wasm/vue';
import { alice, soon, stubAuth } from './stub-auth.js';

const apps = [];
afterEach(() => {
  apps.splice(0).forEach((app) => app.unmount());
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});

const greeting = ({ status, claims }) => () => h('p', `${status.value} ${claims.value?.name ?? 'nobody'}`);

/** Mounts an app whose one component has this `setup`, with these plugins. Gives what the setup gave. */
function mount(setup, ...plugins) {
  let given;
  let thrown;
  const app = createApp({
    setup() {
      try {
        given = setup();
      } catch (error) {
        thrown = error;
      }
      return given?.claims ? greeting(given) : () => h('p');
    },
  });
  plugins.forEach((plugin) => app.use(plugin));
  const element = document.body.appendChild(document.createElement('div'));
  app.mount(element);
  apps.push(app);
  if (thrown) throw thrown;
  return { app, element, given };
}

const settings = { demo: { clientId: 'c', issuer: 'https://id.example.com' }, github: { clientId: 'g', issuer: 'https://github.example' } };
/** The real store, whose WebAssembly never comes. */
const waiting = (clients) => {
  const starting = Object.assign(new Promise(() => {}), { client: () => ({}) });
  return createRealAuth(clients, { createOAuth: () => starting });
};
const refused = (act) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test('the entry has createAuth of the store', () => {
  expect(createAuth).toBe(createRealAuth);
});

test('a component renders again after each change', async () => {
  const { auth, demo } = stubAuth();
  const { element } = mount(() => useAuth(), authPlugin(auth));
  expect(element.textContent).toBe('loading nobody');
  demo.show('signed-in');
  await nextTick();
  expect(element.textContent).toBe('signed-in Alice');
  demo.show('signing-out');
  await nextTick();
  expect(element.textContent).toBe('signing-out nobody');
});

test('every member of the snapshot is a ref that nobody writes to', () => {
  const { auth, demo } = stubAuth();
  const { given } = mount(() => useAuth(), authPlugin(auth));
  const error = new Error('no');
  demo.show('signed-in', { error, expiresAt: 7 });
  expect([given.status.value, given.claims.value, given.error.value, given.expiresAt.value]).toEqual(['signed-in', alice, error, 7]);
  expect(given.claims.value).toBe(demo.snapshot.claims);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  given.status.value = 'signed-out';
  vi.restoreAllMocks();
  expect(given.status.value).toBe('signed-in');
  expect(given.client).toBe(demo);
});

test('an unmounted component hears nothing any more', () => {
  const { auth, demo } = stubAuth();
  const { app } = mount(() => useAuth(), authPlugin(auth));
  expect(demo.listeners).toBe(1);
  app.unmount();
  apps.pop();
  expect(demo.listeners).toBe(0);
});

test('an effect scope that stops hears nothing any more', () => {
  const { auth, demo } = stubAuth();
  const { app } = mount(() => {}, authPlugin(auth));
  const scope = effectScope();
  const { status } = app.runWithContext(() => scope.run(() => useAuth()));
  demo.show('signed-in');
  expect(status.value).toBe('signed-in');
  scope.stop();
  expect(demo.listeners).toBe(0);
});

test('a login comes back to the place where it began', async () => {
  const { auth, demo } = stubAuth();
  const { given: { signIn } } = mount(() => useAuth(), authPlugin(auth));
  history.replaceState(null, '', '/orders?page=2#last');
  void signIn();
  void signIn({ prompt: 'login' });
  void signIn({ appState: 7 });
  const appState = { returnTo: '/orders?page=2#last' };
  expect(demo.calls).toEqual([['authorizeRedirect', { appState }], ['authorizeRedirect', { appState, prompt: 'login' }], ['authorizeRedirect', { appState: 7 }]]);
});

test('the event of a click is no parameter', () => {
  const { auth, demo } = stubAuth();
  const { given: { signIn, signOut } } = mount(() => useAuth(), authPlugin(auth));
  void signIn(new MouseEvent('click'));
  void signOut(new MouseEvent('click'));
  void signOut({ fallback: 'local' });
  expect(demo.calls).toEqual([['authorizeRedirect', { appState: { returnTo: '/' } }], ['logoutRedirect', undefined], ['logoutRedirect', { fallback: 'local' }]]);
});

test('an access token is that of the client', async () => {
  const { auth, demo } = stubAuth();
  const { given: getAccessToken } = mount(() => useAccessToken(), authPlugin(auth));
  expect(await getAccessToken({ minValidity: 5 })).toBe('getAccessToken');
  expect(demo.calls).toEqual([['getAccessToken', { minValidity: 5 }]]);
});

test('an app without the plugin is told to use it', () => {
  for (const use of [useAuth, useAccessToken]) {
    expect(refused(() => mount(() => use()))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('app.use(authPlugin(auth))') });
  }
});

test('a composable outside of a component is told where it belongs', () => {
  expect(refused(() => useAuth())).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('<script setup>') });
});

test('an unknown name is told the names', () => {
  const auth = waiting(settings);
  expect(refused(() => mount(() => useAuth('githib'), authPlugin(auth)))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('demo, github') });
});

test('two clients of one auth are told apart by their names', () => {
  const { auth, github } = stubAuth('demo', 'github');
  const { given } = mount(() => [useAuth('github'), useAuth()], authPlugin(auth));
  github.show('signed-in');
  expect(given.map(({ status }) => status.value)).toEqual(['signed-in', 'loading']);
});

test('two plugins of one app have the clients of both, and the first has the default', () => {
  const [first, second] = [stubAuth('demo'), stubAuth('github')];
  const { given } = mount(() => [useAuth(), useAuth('demo'), useAuth('github')], authPlugin(first.auth), authPlugin(second.auth));
  expect(given.map(({ client }) => client)).toEqual([first.demo, first.demo, second.github]);
});

test('settings of a file have the clients that no other settings have', () => {
  const file = waiting('/settings.json');
  const { given } = mount(() => [useAuth('demo'), useAuth('later')], authPlugin(waiting(settings)), authPlugin(file));
  expect(given.map(({ client }) => client === file.client(client.name))).toEqual([false, true]);
});

test('a second plugin with a client of the same name is refused, and the same auth twice is not', () => {
  const { auth } = stubAuth('demo', 'github');
  expect(refused(() => mount(() => {}, authPlugin(auth), authPlugin(stubAuth('github').auth)))).toMatchObject({
    code: 'config_invalid', message: expect.stringContaining('"github"'), remedy: expect.stringContaining('createAuth'),
  });
  mount(() => {}, authPlugin(auth), authPlugin(auth));
});

test('a plugin without an auth says what to do', () => {
  expect(refused(() => mount(() => {}, authPlugin(undefined)))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('createAuth') });
});

test('the plugin goes to the place where a login began, by the function of the app', async () => {
  const { auth, answer } = stubAuth();
  const navigate = vi.fn();
  mount(() => {}, authPlugin(auth, { navigate }));
  answer({ kind: 'login', appState: { returnTo: '/orders' } });
  await soon();
  expect(navigate.mock.calls).toEqual([['/orders']]);
});

test('an app that is unmounted goes nowhere any more', async () => {
  const { auth, answer } = stubAuth();
  const navigate = vi.fn();
  mount(() => {}, authPlugin(auth, { navigate }));
  apps.splice(0).forEach((app) => app.unmount());
  answer({ kind: 'login', appState: { returnTo: '/orders' } });
  await soon();
  expect(navigate).not.toHaveBeenCalled();
});

test('a component that a server rendered renders the same, and then what the browser knows', async () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  const app = createSSRApp({ setup: () => greeting(useAuth()) });
  const warned = vi.fn();
  app.config.warnHandler = warned;
  const element = document.body.appendChild(document.createElement('div'));
  element.innerHTML = '<p>loading nobody</p>';
  app.use(authPlugin(auth)).mount(element);
  apps.push(app);
  expect(element.textContent).toBe('loading nobody');
  await nextTick();
  expect(element.textContent).toBe('loading Alice');
  expect(warned.mock.calls.map(([text]) => text)).toEqual([]);
});
