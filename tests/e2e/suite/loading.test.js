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

for (const entry of ['index.js', 'inline.js', 'slim.js']) {
  test(`createOAuth of ${entry} where there is no page: config_invalid, and the remedy names the server`, async () => {
    const { createOAuth } = await import(pathToFileURL(path.join(packageFolder, entry)));
    await assert.rejects(createOAuth({}), (error) => {
      assert.deepEqual([error.code, error.kind, error.phase], ['config_invalid', 'usage', 'config']);
      assert.match(`${error.message} ${error.remedy}`, /needs a page.*in the browser and not on the server/);
      return true;
    });
  });
}

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

/** What the page's console was told. */
const warnings = () => world.call(() => window.recorded.filter(({ level }) => level === 'warn').map(({ text }) => text));
const bytesOf = (name) => readFile(path.join(packageFolder, name));

/** What every refusal to load has, and the words that name its cure. */
const notLoaded = (words, more = {}) => (error) => {
  const { code, kind, phase, isOAuthError } = error;
  assert.deepEqual({ code, kind, phase, isOAuthError }, { code: 'wasm_load_failed', kind: 'environment', phase: 'config', isOAuthError: true });
  assert.match(`${error.message} ${error.remedy}`, words);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value, name);
  return true;
};

test('a server that does not know the MIME type of WebAssembly: it works, and the console says what to send', async () => {
  world.app.serve(wasmPath, { type: 'application/octet-stream', body: await bytesOf(wasmFile) });
  await world.startAtHome();
  assert.deepEqual(await names(), ['demo']);
  const [warning, ...others] = await warnings();
  assert.match(warning, /"application\/octet-stream".*application\/wasm/);
  assert.deepEqual(others, []);
});

test('a server that sends the right MIME type is not warned of', async () => {
  await world.startAtHome();
  assert.deepEqual(await warnings(), []);
});

test('WebAssembly that is not there: wasm_load_failed, and another try may succeed', async () => {
  world.app.serve(wasmPath, { status: 404, type: 'text/plain', body: 'not found' });
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/HTTP 404.*left the file behind.*option wasm.*oidc-client-wasm\/inline/, { status: 404, retryable: true }));
  world.app.reset();
  await world.start();
  assert.deepEqual(await names(), ['demo']);
});

test('WebAssembly of another build: wasm_load_failed, although its imports and exports have the same short names', async () => {
  const body = await bytesOf(wasmFile);
  const [mark] = WebAssembly.Module.exports(new WebAssembly.Module(body)).map(({ name }) => name).filter((name) => /^b[0-9a-f]{8}$/.test(name));
  const at = body.indexOf(mark);
  assert.ok((await bytesOf('core.js')).includes(mark) && at > 0);
  body.write('b00000000', at);
  world.app.serve(wasmPath, { type: 'application/wasm', body });
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/not that of this version.*caches/, { retryable: false }));
});

test('an application that answers every path with its page: wasm_load_failed', async () => {
  world.app.serve(wasmPath, { type: 'text/html', body: '<!DOCTYPE html><title>Home</title>' });
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/An HTML page came instead of the \.wasm file.*oidc-client-wasm\/inline/));
});

for (const [what, file, words, more] of [
  ['a page with the MIME type of WebAssembly', { type: 'application/wasm', body: '<!DOCTYPE html>' }, /damaged, cut off or another kind of file/],
  ['a page without a MIME type of its own', { type: 'text/plain', body: '\n <html></html>' }, /An HTML page came/],
  ['a server that fails', { status: 503, type: 'text/html', body: '<h1>Busy</h1>' }, /HTTP 503.*Try again/, { status: 503, retryable: true }],
  ['an empty file', { type: 'application/wasm', body: '' }, /damaged, cut off/, { retryable: true }],
  ['an empty file of another type', { type: 'application/octet-stream', body: '' }, /damaged, cut off.*\(0 bytes\)/, { retryable: true }],
  ['WebAssembly of something else', { type: 'application/wasm', body: Buffer.from('0061736d01000000', 'hex') }, /not that of this version.*caches/, { retryable: false }],
]) {
  test(`${what} instead of the WebAssembly: wasm_load_failed, and the right file is taken by the next call`, async () => {
    world.app.serve(wasmPath, file);
    await world.visit('/');
    await assert.rejects(world.start(), notLoaded(words, more));
    world.app.reset();
    await world.start();
    assert.deepEqual(await names(), ['demo']);
  });
}

for (const type of ['application/wasm', 'application/octet-stream']) {
  test(`a file that was cut off, as ${type}: wasm_load_failed, which may be tried again`, async (t) => {
    world.app.serve(wasmPath, { type, body: (await bytesOf(wasmFile)).subarray(0, 100_000) });
    await world.visit('/');
    const ends = type !== 'application/wasm' || await world.call((file) => Promise.race([
      WebAssembly.compileStreaming(fetch(file)).then(() => true, () => true), new Promise((resolve) => { setTimeout(resolve, 10_000, false); }),
    ]), wasmPath);
    if (!ends) return t.skip(`${world.driver.name} compiles a stream that was cut off for ever`);
    // Firefox calls a stream that was cut off a failure of the network.
    await assert.rejects(world.start(), notLoaded(/damaged, cut off|could not be fetched/, { retryable: true }));
  });
}

