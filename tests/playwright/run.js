// Runs the tests of this folder, and the block of docs/testing.md that uses the fixtures, at a page of this folder and at `dev-provider` of the packed package. CHROME names the
// browser: Playwright's own would have to be downloaded.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startDevProvider } from '../e2e/dev-provider/dev-provider.js';
import { startApp } from './app.js';

const here = path.dirname(fileURLToPath(import.meta.url));
const page = readFileSync(path.join(here, '../../docs/testing.md'), 'utf8');
const block = [...page.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code).find((code) => code.includes('oidc-client-wasm/testing/playwright'));
if (!block) throw new Error('docs/testing.md does not show the fixtures.');
rmSync(path.join(here, 'docs.tmp'), { recursive: true, force: true });
mkdirSync(path.join(here, 'docs.tmp'));
writeFileSync(path.join(here, 'docs.tmp/docs.spec.js'), block);

const provider = await startDevProvider({ folder: path.join(here, 'node_modules/oidc-client-wasm') });
const app = await startApp(provider.issuer);
try {
  const program = path.join(here, 'node_modules/@playwright/test/cli.js');
  const tests = spawn(process.execPath, [program, 'test', ...process.argv.slice(2)], { cwd: here, stdio: 'inherit', env: { ...process.env, APP: app.origin, ISSUER: provider.issuer } });
  [process.exitCode] = await once(tests, 'exit');
} finally {
  await app.close();
  await provider.close();
}
