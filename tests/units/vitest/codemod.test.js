// An app that `npx oidc-client-wasm codemod` has rewritten signs a person in at the provider in memory, with the code that the codemod wrote.

import { createProvider } from 'oidc-client-wasm/testing/provider';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// A test has no server for the .wasm file.
vi.mock('oidc-client-wasm', () => import('oidc-client-wasm/inline'));

const provider = createProvider({
  issuer: 'https://id.example.com',
  clients: [{ clientId: 'orders', redirectUris: [`${location.origin}/callback`], postLogoutRedirectUris: [`${location.origin}/`] }],
});
let restoreFetch;

beforeEach(() => {
  restoreFetch = provider.stubFetch();
  document.body.innerHTML = '<p id="status"></p>';
});

afterEach(() => {
  restoreFetch();
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, '', '/');
});

test('the app "service" signs in, shows the name, calls the API, renews and forgets the person', async () => {
  const { auth, userManager } = await import('../cli/codemod/service/after/src/auth.ts');
  // As login() does, with the test in the place of the browser.
  const data = await userManager.client('app').createAuthorizationUrl();
  expect(new URL(data.url).searchParams.get('audience')).toBe('https://api.example.com');
  await userManager.client('app').saveAuthorizeData({ ...data, appState: { from: '/orders' } });
  history.replaceState(null, '', await provider.authorize(data.url, { user: 'alice' }));
  await import('../cli/codemod/service/after/src/main.ts');
  await vi.waitFor(() => expect(document.querySelector('#status').textContent).toBe('Hello Alice Moreau'));
  expect([location.pathname, auth.isLoggedIn, auth.email]).toEqual(['/orders', true, 'alice@example.com']);
  const before = await auth.headers();
  await auth.renew();
  const after = await auth.headers();
  expect([before, after]).toEqual([{ authorization: expect.stringMatching(/^Bearer ./) }, { authorization: expect.stringMatching(/^Bearer ./) }]);
  expect(after).not.toEqual(before);
  expect(Object.keys(localStorage).some((key) => key.startsWith('oidc:'))).toBe(true);
  await userManager.client('app').clear();
  await vi.waitFor(() => expect(document.querySelector('#status').textContent).toBe('Signed out'));
  expect(await auth.headers()).toEqual({});
});
