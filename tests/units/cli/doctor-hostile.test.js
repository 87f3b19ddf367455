// The doctor at a provider that means harm, or whose answers have no end.

import { createServer } from 'node:https';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { print } from '../node_modules/oidc-client-wasm/cli/doctor/print.js';
import { examined, found, headers, json, metadata, page, serve, startProvider } from './wrong-provider.js';

const discovery = '/.well-known/openid-configuration';
const zeros = gzipSync(Buffer.alloc(64 << 20), { level: 1 });
const bomb = brotliCompressSync(Buffer.alloc(16 << 20), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const raw = (text, { isOpen = false } = {}) => () => ({ raw: (socket) => { socket.on('error', () => {}); socket.write(text); if (!isOpen) socket.end(); } });
const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n';

for (const [what, spoil, expected] of [
  ['a document larger than the client reads', () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: `{"x":"${'a'.repeat(2 << 20)}"}` }), 'problem too-large metadata'],
  ['a small body that is a large one when it is unpacked', () => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body: zeros }), 'problem too-large metadata'],
  ['the same in Brotli', () => ({ status: 200, headers: { 'content-encoding': 'br' }, body: bomb }), 'problem too-large metadata'],
  ['a body that is not what its encoding says', () => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body: '{}' }), 'problem unreachable metadata'],
  ['a body without end', raw(`${head}\r\n{"issuer":`, { isOpen: true }), 'problem timeout metadata'],
  ['an answer that never begins', raw('', { isOpen: true }), 'problem timeout metadata'],
  ['a connection that is cut', raw(`${head}Content-Length: 1000\r\n\r\n{`), 'problem unreachable metadata'],
  ['an answer of another protocol', raw('SSH-2.0-OpenSSH_9.6\r\n'), 'problem unreachable metadata'],
  ['another protocol instead of an answer', raw('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'), 'problem unreachable metadata'],
  ['headers without end', raw(`${head}${'x-y: z\r\n'.repeat(20_000)}`, { isOpen: true }), 'problem unreachable metadata'],
  ['octets that are no UTF-8', () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) }), 'problem not-json metadata'],
  ['JSON of a hundred thousand levels', () => ({ status: 200, headers: {}, body: '['.repeat(1e5) + ']'.repeat(1e5) }), 'problem not-json metadata'],
  ['JSON of 33 levels', json(200, { issuer: 'x', deep: JSON.parse('['.repeat(32) + ']'.repeat(32)) }), 'problem not-json metadata'],
  ['a member that comes twice', () => ({ status: 200, headers: {}, body: '{"issuer":"a","issu\\u0065r":"b"}' }), 'problem not-json metadata'],
  ['JSON that is a list', json(200, []), 'problem not-json metadata'],
  ['an empty body', () => ({ status: 200, headers: {}, body: '' }), 'problem not-json metadata'],
  ['a redirect to itself', (_, { path }) => ({ status: 302, headers: { location: path }, body: '' }), 'problem redirect metadata'],
  ['a redirect to nowhere', () => ({ status: 307, headers: {}, body: '' }), 'problem redirect metadata'],
]) {
  test(`doctor: ${what} ends in a finding`, async () => {
    const { wrong, requests } = await found({ [discovery]: spoil }, { timeout: expected.includes('timeout') ? 400 : undefined });
    expect(wrong).toEqual([expected]);
    expect(requests).toBe(1);
  });
}

test('doctor: a byte order mark before the metadata is read over, as the package reads it', async () => {
  const { wrong } = await found({ [discovery]: (answer) => ({ ...answer, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), answer.body]) }) });
  expect(wrong).toEqual([]);
});

test('doctor: a login that is redirected in a circle ends', async () => {
  const { of, requests } = await found({ '/authorize': (_, { path }) => ({ status: 302, headers: { location: `${path}?again` }, body: '' }) });
  expect(of('login-unseen')).toHaveLength(1);
  expect(requests).toBeLessThanOrEqual(18);
});

const nasty = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u2066\r\n\u0000';
const acting = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/;

