// startIdpyoidc(): an OpenID provider made of idpyoidc, a library in Python that has front-channel logout and session management. Its surface
// is that of `startProvider`, as far as idpyoidc has the like.

import { decodeJwt, generateKeys, signJwt } from '../../../www-example/provider/keys.js';
import { users } from '../../../www-example/provider/users.js';
import { startBehindProxy } from '../python/behind-proxy.js';

/** A public client of `appOrigin`. Every member can be overridden by the one given. */
function describeClient(client, { appOrigin, redirectPaths }) {
  const uris = redirectPaths.map((path) => new URL(path, appOrigin).href);
  return {
    client_id: 'demo-spa',
    redirect_uris: uris,
    post_logout_redirect_uris: uris,
    // Several keys make no difference to it: it signs with the algorithm that the client is registered for.
    id_token_signed_response_alg: 'RS256',
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    allowed_scopes: ['openid', 'profile', 'email'],
    ...client,
  };
}

/**
 * idpyoidc behind a recording proxy that is its origin.
 * @param {object} [options]
 * @param {string} [options.appOrigin] origin of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {object[]} [options.clients] each merged over the public client `demo-spa` (default: that one alone), or a function that makes the list
 *   from the application's origin. A client with `frontchannel_logout_uri` and `frontchannel_logout_session_required: true` is told of a logout.
 */
export async function startIdpyoidc({
  appOrigin = 'http://localhost:5173',
  redirectPaths = ['/', '/callback'],
  clients = [{}],
} = {}) {
  const keys = await generateKeys(['RS256']);
  const described = (typeof clients === 'function' ? clients(appOrigin) : clients)
    .map((client) => describeClient(client, { appOrigin, redirectPaths }));
  const { issuer, controls, close } = await startBehindProxy('idpyoidc', (origin) => ({
    issuer: origin, keys, users, clients: described, origins: [appOrigin],
  }));

  return {
    issuer,
    clientId: described[0].client_id,
    users,
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorization: '/authorization',
      token: '/token',
      jwks: '/jwks',
      userinfo: '/userinfo',
      endSession: '/session',
      sessionIframe: '/check_session_iframe',
    },

    ...controls,
    /** It has no page that asks for consent. */
    setConsent(asked) { if (asked) throw new Error('idpyoidc asks nobody for consent'); },

    signJwt: (claims, { key = keys[0], header } = {}) => signJwt(claims, key, header),
    decodeJwt,
    close,
  };
}
