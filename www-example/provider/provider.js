// startProvider(): a real OpenID provider (npm oidc-provider) on loopback, for the demo and for the browser tests.
// No global state: any number of them may run in one process, each with its own port, keys, users' sessions and log.

import { randomBytes } from 'node:crypto';
import { api, ordersPath } from './api.js';
import { createConfiguration, describeClient } from './configuration.js';
import { interactions } from './interactions.js';
import { decodeJwt, generateKeys, signJwt } from './keys.js';
import { listen } from './listen.js';
import { Provider } from './oidc-provider.js';
import { createStore } from './store.js';
import { users } from './users.js';
import * as views from './views.js';
import { createWire } from './wire.js';

export { users };

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 (default): any free one
 * @param {string} [options.host] name to listen on and to be known by; default `localhost`
 * @param {string | string[]} [options.appOrigin] origin(s) of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {object[]} [options.clients] each merged over the public client `demo-spa` (default: that one alone)
 * @param {Record<string, number>} [options.ttl] lifetimes in seconds: AccessToken, IdToken, RefreshToken, Session, …
 * @param {string} [options.idTokenSigningAlg] default RS256
 * @param {string[]} [options.signingAlgs] algorithms to make keys for; default RS256, PS256, ES256, EdDSA
 * @param {{ keys: object[] }} [options.jwks] private keys instead of generated ones
 * @param {boolean} [options.consent] ask for consent even though the application is first-party
 * @param {'offline_access' | 'always' | 'never'} [options.refreshTokens] when refresh tokens are issued. Default
 *   `offline_access`: that scope, for which OpenID Connect Core 11 also wants `prompt=consent`
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
  features = {},
  configure = (configuration) => configuration,
} = {}) {
  const appOrigins = [appOrigin].flat().map((value) => new URL(value).origin);
  const algs = [...signingAlgs, idTokenSigningAlg, ...clients.map((client) => client.id_token_signed_response_alg).filter(Boolean)];
  const settings = { consent, ttl: {} };
  const cookieKeys = [randomBytes(32).toString('base64url')];
  const store = createStore();
  let keys = jwks?.keys ?? await generateKeys(algs);
  let handler;

  const wire = createWire(() => handler);
  const server = await listen((req, res) => void wire.listener(req, res), port, host);
  const issuer = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;

  // Rebuilt with other keys by rotateKeys(); the store, the cookies' keys and the settings stay, so nobody is signed out.
  function build() {
    const provider = new Provider(issuer, configure(createConfiguration({
      issuer,
      clients: clients.map((client) => describeClient(client, { appOrigins, redirectPaths, idTokenSigningAlg })),
      jwks: { keys: structuredClone(keys) },
      cookieKeys,
      store,
      settings,
      ttl,
      features,
      refreshTokens,
    })));
    provider.use(api(provider, { issuer, appOrigins, users }));
    provider.use(interactions(provider));
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
    });
    provider.on('server_error', (_ctx, error) => console.error('provider:', error));
    handler = provider.callback();
  }

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
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorization: '/auth',
      token: '/token',
      jwks: '/jwks',
      userinfo: '/me',
      revocation: '/token/revocation',
      endSession: '/session/end',
      orders: ordersPath,
    },

    /** Every request that arrived: { method, path, query, url, headers, preflight, time, body, rawBody, status }. */
    requests: wire.requests,
    /** Those of one path, optionally of one method. */
    requestsTo: (path, method) => wire.requests.filter((entry) => entry.path === path && (!method || entry.method === method)),
    clearRequests() { wire.requests.length = 0; },

    /** While true, every connection is cut without an answer. */
    setDown(value) {
      wire.setDown(value);
      if (value) server.closeIdleConnections();
    },
    /** Waits before answering at `path` (string, RegExp or predicate); 0 ends it. */
    setDelay: wire.setDelay,
    /**
     * Lets `hook` change the answers at `path` (string, RegExp or predicate). It gets { status, headers, body, request },
     * `body` parsed where it is JSON, and changes it in place or returns another; `{ destroy: true }` cuts the connection.
     * Returns a function that ends it; so does a hook of `null`.
     */
    tamper: wire.tamper,
    setConsent(value) { settings.consent = Boolean(value); },
    /** Lifetimes of what is issued from now on, in seconds. */
    setTtl(values) { Object.assign(settings.ttl, values); },
    /** Ends setDown, setDelay and tamper. */
    reset: wire.reset,

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
