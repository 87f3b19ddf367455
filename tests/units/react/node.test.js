// @vitest-environment node
// On a server there is no page: the module of an app's clients is imported there, and its tree is rendered.

import { createElement as h } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { AuthProvider, createAuth, RequireAuth, useAuth } from 'oidc-client-wasm/react';

const settings = { demo: { clientId: 'c', issuer: 'https://id.example.com', redirectUri: 'https://app.example/callback' } };
const Status = () => useAuth().status;

test('react: a server renders the state of a page that loads, and its guard begins nothing', async () => {
  const auth = createAuth(settings);
  expect(renderToStaticMarkup(h(AuthProvider, { auth }, h(Status), h(RequireAuth, { fallback: 'wait' }, 'inside')))).toBe('loadingwait');
  await expect(auth.redirect).rejects.toMatchObject({ code: 'config_invalid' });
  expect(renderToStaticMarkup(h(AuthProvider, { auth }, h(Status)))).toBe('loading');
});
