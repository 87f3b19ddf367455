import { createOidc } from 'oidc-spa/core';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId }) => {
  const oidc = await createOidc({ issuerUri: issuer, clientId, scopes: ['profile', 'email', 'offline_access'] });
  if (oidc.initializationError) throw oidc.initializationError;
  const token = async () => (await oidc.getTokens()).accessToken;
  return {
    login: () => oidc.login({ redirectUrl: window.settings.home }),
    user: () => (oidc.isUserLoggedIn ? oidc.getDecodedIdToken() : null),
    token,
    async refresh() {
      await oidc.renewTokens();
      return token();
    },
    warm: { claims: () => oidc.getDecodedIdToken(), isAuthenticated: () => oidc.isUserLoggedIn, token: () => oidc.getTokens() },
  };
});
