// Writes the blocks of docs/testing.md to files, as a reader would: each has its name in the first line, and its tool in an import.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'docs.tmp');
const page = readFileSync(join(here, '../../docs/testing.md'), 'utf8');

rmSync(folder, { recursive: true, force: true });
let count = 0;
for (const [, name, code] of page.matchAll(/^```js\n\/\/ (\S+\.js)\n([\s\S]*?)^```/gm)) {
  const tool = code.includes('"vitest"') ? 'vitest' : code.includes('"@playwright/') ? 'playwright' : 'jest';
  mkdirSync(join(folder, tool), { recursive: true });
  writeFileSync(join(folder, tool, name), code);
  count += 1;
}
if (count !== page.split('```js\n').length - 1) throw new Error('A block of docs/testing.md has no file name in its first line.');
console.log(`${count} blocks of docs/testing.md`);
