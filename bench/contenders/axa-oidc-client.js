import { OidcClient, OidcLocation } from '@axa-fr/oidc-client';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope, store }) => {
  const client = OidcClient.getOrCreate(() => fetch, new OidcLocation())({
    authority: issuer, client_id: clientId, redirect_uri: redirectUri, scope, ...(store === 'local' && { storage: localStorage }),
  });
  if (!location.pathname.endsWith('/callback')) await client.tryKeepExistingSessionAsync();
  const valid = async () => {
    const { tokens, isTokensValid } = await client.getValidTokenAsync();
    if (!isTokensValid) throw new Error('no valid token');
    return tokens.accessToken;
  };
  return {
    login: () => client.loginAsync(location.pathname),
    finish: () => client.loginCallbackAsync(),
    user: () => client.tokens?.idTokenPayload ?? null,
    token: valid,
    refresh: async () => (await client.renewTokensAsync())?.accessToken ?? client.tokens?.accessToken,
    warm: { claims: () => client.tokens?.idTokenPayload, isAuthenticated: () => !!client.tokens, token: () => client.tokens },
  };
});