test('the optimizer of an older Vite has moved the JavaScript alone: the remedy names its setting', async () => {
  for (const name of ['index', 'core']) {
    world.app.serve(`/node_modules/.vite/deps/${name}.js`, { type: 'text/javascript', body: await bytesOf(`${name}.js`) });
  }
  const moved = () => world.call(async () => { window.oauth = await (await window.importModule('/node_modules/.vite/deps/index.js')).createOAuth(); });
  const place = '/node_modules/.vite/deps/oidc_client_wasm_bg.wasm';
  await world.visit('/');
  for (const file of [{ type: 'text/html', body: '<!doctype html><script type="module" src="/@vite/client"></script>' }, { status: 404, type: 'text/plain', body: '' }]) {
    world.app.serve(place, file);
    await assert.rejects(moved(), ({ code, remedy }) => code === 'wasm_load_failed' && remedy.includes('optimizeDeps: { exclude: ["oidc-client-wasm"] }') && remedy.includes('oidc-client-wasm/inline'));
  }
});

test('a browser without WebAssembly: wasm_load_failed, which is final', async () => {
  world.app.before('delete window.WebAssembly;');
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/has no WebAssembly.*Lockdown Mode/, { retryable: false }));
  assert.equal(wasmRequests(), 0);
});

test('offline: wasm_load_failed, which may be tried again', async () => {
  world.app.before(`{
    const { fetch } = window;
    window.fetch = (input, init) => (String(input).endsWith('.wasm') ? Promise.reject(new TypeError('Failed to fetch')) : fetch(input, init));
    Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });
  }`);
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/offline/, { retryable: true }));
});

test('a policy whose connect-src forbids the file: the remedy names connect-src', async () => {
  world.app.restrict({ 'connect-src': world.provider.issuer });
  await world.visit('/');
  await assert.rejects(world.start(), notLoaded(/could not be fetched from .*oidc_client_wasm_bg\.wasm.*connect-src/, { retryable: true }));
});

for (const [what, options] of [
  ['a number', { wasm: 42 }],
  ['an object', { wasm: {} }],
  ['a list', { wasm: ['/client.wasm'] }],
  ['another kind for the verifier', { verifierWasm: true }],
]) {
  test(`the option is ${what}: config_invalid, which names the option`, async () => {
    await world.visit('/');
    const [name] = Object.keys(options);
    await assert.rejects(world.start({}, options), { isOAuthError: true, code: 'config_invalid', kind: 'usage', phase: 'config', message: `"${name}" must be a URL, a Response, bytes or a WebAssembly.Module.` });
    assert.equal(wasmRequests(), 0);
    await world.start();
    assert.deepEqual(await names(), ['demo']);
  });
}

test('a Response that is an error, was read or is opaque: wasm_load_failed, which says so', async () => {
  await world.visit('/');
  await assert.rejects(world.call(async () => window.start({}, { wasm: await fetch('/nowhere.wasm') })), notLoaded(/nowhere\.wasm: HTTP 404/, { status: 404 }));
  await assert.rejects(world.call(() => window.start({}, { wasm: Response.error() })), notLoaded(/HTTP 0/));
  await assert.rejects(world.call(async (file) => {
    const response = await fetch(file);
    await response.text();
    return window.start({}, { wasm: response });
  }, wasmPath), notLoaded(/has been read already/));
});

test('a query of the URL is in no message', async () => {
  await world.visit('/');
  await assert.rejects(world.start({}, { wasm: '/nowhere.wasm?key=s3cret' }), (error) => notLoaded(/nowhere\.wasm/)(error) && !JSON.stringify(error).includes('s3cret'));
});

test('a policy that forbids WebAssembly: wasm_load_failed, whose remedy names what to allow', async () => {
  const files = '<script src="/recorder.js"></script><script type="module" src="/page.js"></script>';
  world.app.serve('/strict', {
    type: 'text/html',
    body: `<!DOCTYPE html><title>Strict</title>${files}`,
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'" },
  });
  await world.visit('/strict');
  await assert.rejects(world.start(), notLoaded(/'wasm-unsafe-eval'/, { retryable: false }));
});

// ---- the verifier

