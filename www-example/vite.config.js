// The demo app. Ports come from the environment, so that several demos can run on one machine:
// DEMO_PORT (default 5173) is the app, PROVIDER_PORT (default 9400) the embedded provider.

import process from 'node:process';

const appPort = Number(process.env.DEMO_PORT || 5173);
const provider = `http://localhost:${Number(process.env.PROVIDER_PORT || 9400)}`;
const app = `http://localhost:${appPort}`;

// What `createOAuth("/settings.json")` reads: an application's settings as data, beside its code and not inside it.
const settings = JSON.stringify({
  demo: {
    clientId: 'demo-spa',
    issuer: provider,
    scope: 'openid profile email',
    redirectUri: `${app}/`,
    postLogoutRedirectUri: `${app}/`,
  },
}, null, 2);

function serveSettings() {
  const use = (server) => {
    server.middlewares.use('/settings.json', (_req, res) => {
      res.setHeader('content-type', 'application/json');
      res.setHeader('cache-control', 'no-store');
      res.end(settings);
    });
  };
  return {
    name: 'demo-settings',
    configureServer: use,
    configurePreviewServer: use,
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'settings.json', source: settings });
    },
  };
}

// The policy a careful site would send. 'wasm-unsafe-eval' allows WebAssembly and nothing else; the dev server alone
// injects style elements. localhost:1 is where the «unreachable provider» of the demo is said to live.
const policy = (dev) => [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self'${dev ? " 'unsafe-inline'" : ''}`,
  "img-src 'self' data:",
  `connect-src 'self' ${provider} http://localhost:1${dev ? ` ws://localhost:${appPort}` : ''}`,
  `form-action 'self' ${provider}`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = (dev) => ({ 'Content-Security-Policy': policy(dev), 'Referrer-Policy': 'no-referrer' });

export default {
  plugins: [serveSettings()],
  define: { __ORDERS_URL__: JSON.stringify(`${provider}/api/orders`) },
  build: { target: 'es2022' },
  server: { host: 'localhost', port: appPort, strictPort: true, headers: headers(true) },
  preview: { host: 'localhost', port: appPort, strictPort: true, headers: headers(false) },
};
