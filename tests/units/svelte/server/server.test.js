// On a server there is no page: the module of an app's clients is imported there, and its tree is rendered.

import { render } from 'svelte/server';
import { expect, test } from 'vitest';
import { createAuth, provideAuth, useAuth } from 'oidc-client-wasm/svelte';
import Guarded from '../Guarded.svelte';
import Status from '../Status.svelte';
import Tree from '../Tree.svelte';
import { rendered } from '../rendered.js';
import { stubAuth } from '../../vue/stub-auth.js';

const soon = () => new Promise((resolve) => { setTimeout(resolve); });
const html = (auth, inside) => render(Tree, { props: { provide: () => provideAuth(auth), ...inside } }).body;

test('svelte: a server renders that the client is loading, and hears of no failure', async () => {
  expect(typeof document).toBe('undefined');
  const auth = createAuth({ demo: { clientId: 'c', issuer: 'https://id.example.com' } });
  expect(html(auth, { Inside: Status, use: useAuth })).toBe(rendered);
  await expect(auth.redirect).rejects.toMatchObject({ code: 'config_invalid' });
  await soon(); // A rejection that nobody handles would fail the run.
});

test('svelte: a server renders nothing of a guarded page, begins no login, and listens to nothing', async () => {
  const { auth, demo } = stubAuth();
  demo.show('signed-out');
  expect(html(auth, { Inside: Guarded })).toContain('<p>loading</p>');
  await soon();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});

test('svelte: on a server, too, a call outside of a component says what to do', () => {
  expect(() => useAuth()).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('<script>') }));
});
