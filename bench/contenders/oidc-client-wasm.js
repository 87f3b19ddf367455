import { createOAuth } from 'oidc-client-wasm';
import { start } from '../page/start.js';

void start(async ({ issuer, clientId, redirectUri, scope }) => {
  const oauth = await createOAuth({ op: { issuer, clientId, redirectUri, scope } });
  const { op } = oauth;
  return {
    login: () => op.authorizeRedirect(),
    finish: () => oauth.handleRedirect(),
    user: () => op.claims,
    token: () => op.getAccessToken(),
    refresh: () => op.getAccessToken({ force: true }),
    warm: { claims: () => op.claims, isAuthenticated: () => op.isAuthenticated, token: () => op.token },
  };
});
