// What a component is given, and when it is told.

import { flushSync, hydrate } from 'svelte';
import { expect, test, vi } from 'vitest';
import { createAuth as createRealAuth } from 'oidc-client-wasm/store';
import { createAuth, provideAuth, requireAuth, useAccessToken, useAuth } from 'oidc-client-wasm/svelte';
import { alice, stubAuth } from '../vue/stub-auth.js';
import { changing, effects } from './runes.svelte.js';
import { rendered } from './rendered.js';
import Status from './Status.svelte';
import Tree from './Tree.svelte';
import { adopt, place, refused, shown, start, text } from './world.js';

/** Calls these in a component below the auths. Gives what they give. */
function inside(auths, ...calls) {
  let given;
  const use = () => {
    given = calls.map((call) => call());
    return {};
  };
  const { end } = start(auths, { Inside: Status, use });
  return Object.assign(given, { end });
}

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
  start([auth], { Inside: Status, use: useAuth });
  expect(text()).toBe('loading nobody');
  demo.show('signed-in');
  expect(text()).toBe('signed-in Alice');
  demo.show('signing-out');
  expect(text()).toBe('signing-out nobody');
});

test('a change between the making of a component and its first effect is not missed', () => {
  const { auth, demo } = stubAuth();
  const use = () => {
    const state = useAuth();
    demo.show('signed-in');
    return state;
  };
  start([auth], { Inside: Status, use });
  expect(text()).toBe('signed-in Alice');
});

test('every member of the snapshot is there, the same objects as those of the client', () => {
  const { auth, demo } = stubAuth();
  const [state] = inside([auth], () => useAuth());
  const error = new Error('no');
  demo.show('signed-in', { error, expiresAt: 7 });
  expect([state.status, state.claims, state.error, state.expiresAt]).toEqual(['signed-in', alice, error, 7]);
  expect([state.claims === demo.snapshot.claims, state.client === demo]).toEqual([true, true]);
  expect(Object.keys(state).sort()).toEqual(['claims', 'client', 'error', 'expiresAt', 'signIn', 'signOut', 'status']);
});

test('nobody writes to the state', () => {
  const { auth } = stubAuth();
  const [state] = inside([auth], () => useAuth());
  expect(() => { state.status = 'signed-in'; }).toThrow(TypeError);
});

test('an effect runs again for the member that it reads, and for no other', () => {
  const { auth, demo } = stubAuth();
  const [state] = inside([auth], () => useAuth());
  demo.show('signed-in', { expiresAt: 1 });
  const { seen, end } = effects({ claims: () => state.claims?.name, expiresAt: () => state.expiresAt });
  demo.show('signed-in', { expiresAt: 2 });
  flushSync();
  expect(seen).toEqual({ claims: ['Alice'], expiresAt: [1, 2] });
  end();
});

test('a $derived that takes members out stays in touch', () => {
  const { auth, demo } = stubAuth();
  const [state] = inside([auth], () => useAuth());
  const { seen, end } = effects({}, () => state);
  demo.show('signed-in');
  flushSync();
  expect(seen.derived).toEqual(['loading', 'signed-in']);
  end();
});

test('an unmounted component hears nothing any more', async () => {
  const { auth, demo } = stubAuth();
  const [on, off] = ['addEventListener', 'removeEventListener'].map((name) => vi.spyOn(EventTarget.prototype, name));
  const changes = ({ mock }) => mock.calls.filter(([type]) => type === 'change').length;
  const { end } = start([auth], { Inside: Status, use: useAuth });
  expect(demo.listeners).toBeGreaterThan(0);
  expect(changes(on)).toBe(demo.listeners);
  await end();
  await shown();
  expect([demo.listeners, changes(off)]).toEqual([0, changes(on)]);
  vi.restoreAllMocks();
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

test.each([['useAuth', useAuth], ['useAccessToken', useAccessToken], ['requireAuth', requireAuth]])('%s: an app without a provider is told to have one', (name, call) => {
  expect(refused(() => inside([], () => call()))).toMatchObject({
    code: 'config_invalid', message: expect.stringContaining(`${name}()`), remedy: expect.stringContaining('provideAuth(auth) in the root +layout.svelte'),
  });
});

test.each([['useAuth', useAuth], ['useAccessToken', useAccessToken], ['requireAuth', requireAuth], ['provideAuth', () => provideAuth(stubAuth().auth)]])(
  '%s: a call outside of a component is told where it belongs', (name, call) => {
    expect(refused(() => call())).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(`${name}()`), remedy: expect.stringContaining('before the first await') });
  },
);

test('a call after the first await of a component is told where it belongs', async () => {
  const { auth } = stubAuth();
  const [late] = inside([auth], () => Promise.resolve().then(() => useAuth()));
  await expect(late).rejects.toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('auth.client(name)') });
});

test('an unknown name is told the names', () => {
  const auth = waiting(settings);
  expect(refused(() => inside([auth], () => useAuth('githib')))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('demo, github') });
});

test('two clients of one auth are told apart by their names', () => {
  const { auth, github } = stubAuth('demo', 'github');
  const states = inside([auth], () => useAuth('github'), () => useAuth());
  github.show('signed-in');
  expect(states.map(({ status }) => status)).toEqual(['signed-in', 'loading']);
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
  start([auth, auth]);
});

test('the provider goes to the place where a login began, by the function of the app, once', async () => {
  const { auth, answer } = stubAuth();
  const navigate = vi.fn();
  start([auth, auth], {}, { navigate });
  answer({ kind: 'login', appState: { returnTo: '/orders?page=2' } });
  await shown();
  expect(navigate.mock.calls).toEqual([['/orders?page=2']]);
});

test('a provider without an auth says what to do', () => {
  expect(refused(() => start([undefined]))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('createAuth') });
});

test('a provider that is gone goes nowhere any more', async () => {
  const { auth, answer } = stubAuth();
  const navigate = vi.fn();
  await start([auth], {}, { navigate }).end();
  answer({ kind: 'login', appState: { returnTo: '/orders' } });
  await shown();
  expect(navigate).not.toHaveBeenCalled();
});

test('a login that failed goes back to where it began, too', async () => {
  const { auth, fail } = stubAuth();
  const navigate = vi.fn();
  start([auth], {}, { navigate });
  fail(Object.assign(new Error('refused'), { appState: { returnTo: '/orders' } }));
  await shown();
  expect(navigate.mock.calls).toEqual([['/orders']]);
});

test('what a server has rendered is taken over as it is, and then shows what the browser knows', () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  const told = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const target = place();
  target.innerHTML = rendered;
  const [status, person] = target.querySelectorAll('p, i');
  adopt(hydrate(Tree, { target, props: { provide: () => provideAuth(auth), Inside: Status, use: useAuth } }));
  expect([target.querySelector('p') === status, target.querySelector('i') === person]).toEqual([true, true]);
  expect(text()).toBe('loading Alice');
  expect([target.querySelector('p') === status, target.querySelector('b') !== null, told.mock.calls]).toEqual([true, true, []]);
  vi.restoreAllMocks();
});

test('a component that is made later shows from the beginning what the browser knows', () => {
  const { auth, demo } = stubAuth();
  demo.show('signed-in');
  const seen = [];
  const use = () => {
    const state = useAuth();
    seen.push(state.status);
    return state;
  };
  const props = changing({ use });
  start([auth], props);
  expect(text()).toBe('');
  props.Inside = Status;
  expect(text()).toBe('signed-in Alice');
  expect(seen).toEqual(['signed-in']);
});
