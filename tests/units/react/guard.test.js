// What the guard begins by itself, and what it does not.

import { createElement as h, StrictMode, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { RequireAuth, useAuth, withAuth } from 'oidc-client-wasm/react';
import { usePage } from './world.js';

const page = usePage();

/** Time for what should not happen: more than a login needs to begin. */
const aWhile = () => new Promise((resolve) => { setTimeout(resolve, 300); });

const Name = () => `inside: ${useAuth().claims.sub}`;
const guarded = (props) => h(RequireAuth, { fallback: ({ status, error }) => (error ? error.code : status), ...props }, h(Name));

test('react: a guard shows a signed-in user what it guards', async () => {
  page.mount(await page.signedIn(), guarded());
  await page.until('inside: alice');
  expect(page.told).toEqual([]);
});

test('react: a guard begins one login, whose place is that of the page, although StrictMode runs each effect twice', async () => {
  history.replaceState(null, '', '/deep?q=1#part');
  page.mount(page.make(), h(StrictMode, null, guarded()));
  await page.until('signing-in');
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  await aWhile();
  expect(page.logins()).toHaveLength(1);
  expect(sessionStorage.getItem(page.logins()[0])).toContain('/deep?q=1#part');
  expect(page.told).toEqual([]);
});

test('react: two guards of a page begin one login', async () => {
  page.mount(page.make(), [h('div', { key: 1 }, guarded()), h('div', { key: 2 }, guarded())]);
  await page.until('signing-insigning-in');
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  await aWhile();
  expect(page.logins()).toHaveLength(1);
});

test('react: a guard tells a stranger from the beginning that a login is under way, and never that nobody is signed in', async () => {
  const seen = [];
  const fallback = ({ status }) => {
    seen.push(status);
    return status;
  };
  page.mount(page.make(), guarded({ fallback }));
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  expect(new Set(seen)).toEqual(new Set(['loading', 'signing-in']));
});

test('react: a guard begins no login after a sign-out in the page', async () => {
  const auth = await page.signedIn();
  page.mount(auth, guarded());
  await page.until('inside: alice');
  await auth.client().logoutRedirect({ fallback: 'local' });
  await page.until('signed-out');
  await aWhile();
  expect([page.text(), page.logins()]).toEqual(['signed-out', []]);
});

test('react: a guard begins no login after the session has ended without a logout of the page', async () => {
  const auth = await page.signedIn();
  page.mount(auth, guarded());
  await page.until('inside: alice');
  await auth.client().clear();
  await page.until('signed-out');
  await aWhile();
  expect([page.text(), page.logins()]).toEqual(['signed-out', []]);
});

test('react: a guard begins no login after a login was refused', async () => {
  page.mount(await page.answered('/start', { error: 'access_denied' }), guarded());
  await page.until('authorization_refused');
  await aWhile();
  expect([page.text(), page.logins()]).toEqual(['authorization_refused', []]);
});

test('react: a guard begins no second login for a person who comes back from the provider by Back', async () => {
  page.mount(page.make(), h(StrictMode, null, guarded()));
  await page.until('signing-in');
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  await aWhile();
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await page.until('signed-out');
  await aWhile();
  expect([page.text(), page.logins().length, page.told]).toEqual(['signed-out', 1, []]);
});

test('react: a guard that a login takes out of the page begins no second login when the person comes back', async () => {
  const Routes = () => (['signing-in', 'loading'].includes(useAuth().status) ? 'one moment' : guarded());
  page.mount(page.make(), h(StrictMode, null, h(Routes)));
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  await page.until('one moment');
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await page.until('signed-out');
  await aWhile();
  expect([page.text(), page.logins().length]).toEqual(['signed-out', 1]);
});

test('react: a guard at another address of the page begins a login for a person who came back', async () => {
  const render = page.mount(page.make(), guarded());
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  await aWhile();
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await page.until('signed-out');
  history.pushState(null, '', '/another');
  render(h('main', null, guarded()));
  await vi.waitFor(() => expect(page.logins()).toHaveLength(2));
});

test('react: a guard renders nothing where it has no fallback', async () => {
  page.mount(page.make(), h(RequireAuth, null, 'inside'));
  await vi.waitFor(() => expect(page.logins()).toHaveLength(1));
  expect(page.text()).toBe('');
});

test('react: a fallback may call hooks', async () => {
  const fallback = ({ status }) => useState(`first: ${status}`)[0];
  page.mount(await page.answered(), guarded({ fallback }));
  expect(page.text()).toMatch(/^first: /);
  await page.until('inside: alice');
  expect(page.told).toEqual([]);
});

test('react: withAuth guards a component, and has its name', async () => {
  const Guarded = withAuth(Name, { fallback: 'one moment' });
  expect(Guarded.displayName).toBe('withAuth(Name)');
  page.mount(await page.signedIn(), h(Guarded));
  await page.until('inside: alice');
});
