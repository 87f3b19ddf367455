// startCanaille(): the second real provider. Canaille is an identity server of its own lineage (Python, on Authlib), so what
// passes here and at oidc-provider is the protocol and not one library's habits. Its surface is that of `startProvider`, as
// far as Canaille has the like.

import { decodeJwt, generateKeys, signJwt } from '../../../www-example/provider/keys.js';
import { users } from '../../../www-example/provider/users.js';
import { startBehindProxy } from '../python/behind-proxy.js';

// Canaille's own words; the people are the same at both providers.
const describeUser = ({ sub, email, password, claims }) => ({
  user_name: sub,
  password,
  emails: [email],
  formatted_name: claims.name,
  given_name: claims.given_name,
  family_name: claims.family_name,
  preferred_language: claims.locale,
});

/** A public client of `appOrigin`. Every member can be overridden by the one given. */
function describeClient(client, { appOrigin, redirectPaths }) {
  const uris = redirectPaths.map((path) => new URL(path, appOrigin).href);
  return {
    client_id: 'demo-spa',
    client_name: 'oidc-client-wasm demo',
    // Two things hang on it: its origin is what Canaille's CORS headers allow, and its domain what it trusts without consent.
    client_uri: appOrigin,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: uris,
    post_logout_redirect_uris: uris,
    ...client,
  };
}

/**
 * Canaille behind a recording proxy that is its origin. The CORS headers are Canaille's own.
 * @param {object} [options]
 * @param {string} [options.appOrigin] origin of the application; default `http://localhost:5173`
 * @param {string[]} [options.redirectPaths] paths of the application that may receive answers; default `/` and `/callback`
 * @param {object[]} [options.clients] each merged over the public client `demo-spa` (default: that one alone)
 */
export async function startCanaille({
  appOrigin = 'http://localhost:5173',
  redirectPaths = ['/', '/callback'],
  clients = [{}],
} = {}) {
  // As Canaille makes them where none are configured: two, of which the first is not the one that signs id_tokens, and neither
  // says for which `alg` it is. Made here, so that tests can sign what Canaille never would.
  const keys = await generateKeys(['EdDSA', 'RS512']);
  const { issuer, controls, tell, close } = await startBehindProxy('canaille', (origin) => ({
    config: {
      SECRET_KEY: 'of a server that forgets everything when it stops',
      SERVER_NAME: new URL(origin).host,
      PREFERRED_URL_SCHEME: 'http',
      // Without scripts its pages send nothing by themselves while somebody types.
      CANAILLE: { DATABASE: 'sql', JAVASCRIPT: false },
      CANAILLE_OIDC: { ACTIVE_JWKS: keys.map(({ alg, ...key }) => key) },
    },
    users: users.map(describeUser),
    clients: clients.map((client) => describeClient(client, { appOrigin, redirectPaths })),
  }));

  return {
    issuer,
    clientId: clients[0]?.client_id ?? 'demo-spa',
    users,
    paths: {
      discovery: '/.well-known/openid-configuration',
      authorization: '/oauth/authorize',
      token: '/oauth/token',
      jwks: '/oauth/jwks.json',
      userinfo: '/oauth/userinfo',
      revocation: '/oauth/revoke',
      endSession: '/oauth/end_session',
    },

    ...controls,
    /** Whether users are asked for consent; forgets what they answered. */
    setConsent: (asked) => tell({ consent: Boolean(asked) }),
    /** Whether public clients may revoke their tokens, which Canaille's own metadata denies. */
    setPublicRevocation: (allowed) => tell({ publicRevocation: Boolean(allowed) }),
    /** Ends setDown, setDelay, tamper, setConsent and setPublicRevocation. */
    async reset() {
      controls.reset();
      await tell({ consent: false, publicRevocation: false });
    },

    signJwt: (claims, { key = keys.find(({ alg }) => alg === 'RS512'), header } = {}) => signJwt(claims, key, header),
    decodeJwt,

    close,
  };
}
