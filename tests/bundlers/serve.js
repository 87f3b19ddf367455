// A plain static host: the files of a folder, and 404 for everything else.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../../www-example/provider/listen.js';
import { packageFolder } from '../e2e/app/server.js';

const types = { '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };

/** Listens at `port`; `find` gives the file or the text of a path. */
const host = (port, find) => listen(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  try {
    const { file, text } = find(decodeURIComponent(name)) ?? {};
    const body = text ?? await readFile(file);
    response.writeHead(200, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
  }
}, Number(port), 'localhost');

export const serve = (port, folder) => host(port, (name) => ({ file: path.join(folder, path.normalize(name)) }));

/** Without a tool: the page of app/ and the installed package below `place`, joined by an import map. */
export function mapped(port, place, entry) {
  const page = `<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Import map</title>
<script type="importmap">{ "imports": { "oidc-client-wasm": "./vendor/index.js", "oidc-client-wasm/inline": "./vendor/inline.js" } }</script>
<script type="module" src="./src/main.js"></script><body></body></html>`;
  const app = fileURLToPath(new URL('app', import.meta.url));
  return host(port, (name) => {
    if (!name.startsWith(place)) return undefined;
    const rest = path.normalize(name.slice(place.length));
    if (rest === 'index.html') return { text: page };
    if (rest === 'src/oidc.js') return { text: `export * from '${entry}';` };
    if (rest.startsWith('vendor/')) return { file: path.join(packageFolder, rest.slice('vendor/'.length)) };
    if (rest.startsWith('src/')) return { file: path.join(app, rest.slice('src/'.length)) };
    return undefined;
  });
}
