// The real package at the provider in memory: nothing leaves the process.

import { afterEach, beforeEach, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { createProvider } from 'oidc-client-wasm/testing/provider';

export const redirectUri = 'http://localhost:5173/callback';
export const home = 'http://localhost:5173/';

let count = 0;

/** A provider in the place of `fetch`, and a client of its issuer. Each world has an issuer of its own, because a page remembers those that it knows. */
export async function startWorld(options = {}, settings = {}, registry = {}) {
  count += 1;
  const issuer = options.issuer ?? `http://localhost:9400/${count}`;
  const provider = createProvider({ issuer, ...options });
  vi.stubGlobal('fetch', provider.fetch);
  const oauth = await createOAuth({
    demo: { issuer, clientId: 'my-spa', redirectUri, postLogoutRedirectUri: home, scope: 'openid profile email offline_access', apiBaseUrl: `${issuer}/api/`, ...settings },
  }, registry);
  const client = oauth.demo;

  /** The URL of a login, kept as `authorizeRedirect` keeps it. */
  async function begin(params) {
    const login = await client.createAuthorizationUrl(params);
    await client.saveAuthorizeData(login);
    return login.url;
  }
  return {
    provider, oauth, client, begin,
    async login(answer = { user: 'alice' }, params) {
      return oauth.handleRedirect(await provider.authorize(await begin(params), answer));
    },
    /** The path and the status of what was asked. */
    seen: () => provider.requests.map(({ path, status }) => `${path.slice(new URL(issuer).pathname.length)} ${status}`),
  };
}

export function useWorld() {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  afterEach(() => vi.unstubAllGlobals());
}
