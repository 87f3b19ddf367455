// The floor: the code flow with PKCE by hand, with `fetch` and `crypto.subtle` alone. This client checks neither the state nor the
// id_token. The difference between a package and the floor is the price of the package.

import { start } from '../page/start.js';

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const store = (key, value) => sessionStorage.setItem(`floor.${key}`, JSON.stringify(value));
const load = (key) => JSON.parse(sessionStorage.getItem(`floor.${key}`));

function claimsOf(token) {
  const bytes = Uint8Array.from(atob(token.id_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

void start(async ({ issuer, clientId, redirectUri, scope }) => {
  let session = load('session');
  let refreshing;

  async function metadata() {
    if (!load('metadata')) store('metadata', await (await fetch(`${issuer}/.well-known/openid-configuration`)).json());
    return load('metadata');
  }

  async function redeem(form) {
    const { token_endpoint } = await metadata();
    const response = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: clientId, ...form }) });
    if (!response.ok) throw new Error((await response.json()).error);
    const token = await response.json();
    session = { token, claims: claimsOf(token), expires: Date.now() + token.expires_in * 1000 };
    store('session', session);
  }

  const refresh = () => {
    refreshing ??= redeem({ grant_type: 'refresh_token', refresh_token: session.token.refresh_token }).finally(() => { refreshing = undefined; });
    return refreshing;
  };

  return {
    async login() {
      const verifier = random();
      const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
      const { authorization_endpoint } = await metadata();
      store('verifier', verifier);
      location.assign(`${authorization_endpoint}?${new URLSearchParams({
        response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope, state: random(), nonce: random(),
        code_challenge: challenge, code_challenge_method: 'S256',
      })}`);
    },
    async finish() {
      const code = new URLSearchParams(location.search).get('code');
      history.replaceState(null, '', location.pathname);
      await redeem({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: load('verifier') });
    },
    user: () => session?.claims ?? null,
    async token() {
      if (session.expires - 30_000 < Date.now()) await refresh();
      return session.token.access_token;
    },
    async refresh() {
      await refresh();
      return session.token.access_token;
    },
    warm: { claims: () => session?.claims ?? null, isAuthenticated: () => session !== null, token: () => session?.token ?? null },
  };
});
