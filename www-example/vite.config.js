// The demo app. Ports come from the environment (ports.js), so that several demos can run on one machine.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ports } from './ports.js';
import { asJson } from './reader/examples.js';
import { answer } from './reader/reader.js';

const port = ports();
const [app, provider, codeHost] = [port.app, port.provider, port.codeHost].map((number) => `http://localhost:${number}`);

// What `createOAuth("/settings.json")` reads: the settings of an application as data, apart from its code. One client is written
// as in JavaScript, the other with the names of a server-side framework: the package understands both.
const settings = JSON.stringify({
  demo: {
    clientId: 'demo-spa',
    issuer: provider,
    scope: 'openid profile email',
    redirectUri: `${app}/`,
    postLogoutRedirectUri: `${app}/`,
    apiBaseUrl: `${provider}/api/`,
  },
  codehost: {
    client_id: 'demo-plain',
    authorize_url: `${codeHost}/authorize`,
    access_token_url: `${codeHost}/token`,
    api_base_url: `${codeHost}/`,
    redirect_uri: `${app}/`,
    client_kwargs: { scope: 'read:user user:email' },
  },
}, null, 2);

/** Where a Google login speaks to: nowhere, until public/oauth-clients.json has a client id for it. */
function googleOrigins(folder) {
  try {
    const { google } = JSON.parse(readFileSync(path.join(folder, 'oauth-clients.json'), 'utf8'));
    if (!google?.client_id) return [];
    const { origin } = new URL(google.server_metadata_url);
    return [origin, ...['oauth2', 'www', 'openidconnect'].map((name) => `https://${name}.googleapis.com`)];
  } catch {
    return [];
  }
}

// The policy a careful site would send. 'wasm-unsafe-eval' allows WebAssembly and nothing else; the dev server alone
// injects style elements. localhost:1 is where the «unreachable provider» of the demo is said to live.
const policy = (folder, dev) => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self'${dev ? " 'unsafe-inline'" : ''}`,
  "img-src 'self' data:",
  `connect-src ${["'self'", provider, codeHost, 'http://localhost:1', ...googleOrigins(folder), dev && `ws://localhost:${port.app}`].filter(Boolean).join(' ')}`,
  `form-action 'self' ${provider}`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The files of data beside the pages. */
function data(url) {
  const made = { '/settings.json': () => settings, '/examples.json': asJson }[url];
  return made && { status: 200, type: 'application/json', body: made() };
}

function serve() {
  // Asked anew for every answer, so that a client id put into the file needs a reload of the page and nothing else.
  const use = (server, folder, dev) => {
    server.middlewares.use((req, res, next) => {
      res.setHeader('content-security-policy', policy(folder, dev));
      res.setHeader('referrer-policy', 'no-referrer');
      const found = data(req.url) ?? answer(req.url);
      if (!found) return next();
      res.statusCode = found.status;
      res.setHeader('content-type', found.type);
      res.setHeader('cache-control', 'no-store');
      return res.end(found.body);
    });
  };
  return {
    name: 'demo-settings',
    configureServer: (server) => use(server, server.config.publicDir, true),
    configurePreviewServer: (server) => use(server, path.resolve(server.config.root, server.config.build.outDir), false),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'settings.json', source: settings });
      this.emitFile({ type: 'asset', fileName: 'examples.json', source: asJson() });
    },
  };
}

export default {
  plugins: [serve()],
  // Not the pages of the examples below this folder, which have packages of their own.
  optimizeDeps: { entries: ['index.html'] },
  build: { target: 'es2022' },
  server: { host: 'localhost', port: port.app, strictPort: true },
  preview: { host: 'localhost', port: port.app, strictPort: true },
};