for (const [what, file, words, more] of [
  ['a file that is not there', { status: 404, type: 'text/plain', body: '' }, /HTTP 404.*option verifierWasm/, { status: 404, retryable: true }],
  ['a page', { type: 'text/html', body: '<!doctype html>' }, /An HTML page came/],
  ['the other module', { type: 'application/wasm', body: 'client' }, /not that of this version/, { retryable: false }],
]) {
  test(`the verifier's file is ${what}: wasm_load_failed in the phase id_token with the same words`, async () => {
    const body = file.body === 'client' ? await bytesOf(wasmFile) : file.body;
    world.app.serve('/package/verifier/verifier_bg.wasm', { ...file, body });
    await world.startAtHome(world.settings(), { verifier: 'rust' });
    const idToken = world.provider.signJwt({ iss: world.provider.issuer, sub: 'alice', aud: world.provider.clientId, exp: 4e9, iat: 1 });
    await assert.rejects(world.call((token) => window.oauth.demo.parseIdToken(token), idToken), (error) => {
      assert.deepEqual([error.code, error.kind, error.phase, error.clientName], ['wasm_load_failed', 'environment', 'id_token', 'demo']);
      assert.match(`${error.message} ${error.remedy}`, words);
      for (const [name, value] of Object.entries(more ?? {})) assert.equal(error[name], value, name);
      return true;
    });
  });
}

/** Has the WebAssembly come when the function that this gives is called. */
async function holdWasm() {
  const file = { type: 'application/wasm', body: await bytesOf(wasmFile) };
  let release;
  world.app.serve(wasmPath, new Promise((resolve) => { release = () => resolve(file); }));
  return release;
}

/** Makes the minute of the package short. Not that of the driver, which waits as long. */
const hurry = `
  {
    const { setTimeout } = window;
    window.setTimeout = (then, wait, ...args) => setTimeout(then, wait === 60_000 && new Error().stack.includes('core.js') ? 300 : wait, ...args);
  }`;

test('WebAssembly that never comes: wasm_load_failed after a minute, and the next call tries again', async () => {
  world.app.before(hurry);
  await world.visit('/');
  const release = await holdWasm();
  await assert.rejects(world.start(), notLoaded(/did not come in time.*Try again/, { retryable: true }));
  release();
  await world.start();
  assert.deepEqual(await names(), ['demo']);
});

for (const [file, fails] of [
  ['windows.js', (settings) => window.start(settings).then(() => window.oauth.demo.authorizeSilent())],
  ['windows.js', (settings) => window.start(settings).then(() => window.oauth.handleRedirect(`${location.origin}/?code=c&state=s.oidc-popup`))],
  ['vault.js', (settings) => window.start(settings, { tokenStorage: 'worker' }).catch(({ cause }) => { throw cause; })],
  ['monitor.js', async (settings) => {
    await window.start(settings);
    const heard = new Promise((_resolve, reject) => window.oauth.addEventListener('error', ({ detail }) => reject(detail.error)));
    window.oauth.demo.monitorSession();
    await heard;
  }],
]) {
  for (const [what, body, words] of [
    ['never comes', new Promise(() => {}), / did not come in time.*Try again/],
    ['is not there', { status: 404, type: 'text/plain', body: '' }, / could not be loaded.*Serve the file/],
  ]) {
    test(`${file} ${what}: wasm_load_failed, which names it (${/authorizeSilent|handleRedirect|worker|monitorSession/.exec(fails)})`, async () => {
      world.app.before(hurry);
      world.app.serve(`/package/${file}`, body);
      await world.visit('/');
      const said = await world.call(`(settings) => (${fails})(settings).then(() => 'no error', ({ code, retryable, message, remedy }) => [code, retryable, message + ' ' + remedy])`,
        world.settings({ silentRedirectUri: world.app.url('/callback') }));
      assert.deepEqual(said.slice(0, 2), ['wasm_load_failed', true]);
      assert.match(said[2], new RegExp(file.replace('.', '\\.') + ' of oidc-client-wasm' + words.source));
    });
  }
}

for (const [what, signal, code] of [
  ['a signal that fires', '((stop) => { setTimeout(() => stop.abort(), 50); return stop.signal; })(new AbortController())', 'aborted'],
  ['a signal that has fired', 'AbortSignal.abort()', 'aborted'],
  ['a signal of AbortSignal.timeout', 'AbortSignal.timeout(50)', 'timeout'],
]) {
  test(`${what} while the WebAssembly loads ends the calls of its caller, and the load goes on`, async () => {
    await world.visit('/');
    const release = await holdWasm();
    const codes = await world.call(`async (settings) => {
      const signal = ${signal};
      window.starting = window.api.createOAuth(settings);
      const client = window.starting.client('demo');
      const calls = [client.userinfo({ signal }), client.fetch('/', { signal }), client.get('/', { signal }), client.authorizeSilent({ signal }), client.revokeToken(undefined, { signal })];
      return Promise.all(calls.map((call) => call.then(() => 'done', (thrown) => thrown.code)));
    }`, world.settings());
    assert.deepEqual(codes, Array(5).fill(code));
    release();
    assert.deepEqual(await world.call(async () => (await window.starting).names), ['demo']);
  });
}
