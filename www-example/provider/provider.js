// startProvider(): a real OpenID provider (npm oidc-provider) on loopback, for the demo and for the browser tests.
// No global state: any number of them may run in one process, each with its own port, keys, users' sessions and log.

import { randomBytes } from 'node:crypto';
import { apiPaths, createApi, isApi } from './api.js';
import { createConfiguration, describeClient } from './configuration.js';
import { interactions } from './interactions.js';
import { decodeJwt, generateKeys, signJwt } from './keys.js';
import { listen } from './listen.js';
import { Provider } from './oidc-provider.js';
import { createStore } from './store.js';
import { createFindAccount, users } from './users.js';
import * as views from './views.js';
import { createWire } from './wire.js';

export { startApi } from './api.js';
export { startPlainProvider } from './plain-provider.js';
export { users };

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 (default): any free one
 * @param {string} [options.host] name to listen on and to be known by; default `localhost`
 * @param {string | string[]} [options.appOrigin] origin(s) of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {object[]} [options.clients] each merged over the public client `demo-spa` (default: that one alone). With
 *   `userinfo_signed_response_alg: 'RS256'` a client gets its userinfo as a signed JWT
 * @param {Record<string, number>} [options.ttl] lifetimes in seconds: AccessToken, IdToken, RefreshToken, Session, …
 * @param {string} [options.idTokenSigningAlg] default RS256
 * @param {string[]} [options.signingAlgs] algorithms to make keys for; default RS256, PS256, ES256, EdDSA
 * @param {{ keys: object[] }} [options.jwks] private keys instead of generated ones
 * @param {boolean} [options.consent] ask for consent even though the application is first-party
 * @param {'offline_access' | 'always' | 'never'} [options.refreshTokens] when refresh tokens are issued. Default
 *   `offline_access`: that scope, for which OpenID Connect Core 11 also wants `prompt=consent`
 * @param {boolean} [options.rotateRefreshToken] whether a refresh gives a new refresh token and uses up the old one (default
 *   true). Reuse of one that is used up withdraws the whole grant
 * @param {boolean} [options.refreshIdToken] whether the answer to a refresh holds an id_token (default true)
 * @param {boolean} [options.claimSources] bob's claims come with aggregated and distributed ones (OpenID Connect Core 5.6.2)
 *   in the scope `profile`: `_claim_names` and `_claim_sources`. Default false
 * @param {object} [options.features] merged over oidc-provider's `features`
 * @param {(configuration: object) => object} [options.configure] last word over oidc-provider's configuration
 */
