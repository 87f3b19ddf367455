// What the guard begins by itself, and what it does not.

import { createComponent, createSignal, Show } from 'solid-js';
import { expect, test } from 'vitest';
import { RequireAuth, useAuth } from 'oidc-client-wasm/solid';
import { stubAuth } from '../vue/stub-auth.js';
import { shown, start, text } from './world.js';

const logins = ({ calls }) => calls.filter(([verb]) => verb === 'authorizeRedirect').map(([, params]) => params);

const Name = (props) => {
  const { claims } = useAuth(props.name);
  return () => `inside: ${claims()?.name}`;
};

/** A guard that notes every status that its fallback is told. */
const Guarded = (props, seen = []) => createComponent(RequireAuth, {
  fallback: (state) => () => { seen.push(state.status); return state.error?.message ?? state.status; },
  ...props,
  get children() { return createComponent(Name, props); },
});

function guarded(props, stub = stubAuth('demo', 'github')) {
  const seen = [];
  return { ...stub, seen, end: start([stub.auth], () => Guarded(props, seen)) };
}

test('a guard waits until the client is there, and shows what it guards', async () => {
  const { demo } = guarded();
  expect(await shown()).toBe('loading');
  demo.show('signed-in');
  expect(text()).toBe('inside: Alice');
  expect(demo.calls).toEqual([]);
});

test('a guard begins one login, whose place is that of the page', async () => {
  history.replaceState(null, '', '/deep?q=1#part');
  const { demo, github } = guarded({ params: { prompt: 'login' } });
  demo.show('signed-out');
  github.show('signed-out');
  expect(await shown()).toBe('signing-in');
  expect(logins(demo)).toEqual([{ appState: { returnTo: '/deep?q=1#part' }, prompt: 'login' }]);
  expect(logins(github)).toEqual([]);
});

test('a guard that is made while nobody is signed in begins a login, and never tells that nobody is', async () => {
  const stub = stubAuth();
  stub.demo.show('signed-out');
  const { demo, seen } = guarded({}, stub);
  await shown();
  expect([logins(demo).length, new Set(seen)]).toEqual([1, new Set(['signing-in'])]);
});

test('a guard asks for the client that it names', async () => {
  const { demo, github } = guarded({ name: 'github' });
  demo.show('signed-in');
  expect(await shown()).toBe('loading');
  github.show('signed-in');
  expect(text()).toBe('inside: Alice');
});

test('two guards of a page begin one login', async () => {
  const { auth, demo } = stubAuth();
  start([auth], () => [Guarded(), ' ', Guarded()]);
  demo.show('signed-out');
  expect(await shown()).toBe('signing-in signing-in');
  expect(logins(demo)).toHaveLength(1);
});

test('a logout that is leaving is left alone, and what was guarded is gone at once', async () => {
  const { demo } = guarded();
  demo.show('signed-in');
  demo.show('signing-out');
  expect(text()).toBe('signing-out');
  demo.show('signed-out');
  expect(await shown()).toBe('signed-out');
  expect(demo.calls).toEqual([]);
});

test('a login that fails is shown, and begins no other', async () => {
  const { demo } = guarded();
  demo.login = async () => {
    const error = new Error('the network is away');
    demo.show('signed-out', { error });
    throw error;
  };
  demo.show('signed-out');
  expect(await shown()).toBe('the network is away');
  expect(logins(demo)).toHaveLength(1);
});

test('a person who comes back from the provider without a login is not sent there again', async () => {
  const { demo } = guarded();
  demo.show('signed-out');
  expect(await shown()).toBe('signing-in');
  demo.show('signed-out'); // as the client says when the page comes out of the cache of Back
  expect(await shown()).toBe('signed-out');
  expect(logins(demo)).toHaveLength(1);
});

test('a guard that a login takes out of the page begins no second login when the person comes back', async () => {
  const { auth, demo } = stubAuth();
  const Routes = () => {
    const { status } = useAuth();
    return createComponent(Show, { get when() { return !['signing-in', 'loading'].includes(status()); }, fallback: 'one moment', get children() { return Guarded(); } });
  };
  start([auth], Routes);
  demo.show('signed-out');
  expect(await shown()).toBe('one moment');
  demo.show('signed-out'); // Back
  expect(await shown()).toBe('signed-out');
  expect(logins(demo)).toHaveLength(1);
});

test('a guard at another address of the page begins a login for a person who came back', async () => {
  const { demo, auth, end } = guarded();
  demo.show('signed-out');
  await shown();
  demo.show('signed-out');
  await end();
  history.pushState(null, '', '/another');
  start([auth], () => Guarded());
  expect(await shown()).toBe('signing-in');
  expect(logins(demo)).toHaveLength(2);
});

test('a guard whose component is gone begins nothing', async () => {
  const { demo, end } = guarded();
  end();
  demo.show('signed-out');
  await shown();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});

test('a guard renders nothing where it has no fallback, and an element where it has one', async () => {
  const { auth } = stubAuth();
  start([auth], () => Guarded({ fallback: undefined }));
  expect(await shown()).toBe('');
  start([auth], () => Guarded({ fallback: document.createTextNode('wait') }));
  expect(await shown()).toBe('wait');
});

test('a fallback that is an element of Solid, which is a function without parameters, stays in touch', async () => {
  const { auth } = stubAuth();
  const [is, set] = createSignal(false);
  start([auth], () => Guarded({ get fallback() { return createComponent(Show, { get when() { return is(); }, fallback: 'no', children: 'yes' }); } }));
  expect(await shown()).toBe('no');
  set(true);
  expect(await shown()).toBe('yes');
});

test('a guard whose name changes, as with a parameter of the route, asks for that client', async () => {
  const { auth, demo, github } = stubAuth('demo', 'github');
  const [name, setName] = createSignal('demo');
  start([auth], () => createComponent(RequireAuth, { get name() { return name(); }, get children() { return `inside ${name()}`; }, fallback: 'out' }));
  demo.show('signed-in');
  github.show('signed-out', { error: new Error('refused') });
  expect(text()).toBe('inside demo');
  setName('github');
  expect(text()).toBe('out');
  github.show('signed-in');
  expect(text()).toBe('inside github');
  setName('demo');
  demo.show('signed-out', { error: new Error('refused') });
  expect([text(), demo.listeners, github.listeners]).toEqual(['out', 1, 0]);
});
