// The JavaScript of README.md and docs/, compiled against the declarations: what a reader pastes must at least be true to them.
// They are compiled as a reader's own strict TypeScript would be, by the oldest compiler and by the newest.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const { resolve } = createRequire(import.meta.url);

const pages = ['README.md', 'site/home.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];

/** What the surrounding text of a fragment has introduced. */
const ambient = (members) => `
import type { OAuth, OAuthClient } from 'oidc-client-wasm';
declare global {
  const demo: OAuthClient;
  const isOAuthError: typeof import('oidc-client-wasm').isOAuthError;
  const signIn: Element | null;
  const error: import('oidc-client-wasm').OAuthError;
  function attempt(step?: () => Promise<void>): Promise<void>;
  function here(): string;
  const settings: Readonly<Record<string, import('oidc-client-wasm').ClientSettings>>;
  const idToken: string, expectedNonce: string, url: string, sid: string;
  ${members}
}
`;
const introduced = ambient('const oauth: OAuth & { readonly demo: OAuthClient };');

/** The little of test tools that docs/testing.md uses. Its blocks are run with the tools themselves, by tests/units and tests/playwright. */
const tools = `
declare module 'vitest' {
  export const vi: { fn<F extends (...given: any[]) => unknown>(body: F): F; stubGlobal(name: string, value: unknown): void; mock(name: string, make: (original: () => Promise<{}>) => unknown): void };
  export function beforeEach(body: () => unknown): void;
  export function afterEach(body: () => unknown): void;
  export function test(name: string, body: () => unknown): void;
  export function expect(value: unknown): any;
}
declare module '@jest/globals' {
  export const jest: { fn<F extends (...given: any[]) => unknown>(body: F): F };
  export function test(name: string, body: () => unknown): void;
  export function expect(value: unknown): any;
}
declare module 'jest-environment-jsdom' {
  export class TestEnvironment { global: object; setup(): Promise<void> }
}
declare module '@playwright/test' {
  type Test = {
    (name: string, body: (given: { page: any }) => Promise<void>): void;
    describe(name: string, body: () => void): void;
    use(options: object): void;
    extend(fixtures: object): Test;
  };
  export type Page = any;
  export type Fixtures<A, B, C, D> = object;
  export type BrowserContext = { storageState(): Promise<object> };
  export type PlaywrightTestArgs = any;
  export type PlaywrightTestOptions = any;
  export type PlaywrightWorkerArgs = any;
  export type PlaywrightWorkerOptions = any;
  export const test: Test;
  export function expect(value: unknown): any;
  export function defineConfig(settings: object): object;
}
`;

/** Blocks of JavaScript that use the package, each a module of its own. A block for Node is not compiled. */
function blocks(file) {
  const found = readFileSync(join(root, file), 'utf8').matchAll(/^```js\n([\s\S]*?)^```/gm);
  return [...found].map(([, code]) => code).filter((code) => !code.includes('from "node:'));
}

/** As a reader pastes it: into TypeScript, or into JavaScript whose types stand in its comments. */
const ofBlock = (code) => (/@(param|type|import)\b/.test(code) ? 'js' : 'ts');

/** Compiles the blocks of the pages and gives what the compiler has against them. */
function compile({ pages, extension, globals, compiler, options }) {
  const folder = join(here, 'docs.tmp');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  let count = 0;
  for (const page of pages) {
    for (const [index, code] of blocks(page).entries()) {
      // A file of the reader's own, imported for illustration, is not here.
      const text = code.replace(/^import \{ (.*) \} from "\.\/.*$/gm, (_, names) => `const { ${names} } = JSON.parse('');`);
      const name = `${page.replace(/\W+/g, '-')}-${index + 1}.${extension(code)}`;
      writeFileSync(join(folder, name), `${text}\nexport {};\n`);
      count += 1;
    }
  }
  writeFileSync(join(folder, 'ambient.d.ts'), globals);
  writeFileSync(join(folder, 'tools.d.ts'), tools);
  const compilerOptions = {
    noEmit: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [], ...options,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*'] }));
  const tsc = join(dirname(resolve(`${compiler}/package.json`)), 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8' });
  return { count, complaints: stdout.split('\n').filter((line) => line.includes('error TS')) };
}

/** Says what was found and ends the program where something was; the compiled files stay to be looked at. */
function report(what, { count, complaints }, atLeast) {
  complaints.forEach((complaint) => console.error(complaint));
  console.log(`${count} blocks of ${what}: ${complaints.length === 0 ? 'ok' : 'FAILED'}`);
  if (count < atLeast) throw new Error('Where did the documentation go?');
  if (complaints.length > 0) process.exit(1);
  rmSync(join(here, 'docs.tmp'), { recursive: true });
}

const strictOptions = { strict: true, allowJs: true, checkJs: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true };
for (const compiler of ['typescript-oldest', 'typescript-newest']) {
  report(`the pages, strict, ${compiler}`, compile({ pages, extension: ofBlock, globals: introduced, compiler, options: strictOptions }), 60);
}
