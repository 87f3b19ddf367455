// The blocks of docs/frameworks.md and of the pages of single frameworks, compiled as files of the example of their framework: what a reader pastes must at
// least be true to the types.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (page) => readFileSync(path.join(root, 'docs', page), 'utf8');
/** The frameworks with a page of their own. The rest are in frameworks.md. */
const own = ['next', 'svelte'];
const pageOf = (framework) => read(own.includes(framework) ? `${framework}.md` : 'frameworks.md');
const chosen = process.env.FRAMEWORKS?.split(',') ?? ['react', 'vue', ...own];

/** The blocks of a text, each with its language, the name of its file in the first line, and the framework of frameworks.md that it is for. */
const blocks = (text) => [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language, code]) => ({
  language,
  code,
  file: /^(?:\/\/|<!--) (src\/\S+)/.exec(code)?.[1],
  framework: language === 'tsx' || code.includes('oidc-client-wasm/react') ? 'react' : 'vue',
}));

/** Files beside `src` of the examples whose compiler has to find them in the folder that it compiles. */
const beside = {
  next: ['package.json', 'next.config.ts', 'tsconfig.json'],
  svelte: ['package.json', 'svelte.config.js', 'tsconfig.json', 'vite.config.ts'],
};

/** Compiles the sources of an example with these blocks in place of its files. Gives what the compiler says. */
function compile(framework, given) {
  const example = path.join(root, 'www-example', framework);
  const folder = path.join(example, 'docs.tmp');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  cpSync(path.join(example, 'src'), path.join(folder, 'src'), { recursive: true });
  for (const { file, code } of given) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), code);
  }
  let [cwd, args] = [folder, []];
  if (beside[framework]) for (const file of beside[framework]) cpSync(path.join(example, file), path.join(folder, file));
  else {
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../tsconfig.json', include: ['src'] }));
    [cwd, args] = [example, ['--', '--project', 'docs.tmp']];
  }
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'check', ...args], { cwd, encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  return status === 0 ? '' : stdout + stderr;
}

test('every block names its file, but those of JavaScript, which tests/types compiles', () => {
  const named = ['react', ...own].flatMap((framework) => blocks(pageOf(framework))).filter(({ language }) => language !== 'js');
  assert.ok(named.length >= 25, `only ${named.length} blocks were found`);
  assert.deepEqual(named.filter(({ file }) => !file), []);
});

for (const framework of chosen) {
  // A section is an app of its own.
  for (const section of pageOf(framework).split(/^## /m)) {
    const given = blocks(section).filter((block) => block.file && (own.includes(framework) || block.framework === framework));
    if (given.length === 0) continue;
    test(`${framework}: ${section.split('\n', 1)[0]}`, { skip: !existsSync(path.join(root, 'www-example', framework)) && 'there is no example' }, () => {
      assert.equal(compile(framework, given), '');
    });
  }
}
