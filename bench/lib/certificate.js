// A certificate for a name of this machine. Node.js can sign a certificate and has no function that makes a certificate, so this file writes
// the DER. The bench tells Chromium the hash of the key; Chromium trusts that key, and its HTTP cache works as with any other certificate.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

const day = 86_400_000;

/** The shortest encoding of a length: browsers refuse a longer encoding. */
function length(bytes) {
  if (bytes < 0x80) return [bytes];
  return bytes < 0x100 ? [0x81, bytes] : [0x82, bytes >> 8, bytes & 0xff];
}

function element(tag, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...length(body.length)]), body]);
}

const sequence = (...parts) => element(0x30, ...parts);
const set = (...parts) => element(0x31, ...parts);
const text = (value) => element(0x0c, Buffer.from(value));
const time = (date) => element(0x17, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\.\d+/g, '').slice(2)}`));
const bits = (value) => element(0x03, Buffer.from([0]), value);
const oid = (...bytes) => element(0x06, Buffer.from(bytes));

const ecdsaWithSha256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const commonName = oid(0x55, 0x04, 0x03);
const subjectAltName = oid(0x55, 0x1d, 0x11);

/** The key and certificate of a TLS server, and the hash by which Chromium knows the key. */
export function makeCertificate(host, now = new Date()) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(commonName, text(host))));
  const names = sequence(element(0x82, Buffer.from(host)));
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - day)), time(new Date(now.getTime() + 30 * day))),
    name,
    spki,
    element(0xa3, sequence(sequence(subjectAltName, element(0x04, names)))),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign('sha256', body, privateKey)));
  const lines = certificate.toString('base64').match(/.{1,64}/g).join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    spkiHash: createHash('sha256').update(spki).digest('base64'),
  };
}
