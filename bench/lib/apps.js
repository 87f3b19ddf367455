// The server of the applications: a page and a bundle for each contender. The server compresses bundles with brotli at quality 11 and lets
// browsers cache them for a year; it lets no browser cache a page.

import http from 'node:http';
import path from 'node:path';
import { brotli } from './sizes.js';
import { now } from './time.js';

/** oidc-spa takes `localhost` for a development server and does not cache the metadata there. */
const host = 'app.localhost';

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html; charset=utf-8' };

/** The source of a clock that the bench can set ahead, so that tokens expire at once. */
const clock = `{
  const Real = Date;
  let ahead = AHEAD;
  window.setAhead = (seconds) => { ahead = seconds; };
  window.Date = class extends Real {
    constructor(...args) { if (args.length) super(...args); else super(Date.now()); }
    static now() { return Real.now() + ahead * 1000; }
  };
}`;

export class Apps {
  /** The requests: { path, arrived }. */
  requests = [];
  /** The seconds by which the clocks of new pages are ahead, or undefined for the browser's own clock. */
  ahead = undefined;
  #apps = new Map();

  async start() {
    this.server = http.createServer((request, response) => { this.#answer(request, response); });
    this.server.keepAliveTimeout = 120_000;
    await new Promise((resolve) => { this.server.listen(0, 'localhost', resolve); });
    this.origin = `http://${host}:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  reset() {
    this.requests = [];
    this.ahead = undefined;
  }

  /** Adds an application. `files` are its files by name, `settings` become `window.settings`, the page preloads the WebAssembly file `preload`. */
  add(name, files, settings, preload) {
    const compressed = new Map([...files].map(([file, bytes]) => [file, brotli(bytes)]));
    this.#apps.set(name, { files, compressed, settings, preload });
  }

  set(name, settings) {
    Object.assign(this.#apps.get(name).settings, settings);
  }

  home(name) { return `${this.origin}/${name}/`; }
  settingsOf(name) { return this.#apps.get(name).settings; }
  filesOf(name) { return this.#apps.get(name).files; }

  /** The files of an application that pages have requested since the last reset, as pairs of name and bytes. */
  downloaded(name) {
    const asked = new Set(this.requests.map(({ path: file }) => file));
    return [...this.filesOf(name)].filter(([file]) => asked.has(`/${name}/assets/${file}`));
  }

  #answer(request, response) {
    const { pathname } = new URL(request.url, this.origin);
    this.requests.push({ path: pathname, arrived: now() });
    const [, name, folder, file] = pathname.split('/');
    const app = this.#apps.get(name);
    const send = (type, body, headers) => { response.writeHead(200, { 'content-type': type, ...headers }).end(body); };
    if (!app) {
      // The browser requests an icon.
      send(types['.html'], '<!DOCTYPE html><title>empty</title>', { 'cache-control': 'no-store' });
    } else if (folder === 'assets') {
      const encoded = /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
      const body = (encoded ? app.compressed : app.files).get(file);
      if (!body) response.writeHead(404).end();
      else send(types[path.extname(file)], body, { 'cache-control': 'public, max-age=31536000, immutable', ...(encoded && { 'content-encoding': 'br' }) });
    } else if (folder === 'silent') {
      send(types['.html'], '<!DOCTYPE html><title>silent</title><script>parent.postMessage(location.href, location.origin)</script>', { 'cache-control': 'no-store' });
    } else {
      send(types['.html'], this.#page(name, app), { 'cache-control': 'no-store' });
    }
  }

  #page(name, { settings, preload }) {
    const link = preload ? `<link rel="preload" as="fetch" type="application/wasm" crossorigin referrerpolicy="no-referrer" href="/${name}/assets/${preload}">` : '';
    const first = `window.t0 = performance.now();
      ${this.ahead === undefined ? '' : clock.replace('AHEAD', this.ahead)}
      window.settings = ${JSON.stringify(settings).replaceAll('<', '\\u003c')};
      window.settings.arrived = { pathname: location.pathname };
      window.finished = new Promise((resolve) => { window.finish = resolve; });`;
    return `<!DOCTYPE html><html lang="en"><title>${name}</title>${link}<script>${first}</script><script type="module" src="/${name}/assets/app.js"></script><body></body></html>\n`;
  }
}
