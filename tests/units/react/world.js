// A page with React, the real package and a provider that is the page's `fetch`.

import { createElement as h } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { AuthProvider, createAuth } from 'oidc-client-wasm/react';
import { issuer, provider } from '../real.js';

export const settings = {
  demo: { clientId: 'c', issuer, redirectUri: `${globalThis.location?.origin}/callback`, scope: 'openid', apiBaseUrl: 'https://api.example.com/' },
};

const make = (options) => createAuth(settings, { createOAuth, ...options });

/** Sets a page up around the tests of the calling file. */
export function usePage() {
  const page = {
    /** What the console was told: React's warnings are errors there. */
    told: [],
    /** The requests to the provider. */
    requests: [],
    /** What the provider is to put into the next id_token. */
    login: {},
  };
  // One for all tests: a page remembers the keys of a provider.
  const answering = provider(page.login);
  const mounted = [];

  beforeEach(async () => {
    sessionStorage.clear();
    localStorage.clear();
    history.replaceState(null, '', '/');
    page.told.length = 0;
    page.requests.length = 0;
    const answer = await answering;
    vi.stubGlobal('fetch', (request) => {
      page.requests.push(new URL(request.url).pathname);
      return answer(request);
    });
    for (const level of ['warn', 'error']) vi.spyOn(console, level).mockImplementation((...words) => page.told.push(words.join(' ')));
  });
  afterEach(() => {
    for (const root of mounted.splice(0)) root.unmount();
    // As after Back: a login that the page was left for is under way no more.
    dispatchEvent(new Event('pagehide'));
    dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    document.body.replaceChildren();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  return Object.assign(page, {
    make,
    /** The clients of a page whose address has the response of a login that began at `place`. `response` are its parameters. */
    async answered(place = '/start', response = { code: 'x' }) {
      const client = make().client();
      Object.assign(page.login, await client.createAuthorizationUrl());
      await client.saveAuthorizeData({ ...page.login, appState: { returnTo: place } });
      history.replaceState(null, '', `/callback?${new URLSearchParams({ ...response, state: page.login.state })}`);
      return make();
    },
    /** The clients of a page in which a user is signed in. */
    async signedIn() {
      const auth = await page.answered();
      await auth.redirect;
      history.replaceState(null, '', '/');
      return auth;
    },
    /** Renders in a provider of `auth`. */
    mount(auth, children, props) {
      const root = createRoot(document.body.appendChild(document.createElement('div')));
      mounted.push(root);
      const render = (children) => flushSync(() => root.render(h(AuthProvider, { auth, ...props }, children)));
      render(children);
      return render;
    },
    adopt: (root) => mounted.push(root),
    text: () => document.body.textContent,
    until: (text) => vi.waitFor(() => {
      if (document.body.textContent !== text) throw new Error(`waited for "${text}", and there is "${document.body.textContent}"`);
    }, 5000),
    /** The logins that have begun, as storage has them. */
    logins: () => Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:transaction:')),
  });
}
