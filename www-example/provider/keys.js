// Signing keys, made anew at every start, and a signer for tests whose provider has to lie.

import { constants, generateKeyPair, randomUUID, createPrivateKey, sign } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

const rsa = (hash, pss) => ({ type: 'rsa', options: { modulusLength: 2048 }, hash, pss });
const ec = (hash, namedCurve) => ({ type: 'ec', options: { namedCurve }, hash });
const ed25519 = { type: 'ed25519', options: {}, hash: null };

const algorithms = {
  RS256: rsa('sha256'), RS384: rsa('sha384'), RS512: rsa('sha512'),
  PS256: rsa('sha256', true), PS384: rsa('sha384', true), PS512: rsa('sha512', true),
  ES256: ec('sha256', 'P-256'), ES384: ec('sha384', 'P-384'), ES512: ec('sha512', 'P-521'),
  EdDSA: ed25519, Ed25519: ed25519,
};

export const signingAlgorithms = Object.keys(algorithms);

/** One private JWK per algorithm, each with its own `kid`. */
export async function generateKeys(algs) {
  return Promise.all([...new Set(algs)].map(async (alg) => {
    const algorithm = algorithms[alg];
    if (!algorithm) throw new TypeError(`no such signing algorithm: ${alg}`);
    const { privateKey } = await generate(algorithm.type, algorithm.options);
    return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg };
  }));
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS over `claims`. `header` may override what the key suggests. */
export function signJwt(claims, jwk, header = {}) {
  const { hash, pss } = algorithms[jwk.alg];
  const input = `${encode({ alg: jwk.alg, kid: jwk.kid, typ: 'JWT', ...header })}.${encode(claims)}`;
  const signature = sign(hash, Buffer.from(input), {
    key: createPrivateKey({ key: jwk, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363', // JOSE writes r || s, Node's default is DER
    ...(pss && { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  });
  return `${input}.${signature.toString('base64url')}`;
}

/** Header and claims of a compact JWS, unverified. */
export function decodeJwt(jwt) {
  const [header, claims] = jwt.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}
