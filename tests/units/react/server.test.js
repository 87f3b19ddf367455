// Rendering on a server, and what the browser makes of it.

import { createElement as h, StrictMode } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { AuthProvider, RequireAuth, useAuth } from 'oidc-client-wasm/react';
import { usePage } from './world.js';

const page = usePage();

const Status = () => {
  const { status, claims } = useAuth();
  return h('p', null, `${status} ${claims?.sub ?? 'nobody'}`);
};

test('react: a hook without a provider says what to do', () => {
  const render = () => renderToString(h(Status));
  expect(render).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('<AuthProvider auth={auth}>') }));
});

test('react: a name that the settings lack is an error that names those of the settings', () => {
  const auth = page.make();
  const Wrong = () => useAuth('nobody').status;
  const render = () => renderToString(h(AuthProvider, { auth }, h(Wrong)));
  expect(render).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('demo') }));
});

test('react: a second provider with a client of the same name is refused, and the same auth twice is not', () => {
  const [auth, other] = [page.make(), page.make()];
  const render = (inner) => renderToString(h(AuthProvider, { auth }, h(AuthProvider, { auth: inner }, h(Status))));
  expect(render(auth)).toBe('<p>loading nobody</p>');
  expect(() => render(other)).toThrow(expect.objectContaining({
    code: 'config_invalid', message: 'Two <AuthProvider> have a client "demo".', remedy: expect.stringContaining('createAuth'),
  }));
});

test('react: what a server has rendered is taken over without a complaint, also for a user who is signed in', async () => {
  await page.signedIn();
  const auth = page.make();
  const app = h(StrictMode, null, h(AuthProvider, { auth }, h(Status), h(RequireAuth, { fallback: h('i', null, 'wait') }, h('b', null, 'inside'))));
  const container = document.body.appendChild(document.createElement('div'));
  container.innerHTML = renderToString(app);
  expect(container.textContent).toBe('loading nobodywait');
  const recovered = [];
  page.adopt(hydrateRoot(container, app, { onRecoverableError: (error) => recovered.push(error.message) }));
  await page.until('signed-in aliceinside');
  expect([recovered, page.told]).toEqual([[], []]);
});