test('doctor: what would act on a terminal is not shown, wherever it stands', async () => {
  const report = await found({
    ...metadata(({ issuer }) => ({
      issuer: `${issuer}${nasty}`, scopes_supported: [nasty], code_challenge_methods_supported: [nasty], response_modes_supported: [nasty], response_types_supported: [nasty],
      token_endpoint_auth_methods_supported: [nasty], id_token_signing_alg_values_supported: [nasty, 'ES256'], userinfo_endpoint: nasty, grant_types_supported: [nasty],
    })),
    '/jwks': json(200, { keys: [{ kty: 'RSA', kid: nasty, alg: nasty, n: 'AQAB', e: 'AQAB' }, { kty: 'EC', crv: 'P-256', kid: nasty, x: nasty, y: nasty, d: 'x' }] }),
    '/token': json(400, { error: nasty, error_description: nasty }),
    '/revoke': json(400, { error: nasty }, { 'access-control-allow-origin': 'x\u009b' }),
    '/authorize': (answer) => ({ ...answer, headers: { location: `${answer.headers.location}&error_description=${encodeURIComponent(nasty)}&iss=${encodeURIComponent(nasty)}` } }),
    '/logout': () => ({ status: 302, headers: { location: 'https://\u009bevil.example/' }, body: '' }),
  });
  expect(report.wrong.length).toBeGreaterThan(10);
  const whole = { ...report, clientId: 'spa', origin: 'http://localhost:5173', redirectUri: 'x', summary: { problems: 1, warnings: 0, ok: 0, notSeen: 0 }, exitCode: 1 };
  expect(print(whole, { isRich: false, columns: 80 })).not.toMatch(acting);
  for (const { text, cure } of report.findings) expect(`${text}${cure}`).not.toMatch(acting);
});

test('doctor: a value of a megabyte is shown in part', async () => {
  const { findings } = await found(metadata({ token_endpoint: `https://x/${'y'.repeat(500_000)} ` }));
  for (const { text } of findings) expect(text.length).toBeLessThan(2000);
});

test('doctor: an endpoint at this machine, named by a provider elsewhere, is not asked', async () => {
  const { judgeMetadata } = await import('../node_modules/oidc-client-wasm/doctor/metadata.js');
  const at = (host) => `${host}/x`;
  const { usable, findings } = judgeMetadata({ issuer: 'https://id.example', authorization_endpoint: at('https://id.example'), token_endpoint: at('http://127.0.0.1:631'), jwks_uri: at('https://localhost') }, { issuer: 'https://id.example' });
  expect(usable).toEqual({ authorization_endpoint: 'https://id.example/x' });
  expect(findings.filter(({ id }) => id === 'endpoint-local').map(({ subject }) => subject)).toEqual(['token_endpoint', 'jwks_uri']);
});

test('doctor: an address that means this machine alone in another spelling, or the metadata of a cloud, is not asked', async () => {
  const { judgeMetadata } = await import('../node_modules/oidc-client-wasm/doctor/metadata.js');
  const usableAt = (host, issuer = 'https://id.example') => judgeMetadata({ issuer, token_endpoint: `https://${host}/x` }, { issuer }).usable.token_endpoint;
  for (const host of ['169.254.169.254', '2852039166', '2130706433', '0x7f.1', '127.1', '0.0.0.0', '0', '[::]', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '[fe80::1]', 'localhost.', 'a.localhost']) expect([host, usableAt(host)]).toEqual([host, undefined]);
  for (const host of ['10.0.0.1', '169.25.4.1', '[fd00::1]', '[fec0::1]', 'localhost.example', '127.example']) expect(usableAt(host)).toBe(`https://${host}/x`);
  expect(usableAt('169.254.169.254', 'http://localhost:9000')).toBe('https://169.254.169.254/x');
});

const odd = [null, 0, -1, true, '', 'x', [], {}, [null], [{}], [[]], { keys: null }, '\ud800', 1e308, nasty];
test('doctor: members of any type end in findings', async () => {
  const names = Object.keys((await startProvider()).provider.metadata);
  for (const value of odd) {
    for (const part of [0, 1]) {
      const changes = Object.fromEntries(names.filter((name, at) => (at % 2 === part) && !['token_endpoint', 'jwks_uri', 'authorization_endpoint'].includes(name)).map((name) => [name, value]));
      expect((await found(metadata(changes))).findings.length).toBeGreaterThan(10);
    }
  }
});