export async function startProvider({
  port = 0,
  host = 'localhost',
  appOrigin = 'http://localhost:5173',
  redirectPaths = ['/', '/callback'],
  clients = [{}],
  ttl = {},
  idTokenSigningAlg = 'RS256',
  signingAlgs = ['RS256', 'PS256', 'ES256', 'EdDSA'],
  jwks,
  consent = false,
  refreshTokens = 'offline_access',
  rotateRefreshToken = true,
  refreshIdToken = true,
  claimSources = false,
  features = {},
  configure = (configuration) => configuration,
} = {}) {
  const appOrigins = [appOrigin].flat().map((value) => new URL(value).origin);
  const algs = [...signingAlgs, idTokenSigningAlg, ...clients.map((client) => client.id_token_signed_response_alg).filter(Boolean)];
  const refresh = { rotate: rotateRefreshToken, idToken: refreshIdToken };
  const settings = { consent, ttl: {}, refresh: { ...refresh } };
  const cookieKeys = [randomBytes(32).toString('base64url')];
  const store = createStore();
  let keys = jwks?.keys ?? await generateKeys(algs);
  let current;
  let handler;

  const wire = createWire(() => handler);
  const server = await listen((req, res) => void wire.listener(req, res), port, host);
  const issuer = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;

  // Rebuilt with other keys by rotateKeys(); the store, the cookies' keys and the settings stay, so nobody is signed out.
  function build() {
    const provider = new Provider(issuer, configure(createConfiguration({
      issuer,
      appOrigin: appOrigins[0],
      clients: clients.map((client) => describeClient(client, { appOrigins, redirectPaths, idTokenSigningAlg })),
      jwks: { keys: structuredClone(keys) },
      cookieKeys,
      store,
      settings,
      ttl,
      features,
      refreshTokens,
      findAccount: createFindAccount({ issuer, claimSources }),
    })));
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.oidc?.route === 'token' && ctx.oidc.params?.grant_type === 'refresh_token' && !settings.refresh.idToken) {
        delete ctx.body.id_token;
      }
    });
    provider.use(interactions(provider, appOrigins[0]));
    provider.use(async (ctx, next) => {
      if (ctx.path === '/' && ctx.method === 'GET') {
        ctx.type = 'html';
        ctx.set('content-security-policy', views.contentSecurityPolicy);
        ctx.body = views.homePage({ issuer, appOrigin: appOrigins[0], users });
        return;
      }
      // For the pages that oidc-provider writes by itself; its own inline script adds its hash.
      ctx.set('content-security-policy', views.contentSecurityPolicy);
      await next();
      // A person reads a page, a script gets the answer that it expects.
      if (ctx.status !== 404 || ctx.body || ctx.method !== 'GET' || ctx.accepts('json', 'html') !== 'html') return;
      ctx.type = 'html';
      ctx.body = views.notFoundPage(appOrigins[0]);
      ctx.status = 404;
    });
    provider.on('server_error', (_ctx, error) => console.error('provider:', error));
    current = provider;
    const callback = provider.callback();
    handler = (req, res) => (isApi(req) ? api : callback)(req, res);
  }

  async function verifyAccessToken(value) {
    const token = await current.AccessToken.find(value);
    const grant = token && await current.Grant.find(token.grantId, { ignoreExpiration: true });
    if (!token?.isValid || !grant) return { refused: 'the access token is unknown, expired or revoked' };
    if (token.isSenderConstrained()) return { refused: 'the access token is bound to a key and is no bearer token' };
    if (token.aud !== undefined && token.aud !== `${issuer}/api`) return { refused: 'the access token is for another audience' };
    return { sub: token.accountId, name: users.find(({ sub }) => sub === token.accountId)?.claims.name };
  }
  const api = createApi({ verify: verifyAccessToken, appOrigins, origin: issuer });
  const controls = wire.controls(server);

  try {
    build();
  } catch (error) {
    await server.close();
    throw error;
  }

  const keyFor = (alg) => keys.find((key) => key.alg === alg);

  return {
    issuer,
    url: issuer,
    port: server.port,
    clientId: clients[0]?.client_id ?? 'demo-spa',
    users,
    appOrigins,
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorization: '/auth',
      token: '/token',
      jwks: '/jwks',
      userinfo: '/me',
      revocation: '/token/revocation',
      endSession: '/session/end',
      ...apiPaths,
    },

    ...controls,
    /** Ends setDown, setDelay, tamper and setRefresh. */
    reset() {
      controls.reset();
      settings.refresh = { ...refresh };
    },
    /** Token requests, optionally of one grant_type; their `body` is the form. */
    tokenRequests: (grantType) => controls.requestsTo('/token', 'POST')
      .filter(({ body }) => grantType === undefined || body.grant_type === grantType),

    setConsent(value) { settings.consent = Boolean(value); },
    /** Lifetimes of what is issued from now on, in seconds. */
    setTtl(values) { Object.assign(settings.ttl, values); },
    /** { rotate, idToken }: the options `rotateRefreshToken` and `refreshIdToken`, from now on. */
    setRefresh(values) { Object.assign(settings.refresh, values); },

    /** The API's and userinfo's next answer to any token issued so far is 401. Refresh tokens stay good. */
    revokeAccessTokens() { store.forget('AccessToken'); },
    /** The next refresh is `invalid_grant`. Access tokens stay good. */
    revokeRefreshTokens() { store.forget('RefreshToken'); },
    /** As a person who withdraws the application's access: nothing issued so far is good any more. Sessions here go on. */
    revokeGrants() { store.forget('AccessToken', 'RefreshToken', 'AuthorizationCode', 'Grant'); },
    /** What a resource server may ask: `{ sub, name }`, or `{ refused }` with the reason. */
    verifyAccessToken,

    /** New signing keys. With `keepOld` the old ones stay published (and `id_token_hint`s signed with them valid). */
    async rotateKeys({ keepOld = false } = {}) {
      const fresh = await generateKeys([...new Set(keys.map(({ alg }) => alg))]);
      keys = keepOld ? [...fresh, ...keys] : fresh;
      build();
    },
    /** The current private keys, newest first. */
    get keys() { return keys; },
    /** Signs anything as this provider would: for tests in which it has to lie. */
    signJwt: (claims, { key, alg = idTokenSigningAlg, header } = {}) => signJwt(claims, key ?? keyFor(alg), header),
    decodeJwt,

    close: () => server.close(),
  };
}
