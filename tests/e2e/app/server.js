// A static server as an application would have it: one page, the installed package unbundled, and a content security
// policy that allows nothing but these and the provider.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../../../www-example/provider/listen.js';

const here = path.dirname(fileURLToPath(import.meta.url));
export const packageFolder = path.join(here, '..', 'node_modules', 'oidc-client-wasm');

const types = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json',
  '.map': 'application/json', '.wasm': 'application/wasm',
};

const pageFiles = ['/page.js', '/recorder.js'];

/** The file of the package that `import "oidc-client-wasm"` leads to, by the installed package's own words. */
export async function entryPoint() {
  const manifest = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8'));
  const pick = (target) => {
    if (typeof target === 'string') return target;
    const condition = ['browser', 'import', 'default'].find((name) => target?.[name]);
    return condition && pick(target[condition]);
  };
  const entry = pick(manifest.exports?.['.'] ?? manifest.exports ?? manifest.module ?? manifest.main);
  if (!entry) throw new Error('the installed package names no entry point');
  return path.posix.normalize(entry);
}

async function packageFile(name) {
  const file = path.join(packageFolder, path.normalize(decodeURIComponent(name)));
  if (!file.startsWith(packageFolder + path.sep)) return undefined;
  try {
    return { type: types[path.extname(file)] ?? 'application/octet-stream', body: await readFile(file) };
  } catch {
    return undefined;
  }
}

/**
 * @param {{ port?: number, host?: string }} [options] `port` 0 (default) takes a free one; `host` is what browsers call this
 *   machine, default `localhost`
 */
export async function startApp({ port = 0, host = 'localhost' } = {}) {
  const page = await readFile(path.join(here, 'page.html'), 'utf8');
  const entry = await entryPoint();
  const requests = [];
  const files = new Map();
  let before = [];
  let settings = {};
  let allowed = [];
  let directives = {};
  let defences = {};

  const policy = () => Object.entries({
    'default-src': "'none'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'connect-src': `'self' ${allowed.join(' ')}`,
    // Posted logouts go to the provider, whose answer may lead straight back here.
    'form-action': `'self' ${allowed.join(' ')}`,
    // Firefox and WebKit ask for an icon even where no page names one.
    'img-src': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    ...directives,
  }).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`).join('; ');

  async function answer(url) {
    const served = files.get(url.pathname);
    if (served) return served;
    if (pageFiles.includes(url.pathname)) return { type: types['.js'], body: await readFile(path.join(here, url.pathname)) };
    if (url.pathname === '/before.js') return { type: types['.js'], body: before.join('\n') };
    if (url.pathname === '/favicon.ico') return { type: 'image/x-icon', body: '' };
    if (url.pathname === '/blank') return { type: types['.html'], body: '<!DOCTYPE html><title>Blank</title>' };
    // The same files once more: a second copy of the package, as micro front ends bring it.
    const copy = url.pathname.match(/^\/copy\/(.*)/);
    if (copy?.[1] === 'entry.js') return { type: types['.js'], body: `export * from ${JSON.stringify(`/copy/${entry}`)};` };
    if (copy) return packageFile(copy[1]);
    if (url.pathname === '/package/entry.js') return { type: types['.js'], body: `export * from ${JSON.stringify(`/package/${entry}`)};` };
    if (url.pathname.startsWith('/package/')) return packageFile(url.pathname.slice('/package/'.length));
    if (path.extname(url.pathname)) return undefined;
    return { type: types['.html'], body: page.replace('SETTINGS', () => JSON.stringify(settings).replaceAll('<', '\\u003c')) };
  }

  const server = await listen((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    requests.push({ method: request.method, url: request.url, path: url.pathname, headers: request.headers });
    answer(url).then(({ status = 200, type, body, headers = {} } = { status: 404, type: 'text/plain', body: 'not found' }) => {
      response.writeHead(status, {
        'content-type': type, 'content-security-policy': policy(), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff',
        ...defences, ...headers,
      });
      response.end(body);
    }).catch((error) => {
      console.error('fixture app:', error);
      response.writeHead(500).end();
    });
  }, port, 'localhost');
  const origin = `http://${host}:${server.port}`;

  return {
    origin,
    /** Every request that arrived: { method, url, path, headers }. */
    requests,
    url: (target) => new URL(target, origin).href,
    /** Origins that the page may talk to. */
    allow(...origins) { allowed = origins; },
    /** Directives of the content security policy, over the usual ones; `undefined` takes one away. */
    restrict(values) { directives = { ...directives, ...values }; },
    /** Further headers of every answer. */
    defend(headers) { defences = { ...defences, ...headers }; },
    /** Script that runs in every page before the package is loaded. */
    before(source) { before.push(source); },
    /** What the page's `<script type="application/json">` holds. */
    embed(value) { settings = value; },
    /** One more file: { status, type, body, headers }. */
    serve(pathname, file) { files.set(pathname, file); },
    reset() {
      before = [];
      settings = {};
      directives = {};
      defences = {};
      files.clear();
      requests.length = 0;
    },
    close: () => server.close(),
  };
}
