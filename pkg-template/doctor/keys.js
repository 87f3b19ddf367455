// A key set, judged as src/protocol/jose/jwk.rs does: which keys may verify an id_token, and which the client refuses.

import { listed, ok, problem, quoted, warning } from "./finding.js";

const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** The bits of an RSA key: docs/limits.md. */
const RSA = { least: 2048, most: 8192 };

/** SP 800-186 section 3.2.1: y² = x³ - 3x + b. */
const CURVES = {
  __proto__: null,
  "P-256": { octets: 32, p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n, b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn },
  "P-384": { octets: 48, p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n, b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn },
  "P-521": { octets: 66, p: 2n ** 521n - 1n, b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n },
};
const EC = { __proto__: null, ES256: "P-256", ES384: "P-384", ES512: "P-521" };

/** The type and curve of the key that an algorithm needs. */
function typeOf(algorithm) {
  if (EC[algorithm]) return { kty: "EC", crv: EC[algorithm] };
  return algorithm === "EdDSA" || algorithm === "Ed25519" ? { kty: "OKP", crv: "Ed25519" } : { kty: "RSA" };
}

const isText = (value) => typeof value === "string";
const isAbsent = (value) => value === undefined || value === null;

/** The octets of base64url without padding, or `undefined`. */
function octetsOf(value) {
  if (!isText(value) || value.length > 4096 || !/^[\w-]*$/.test(value) || value.length % 4 === 1) return undefined;
  const raw = atob(value.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}
const numberOf = (octets) => BigInt(`0x0${Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("")}`);

function faultOfRsa(key) {
  const [modulus, exponent] = [octetsOf(key.n), octetsOf(key.e)];
  if (!modulus || !exponent) return "key-weak: it is malformed";
  const [n, e] = [numberOf(modulus), numberOf(exponent)];
  const bits = n.toString(2).length;
  if (bits < RSA.least || bits > RSA.most) return `key-weak: it has ${bits} bits, and the client takes ${RSA.least} to ${RSA.most}`;
  const exponentBits = e.toString(2).length;
  if (exponentBits < 2 || exponentBits > 33 || e % 2n === 0n || n % 2n === 0n) return "key-weak: its modulus or exponent is no sound one";
  return undefined;
}

function faultOfEc(key) {
  const curve = CURVES[key.crv];
  const [x, y] = [octetsOf(key.x), octetsOf(key.y)];
  if (!x || !y) return "key-weak: it is malformed";
  if (x.length !== curve.octets || y.length !== curve.octets) return "key-weak: its coordinates have the wrong length";
  const [a, b] = [numberOf(x), numberOf(y)];
  const { p } = curve;
  const isOnCurve = a < p && b < p && (b * b - (a * a * a - 3n * a + curve.b)) % p === 0n;
  return isOnCurve ? undefined : "key-off-curve: it is no point of its curve";
}

/** "id: what is wrong", for a key that an algorithm of the client could use. */
function faultOf(key) {
  if (key.kty === "RSA") return faultOfRsa(key);
  if (key.kty === "EC") return faultOfEc(key);
  const point = octetsOf(key.x);
  return point?.length === 32 ? undefined : "key-weak: its public key has the wrong length";
}

const isKnown = (key) => key.kty === "RSA" || (key.kty === "EC" && isText(key.crv) && key.crv in CURVES) || (key.kty === "OKP" && key.crv === "Ed25519");
/** The key's own words on its use: RFC 7517 sections 4.2 to 4.4. */
const mayVerify = (key) => (isAbsent(key.use) || key.use === "sig") && (isAbsent(key.key_ops) || (Array.isArray(key.key_ops) && key.key_ops.includes("verify")));

/** Whether the client could take this key for this algorithm. */
function fits(key, algorithm) {
  const { kty, crv } = typeOf(algorithm);
  const isOfAlgorithm = isAbsent(key.alg) || key.alg === algorithm || (kty === "OKP" && ["EdDSA", "Ed25519"].includes(key.alg));
  return key.kty === kty && (crv === undefined || key.crv === crv) && isOfAlgorithm;
}

const labelOf = (key) => `${isText(key.kid) ? `The key ${quoted(key.kid)}` : "A key without kid"} (${listed([key.kty, key.crv ?? key.alg].filter(isText))})`;
const publicOf = (key) => JSON.stringify([key.n, key.e, key.crv, key.x, key.y]);

/** Keys of which a token's header could name no single one. */
function judgeIds(keys, algorithms) {
  const texts = new Map(keys.map((key) => [key, publicOf(key)]));
  for (const algorithm of algorithms) {
    const fitting = keys.filter((key) => fits(key, algorithm));
    for (const [at, key] of fitting.entries()) {
      const twin = fitting.slice(at + 1).find((other) => isText(key.kid) && other.kid === key.kid && texts.get(other) !== texts.get(key));
      if (twin) return [problem(
        "key-ids",
        `Two keys for ${algorithm} have the kid ${quoted(key.kid)}: a token of either is refused, because it names no single key.`,
        "provider",
        "Give each key a kid of its own.",
      )];
    }
    const nameless = fitting.filter((key) => !isText(key.kid));
    if (nameless.length > 0 && new Set(fitting.map((key) => texts.get(key))).size > 1) {
      return [warning(
        "key-ids",
        `${fitting.length} keys fit ${algorithm}, and ${nameless.length === 1 ? "one has" : `${nameless.length} have`} no kid. A token without kid is refused, because several keys fit it.`,
        "provider",
        "Give each key a kid, and put it into the header of each id_token.",
      )];
    }
  }
  return [];
}

/**
 * @param {object} document
 * @param {{ algorithms: string[] }} expected those that the provider lists and the client accepts
 */
export function judgeKeys(document, { algorithms }) {
  if (!Array.isArray(document.keys)) return [problem("keys-unusable", "The key set has no list keys: the client refuses it with invalid_jwks.", "provider", "Have jwks_uri answer with a JWK Set.")];
  const findings = [];
  const all = document.keys.slice(0, 200).filter((key) => typeof key === "object" && key !== null && !Array.isArray(key));
  const isPrivate = (key) => PRIVATE.some((name) => !isAbsent(key[name]));
  for (const key of all.filter(isPrivate)) {
    findings.push(problem(
      "key-private",
      `${labelOf(key)} is published with its private part. Anybody can sign tokens with it; the client passes it over.`,
      "provider",
      "Replace this key at once, and publish public keys alone.",
    ));
  }
  const known = all.filter((key) => !isPrivate(key) && isKnown(key) && mayVerify(key));
  const usable = [];
  for (const key of known.filter((candidate) => algorithms.some((algorithm) => fits(candidate, algorithm)))) {
    const fault = faultOf(key);
    if (fault === undefined) usable.push(key);
    else {
      const [id, why] = fault.split(": ");
      findings.push(problem(id, `${labelOf(key)} cannot verify anything: ${why}. A token of this key is refused with weak_key.`, "provider", "Make a new key: RSA with 2048 bits or more, or EC P-256."));
    }
  }
  const served = algorithms.filter((algorithm) => usable.some((key) => fits(key, algorithm)));
  if (served.length === 0) {
    findings.push(problem(
      "keys-unusable",
      `None of the ${document.keys.length} keys can verify an id_token that is signed with ${listed(algorithms)}: a login ends with invalid_key_id or weak_key.`,
      "provider",
      "Publish the public key with which the id_tokens are signed, with use sig.",
    ));
    return findings;
  }
  const ids = usable.map((key) => key.kid).filter(isText);
  findings.push(ok("keys", `${usable.length === 1 ? "One key verifies" : `${usable.length} keys verify`} id_tokens (${listed(served)})${ids.length > 0 ? `: ${listed(ids)}` : ""}.`));
  return [...findings, ...judgeIds(usable, served)];
}

/** Seconds for which the client keeps keys: docs/limits.md. */
const KEPT = 300;

/** An old copy in a cache on the way: after a change of keys, logins fail until it has gone. */
export function judgeAgeOfKeys({ headers }) {
  const age = /^\d{1,9}$/.test(headers.age ?? "") ? Number(headers.age) : 0;
  if (age <= KEPT) return undefined;
  return warning(
    "keys-old",
    `The keys come out of a cache on the way that is ${age} s old. After a change of keys, logins fail for that long.`,
    "provider",
    "Let caches keep the keys for five minutes at most (Cache-Control: max-age=300), or publish a key a day before its first use.",
  );
}
