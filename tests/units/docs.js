// Writes the blocks of the pages about tests to files, as a reader would. The first line of a block is a comment with the name of its file, and its section says which
// project of docs.tmp the file is for. Blocks of the page about components stand in files of the examples.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, 'docs.tmp');
const root = join(here, '../..');

/** The projects that need a package.json, which tells the kind of their modules. */
const types = { 'jest-modules': 'module', 'jest-commonjs': 'commonjs' };
const vitest = ['vitest'];
const bothJests = Object.keys(types);
/** The projects of each section. */
const projects = {
  'The double': vitest,
  'A client made by the test': vitest,
  'The real package in Vitest': vitest,
  'The provider in memory': vitest,
  'A whole login through a component': vitest,
  'A component in Jest': bothJests,
  'Jest with ES modules': ['jest-modules'],
  'Jest with CommonJS': ['jest-commonjs'],
  'Requests and the real package in Jest': bothJests,
  'The double in node:test': ['node'],
  'Real logins with Playwright': ['playwright'],
};

/** The examples of the sections whose blocks stand in their files. */
const examples = {
  'Testing components with Vitest': 'react',
  React: 'react',
  'Next.js': 'next',
  Vue: 'vue',
  Svelte: 'svelte',
  Solid: 'solid',
};

rmSync(folder, { recursive: true, force: true });
for (const [project, type] of Object.entries(types)) {
  mkdirSync(join(folder, project), { recursive: true });
  writeFileSync(join(folder, project, 'package.json'), JSON.stringify({ type }));
}

let count = 0;
const pages = ['testing', 'testing-components', 'jest'].map((name) => readFileSync(join(root, `docs/${name}.md`), 'utf8'));
for (const section of pages.join('\n').split(/^#+ /m)) {
  const title = section.split('\n', 1)[0];
  for (const [, code] of section.matchAll(/^```\w+\n([\s\S]*?)^```/gm)) {
    const [, name, body] = /^\/\/ (\S+)\n([\s\S]*)$/.exec(code) ?? [];
    if (!name) throw new Error(`A block of the section “${title}” has no file name in its first line.`);
    count += 1;
    if (examples[title]) {
      const file = join(root, 'www-example', examples[title], name);
      if (!readFileSync(file, 'utf8').includes(body)) throw new Error(`${file} has not what the section “${title}” shows:\n${body}`);
      continue;
    }
    if (!projects[title]) throw new Error(`The section “${title}” has no project here, in which its blocks are run.`);
    for (const project of projects[title]) {
      mkdirSync(join(folder, project), { recursive: true });
      writeFileSync(join(folder, project, name), body);
    }
  }
}
if (count < 25) throw new Error('Where did the blocks go?');
console.log(`${count} blocks of the pages about tests`);
