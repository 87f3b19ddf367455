// The package has functions for the requests and the checks. This glue adds the session: storage, restore and renewal. The package checks
// the signature of an id_token on request, and the glue requests that.

import * as oauth from 'oauth4webapi';
import { start } from '../page/start.js';

const insecure = { [oauth.allowInsecureRequests]: true };

void start(async ({ issuer, clientId, redirectUri, scope }) => {
  const client = { client_id: clientId };
  const load = (key) => JSON.parse(sessionStorage.getItem(`oauth4webapi.${key}`));
  const store = (key, value) => sessionStorage.setItem(`oauth4webapi.${key}`, JSON.stringify(value));
  let session = load('session');
  let discovered;
  let refreshing;

  const server = () => {
    const url = new URL(issuer);
    discovered ??= oauth.discoveryRequest(url, insecure).then((response) => oauth.processDiscoveryResponse(url, response));
    return discovered;
  };
  const keep = async (as, response, result) => {
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    session = { token: result, claims: oauth.getValidatedIdTokenClaims(result), expires: Date.now() + result.expires_in * 1000 };
    store('session', session);
  };
  const renew = async () => {
    const as = await server();
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), session.token.refresh_token, insecure);
    await keep(as, response, await oauth.processRefreshTokenResponse(as, client, response));
  };
  const refresh = () => {
    refreshing ??= renew().finally(() => { refreshing = undefined; });
    return refreshing;
  };

  return {
    async login() {
      const as = await server();
      const login = { verifier: oauth.generateRandomCodeVerifier(), state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce() };
      store('login', login);
      const url = new URL(as.authorization_endpoint);
      url.search = new URLSearchParams({
        response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope, state: login.state, nonce: login.nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(login.verifier), code_challenge_method: 'S256',
      });
      location.assign(url);
    },
    async finish() {
      const { verifier, state, nonce } = load('login');
      const as = await server();
      const params = oauth.validateAuthResponse(as, client, new URL(location.href), state);
      history.replaceState(null, '', location.pathname);
      const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), params, redirectUri, verifier, insecure);
      const result = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
      await keep(as, response, result);
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
