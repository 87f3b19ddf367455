// What a provider does while the app around it changes.

import { createElement as h, forwardRef, memo, StrictMode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, test, vi } from 'vitest';
import { createTestAuth } from 'oidc-client-wasm/testing';
import { AuthProvider, RequireAuth, useAuth } from 'oidc-client-wasm/react';
import { usePage } from './world.js';

const page = usePage();
const soon = () => new Promise((resolve) => { setTimeout(resolve, 20); });
const login = { kind: 'login', claims: { sub: 'alice' }, appState: { returnTo: '/orders' } };
const Name = ({ of }) => {
  const { claims, status } = useAuth(of);
  return claims?.sub ?? status;
};

function mount(render) {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  page.adopt(root);
  const show = (element) => flushSync(() => root.render(element));
  show(render);
  return { root, show };
}

test('react: a login goes on by the function of the latest render', async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  const [before, now] = [vi.fn(), vi.fn()];
  const app = (navigate) => h(StrictMode, null, h(AuthProvider, { auth, navigate }, 'app'));
  const { show } = mount(app(before));
  show(app(now));
  auth.load(login);
  await vi.waitFor(() => expect(now).toHaveBeenCalledTimes(1));
  expect(before).not.toHaveBeenCalled();
});

test('react: a provider that is gone goes nowhere, and the one that takes its place does', async () => {
  const auth = createTestAuth({ demo: null }, { loading: true });
  const [gone, next] = [vi.fn(), vi.fn()];
  const { show } = mount(h(AuthProvider, { auth, navigate: gone }));
  show(null);
  auth.load(login);
  await soon();
  expect(gone).not.toHaveBeenCalled();
  show(h(AuthProvider, { auth, navigate: next }));
  await vi.waitFor(() => expect(next).toHaveBeenCalledTimes(1));
});

test('react: another auth in the place of the first one shows its user', async () => {
  const auths = ['alice', 'bob'].map((sub) => createTestAuth({ demo: { claims: { sub } } }));
  const { show } = mount(h(AuthProvider, { auth: auths[0] }, h(Name)));
  expect(page.text()).toBe('alice');
  show(h(AuthProvider, { auth: auths[1] }, h(Name)));
  expect(page.text()).toBe('bob');
  flushSync(() => auths[1].signOut());
  expect(page.text()).toBe('signed-out');
});

test('react: another name shows the user of that client', () => {
  const auth = createTestAuth({ demo: { claims: { sub: 'alice' } }, github: { claims: { sub: 'octocat' } } });
  const { show } = mount(h(AuthProvider, { auth }, h(RequireAuth, { name: 'demo' }, h(Name, { of: 'demo' }))));
  show(h(AuthProvider, { auth }, h(RequireAuth, { name: 'github' }, h(Name, { of: 'github' }))));
  expect(page.text()).toBe('octocat');
});

test('react: a fallback may be a component in memo() or forwardRef()', () => {
  const SignedOut = ({ status }) => `fallback: ${status}`;
  for (const fallback of [memo(SignedOut), forwardRef((props, ref) => h(SignedOut, { ...props, ref }))]) {
    const auth = createTestAuth({ demo: { status: 'signing-in' } });
    const { root } = mount(h(AuthProvider, { auth }, h(RequireAuth, { fallback }, 'inside')));
    expect(page.text()).toBe('fallback: signing-in');
    flushSync(() => root.unmount());
  }
});

test('react: a fallback may be an element, and a list of them', () => {
  const auth = createTestAuth({ demo: { status: 'signing-in' } });
  mount(h(AuthProvider, { auth }, h(RequireAuth, { fallback: [h('i', { key: 1 }, 'one '), h('b', { key: 2 }, 'moment')] }, 'inside')));
  expect(page.text()).toBe('one moment');
});

test.each([['nothing', undefined], ['the promise of createOAuth', Promise.resolve({})]])('react: a provider that is given %s in place of an auth says what to do', (_what, auth) => {
  expect(() => renderToString(h(AuthProvider, { auth }, 'app'))).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('createAuth(settings)') }));
});
