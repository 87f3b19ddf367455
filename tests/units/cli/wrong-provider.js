// A provider on a port of this machine that can do each thing wrong: the one of oidc-client-wasm/testing/provider, whose answers a test spoils on their way.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { createProvider } from 'oidc-client-wasm/testing/provider';
import { onTestFinished } from 'vitest';
import { createAsker } from '../node_modules/oidc-client-wasm/cli/doctor/ask.js';
import { examine } from '../node_modules/oidc-client-wasm/cli/doctor/examine.js';

export const origin = 'http://localhost:5173';
const registered = { clientId: 'spa', redirectUris: [`${origin}/callback`], postLogoutRedirectUris: [`${origin}/`] };

/** A server, and its end after the test. */
export async function serve(listener, create = createServer) {
  const server = create(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return server.address().port;
}

const bodyOf = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * @param {Record<string, (answer: object, asked: object) => object | void>} [wrong] by path, also "METHOD /path": changes the answer, { status, headers, body }, or gives
 *   another one. With `raw(socket)` in it, the answer is written by hand.
 */
export async function startProvider(wrong = {}, { issuerOf = (base) => base, clients = [registered] } = {}) {
  const asked = [];
  let provider;
  const port = await serve(async (request, response) => {
    const url = new URL(request.url, base);
    const body = await bodyOf(request);
    const one = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, form: new URLSearchParams(String(body)) };
    asked.push(one);
    const given = await provider.handle(new Request(url, { method: request.method, headers: request.headers, body: body.length > 0 ? body : undefined }));
    let answer = { status: given.status, headers: Object.fromEntries(given.headers), body: Buffer.from(await given.arrayBuffer()) };
    const spoil = wrong[`${request.method} ${url.pathname}`] ?? wrong[url.pathname];
    if (spoil) answer = await spoil(answer, one) ?? answer;
    if (answer.raw) return answer.raw(request.socket);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  const base = `http://localhost:${port}`;
  provider = createProvider({ issuer: base, ...(clients !== 'any' && { clients }) });
  return { issuer: issuerOf(base), base, asked, provider };
}

/** Changes members of a JSON answer: `undefined` takes one away. */
export const members = (changes) => (answer, asked) => {
  const document = JSON.parse(String(answer.body));
  const wanted = typeof changes === 'function' ? changes(document, asked) : changes;
  return { ...answer, body: JSON.stringify({ ...document, ...wanted }) };
};
export const metadata = (changes) => ({ '/.well-known/openid-configuration': members(changes) });
/** Changes headers of an answer: `undefined` takes one away. */
export const headers = (changes) => (answer) => ({ ...answer, headers: Object.fromEntries(Object.entries({ ...answer.headers, ...changes }).filter(([, value]) => value !== undefined)) });
export const json = (status, body, more) => () => ({ status, headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*', ...more }, body: JSON.stringify(body) });
export const page = (status, text, more) => () => ({ status, headers: { 'content-type': 'text/html', ...more }, body: `<!doctype html><title>x</title><p>${text}</p>` });

/** The findings of the doctor. */
export async function examined({ issuer, base }, asked = {}, { timeout = 10_000 } = {}) {
  const all = { issuer, clientId: 'spa', origin, redirectUri: `${asked.origin ?? origin}/callback`, postLogoutRedirectUri: `${asked.origin ?? origin}/`, scope: ['openid', 'profile', 'offline_access'], ...asked };
  const result = await examine(all, createAsker({ timeout, agent: 'test' }));
  const wrong = result.findings.filter(({ level }) => level === 'problem' || level === 'warning');
  return { ...result, base, wrong: wrong.map(({ id, level, subject }) => [level, id, ...(subject ? [subject] : [])].join(' ')), of: (id) => result.findings.filter((finding) => finding.id === id) };
}

/** What is found at a provider that is wrong in this way alone. */
export async function found(wrong, { asked, options, timeout } = {}) {
  const provider = await startProvider(wrong, options);
  return { ...await examined(provider, asked, { timeout }), provider };
}
