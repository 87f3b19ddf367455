// What this provider is, in oidc-provider's own configuration words.

import { errors } from './oidc-provider.js';
import { signingAlgorithms } from './keys.js';
import { sourcedClaims, users } from './users.js';
import * as views from './views.js';

const defaultTtl = {
  AccessToken: 3600,
  AuthorizationCode: 60,
  ClientCredentials: 600,
  Grant: 14 * 24 * 3600,
  IdToken: 3600,
  Interaction: 3600,
  RefreshToken: 14 * 24 * 3600,
  Session: 14 * 24 * 3600,
};

export const acrValues = ['urn:demo:bronze', 'urn:demo:silver'];

const origin = (uri) => {
  try {
    return new URL(uri).origin;
  } catch {
    return undefined;
  }
};

/** A public client of `appOrigins`: no secret, PKCE. Every member can be overridden by the one given. */
export function describeClient(client, { appOrigins, redirectPaths, idTokenSigningAlg }) {
  const uris = appOrigins.flatMap((appOrigin) => redirectPaths.map((path) => new URL(path, appOrigin).href));
  return {
    client_id: 'demo-spa',
    client_name: 'oidc-client-wasm demo',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: uris,
    post_logout_redirect_uris: uris,
    id_token_signed_response_alg: idTokenSigningAlg,
    ...client,
  };
}

export function createConfiguration({ issuer, appOrigin, clients, jwks, cookieKeys, store, settings, ttl, features, refreshTokens, findAccount }) {
  const { port } = new URL(issuer);
  const page = (ctx, html) => {
    ctx.type = 'html';
    ctx.set('content-security-policy', views.contentSecurityPolicy);
    ctx.body = html;
  };

  return {
    adapter: store,
    clients,
    jwks,
    findAccount,
    acrValues,
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: {
      acr: null,
      amr: null,
      auth_time: null,
      iss: null,
      sid: null,
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username', 'locale', 'zoneinfo', 'updated_at', ...sourcedClaims],
      email: ['email', 'email_verified'],
    },
    // The id_token carries the claims of the scopes too, so that a page shows a name without another request.
    conformIdTokenClaims: false,
    enabledJWA: { idTokenSigningAlgValues: signingAlgorithms },
    discovery: { ui_locales_supported: ['en'] },

    // Cookies do not know ports: two providers on one host would overwrite each other's.
    cookies: {
      names: { session: `_session_${port}`, interaction: `_interaction_${port}`, resume: `_resume_${port}` },
      keys: cookieKeys,
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      long: { httpOnly: true, sameSite: 'lax', signed: true },
    },

    // Read at each use, so that a running provider's lifetimes can be changed.
    ttl: Object.fromEntries(Object.entries({ ...defaultTtl, ...ttl }).map(([name, seconds]) => {
      settings.ttl[name] ??= seconds;
      return [name, () => settings.ttl[name]];
    })),

    clientBasedCORS: (_ctx, requestOrigin, client) => client.redirectUris.some((uri) => origin(uri) === requestOrigin),
    pkce: { required: () => true },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },

    issueRefreshToken: (_ctx, client, source) => client.grantTypeAllowed('refresh_token')
      && (refreshTokens === 'always' || (refreshTokens !== 'never' && source.scopes.has('offline_access'))),
    rotateRefreshToken: () => settings.refresh.rotate,

    // A first-party application is not asked for consent: its grant is made on the spot. `prompt=consent` asks all the same.
    async loadExistingGrant(ctx) {
      const { client, provider, result, session } = ctx.oidc;
      const grantId = result?.consent?.grantId || session.grantIdFor(client.clientId);
      let grant = grantId && await provider.Grant.find(grantId);
      if (settings.consent || result?.consent) return grant || undefined;
      grant ||= new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope([...ctx.oidc.requestParamOIDCScopes].join(' '));
      grant.addOIDCClaims([...ctx.oidc.requestParamClaims]);
      for (const [indicator, server] of Object.entries(ctx.oidc.resourceServers)) {
        grant.addResourceScope(indicator, [...server.scopes].join(' '));
      }
      await grant.save();
      return grant;
    },

    renderError: (ctx, out) => page(ctx, views.errorPage(out, appOrigin)),

    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      jwtResponseModes: { enabled: true },
      jwtUserinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_ctx, indicator) {
          if (indicator !== `${issuer}/api`) throw new errors.InvalidTarget();
          return { scope: 'orders:read', audience: indicator, accessTokenFormat: 'opaque' };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => page(ctx, views.logoutPage({
          appOrigin,
          form,
          client: ctx.oidc.client,
          user: users.find(({ sub }) => sub === ctx.oidc.session.accountId),
        })),
        postLogoutSuccessSource: (ctx) => page(ctx, views.signedOutPage({ appOrigin, client: ctx.oidc.client })),
      },
      ...features,
    },
  };
}
