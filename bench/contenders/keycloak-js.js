import Keycloak from 'keycloak-js';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope, home }) => {
  const keycloak = new Keycloak({ oidcProvider: issuer, clientId });
  await keycloak.init({
    onLoad: 'check-sso', silentCheckSsoRedirectUri: new URL('silent', home).href, pkceMethod: 'S256', checkLoginIframe: false, scope,
  });
  const token = async (minValidity) => {
    await keycloak.updateToken(minValidity);
    return keycloak.token;
  };
  return {
    login: () => keycloak.login({ redirectUri, scope }),
    user: () => (keycloak.authenticated ? keycloak.idTokenParsed : null),
    token: () => token(30),
    refresh: () => token(-1),
    warm: { claims: () => keycloak.idTokenParsed, isAuthenticated: () => keycloak.authenticated, token: () => keycloak.token },
  };
});
