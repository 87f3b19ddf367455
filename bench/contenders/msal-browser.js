import { PublicClientApplication, ProtocolMode } from '@azure/msal-browser';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope, store }) => {
  const scopes = scope.split(' ').filter((name) => name !== 'offline_access');
  const app = new PublicClientApplication({
    auth: { clientId, authority: `${issuer}/`, knownAuthorities: [new URL(issuer).host], redirectUri },
    cache: { cacheLocation: store === 'local' ? 'localStorage' : 'sessionStorage' },
    system: { protocolMode: ProtocolMode.OIDC },
  });
  await app.initialize();
  const account = () => app.getActiveAccount() ?? app.getAllAccounts()[0] ?? null;
  const silent = (more) => app.acquireTokenSilent({ scopes, account: account(), ...more });
  return {
    login: () => app.loginRedirect({ scopes }),
    async finish() {
      app.setActiveAccount((await app.handleRedirectPromise({ navigateToLoginRequestUrl: false }))?.account ?? null);
    },
    user: () => account()?.idTokenClaims ?? null,
    token: async () => (await silent()).accessToken,
    refresh: async () => (await silent({ forceRefresh: true })).accessToken,
    warm: { claims: () => account()?.idTokenClaims, isAuthenticated: () => account() !== null, token: () => silent() },
  };
});
