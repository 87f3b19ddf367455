// The demo as a visitor gets it: built by its own Vite, served by its own preview server, on ports that nobody has.

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startProvider } from '../../../www-example/provider/provider.js';

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
  const provider = await startProvider({ appOrigin: origin });
  const outDir = await mkdtemp(path.join(tmpdir(), 'e2e-demo-'));
  let server;
  const close = async () => {
    await server?.close();
    await provider.close();
    await rm(outDir, { recursive: true, force: true });
  };
  try {
    // The demo's configuration takes its ports from the environment.
    Object.assign(process.env, { DEMO_PORT: String(port), PROVIDER_PORT: String(provider.port) });
    const options = { root, logLevel: 'error', build: { outDir, emptyOutDir: true } };
    await vite.build(options);
    server = await vite.preview(options);
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, provider, close };
}
