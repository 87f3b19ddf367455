// Jest as a reader of docs/jest.md starts it: the tests of this folder, and the two projects of that page, each in a folder of its own.

import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = ['--experimental-vm-modules'];
/** The folder of each project, and the flags of Node.js. */
const projects = [['.', modules], ['docs.tmp/jest-modules', modules], ['docs.tmp/jest-commonjs', []]];

for (const [folder, flags] of projects) {
  console.log(`\nJest in ${folder}:`);
  const { status } = spawnSync(process.execPath, [...flags, join(here, 'node_modules/jest/bin/jest.js')], { cwd: join(here, folder), stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
