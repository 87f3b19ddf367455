// What the guard begins by itself, and what it does not.

import { expect, test } from 'vitest';
import { stubAuth } from '../vue/stub-auth.js';
import Guarded from './Guarded.svelte';
import { changing } from './runes.svelte.js';
import Routes from './Routes.svelte';
import Two from './Two.svelte';
import { shown, start, text } from './world.js';

const logins = ({ calls }) => calls.filter(([verb]) => verb === 'authorizeRedirect').map(([, params]) => params);

/** A guard in a tree, and every status that it has shown. */
function guarded(options, stub = stubAuth('demo', 'github')) {
  const seen = [];
  const note = (status) => {
    seen.push(status);
    return status;
  };
  return { ...stub, seen, ...start([stub.auth], { Inside: Guarded, options, seen: note }) };
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

test('the place of a login has no response of another', async () => {
  history.replaceState(null, '', '/deep?code=x&state=y');
  const { demo } = guarded();
  demo.show('signed-out');
  await shown();
  expect(logins(demo)).toEqual([{ appState: { returnTo: '/deep' } }]);
});

test('a guard of a component that is made while nobody is signed in begins a login, too', async () => {
  const stub = stubAuth();
  stub.demo.show('signed-out');
  const { demo } = guarded({}, stub);
  await shown();
  expect(logins(demo)).toHaveLength(1);
});

test('a guard tells a stranger from the beginning that a login is under way, and never that nobody is signed in', async () => {
  const { demo, seen } = guarded();
  demo.login = () => new Promise(() => {});
  demo.show('signed-out');
  await shown();
  expect(seen).toEqual(['loading', 'signing-in']);
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
  start([auth], { Inside: Two, Guarded });
  demo.show('signed-out');
  expect(await shown()).toBe('signing-in signing-in');
  expect(logins(demo)).toHaveLength(1);
});

test('a logout that is leaving is left alone, and what was guarded is gone at once', async () => {
  const { demo } = guarded();
  demo.show('signed-in');
  expect(text()).toBe('inside: Alice');
  demo.show('signing-out');
  expect(text()).toBe('signing-out');
  demo.show('signed-out');
  expect(await shown()).toBe('signed-out');
  expect(demo.calls).toEqual([]);
});

test('the end of a session begins no login, in a guard that is made later, too', async () => {
  const { demo, auth, end } = guarded();
  demo.show('signed-in');
  await shown();
  demo.show('signed-out');
  expect(await shown()).toBe('signed-out');
  await end();
  start([auth], { Inside: Guarded });
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
  start([auth], { Inside: Routes, Guarded });
  demo.show('signed-out');
  expect(await shown()).toBe('one moment');
  demo.show('signed-out'); // Back
  expect(await shown()).toBe('signed-out');
  expect(logins(demo)).toHaveLength(1);
});

test('a guard that stays while the address changes begins no second login', async () => {
  const { demo } = guarded();
  demo.show('signed-out');
  await shown();
  history.pushState(null, '', '/another');
  demo.show('signed-out');
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
  start([auth], { Inside: Guarded });
  expect(await shown()).toBe('signing-in');
  expect(logins(demo)).toHaveLength(2);
});

test('a session that another page has begun lets the person in, also during a login', async () => {
  const { demo } = guarded();
  demo.show('signed-out');
  await shown();
  demo.show('signed-in');
  expect(await shown()).toBe('inside: Alice');
});

test('a guard whose component is gone begins nothing', async () => {
  const { demo, end } = guarded();
  await end();
  demo.show('signed-out');
  await shown();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});

test('a guard that the app shows and hides again and again listens once', async () => {
  const { auth, demo } = stubAuth();
  const props = changing({});
  start([auth], props);
  const counts = [];
  for (const Inside of [Guarded, undefined, Guarded, undefined]) {
    props.Inside = Inside;
    await shown();
    counts.push(demo.listeners);
  }
  expect(counts).toEqual([counts[0], 0, counts[0], 0]);
});
