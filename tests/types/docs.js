// The JavaScript of README.md and docs/, compiled against the declarations: what a reader pastes must at least be true to them.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const folder = join(here, 'docs.tmp');
const { resolve } = createRequire(import.meta.url);

/** What the surrounding text of a fragment has introduced. */
const ambient = `
import type { OAuth, OAuthClient } from 'oidc-client-wasm';
declare global {
  const oauth: OAuth & Record<string, OAuthClient>;
  const idToken: string, expectedNonce: string, url: string, sid: string;
  const error: import('oidc-client-wasm').OAuthError;
  // What a page knows of its own elements, a compiler does not.
  interface ParentNode { querySelector(selectors: string): any }
}
`;

/** Blocks of JavaScript that use the package, each a module of its own. A block for Node is not compiled. */
function blocks(file) {
  const found = readFileSync(join(root, file), 'utf8').matchAll(/^```js\n([\s\S]*?)^```/gm);
  return [...found].map(([, code]) => code).filter((code) => !code.includes('from "node:'));
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
let count = 0;
for (const page of pages) {
  for (const [index, code] of blocks(page).entries()) {
    // A file of the reader's own, imported for illustration, is not here.
    const text = code.replace(/^import .* from "\.\/.*$/gm, 'const keycloak = { clientId: "x" };');
    const name = `${page.replace(/\W+/g, '-')}-${index + 1}.js`;
    writeFileSync(join(folder, name), `${text}\nexport {};\n`);
    count += 1;
  }
}
writeFileSync(join(folder, 'ambient.d.ts'), ambient);
const compilerOptions = {
  allowJs: true, checkJs: true, noEmit: true, strict: false, target: 'es2022', module: 'esnext', moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'], types: [],
};
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }));

const compiler = join(dirname(resolve('typescript-newest/package.json')), 'bin', 'tsc');
const { stdout } = spawnSync(process.execPath, [compiler, '--project', folder], { encoding: 'utf8' });
// appState and extra members of a token are whatever the reader makes them: TypeScript would ask for a cast there.
const complaints = stdout.split('\n').filter((line) => line.includes('error TS') && !line.includes("'unknown'"));
complaints.forEach((complaint) => console.error(complaint));
console.log(`${count} blocks of the documentation: ${complaints.length === 0 ? 'ok' : 'FAILED'}`);
if (count < 40) throw new Error('Where did the documentation go?');
if (complaints.length > 0) process.exit(1);
rmSync(folder, { recursive: true });
