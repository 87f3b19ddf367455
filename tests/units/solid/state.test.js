// What a component is given, and when it is told.

import { createRoot } from 'solid-js';
import { hydrate } from 'solid-js/web';
import { expect, test, vi } from 'vitest';
import { createAuth as createRealAuth } from 'oidc-client-wasm/store';
import { createAuth, RequireAuth, useAccessToken, useAuth } from 'oidc-client-wasm/solid';
import { alice, stubAuth } from '../vue/stub-auth.js';
import { adopt, inside, place, refused, shown, soon, start, text, tree, values } from './world.js';

const Status = () => {
  const { status, claims } = useAuth();
  return () => `${status()} ${claims()?.name ?? 'nobody'}`;
};

const settings = { demo: { clientId: 'c', issuer: 'https://id.example.com' }, github: { clientId: 'g', issuer: 'https://github.example' } };
/** The real store, whose WebAssembly never comes. */
const waiting = (clients) => {
  const starting = Object.assign(new Promise(() => {}), { client: () => ({}) });
  return createRealAuth(clients, { createOAuth: () => starting });
};

test('the entry has createAuth of the store', () => {
  expect(createAuth).toBe(createRealAuth);
});

test('a component shows each change', () => {
  const { auth, demo } = stubAuth();
  start([auth], Status);
  expect(text()).toBe('loading nobody');
  demo.show('signed-in');
  expect(text()).toBe('signed-in Alice');
  demo.show('signing-out');
  expect(text()).toBe('signing-out nobody');
});

test('every member of the snapshot is an accessor, of the same objects as those of the client', () => {
  const { auth, demo } = stubAuth();
  const [state] = inside([auth], useAuth);
  const error = new Error('no');
  demo.show('signed-in', { error, expiresAt: 7 });
  expect([state.status(), state.claims(), state.error(), state.expiresAt()]).toEqual(['signed-in', alice, error, 7]);
  expect([state.claims() === demo.snapshot.claims, state.client === demo]).toEqual([true, true]);
});

test('an effect runs again for the member that it reads, and for no other', async () => {
  const { auth, demo } = stubAuth();
  const [state] = inside([auth], () => useAuth());
  demo.show('signed-in', { expiresAt: 1 });
  const [claims, expiresAt] = [values(() => state.claims().name), values(() => state.expiresAt())];
  demo.show('signed-in', { expiresAt: 2 });
  await soon();
  expect([claims, expiresAt]).toEqual([['Alice'], [1, 2]]);
});

test('a component that is gone hears nothing any more', () => {
  const { auth, demo } = stubAuth();
  const end = start([auth], Status);
  expect(demo.listeners).toBe(1);
  end();
  expect(demo.listeners).toBe(0);
});

test('a login comes back to the place where it began', () => {
  const { auth, demo } = stubAuth();
  const [{ signIn }] = inside([auth], () => useAuth());
  history.replaceState(null, '', '/orders?page=2#last');
  void signIn();
  void signIn({ prompt: 'login' });
  void signIn({ appState: 7 });
  const appState = { returnTo: '/orders?page=2#last' };
  expect(demo.calls).toEqual([['authorizeRedirect', { appState }], ['authorizeRedirect', { appState, prompt: 'login' }], ['authorizeRedirect', { appState: 7 }]]);
});

test('the event of a click is no parameter', () => {
  const { auth, demo } = stubAuth();
  const [{ signIn, signOut }] = inside([auth], () => useAuth());
  void signIn(new MouseEvent('click'));
  void signOut(new MouseEvent('click'));
  void signOut({ fallback: 'local' });
  expect(demo.calls).toEqual([['authorizeRedirect', { appState: { returnTo: '/' } }], ['logoutRedirect', undefined], ['logoutRedirect', { fallback: 'local' }]]);
});

test('an access token is that of the client', async () => {
  const { auth, demo } = stubAuth();
  const [getAccessToken] = inside([auth], () => useAccessToken());
  expect(await getAccessToken({ minValidity: 5 })).toBe('getAccessToken');
  expect(demo.calls).toEqual([['getAccessToken', { minValidity: 5 }]]);
});

const calls = [['useAuth', useAuth], ['useAccessToken', useAccessToken], ['RequireAuth', () => RequireAuth({})]];

test.each(calls)('%s: an app without a provider is told to have one', (_, call) => {
  expect(refused(() => createRoot(() => call()))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('<AuthProvider auth={auth}>') });
});

test.each(calls)('%s: a call outside of a component is told where it belongs', (_, call) => {
  expect(refused(() => call())).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('before the first await') });
});

test('an unknown name is told the names', () => {
  expect(refused(() => inside([waiting(settings)], () => useAuth('githib')))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('demo, github') });
});

test('two clients of one auth are told apart by their names', () => {
  const { auth, github } = stubAuth('demo', 'github');
  const states = inside([auth], () => useAuth('github'), () => useAuth());
  github.show('signed-in');
  expect(states.map(({ status }) => status())).toEqual(['signed-in', 'loading']);
});

test('two providers in one tree have the clients of both, and the nearest has the default', () => {
  const [first, second] = [stubAuth('demo'), stubAuth('github')];
  const states = inside([first.auth, second.auth], () => useAuth(), () => useAuth('demo'), () => useAuth('github'));
  expect(states.map(({ client }) => client)).toEqual([second.github, first.demo, second.github]);
});

test('settings of a file have the clients that no other settings have', () => {
  const file = waiting('/settings.json');
  const states = inside([waiting(settings), file], () => useAuth('demo'), () => useAuth('later'));
  expect(states.map(({ client }) => client === file.client(client.name))).toEqual([false, true]);
});

test('a second provider with a client of the same name is refused, and the same auth twice is not', () => {
  const { auth } = stubAuth('demo', 'github');
  expect(refused(() => start([auth, stubAuth('github').auth]))).toMatchObject({
    code: 'config_invalid', message: expect.stringContaining('"github"'), remedy: expect.stringContaining('createAuth'),
  });
  start([auth, auth], Status);
  expect(text()).toBe('loading nobody');
});

test('a provider that is gone goes nowhere any more', async () => {
  const { auth, answer } = stubAuth();
  const navigate = vi.fn();
  start([auth], undefined, { navigate })();
  answer({ kind: 'login', appState: { returnTo: '/orders' } });
  await shown();
  expect(navigate).not.toHaveBeenCalled();
});

test.each([['answer', 'a login that ended'], ['fail', 'a login that failed']])('the provider goes to the place where it began by the function of the app: %s', async (settle) => {
  const stub = stubAuth();
  const navigate = vi.fn();
  start([stub.auth], undefined, { navigate });
  stub[settle](Object.assign(new Error(), { kind: 'login', appState: { returnTo: '/orders?page=2' } }));
  await shown();
  expect(navigate.mock.calls).toEqual([['/orders?page=2']]);
});

test('a component that takes over what a server rendered begins with its state, and then shows what the browser knows', async () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  globalThis._$HY = { events: [], completed: new WeakSet(), r: {} };
  let seen;
  const Hydrated = () => {
    const { claims } = useAuth();
    seen = [claims()];
    return () => { seen.push(claims()); return ''; };
  };
  adopt(hydrate(() => tree([auth], Hydrated), place()));
  await soon();
  expect(seen.map((claims) => claims?.name)).toEqual([undefined, undefined, 'Alice']);
  delete globalThis._$HY;
});

test('a component of a page that no server has rendered shows from the beginning what the browser knows', () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  expect(inside([auth], () => useAuth().claims())).toEqual([alice]);
});
