// A host for the build of an app, as a careful site has it: its files, the page of an address if the tool has rendered one (`protected.html` for `/protected`),
// else `index.html`, and a content security policy that allows these and the provider.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../../www-example/provider/listen.js';

const types = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.ico': 'image/x-icon', '.js': 'text/javascript', '.json': 'application/json', '.svg': 'image/svg+xml',
  '.txt': 'text/plain', '.wasm': 'application/wasm',
};

const before = await readFile(fileURLToPath(new URL('before.js', import.meta.url)), 'utf8');

/** A site allows the scripts that its tool has written into the page by their hashes. */
const inline = (html) => [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]
  .map(([, source]) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`);

/** Serves at a free port. `show` says what. */
export async function startHost() {
  let shown = {};

  const policy = (html) => Object.entries({
    'default-src': "'none'",
    'script-src': ["'self'", "'wasm-unsafe-eval'", ...inline(html)].join(' '),
    'style-src': "'self'",
    'connect-src': `'self' ${shown.issuer}`,
    'form-action': `'self' ${shown.issuer}`,
    'img-src': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    ...shown.policy,
  }).filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`).join('; ');

  async function file(pathname) {
    const name = path.join(shown.folder, path.normalize(pathname));
    return { type: types[path.extname(name)] ?? 'application/octet-stream', body: await readFile(name) };
  }

  /** From the server of the app, whose router asks with headers of its own for what it has to change of a page. */
  async function passed(url, { host, connection, 'accept-encoding': encodings, ...headers }) {
    const answer = await fetch(new URL(url, shown.upstream), { redirect: 'manual', headers });
    return { status: answer.status, type: answer.headers.get('content-type') ?? 'text/plain', body: Buffer.from(await answer.arrayBuffer()) };
  }

  async function answer({ url, headers }) {
    const { pathname } = new URL(url, 'http://localhost');
    if (pathname === '/before.js') return { type: types['.js'], body: before };
    if (pathname === '/blank') return { type: types['.html'], body: '<!DOCTYPE html><title>Blank</title>' };
    if (pathname === '/favicon.ico') return { type: types['.ico'], body: '' };
    if (pathname === '/settings.json') return { type: types['.json'], body: JSON.stringify(shown.settings) };
    if (shown.upstream) return passed(url, headers);
    if (path.extname(pathname)) return file(decodeURIComponent(pathname));
    const rendered = `${path.normalize(pathname)}.html`;
    return file(existsSync(path.join(shown.folder, rendered)) ? rendered : 'index.html');
  }

  const server = await listen((request, response) => {
    answer(request).catch(() => ({ status: 404, type: 'text/plain', body: 'not found' })).then(({ status = 200, type, body }) => {
      let text = body;
      const isPage = type.startsWith('text/html');
      if (isPage) text = String(body).replace(/<head[^>]*>/, (head) => `${head}<script src="/before.js"></script>`);
      response.writeHead(status, {
        'content-type': type, 'content-security-policy': policy(isPage ? text : ''), 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff',
      }).end(text);
    });
  }, 0, 'localhost');
  const origin = `http://localhost:${server.port}`;

  return {
    origin,
    url: (target) => new URL(target, origin).href,
    /**
     * What is served from now on.
     * @param {{ folder?: string, upstream?: string, issuer: string, settings: object, policy: Record<string, string> }} what a folder of files,
     *   or the origin of a server; `settings` are those at `/settings.json`
     */
    show(what) { shown = what; },
    close: () => server.close(),
  };
}
