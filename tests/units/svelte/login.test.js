// The real package, from the response of a login in the address bar to the end of the session.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { createAuth, useAuth } from 'oidc-client-wasm/svelte';
import { issuer, provider } from '../real.js';
import Guarded from './Guarded.svelte';
import Status from './Status.svelte';
import { start, text } from './world.js';

const settings = { demo: { clientId: 'c', issuer, redirectUri: `${location.origin}/callback`, scope: 'openid' } };

/** One provider for all logins, because a client keeps its keys. */
const login = {};
const answer = await provider(login);
const logins = () => Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:transaction:'));
/** Time for what should not happen: more than a login needs to begin. */
const aWhile = () => new Promise((resolve) => { setTimeout(resolve, 200); });
const until = (wanted) => vi.waitFor(() => expect(text()).toBe(wanted), 5000);

beforeEach(() => vi.stubGlobal('fetch', answer));
afterEach(() => {
  // As after Back: a login that the page was left for is under way no more.
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  sessionStorage.clear();
  localStorage.clear(); // the marks of a sign-out, by whole seconds
});

const make = () => createAuth(settings, { createOAuth });

/** The clients of a page whose address has the response to a login that began at this place. */
async function answered(returnTo, response = { code: 'x' }) {
  const { demo } = await createOAuth(settings);
  Object.assign(login, await demo.createAuthorizationUrl());
  await demo.saveAuthorizeData({ ...login, appState: { returnTo } });
  history.replaceState(null, '', `/callback?${new URLSearchParams({ ...response, state: login.state })}`);
  return make();
}

test('svelte: a login ends at the place where it began, and a sign-out there begins no other', async () => {
  const auth = await answered('/protected?page=2');
  start([auth], { Inside: Guarded });
  expect(text()).toBe('loading');
  await until('inside: alice');
  await vi.waitFor(() => expect(location.pathname + location.search).toBe('/protected?page=2'));
  await auth.client().logoutRedirect({ fallback: 'local' });
  await until('signed-out');
  await aWhile();
  expect([text(), logins()]).toEqual(['signed-out', []]);
});

test('svelte: a session that the app has forgotten by clear() is not begun again', async () => {
  const auth = await answered('/protected');
  start([auth], { Inside: Guarded });
  await until('inside: alice');
  await auth.client().clear();
  await until('signed-out');
  await aWhile();
  expect([text(), logins()]).toEqual(['signed-out', []]);
});

test('svelte: a refused login is shown by the guard, and begins no other', async () => {
  start([await answered('/protected', { error: 'access_denied' })], { Inside: Guarded });
  await until('The provider refused the login.');
  await aWhile();
  expect(logins()).toEqual([]);
});

test('svelte: a stranger on a guarded page gets one login, and after Back none by itself', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {}); // jsdom cannot leave a page, and says so
  start([make()], { Inside: Guarded });
  await until('signing-in');
  await vi.waitFor(() => expect(logins()).toHaveLength(1));
  await aWhile();
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await until('signed-out');
  await aWhile();
  expect([text(), logins().length]).toEqual(['signed-out', 1]);
});

test('svelte: a user of before a reload is there from the first paint on, as unverified', async () => {
  await (await answered('/')).redirect;
  history.replaceState(null, '', '/');
  const seen = [];
  let state;
  const use = () => {
    state = useAuth();
    return { get status() { seen.push(state.status); return state.status; }, get claims() { return state.claims && { name: state.claims.sub }; } };
  };
  start([make()], { Inside: Status, use });
  expect(text()).toBe('loading alice');
  await until('signed-in alice');
  expect(new Set(seen)).toEqual(new Set(['loading', 'signed-in']));
});
