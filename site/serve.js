// Serves the built site on this machine, under its policy:  node serve.js [--port n] [--base /path/] [--out folder]

import { createReadStream, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from './prepare/map.js';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.md': 'text/markdown; charset=utf-8', '.txt': 'text/plain; charset=utf-8', '.xml': 'application/xml', '.woff2': 'font/woff2',
};

/** The file of a path, or nothing: a path cannot lead out of the folder. */
function fileOf(out, pathname) {
  let name;
  try {
    name = path.normalize(decodeURIComponent(pathname));
  } catch {
    return undefined;
  }
  if (name.includes('\0') || name.startsWith('..')) return undefined;
  const file = path.join(out, name.endsWith('/') ? `${name}index.html` : name);
  return file.startsWith(out + path.sep) && statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

/**
 * @param {{ out: string, base?: string, port?: number }} options
 * @returns {Promise<{ origin: string, url: string, close: () => Promise<void> }>}
 */
export async function serve({ out, base = '/', port = 0 }) {
  const policy = readFileSync(path.join(out, 'content-security-policy.txt'), 'utf8').trim();
  const server = createServer((request, response) => {
    const [pathname] = request.url.split(/[?#]/);
    const isBelow = pathname.startsWith(base);
    const file = isBelow ? fileOf(out, `/${pathname.slice(base.length)}`.slice(1) || './') : undefined;
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'same-origin');
    response.setHeader('Cache-Control', 'no-cache');
    const shown = file ?? path.join(out, '404.html');
    response.writeHead(file ? 200 : 404, { 'Content-Type': types[path.extname(shown)] ?? 'application/octet-stream' });
    if (request.method === 'HEAD') response.end();
    else createReadStream(shown).pipe(response);
  });
  await new Promise((resolve, reject) => {
    server.once('error', (error) => reject(error.code === 'EADDRINUSE' ? new Error(`The port ${port} is taken: give another one, as --port ${port + 1}.`) : error));
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, url: origin + base, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' }, base: { type: 'string', default: '/' }, out: { type: 'string' } } });
  const { url } = await serve({ out: path.resolve(values.out ?? path.join(root, 'target/docs'), 'site'), base: values.base, port: Number(values.port) });
  console.log(`The documentation: ${url}\nCtrl-C stops it.`);
}
