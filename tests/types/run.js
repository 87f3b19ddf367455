// The oldest compiler that knows `moduleResolution: bundler` and the newest one; each with both ways in which projects
// of today find a package's declarations.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { resolve } = createRequire(import.meta.url);
const modes = { bundler: 'esnext', nodenext: 'nodenext' };

for (const compiler of ['typescript-oldest', 'typescript-newest']) {
  const home = dirname(resolve(`${compiler}/package.json`));
  for (const [moduleResolution, module] of Object.entries(modes)) {
    const args = ['--project', here, '--module', module, '--moduleResolution', moduleResolution];
    const { status } = spawnSync(process.execPath, [join(home, 'bin', 'tsc'), ...args], { stdio: 'inherit' });
    console.log(`${compiler}, ${moduleResolution}: ${status === 0 ? 'ok' : 'FAILED'}`);
    if (status !== 0) process.exit(1);
  }
}
