// The demo as a visitor gets it: built by its own Vite, served by its own preview server, on ports that nobody has.

import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startPlainProvider, startProvider } from '../../../www-example/provider/provider.js';

const root = fileURLToPath(new URL('../../../www-example', import.meta.url));

/** The build needs to know the port before anybody listens there. */
const freePort = () => new Promise((resolve, reject) => {
  const server = createServer();
  server.once('error', reject);
  server.listen(0, 'localhost', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export async function startDemo() {
  const vite = await import(pathToFileURL(createRequire(path.join(root, 'package.json')).resolve('vite')));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  // As at Google: its token endpoint demands a secret of a client that cannot keep one.
  const demanding = { client_id: 'from-a-file', client_secret: 'every visitor can read this', token_endpoint_auth_method: 'client_secret_post' };
  const provider = await startProvider({ appOrigin: origin, refreshTokens: 'always', clients: [{}, demanding] });
  const codeHost = await startPlainProvider({ appOrigin: origin });
  const outDir = await mkdtemp(path.join(tmpdir(), 'e2e-demo-'));
  let server;
  const close = async () => {
    await server?.close();
    await provider.close();
    await codeHost.close();
    await rm(outDir, { recursive: true, force: true });
  };
  try {
    // The demo's configuration takes its ports from the environment.
    Object.assign(process.env, { DEMO_PORT: String(port), PROVIDER_PORT: String(provider.port), CODE_HOST_PORT: String(codeHost.port) });
    const options = { root, logLevel: 'error', build: { outDir, emptyOutDir: true } };
    await vite.build(options);
    server = await vite.preview(options);
  } catch (error) {
    await close();
    throw error;
  }

  const file = 'oauth-clients.json';
  return {
    origin,
    provider,
    codeHost,
    /** What a person writes into the file of further clients. */
    setClients: (clients) => writeFile(path.join(outDir, file), JSON.stringify(clients)),
    /** As it was delivered: the servers' knobs, and the file of further clients. */
    async reset() {
      provider.reset();
      provider.setTtl({ AccessToken: 3600 });
      codeHost.reset();
      await copyFile(path.join(root, 'public', file), path.join(outDir, file));
    },
    close,
  };
}
