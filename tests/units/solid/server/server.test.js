// On a server there is no page: the module of an app's clients is imported there, and its tree is rendered.

import { createComponent } from 'solid-js';
import { renderToString } from 'solid-js/web';
import { expect, test } from 'vitest';
import { AuthProvider, createAuth, RequireAuth, useAuth } from 'oidc-client-wasm/solid';
import { soon, stubAuth } from '../../vue/stub-auth.js';

const Status = () => {
  const { status, claims } = useAuth();
  return `${status()} ${claims()?.name ?? 'nobody'}`;
};
const html = (auth, children) => renderToString(() => createComponent(AuthProvider, { auth, get children() { return children(); } }));

test('solid: a server renders that the client is loading, and hears of no failure', async () => {
  expect(typeof document).toBe('undefined');
  const auth = createAuth({ demo: { clientId: 'c', issuer: 'https://id.example.com' } });
  expect(html(auth, () => createComponent(Status, {}))).toBe('loading nobody');
  await expect(auth.redirect).rejects.toMatchObject({ code: 'config_invalid' });
  await soon(); // A rejection that nobody handles would fail the run.
});

test('solid: a server renders the fallback of a guard, begins no login, and listens to nothing', async () => {
  const { auth, demo } = stubAuth();
  demo.show('signed-out');
  expect(html(auth, () => createComponent(RequireAuth, { fallback: ({ status }) => status, children: 'inside' }))).toBe('loading');
  await soon();
  expect([demo.calls, demo.listeners]).toEqual([[], 0]);
});
