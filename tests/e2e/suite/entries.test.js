// The other entries of the package: `inline` fetches nothing for itself, `slim` is told where the WebAssembly is. And to import any
// entry does nothing, wherever its code stands.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packageFolder } from '../app/server.js';
import { alice, redirectToProvider, signInAtProvider, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();
const files = () => world.app.requests.map(({ path: at }) => at).filter((at) => at.endsWith('.wasm') || at.startsWith('/package/inline/'));
const client = '/package/oidc_client_wasm_bg.wasm';
const verifier = '/package/verifier/verifier_bg.wasm';

/** As `window.start`, by another entry. */
const startBy = (entry, options, settings = world.settings()) => world.call(async (name, s, o) => {
  const api = await window.importModule(name);
  window.oauth = await api.createOAuth(s, o);
}, `/package/${entry}.js`, settings, options);

async function loginBy(entry, options) {
  await world.visit('/');
  await startBy(entry, options);
  await redirectToProvider(world);
  await signInAtProvider(world);
  await startBy(entry, options);
  return world.call(() => window.oauth.handleRedirect());
}

test('inline: a login under a policy whose connect-src has the provider alone; no WebAssembly is fetched', async () => {
  world.app.restrict({ 'connect-src': world.provider.issuer });
  const { kind, token } = await loginBy('inline');
  assert.deepEqual([kind, token.userinfo.sub], ['login', alice.sub]);
  assert.deepEqual([...new Set(files())], ['/package/inline/client.js']);
  assert.deepEqual(await troubles(world), []);
});

test('inline: the verifier\'s bytes are imported when a signature is to be verified by it, and not before', async () => {
  world.app.restrict({ 'connect-src': world.provider.issuer });
  await world.visit('/');
  await startBy('inline', { verifier: 'rust' });
  assert.deepEqual(files(), ['/package/inline/client.js']);
  const { token } = await loginBy('inline', { verifier: 'rust' });
  assert.equal(token.userinfo.sub, alice.sub);
  assert.ok(files().includes('/package/inline/verifier.js'));
  assert.ok(!files().some((at) => at.endsWith('.wasm')));
  assert.deepEqual(await troubles(world), []);
});

test('inline: base64 is decoded without Uint8Array.fromBase64, too', async () => {
  world.app.before('delete Uint8Array.fromBase64;');
  await world.visit('/');
  await startBy('inline');
  assert.deepEqual(await world.call(() => window.oauth.names), ['demo']);
});

test('slim: a login with the WebAssembly that the options name', async () => {
  const { token } = await loginBy('slim', { wasm: client, verifierWasm: verifier, verifier: 'rust' });
  assert.equal(token.userinfo.sub, alice.sub);
  assert.deepEqual([...new Set(files())], [client, verifier]);
});

for (const [what, options] of [['no options', undefined], ['other options', { clockTolerance: 60 }], ['null', { wasm: null }]]) {
  test(`slim with ${what}: config_invalid, which says that wasm is missing; and again beside a loaded WebAssembly`, async () => {
    const isRight = { isOAuthError: true, code: 'config_invalid', kind: 'usage', phase: 'config', message: /"wasm" is missing/ };
    await world.visit('/');
    await assert.rejects(startBy('slim', options), isRight);
    await startBy('slim', { wasm: client });
    await assert.rejects(startBy('slim', options), isRight);
    assert.deepEqual(files(), [client]);
  });
}

test('slim without verifierWasm where the verifier is needed: wasm_load_failed, which names the option', async () => {
  await assert.rejects(loginBy('slim', { wasm: client, verifier: 'rust' }), {
    isOAuthError: true, code: 'wasm_load_failed', phase: 'id_token', retryable: false, message: /"verifierWasm" is missing/,
  });
});

test('slim has no new URL and no import.meta, and inline has none either', async () => {
  for (const name of ['slim', 'inline', 'core']) {
    const text = (await readFile(path.join(packageFolder, `${name}.js`), 'utf8')).replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    assert.doesNotMatch(text, /import\.meta/, name);
    assert.doesNotMatch(text, /new URL\(["'`]/, name);
  }
});

test('two entries in one page: one WebAssembly, one class of errors', async () => {
  await world.visit('/');
  const same = await world.call(async (s) => {
    await window.api.createOAuth(s);
    const [inline, slim] = await Promise.all([window.importModule('/package/inline.js'), window.importModule('/package/slim.js')]);
    await inline.createOAuth(s);
    return inline.OAuthError === slim.OAuthError && inline.isOAuthError === window.api.isOAuthError;
  }, world.settings());
  assert.equal(same, true);
  assert.equal(files().filter((at) => at === client).length, 1);
});

// ---- a script without a place of its own

/** Imports an entry's own code from a blob: URL, as some loaders do. */
const importFromBlob = (entry) => world.call(async (name) => {
  const text = await (await fetch(`/package/${name}.js`)).text();
  const code = text.replaceAll('"./', `"${location.origin}/package/`).replace(`new URL("${location.origin}/package/`, 'new URL("./').replace(`new URL("${location.origin}/package/`, 'new URL("./');
  const api = await window.importModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  window.oauth = await api.createOAuth();
}, entry);

test('from a blob: URL: inline works; the default entry can be imported, and its error names the cure', async () => {
  world.app.restrict({ 'script-src': "'self' blob: 'wasm-unsafe-eval'" });
  await world.visit('/');
  await assert.rejects(importFromBlob('index'), {
    isOAuthError: true, code: 'wasm_load_failed', kind: 'environment', phase: 'config', retryable: false, remedy: /oidc-client-wasm\/inline.*option wasm/,
  });
  await importFromBlob('inline');
  assert.deepEqual(await world.call(() => window.oauth.names), []);
});