test('doctor: keys and answers of any type end in findings', async () => {
  for (const value of odd) {
    const all = await found({
      '/jwks': json(200, { keys: [value, { kty: value }, { kty: 'RSA', n: value, e: value, use: value }, { kty: 'EC', crv: value, x: value, y: value }, { kty: 'OKP', crv: 'Ed25519', x: value, key_ops: value, kid: value, alg: value }] }),
      '/token': json(400, { error: value, error_description: value }),
      '/revoke': json(400, value),
      'GET /userinfo': json(401, value),
      '/authorize': () => ({ status: 302, headers: { location: encodeURI(typeof value === 'string' && value !== '\ud800' ? value : 'http://[') }, body: '' }),
    });
    expect(all.of('keys-unusable')).toHaveLength(1);
  }
});

test('doctor: a port on which nothing listens', async () => {
  const port = await serve(() => {});
  const closed = await serve(() => {}).then((taken) => (taken === port ? taken + 1 : 9));
  const { wrong, isUnasked, of } = await examined({ issuer: `http://127.0.0.1:${closed}` });
  expect([wrong, isUnasked]).toEqual([['problem unreachable metadata'], true]);
  expect(of('unreachable')[0].text).toMatch(/nothing listens/);
});

/** A certificate that is signed by itself: X.509 version 1, written by hand (RFC 5280 section 4.1). */
function selfSigned(name) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = (tag, ...parts) => {
    const body = Buffer.concat(parts);
    const { length } = body;
    return Buffer.concat([Buffer.from(length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]), body]);
  };
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])));
  const person = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from(name)))));
  const time = (text) => der(0x17, Buffer.from(text));
  const body = der(0x30, der(0x02, Buffer.from([1])), ecdsaWithSha256, person, der(0x30, time('200101000000Z'), time('491231235959Z')), person, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = createSign('SHA256').update(body).sign(privateKey);
  const cert = der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n` };
}

test('doctor: a certificate that is signed by itself is named, with its cure', async () => {
  const port = await serve(() => {}, (listener) => createServer(selfSigned('localhost'), listener));
  const { wrong, of, isUnasked } = await examined({ issuer: `https://localhost:${port}` });
  expect([wrong, isUnasked]).toEqual([['problem tls metadata'], true]);
  expect(of('tls')[0]).toMatchObject({ text: expect.stringMatching(/signed by itself/), cure: expect.stringMatching(/NODE_EXTRA_CA_CERTS/) });
});

test('doctor: https where the server speaks http', async () => {
  const { base } = await startProvider();
  const { of } = await examined({ issuer: base.replace('http:', 'https:') });
  expect(of('unreachable')[0].text).toMatch(/does not speak TLS/);
});

test('doctor: an http address of a server that speaks TLS', async () => {
  const port = await serve(() => {}, (listener) => createServer(selfSigned('localhost'), listener));
  const { wrong } = await examined({ issuer: `http://localhost:${port}` });
  expect(wrong[0]).toMatch(/^problem (unreachable|status) metadata$/);
});

test('doctor: a server that takes a connection and is silent', async () => {
  const port = await serve((socket) => socket.on('error', () => {}), (listener) => Object.assign(createTcpServer(listener), { closeAllConnections() {} }));
  const { wrong } = await examined({ issuer: `http://127.0.0.1:${port}` }, {}, { timeout: 300 });
  expect(wrong).toEqual(['problem timeout metadata']);
});

test('doctor: a slow endpoint is named', async () => {
  const { judgeSpeed } = await import('../node_modules/oidc-client-wasm/doctor/answers.js');
  expect(judgeSpeed([{ subject: 'token_endpoint', ms: 3001 }, { subject: 'metadata', ms: 20 }])).toMatchObject({ level: 'warning', text: expect.stringMatching(/Slower than 3 s: the token endpoint/) });
});

test('doctor: an answer of an API gateway in front of everything', async () => {
  const { wrong } = await found({ [discovery]: page(403, 'Request blocked', { server: 'cdn' }), '/.well-known/oauth-authorization-server': page(403, 'Request blocked') });
  expect(wrong).toEqual(['problem status metadata']);
});

test('doctor: a header that came twice counts as a browser counts it', async () => {
  const { wrong } = await found({ '/jwks': headers({ 'access-control-allow-origin': ['http://localhost:5173', 'http://localhost:5173'] }) });
  expect(wrong).toEqual(['problem cors-keys jwks_uri']);
});
