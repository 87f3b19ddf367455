// What a component is given, and when it is told, in an app with zone.js and in one without.

import { EnvironmentInjector, TransferState, createEnvironmentInjector, effect, inject, makeStateKey, runInInjectionContext } from '@angular/core';
import { createApplication } from '@angular/platform-browser';
import { afterEach, expect, test } from 'vitest';
import { createAuth as createRealAuth } from 'oidc-client-wasm/store';
import { createAuth, injectAccessToken, injectAuth, provideAuth, requireAuth } from 'oidc-client-wasm/angular';
import { alice } from '../vue/stub-auth.js';
import { boot, component, place, settled, shown, soon, stubAuth, text } from './world.js';

const Status = component('{{ status() }} {{ claims()?.name ?? "nobody" }}', () => injectAuth());
const settings = { demo: { clientId: 'c', issuer: 'https://id.example.com' }, github: { clientId: 'g', issuer: 'https://github.example' } };
/** The real store, whose WebAssembly never comes. */
const waiting = (clients) => createAuth(clients, { createOAuth: () => Object.assign(new Promise(() => {}), { client: () => ({}) }) });

/** Calls this in the injection context of an app with these auths. */
async function inside(auths, ...calls) {
  const { injector } = await createApplication({ providers: [auths.map((auth) => provideAuth(auth))] });
  return calls.map((call) => runInInjectionContext(injector, call));
}

const refusal = async (promise) => promise.then(() => { throw new Error('nothing was thrown'); }, (error) => error);
const call = (make) => async () => make();

test('the entry has the clients of the store', () => {
  const auth = waiting(settings);
  expect([Object.keys(auth), auth.names]).toEqual([Object.keys(createRealAuth(settings, { createOAuth: () => Object.assign(new Promise(() => {}), { client: () => ({}) }) })), ['demo', 'github']]);
});

test('a component shows each change', async () => {
  const { auth, demo } = stubAuth();
  await boot(Status, provideAuth(auth));
  expect(text()).toBe('loading nobody');
  demo.show('signed-in');
  expect(await shown()).toBe('signed-in Alice');
  demo.show('signing-out');
  expect(await shown()).toBe('signing-out nobody');
});

test('every member of the snapshot is a signal, of the same objects as those of the client', async () => {
  const { auth, demo } = stubAuth();
  const [state] = await inside([auth], () => injectAuth());
  const error = new Error('no');
  demo.show('signed-in', { error, expiresAt: 7 });
  expect([state.status(), state.claims(), state.error(), state.expiresAt()]).toEqual(['signed-in', alice, error, 7]);
  expect([state.claims() === demo.snapshot.claims, state.client === demo]).toEqual([true, true]);
});

test('an effect runs again for the member that it reads, and for no other', async () => {
  const { auth, demo } = stubAuth();
  const seen = { names: [], ends: [] };
  demo.show('signed-in', { expiresAt: 1 });
  await boot(component('', () => {
    const { claims, expiresAt } = injectAuth();
    effect(() => { seen.names.push(claims().name); });
    effect(() => { seen.ends.push(expiresAt()); });
  }), provideAuth(auth));
  await settled();
  demo.show('signed-in', { expiresAt: 2 });
  await settled();
  expect(seen).toEqual({ names: ['Alice'], ends: [1, 2] });
});

test('an app that has ended hears nothing any more', async () => {
  const { auth, demo } = stubAuth();
  const { app } = await boot(Status, provideAuth(auth));
  expect(demo.listeners).toBe(1);
  app.destroy();
  expect(demo.listeners).toBe(0);
});

test('a login comes back to the place where it began', async () => {
  const { auth, demo } = stubAuth();
  const [{ signIn }] = await inside([auth], () => injectAuth());
  history.replaceState(null, '', '/orders?page=2#last');
  void signIn();
  void signIn({ prompt: 'login' });
  void signIn({ appState: 7 });
  const appState = { returnTo: '/orders?page=2#last' };
  expect(demo.calls).toEqual([['authorizeRedirect', { appState }], ['authorizeRedirect', { appState, prompt: 'login' }], ['authorizeRedirect', { appState: 7 }]]);
});

test('the event of a click is no parameter', async () => {
  const { auth, demo } = stubAuth();
  const [{ signIn, signOut }] = await inside([auth], () => injectAuth());
  void signIn(new MouseEvent('click'));
  void signOut(new MouseEvent('click'));
  void signOut({ fallback: 'local' });
  expect(demo.calls).toEqual([['authorizeRedirect', { appState: { returnTo: '/' } }], ['logoutRedirect', undefined], ['logoutRedirect', { fallback: 'local' }]]);
});

test('a button may ignore a login that fails, and code that waits for it hears the failure', async () => {
  const { auth, demo } = stubAuth();
  const failure = Object.assign(new Error('no'), { kind: 'refused' });
  demo.login = async () => { throw failure; };
  const [{ signIn }] = await inside([auth], () => injectAuth());
  void signIn();
  await soon(); // A rejection that nobody handles would fail the run.
  expect(await refusal(signIn())).toBe(failure);
});

test('an access token is that of the client', async () => {
  const { auth, demo } = stubAuth();
  const [getAccessToken] = await inside([auth], () => injectAccessToken());
  expect(await getAccessToken({ minValidity: 5 })).toBe('getAccessToken');
  expect(demo.calls).toEqual([['getAccessToken', { minValidity: 5 }]]);
});

const calls = [['injectAuth', () => injectAuth()], ['injectAccessToken', () => injectAccessToken()], ['requireAuth', () => requireAuth({}, {})], ['requireAuth with options', () => requireAuth({ name: 'demo' })({}, {})]];

