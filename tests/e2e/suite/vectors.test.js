// Published attacks on signature verification, in this browser: both verifiers give the verdict that is demanded, and always the same
// one. The module under test is made of the sources of the shipped module, with one more export; the verifier in Rust is the shipped one.

import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { useWorld } from '../lib/world.js';

const folder = process.env.VECTORS || fileURLToPath(new URL('../../../target/vectors', import.meta.url));
const read = (name) => {
  try {
    return readFileSync(path.join(folder, name));
  } catch (cause) {
    throw new Error('VECTORS must name the folder that `cargo xtask vectors` makes.', { cause });
  }
};

/** Vectors: { name, comment, algorithm, key, message, signature, isValid }; `isValid` is null where a verifier may choose. */
const vectors = JSON.parse(read('vectors.json'));
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'];

const world = useWorld();

/** Runs in the page: `judge` gives what each verifier says, true, false, or the code of what it throws. */
const judge = () => {
  const octets = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  const verdict = async (verify, verifier, { algorithm, key, message, signature }) => {
    try {
      return await verify(verifier, algorithm, JSON.stringify(key), octets(message), octets(signature));
    } catch (error) {
      return error.code ?? String(error);
    }
  };
  const compiled = (file) => WebAssembly.compileStreaming(fetch(file));
  let loading;
  const load = async () => {
    const [glue, { OAuthError }, verifier] = await Promise.all(
      ['/vectors/vectors.js', '/package/entry.js', '/package/verifier/verifier.js'].map((file) => import(file)),
    );
    await glue.default(await compiled('/vectors/vectors_bg.wasm'));
    await verifier.default(await compiled('/package/verifier/verifier_bg.wasm'));
    glue.setSkin({ makeError: (fields) => new OAuthError(fields), loadVerifier: async () => verifier.verify });
    return glue.verifySignature;
  };
  window.judge = async (list) => {
    const verifySignature = await (loading ??= load());
    const verdicts = [];
    for (const vector of list) {
      verdicts.push([await verdict(verifySignature, 'webcrypto', vector), await verdict(verifySignature, 'rust', vector)]);
    }
    return verdicts;
  };
};

beforeEach(async () => {
  world.app.serve('/vectors/vectors.js', { type: 'text/javascript', body: read('vectors.js') });
  world.app.serve('/vectors/vectors_bg.wasm', { type: 'application/wasm', body: read('vectors_bg.wasm') });
  world.app.before(`(${judge})();`);
  await world.visit('/');
  await world.start();
});

async function verdictsOn(list) {
  const verdicts = [];
  for (let at = 0; at < list.length; at += 50) {
    verdicts.push(...await world.call((some) => window.judge(some), list.slice(at, at + 50)));
  }
  return verdicts;
}

/** A JWS signs text. The verifier in Rust refuses anything else under RSA, so those vectors are for the other alone. */
function isText({ algorithm, message }) {
  if (!/^[RP]S/.test(algorithm)) return true;
  return isUtf8(Buffer.from(message, 'base64url'));
}

test('there are vectors of every algorithm, some to accept and more to refuse', () => {
  for (const algorithm of algorithms) {
    const of = (isValid) => vectors.filter((vector) => vector.algorithm === algorithm && vector.isValid === isValid).length;
    assert.ok(of(true) > 10 && of(false) > 10, `${algorithm}: ${of(true)} and ${of(false)}`);
  }
});

for (const algorithm of algorithms) {
  test(`${algorithm}: both verifiers give the verdict of every published vector, and never another than each other`, async (t) => {
    const all = vectors.filter((vector) => vector.algorithm === algorithm);
    const verdicts = await verdictsOn(all);
    const wrong = [];
    let notText = 0;
    all.forEach((vector, at) => {
      const [webcrypto, rust] = verdicts[at];
      const judged = isText(vector) ? [webcrypto, rust] : [webcrypto];
      if (judged.length === 1) notText += 1;
      const { name, comment, isValid } = vector;
      const isRight = judged.every((verdict) => verdict === judged[0] && (isValid === null || verdict === isValid));
      if (!isRight) wrong.push({ name, comment, isValid, webcrypto, rust });
    });
    t.diagnostic(`${all.length} vectors; the message of ${notText} is no text and was left out for the verifier in Rust`);
    assert.deepEqual(wrong, []);
  });
}

// ---- keys under which no signature is worth anything

const exported = (type, options) => generateKeyPairSync(type, options).publicKey.export({ format: 'jwk' });
const base64url = (octets) => Buffer.from(octets).toString('base64url');
const edited = (text, at, change) => {
  const octets = Buffer.from(text, 'base64url');
  octets[at < 0 ? octets.length + at : at] ^= change;
  return base64url(octets);
};
const rsa = () => exported('rsa', { modulusLength: 2048 });
const ec = () => exported('ec', { namedCurve: 'P-256' });
/** A number of so many bits, odd as a modulus is. */
function modulus(bits) {
  const octets = randomBytes(Math.ceil(bits / 8));
  const top = (bits - 1) % 8;
  octets[0] = (octets[0] & ((1 << top) - 1)) | (1 << top);
  octets[octets.length - 1] |= 1;
  return base64url(octets);
}

