// The blocks of the pages of the frameworks and of docs/frameworks.md, compiled as files of the example of their framework: what a reader pastes must at
// least be true to the types.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (page) => readFileSync(path.join(root, 'docs', page), 'utf8');
const frameworks = ['react', 'vue', 'angular', 'svelte', 'solid', 'next'];
const chosen = process.env.FRAMEWORKS?.split(',') ?? frameworks;

/** The blocks of a text, each with its language, the name of its file in the first line, and the framework whose entry it imports. */
const blocks = (text) => [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, code]) => ({
  language,
  code,
  file: /^(?:\/\/|<!--) (src\/\S+)/.exec(code)?.[1],
  framework: /oidc-client-wasm\/(\w+)/.exec(code)?.[1],
}));

/** Files beside `src` of the examples whose compiler has to find them in the folder that it compiles. */
const beside = {
  next: ['package.json', 'next.config.ts', 'tsconfig.json'],
  svelte: ['package.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'],
};

/** Calls with a name that no client has, by the entry of each framework: the compiler of a reader finds the slip. */
const misuse = {
  angular: ['injectAuth("dmeo")', 'injectAccessToken("dmeo")', 'requireAuth({ name: "dmeo" })', 'authInterceptor({ name: "dmeo" })'],
  react: ['useAuth("dmeo")', 'useAccessToken("dmeo")'],
  solid: ['useAuth("dmeo")', 'useAccessToken("dmeo")'],
  svelte: ['useAuth("dmeo")', 'useAccessToken("dmeo")', 'requireAuth({ name: "dmeo" })'],
  vue: ['useAuth("dmeo")', 'useAccessToken("dmeo")'],
};

/** The little of Vitest that a block uses: the examples do without it. */
const vitest = 'declare module "vitest" {\n  export function test(name: string, body: () => unknown): void;\n  export function expect(value: unknown): any;\n}\n';

let compiled = 0;

/** Compiles the sources of an example with these blocks in place of its files. Gives what the compiler says. */
async function compile(framework, given) {
  const example = path.join(root, 'www-example', framework);
  compiled += 1;
  const project = path.join('docs.tmp', String(compiled));
  const folder = path.join(example, project);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(example, 'src'), path.join(folder, 'src'), { recursive: true });
  if (given.some(({ code }) => code.includes('from "vitest"'))) writeFileSync(path.join(folder, 'src/vitest.d.ts'), vitest);
  for (const { file, code } of given) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
  }
  let [cwd, args] = [folder, []];
  if (beside[framework]) for (const file of beside[framework]) cpSync(path.join(example, file), path.join(folder, file));
  else {
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', include: ['src'] }));
    [cwd, args] = [example, ['--', '--project', project]];
  }
  const said = await new Promise((resolve) => {
    execFile('npm', ['run', '--silent', 'check', ...args], { cwd }, (error, stdout, stderr) => resolve(error ? `${error.message}\n${stdout}${stderr}` : ''));
  });
  rmSync(folder, { recursive: true, force: true });
  return said;
}

/** The sections of the page of a framework, each of which is an app of its own, and what frameworks.md has for this framework. */
function sectionsOf(framework) {
  const sections = (page) => read(page).split(/^## /m).map((text) => ({ title: text.split('\n', 1)[0], blocks: blocks(text) }));
  const common = sections('frameworks.md').map(({ title, blocks: given }) => ({ title: `${title} (frameworks.md)`, blocks: given.filter((block) => block.framework === framework) }));
  const own = frameworks.includes(framework) ? sections(`${framework}.md`) : [];
  return [...own, ...common].map(({ title, blocks: given }) => ({ title, given: given.filter(({ file }) => file) })).filter(({ given }) => given.length > 0);
}

test('every block names its file, but those of JavaScript, which tests/types compiles, and of JSON', () => {
  const named = [...frameworks.map((framework) => `${framework}.md`), 'frameworks.md'].flatMap((page) => blocks(read(page))).filter(({ language }) => !['js', 'json'].includes(language));
  assert.ok(named.length >= 30, `only ${named.length} blocks were found`);
  assert.deepEqual(named.filter(({ file }) => !file), []);
});

// A compiler uses one processor.
describe('the compiler', { concurrency: 2 }, () => {
  for (const [framework, calls] of Object.entries(misuse).filter(([framework]) => chosen.includes(framework))) {
    test(`${framework}: the compiler knows the names of the clients`, { skip: !existsSync(path.join(root, 'www-example', framework)) && 'there is no example' }, async () => {
      const names = calls.map((call) => call.slice(0, call.indexOf('(')));
      const lines = calls.flatMap((call) => [`${call.replace('dmeo', 'demo')};`, '// @ts-expect-error', `${call};`]);
      assert.equal(await compile(framework, [{ file: 'src/misuse.ts', code: `import { ${names.join(', ')} } from "oidc-client-wasm/${framework}";\n\n${lines.join('\n')}\n` }]), '');
    });
  }

  for (const framework of chosen) {
    for (const { title, given } of sectionsOf(framework)) {
      test(`${framework}: ${title}`, { skip: !existsSync(path.join(root, 'www-example', framework)) && 'there is no example' }, async () => {
        assert.equal(await compile(framework, given), '');
      });
    }
  }
});