test.each(calls)('%s: an app without clients is told to provide them', async (_, act) => {
  expect(await refusal(inside([], act))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('provideAuth(auth)') });
});

test.each(calls)('%s: a call outside of an injection context is told where it belongs', async (name, act) => {
  expect(await refusal(call(act)())).toMatchObject({ code: 'config_invalid', message: expect.stringContaining(name.split(' ')[0]), remedy: expect.stringContaining('where inject() works') });
});

test('a call after an await is one outside of an injection context', async () => {
  const { auth } = stubAuth();
  const [late] = await inside([auth], async () => { await soon(); return injectAuth(); });
  expect(await refusal(late)).toMatchObject({ code: 'config_invalid' });
});

test('an unknown name is told the names', async () => {
  expect(await refusal(inside([waiting(settings)], () => injectAuth('githib')))).toMatchObject({ code: 'config_invalid', remedy: expect.stringContaining('demo, github') });
});

test('two clients of one auth are told apart by their names', async () => {
  const { auth, github } = stubAuth('demo', 'github');
  const states = await inside([auth], () => injectAuth('github'), () => injectAuth());
  github.show('signed-in');
  expect(states.map(({ status }) => status())).toEqual(['signed-in', 'loading']);
});

test('two auths in one app have the clients of both, and the first has the default', async () => {
  const [first, second] = [stubAuth('demo'), stubAuth('github')];
  const states = await inside([first.auth, second.auth], () => injectAuth(), () => injectAuth('demo'), () => injectAuth('github'));
  expect(states.map(({ client }) => client)).toEqual([first.demo, first.demo, second.github]);
});

test('the providers of a route add clients, and the nearest has the default', async () => {
  const [outer, inner] = [stubAuth('demo'), stubAuth('github')];
  const [injector] = await inside([outer.auth], () => createEnvironmentInjector([provideAuth(inner.auth)], inject(EnvironmentInjector)));
  const states = [undefined, 'demo', 'github'].map((name) => runInInjectionContext(injector, () => injectAuth(name)));
  expect(states.map(({ client }) => client)).toEqual([inner.github, outer.demo, inner.github]);
  injector.destroy();
  expect([inner.github.listeners, outer.demo.listeners]).toEqual([0, 0]);
});

test('settings of a file have the clients that no other settings have', async () => {
  const file = waiting('/settings.json');
  const states = await inside([waiting(settings), file], () => injectAuth('demo'), () => injectAuth('later'));
  expect(states.map(({ client }) => client === file.client(client.name))).toEqual([false, true]);
});

test('a second auth with a client of the same name is refused, beside the first and below it, and the same auth twice is not', async () => {
  const { auth } = stubAuth('demo', 'github');
  const { auth: other } = stubAuth('github');
  const refused = { code: 'config_invalid', message: expect.stringContaining('"github"'), remedy: expect.stringContaining('createAuth') };
  expect(await refusal(inside([auth, other]))).toMatchObject(refused);
  expect(await refusal(inside([auth], () => createEnvironmentInjector([provideAuth(other)], inject(EnvironmentInjector))))).toMatchObject(refused);
  const [state] = await inside([auth, auth], () => injectAuth('github').status());
  expect(state).toBe('loading');
});

test.each([['answer', 'a login that ended'], ['fail', 'a login that failed']])('an app without a router goes to the place where a login began: %s', async (settle) => {
  const stub = stubAuth();
  await boot(Status, provideAuth(stub.auth));
  stub[settle](Object.assign(new Error(), { kind: 'login', appState: { returnTo: '/orders?page=2' } }));
  await settled();
  expect(place()).toBe('/orders?page=2');
});

test('a response that nobody answers holds no app up whose page has none', async () => {
  const { auth } = stubAuth();
  await boot(Status, provideAuth(auth));
  expect(text()).toBe('loading nobody');
});

const key = makeStateKey('of a test');
/** What a server leaves in its page for the browser. */
const rendered = () => { document.body.append(Object.assign(document.createElement('script'), { id: 'ng-state', type: 'application/json', textContent: JSON.stringify({ [key]: 1 }) })); };

test('a component that takes over what a server rendered begins with its state, and shows before the paint what the browser knows', async () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  rendered();
  const seen = [];
  const Seen = component('{{ see(claims()?.name) }}', () => ({ ...injectAuth(), see: (name) => { if (seen.at(-1) !== (name ?? 'nobody')) seen.push(name ?? 'nobody'); return name; } }));
  const booting = boot(Seen, provideAuth(auth));
  let frames = 0;
  const frame = requestAnimationFrame(() => { frames += 1; });
  await booting;
  expect([seen, text().includes('Alice'), frames]).toEqual([['nobody', 'Alice'], true, 0]);
  cancelAnimationFrame(frame);
});

test('a component that is made after that begins with what the browser knows', async () => {
  const { auth, demo } = stubAuth();
  demo.show('signed-in');
  rendered();
  const { app, injector } = await boot(Status, provideAuth(auth));
  await app.whenStable();
  await soon();
  expect(runInInjectionContext(injector, () => [inject(TransferState).isEmpty, injectAuth().status()])).toEqual([false, 'signed-in']);
});

test('a component of a page that no server has rendered shows from the beginning what the browser knows', async () => {
  const { auth, demo } = stubAuth();
  demo.show('loading', { claims: alice });
  const [claims] = await inside([auth], () => injectAuth().claims());
  expect(claims).toBe(alice);
});

afterEach(() => document.querySelector('#ng-state')?.remove());
