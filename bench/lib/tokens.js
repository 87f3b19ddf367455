// The tokens that the provider signs, and the forgeries. The algorithm is RS256 and the key has 2048 bits, as at most providers.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const kid = 'bench';
/** The lifetime of access tokens and id_tokens in seconds. msal-browser renews a token with less than 300 s. */
export const lifetime = 3600;

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export const random = (bytes = 24) => randomBytes(bytes).toString('base64url');

/** Forgeries of id_token claims: each changes one claim. */
const inClaims = {
  'wrong aud': (claims) => ({ ...claims, aud: 'somebody-else' }),
  'wrong iss': (claims) => ({ ...claims, iss: 'https://other.example' }),
  'wrong nonce': (claims) => ({ ...claims, nonce: 'of-another-login' }),
  'no nonce': ({ nonce, ...claims }) => claims,
  expired: (claims) => ({ ...claims, iat: claims.iat - 2 * lifetime, exp: claims.iat - lifetime, auth_time: claims.iat - 2 * lifetime }),
};

/** Forgeries of the authorization response: each changes one parameter. */
const inResponse = {
  'wrong state': (response) => ({ ...response, state: random() }),
  'wrong iss parameter': (response) => ({ ...response, iss: 'https://other.example' }),
};

/** The names of all forgeries, in the order of the table. */
export const forgeries = ['bad signature', 'alg none', ...Object.keys(inClaims), ...Object.keys(inResponse)];

export class Signer {
  #key = rsa();
  #other = rsa();
  #rest = random(256);

  jwks() {
    const { kty, n, e } = this.#key.publicKey.export({ format: 'jwk' });
    return { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] };
  }

  /** `groups` is the number of groups in the claims, `began` the time of the login. */
  idToken({ issuer, clientId, nonce, accessToken, now, began, groups, forgery }) {
    const hash = createHash('sha256').update(accessToken).digest();
    let claims = {
      iss: issuer, sub: '248289761001', aud: clientId, exp: now + lifetime, iat: now, auth_time: began,
      ...(nonce && { nonce }), at_hash: hash.subarray(0, 16).toString('base64url'),
      sid: '08a5019c-17e1-4977-8f42-65a12843ea02', name: 'Jane Doe', preferred_username: 'j.doe', email: 'janedoe@example.com', email_verified: true,
      ...(groups && { groups: Array.from({ length: groups }, (_, at) => `group-${String(at).padStart(4, '0')}-of-the-company`) }),
    };
    claims = inClaims[forgery]?.(claims) ?? claims;
    if (forgery === 'alg none') return `${encode({ alg: 'none' })}.${encode(claims)}.`;
    const signed = `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode(claims)}`;
    const { privateKey } = forgery === 'bad signature' ? this.#other : this.#key;
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  }

  /** An access token or a refresh token with the form of a JWT, which keycloak-js demands. The bench never checks its signature. */
  opaque(claims) {
    return `${encode({ alg: 'RS256', kid, typ: 'JWT' })}.${encode({ jti: random(), ...claims })}.${this.#rest.slice(0, 342)}`;
  }
}

export const forgeResponse = (forgery, response) => inResponse[forgery]?.(response) ?? response;
