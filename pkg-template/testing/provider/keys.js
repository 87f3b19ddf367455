// The keys that sign, and the signing itself: ES256 and RS256.

import { base64url, objectOf, octetsOf, secret, utf8, webCrypto } from "./encoding.js";

const ALGORITHMS = {
  __proto__: null,
  ES256: { key: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
  RS256: {
    key: { name: "RSASSA-PKCS1-v1_5", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256" },
    sign: { name: "RSASSA-PKCS1-v1_5" },
  },
};

export const SIGNING_ALGS = Object.freeze(Object.keys(ALGORITHMS));

async function makeKey(alg) {
  const { subtle } = webCrypto();
  const { publicKey, privateKey } = await subtle.generateKey(ALGORITHMS[alg].key, true, ["sign", "verify"]);
  const { kty, crv, x, y, n, e } = await subtle.exportKey("jwk", publicKey);
  const kid = secret(12);
  return { alg, kid, publicKey, privateKey, jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid, use: "sig", alg })) };
}

/** One key of each algorithm, made when it is first needed. */
function makeKeys() {
  const made = new Map();
  return (alg) => {
    if (!made.has(alg)) made.set(alg, makeKey(alg));
    return made.get(alg);
  };
}

/** The providers of one module share their keys: a client remembers those of its issuer, and the tests of a file make many providers of one issuer. */
const shared = makeKeys();

async function sign({ alg, privateKey }, input) {
  return base64url(await webCrypto().subtle.sign(ALGORITHMS[alg].sign, privateKey, utf8(input)));
}

export function createKeys() {
  let current = shared;
  /** Those that have signed before. */
  const retired = [];
  const all = async () => [...await Promise.all(SIGNING_ALGS.map((alg) => current(alg))), ...retired];

  return Object.freeze({
    /** The public keys, as the provider publishes them. */
    async jwks() {
      return { keys: (await all()).map(({ jwk }) => ({ ...jwk })) };
    },
    /** Signs with new keys from now on. The old ones stay published. */
    async rotate() {
      retired.push(...await all());
      retired.length = Math.min(retired.length, 20);
      current = makeKeys();
    },
    /** A compact JWS. `key` may be one that the provider does not publish. */
    async sign(claims, { alg = "ES256", header, isUnknownKey = false } = {}) {
      const key = await (isUnknownKey ? makeKey(alg) : current(alg));
      const input = `${base64url(JSON.stringify({ alg, kid: key.kid, typ: "JWT", ...header }))}.${base64url(JSON.stringify(claims))}`;
      return `${input}.${await sign(key, input)}`;
    },
    /** The claims of a compact JWS that a key of this provider has signed, or undefined. Of the claims nothing is judged. */
    async verify(jwt) {
      const parts = String(jwt).split(".");
      if (parts.length !== 3) return undefined;
      const [header, claims, signature] = [objectOf(parts[0]), objectOf(parts[1]), octetsOf(parts[2])];
      if (!header || !claims || !signature) return undefined;
      const key = (await all()).find(({ kid, alg }) => kid === header.kid && alg === header.alg);
      if (!key) return undefined;
      const isSigned = await webCrypto().subtle.verify(ALGORITHMS[key.alg].sign, key.publicKey, signature, utf8(`${parts[0]}.${parts[1]}`));
      return isSigned ? claims : undefined;
    },
  });
}
