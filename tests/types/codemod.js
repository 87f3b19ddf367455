// The apps that `npx oidc-client-wasm codemod` has rewritten (tests/units/cli/codemod), compiled as strict TypeScript compiles them.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { resolve } = createRequire(import.meta.url);
const folder = join(here, 'docs.tmp/codemod');

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const app of ['service', 'react']) cpSync(join(here, '../units/cli/codemod', app, 'after/src'), join(folder, app), { recursive: true });
const compilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  isolatedModules: true,
  verbatimModuleSyntax: true,
  jsx: 'react-jsx',
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  module: 'esnext',
  moduleResolution: 'bundler',
  noEmit: true,
  // `run.js` compiles our own declarations, and those of React are not ours.
  skipLibCheck: true,
};
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));

for (const compiler of ['typescript-oldest', 'typescript-newest']) {
  const { status } = spawnSync(process.execPath, [join(dirname(resolve(`${compiler}/package.json`)), 'bin/tsc'), '--project', folder], { stdio: 'inherit' });
  console.log(`${compiler}, the apps of the codemod: ${status === 0 ? 'ok' : 'FAILED'}`);
  if (status !== 0) process.exit(1);
}
rmSync(folder, { recursive: true });
