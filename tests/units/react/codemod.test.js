// The React app that `npx oidc-client-wasm codemod` has rewritten, with the double in the place of its client.

import { AuthProvider } from 'oidc-client-wasm/react';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import App from '../cli/codemod/react/after/src/App.tsx';

afterEach(() => vi.unstubAllGlobals());

function open(auth) {
  const page = document.body.appendChild(document.createElement('div'));
  const root = createRoot(page);
  root.render(createElement(AuthProvider, { auth }, createElement(App)));
  onTestFinished(() => {
    root.unmount();
    page.remove();
  });
  return {
    shows: (words) => vi.waitFor(() => expect(page.textContent).toMatch(words)),
    press: (words) => [...page.querySelectorAll('button')].find(({ textContent }) => textContent === words).click(),
  };
}

test('the rewritten app begins one login by itself, and shows the person and her orders', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => Response.json(['Tea'])));
  const auth = createTestAuth({ app: null }, { loading: true });
  const { shows, press } = open(auth);
  await shows(/^Loading/);
  expect(auth.called('authorizeRedirect')).toEqual([]);
  auth.load();
  await vi.waitFor(() => expect(auth.called('authorizeRedirect')).toEqual([[{ appState: { from: '/' } }]]));
  auth.signIn({ name: 'Alice', email: 'alice@example.com' });
  await shows(/Hello Alice.*alice@example\.com.*Tea/);
  expect(fetch.mock.calls[0][1].headers.Authorization).toMatch(/^Bearer \S/);
  expect(auth.called('authorizeRedirect')).toHaveLength(1);
  press('Renew');
  press('Forget me');
  expect([auth.called('refreshToken'), auth.called('clear')]).toEqual([[[]], [[]]]);
});

test('the rewritten app shows why no user is signed in', async () => {
  const auth = createTestAuth({ app: null });
  const { shows } = open(auth);
  await vi.waitFor(() => expect(auth.called('authorizeRedirect')).toHaveLength(1));
  auth.fail(oauthError('network'));
  await shows(/^Oops\.\.\. ./);
});
