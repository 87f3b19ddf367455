// How the package gets into a page: its import, its WebAssembly, and pages that make that hard.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { entryPoint, packageFolder } from '../app/server.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
const wasmFile = readdirSync(packageFolder).find((name) => name.endsWith('.wasm'));
const wasmPath = `/package/${wasmFile}`;
const wasmRequests = () => world.app.requests.filter(({ path: pathname }) => pathname.endsWith('.wasm')).length;
const names = () => world.call(() => window.oauth.names);

test('importing loads nothing; the WebAssembly is loaded once for all registries', async () => {
  await world.visit('/');
  assert.equal(wasmRequests(), 0);
  await world.call((s) => Promise.all([window.api.createOAuth(s), window.api.createOAuth(s)]), world.settings());
  await world.start();
  assert.equal(wasmRequests(), 1);
});

test('it imports where there is no browser, for server-side rendering', async () => {
  const api = await import(pathToFileURL(path.join(packageFolder, await entryPoint())));
  assert.equal(typeof api.createOAuth, 'function');
  assert.equal(api.isOAuthError(new Error('another')), false);
});

for (const [what, make] of [
  ['a path', (file) => window.start({}, { wasm: file })],
  ['a URL object', (file) => window.start({}, { wasm: new URL(file, location.href) })],
  ['a response', async (file) => window.start({}, { wasm: await fetch(file) })],
  ['bytes', async (file) => window.start({}, { wasm: await (await fetch(file)).arrayBuffer() })],
  ['a compiled module', async (file) => window.start({}, { wasm: await WebAssembly.compileStreaming(fetch(file)) })],
]) {
  test(`the WebAssembly from ${what}`, async () => {
    world.app.serve('/elsewhere/client.wasm', { type: 'application/wasm', body: await readFile(path.join(packageFolder, wasmFile)) });
    await world.visit('/');
    await world.call(make, '/elsewhere/client.wasm');
    assert.deepEqual(await names(), []);
    assert.ok(!world.app.requests.some(({ path: pathname }) => pathname === wasmPath));
  });
}

test('a server that does not know the MIME type of WebAssembly', async () => {
  world.app.serve(wasmPath, { type: 'application/octet-stream', body: await readFile(path.join(packageFolder, wasmFile)) });
  await world.visit('/');
  await world.start();
  assert.deepEqual(await names(), ['demo']);
});

test('WebAssembly that is not there: wasm_load_failed, and another try may succeed', async () => {
  world.app.serve(wasmPath, { status: 404, type: 'text/plain', body: 'not found' });
  await world.visit('/');
  await assert.rejects(world.start(), { isOAuthError: true, code: 'wasm_load_failed', kind: 'environment', retryable: true });
  world.app.reset();
  await world.start();
  assert.deepEqual(await names(), ['demo']);
});

test('an application that answers every path with its page: wasm_load_failed', async () => {
  world.app.serve(wasmPath, { type: 'text/html', body: '<!DOCTYPE html><title>Home</title>' });
  await world.visit('/');
  await assert.rejects(world.start(), { isOAuthError: true, code: 'wasm_load_failed' });
});

test('a policy that forbids WebAssembly: wasm_load_failed, whose remedy names what to allow', async () => {
  const files = '<script src="/recorder.js"></script><script type="module" src="/page.js"></script>';
  world.app.serve('/strict', {
    type: 'text/html',
    body: `<!DOCTYPE html><title>Strict</title>${files}`,
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" },
  });
  await world.visit('/strict');
  await assert.rejects(world.start(), ({ code, remedy }) => code === 'wasm_load_failed' && remedy.includes("'wasm-unsafe-eval'"));
});
