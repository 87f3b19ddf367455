// Builds the site: the pages are written to site/dist/pages, VitePress makes target/docs/site of them, and the pages as Markdown, the
// texts for language models and the policy are put beside.
//
//   node build.js [--base /path/] [--out folder] [--shots folder]

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { finish } from './finish.js';
import { prepare } from './prepare/main.js';
import { places, root } from './prepare/map.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({ options: { base: { type: 'string' }, out: { type: 'string' }, shots: { type: 'string' } } });
const { address } = places();
const base = `/${(values.base ?? (address ? new URL(address).pathname : '/')).replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
const folder = values.out ?? path.join(root, 'target/docs');
// Below this folder, so that what VitePress makes of a page finds what is installed here.
const [source, out] = [path.join(here, 'dist/pages'), path.join(folder, 'site')];

for (const made of [source, out]) rmSync(made, { recursive: true, force: true });
const shots = values.shots && existsSync(values.shots) ? values.shots : undefined;
const pages = prepare({ folder: source, shots });

// In a process of its own, which reads where everything is from its environment.
const { status } = spawnSync(process.execPath, [path.join(here, 'node_modules/vitepress/bin/vitepress.js'), 'build', here], {
  stdio: ['ignore', process.env.DOCS_VERBOSE ? 'inherit' : 'ignore', 'inherit'],
  env: { ...process.env, DOCS_PAGES: source, DOCS_OUT: out, DOCS_BASE: base, DOCS_ADDRESS: address ?? '' },
});
if (status !== 0) throw new Error('VitePress could not build the site; what it said is above.');
const { policy } = finish({ pages, out, base, address });
console.log(`${pages.length} pages in ${path.relative(process.cwd(), out) || '.'}, for the path ${base}\nContent-Security-Policy: ${policy}`);
