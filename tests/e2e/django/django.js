// startDjango(): a site made with Django, and django-oauth-toolkit as its OpenID provider. Its surface is that of `startProvider`, as far as the
// toolkit has the like.

import { decodeJwt, generateKeys } from '../../../www-example/provider/keys.js';
import { users } from '../../../www-example/provider/users.js';
import { startBehindProxy } from '../python/behind-proxy.js';

/** A public client of `appOrigin`. Every member can be overridden by the one given. */
function describeClient(client, { appOrigin, redirectPaths }) {
  const uris = redirectPaths.map((path) => new URL(path, appOrigin).href);
  return { client_id: 'demo-spa', algorithm: 'RS256', redirect_uris: uris, post_logout_redirect_uris: uris, ...client };
}

/**
 * Django behind a recording proxy that is its origin.
 * @param {object} [options]
 * @param {string} [options.appOrigin] origin of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {object[]} [options.clients] each merged over the public client `demo-spa` (default: that one alone); `algorithm: ''` makes one of
 *   plain OAuth 2.0
 */
export async function startDjango({
  appOrigin = 'http://localhost:5173',
  redirectPaths = ['/', '/callback'],
  clients = [{}],
} = {}) {
  const [key] = await generateKeys(['RS256']);
  const { issuer, controls, tell, close } = await startBehindProxy('django', () => ({
    key,
    users,
    clients: clients.map((client) => describeClient(client, { appOrigin, redirectPaths })),
    origins: [appOrigin],
  }));

  return {
    issuer,
    clientId: clients[0]?.client_id ?? 'demo-spa',
    users,
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorization: '/authorize/',
      token: '/token/',
      jwks: '/.well-known/jwks.json',
      userinfo: '/userinfo/',
      revocation: '/revoke_token/',
      endSession: '/logout/',
    },

    ...controls,
    /** Whether users are asked for consent. */
    setConsent: (asked) => tell({ consent: Boolean(asked) }),
    /** Ends setDown, setDelay, tamper and setConsent. */
    async reset() {
      controls.reset();
      await tell({ consent: false });
    },

    decodeJwt,
    close,
  };
}