const weak = [
  ['an RSA key of 1024 bits', 'RS256', 128, () => exported('rsa', { modulusLength: 1024 })],
  ['an RSA key of 2047 bits', 'RS256', 256, () => ({ ...rsa(), n: modulus(2047) })],
  ['an RSA key of 8200 bits', 'PS512', 1025, () => ({ ...rsa(), n: modulus(8200) })],
  ['an RSA key with the exponent 1', 'RS256', 256, () => ({ ...rsa(), e: 'AQ' })],
  ['an RSA key with the exponent 0', 'RS256', 256, () => ({ ...rsa(), e: 'AA' })],
  ['an RSA key with an even exponent', 'PS256', 256, () => ({ ...rsa(), e: 'AQAA' })],
  ['an RSA key with an exponent of 40 bits', 'RS256', 256, () => ({ ...rsa(), e: 'gAAAAAE' })],
  ['an RSA key with an even modulus', 'RS256', 256, () => { const key = rsa(); return { ...key, n: edited(key.n, -1, 1) }; }],
  ['an EC point that is not on the curve', 'ES256', 64, () => { const key = ec(); return { ...key, y: edited(key.y, -1, 1) }; }],
  ['the EC point (0, 0)', 'ES256', 64, () => ({ ...ec(), x: base64url(Buffer.alloc(32)), y: base64url(Buffer.alloc(32)) })],
  ['EC coordinates beyond the field', 'ES384', 96, () => (
    { kty: 'EC', crv: 'P-384', x: base64url(Buffer.alloc(48, 255)), y: base64url(Buffer.alloc(48, 255)) }
  )],
  ['an EC coordinate that is cut short', 'ES256', 64, () => ({ ...ec(), x: base64url(Buffer.alloc(31, 1)) })],
  ['an Ed25519 key that is no point', 'Ed25519', 64, () => ({ kty: 'OKP', crv: 'Ed25519', x: base64url([2, ...Buffer.alloc(31)]) })],
  ['an Ed25519 key that is cut short', 'Ed25519', 64, () => ({ kty: 'OKP', crv: 'Ed25519', x: base64url(Buffer.alloc(31, 1)) })],
];

for (const [what, algorithm, length, key] of weak) {
  test(`${what}: weak_key, says either verifier`, async () => {
    const vector = { algorithm, key: key(), message: base64url('header.payload'), signature: base64url(Buffer.alloc(length, 1)) };
    assert.deepEqual(await verdictsOn([vector]), [['weak_key', 'weak_key']]);
  });
}

// ---- Ed25519, where RFC 8032 leaves a choice

const small = (first) => [first, ...Buffer.alloc(31)];
const nearP = (first) => [first, ...Buffer.alloc(30, 255), 0x7f];
/** The y of every point of small order, as far as it can be spelled (RFC 8032 section 5.1.2). */
const smallOrder = [
  small(0), small(1), nearP(0xec), nearP(0xed), nearP(0xee),
  Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex'),
  Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
];

test('an Ed25519 key of small order, under which a signature fits every text: weak_key, says either verifier', async () => {
  // R is the neutral element and S is zero: right whenever the hash is a multiple of the order of the key, which is 8 at most.
  const signature = base64url([...small(1), ...Buffer.alloc(32)]);
  const forged = smallOrder.flatMap((y) => [0, 0x80].flatMap((sign) => Array.from({ length: 24 }, (_, n) => {
    const x = base64url([...y.slice(0, 31), y[31] | sign]);
    return { algorithm: 'Ed25519', key: { kty: 'OKP', crv: 'Ed25519', x }, message: base64url(`header.${n}`), signature };
  })));
  const verdicts = await verdictsOn(forged);
  assert.deepEqual(verdicts.filter((both) => both.some((verdict) => verdict !== 'weak_key')), []);
});

test('an Ed25519 signature whose R is of small order, by the owner of the key: refused by both', async () => {
  const sha512 = (...parts) => createHash('sha512').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
  const number = (octets) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const { d, ...key } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  // RFC 8032 section 5.1.6, with r = 0 instead of a hash.
  const secret = sha512(Buffer.from(d, 'base64url')).subarray(0, 32);
  secret[0] &= 248;
  secret[31] = (secret[31] & 127) | 64;
  const message = 'header.payload';
  const hash = sha512(small(1), Buffer.from(key.x, 'base64url'), message);
  const s = Buffer.from(((number(hash) * number(secret)) % order).toString(16).padStart(64, '0'), 'hex').reverse();
  const vector = { algorithm: 'Ed25519', key, message: base64url(message), signature: base64url([...small(1), ...s]) };
  assert.deepEqual(await verdictsOn([vector]), [[false, false]]);
});
