// The real package, from the response of a login in the address bar to the end of the session.

import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { authInterceptor, createAuth, injectAuth, provideAuth, requireAuth } from 'oidc-client-wasm/angular';
import { issuer, provider } from '../real.js';
import { boot, component, place, text } from './world.js';

const settings = { demo: { clientId: 'c', issuer, redirectUri: `${location.origin}/callback`, scope: 'openid', apiBaseUrl: 'https://api.example.com/' } };

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

/** The clients of a page whose address has the response to a login that began at this place. */
async function answered(returnTo, response = { code: 'x' }) {
  const { demo } = await createOAuth(settings);
  Object.assign(login, await demo.createAuthorizationUrl());
  await demo.saveAuthorizeData({ ...login, appState: { returnTo } });
  history.replaceState(null, '', `/callback?${new URLSearchParams({ ...response, state: login.state })}`);
  return createAuth(settings, { createOAuth });
}

const state = () => injectAuth();
const start = (auth, ...providers) => boot(component('<router-outlet />'), provideAuth(auth), provideRouter([
  { path: 'protected', component: component('inside: {{ claims()?.sub }}', state), canActivate: [requireAuth] },
  { path: '', pathMatch: 'full', component: component('{{ status() }} {{ error()?.message }}', state) },
]), ...providers);

test('angular: a login ends at the place where it began, with the token for the API, and a sign-out there begins no other', async () => {
  const auth = await answered('/protected?page=2');
  const { injector } = await start(auth, provideHttpClient(withInterceptors([authInterceptor])), provideHttpClientTesting());
  await until('inside: alice');
  expect(place()).toBe('/protected?page=2');
  injector.get(HttpClient).get('https://api.example.com/orders').subscribe();
  await vi.waitFor(() => injector.get(HttpTestingController).expectOne(({ headers }) => headers.get('Authorization') === 'Bearer at'));
  await auth.client().logoutRedirect({ fallback: 'local' });
  await until('signed-out ');
  await aWhile();
  expect([text(), place(), logins()]).toEqual(['signed-out ', '/', []]);
});

test('angular: a session that the app has forgotten by clear() is not begun again', async () => {
  const auth = await answered('/protected');
  await start(auth);
  await until('inside: alice');
  await auth.client().clear();
  await until('signed-out ');
  await aWhile();
  expect([text(), logins()]).toEqual(['signed-out ', []]);
});

test('angular: a refused login ends at the fallback of the guard, and begins no other', async () => {
  await start(await answered('/protected', { error: 'access_denied' }));
  await until('signed-out The provider refused the login.');
  await aWhile();
  expect([place(), logins()]).toEqual(['/', []]);
});

test('angular: a stranger on a guarded route gets one login, and after Back none by itself', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {}); // jsdom cannot leave a page, and says so
  history.replaceState(null, '', '/protected');
  await start(createAuth(settings, { createOAuth }));
  await vi.waitFor(() => expect(logins()).toHaveLength(1));
  await aWhile();
  expect(text()).toBe('');
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  await until('signed-out ');
  await aWhile();
  expect([place(), logins().length]).toEqual(['/', 1]);
});
