import { createAuth0Client } from '@auth0/auth0-spa-js';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope }) => {
  const auth0 = await createAuth0Client({
    domain: issuer, clientId, useRefreshTokens: true, cacheLocation: 'localstorage', authorizationParams: { redirect_uri: redirectUri, scope },
  });
  return {
    login: () => auth0.loginWithRedirect(),
    finish: () => auth0.handleRedirectCallback(),
    user: async () => (await auth0.getUser()) ?? null,
    token: () => auth0.getTokenSilently(),
    refresh: () => auth0.getTokenSilently({ cacheMode: 'off' }),
    warm: { claims: () => auth0.getIdTokenClaims(), isAuthenticated: () => auth0.isAuthenticated(), token: () => auth0.getTokenSilently() },
  };
});
