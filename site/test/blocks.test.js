// Every block of code of the pages is held by a test of this repository. A block that nothing compiles or runs fails here.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pages, read, root } from '../prepare/map.js';

/** Languages that nobody compiles: a command, a picture, headers, a file of settings. */
const excepted = ['', 'sh', 'text', 'http', 'json', 'toml', 'yaml', 'diff', 'console'];
const ofFrameworks = ['react', 'vue', 'angular', 'svelte', 'solid', 'next', 'frameworks'].map((name) => `docs/${name}.md`);
const ofTests = ['testing', 'testing-components', 'jest'].map((name) => `docs/${name}.md`);

/**
 * What holds a block: the file that says so, what it must say for that, and the blocks that it reads.
 * @type {{ by: string, says: RegExp, holds: (block: { page: string, language: string, code: string, section: string }) => boolean }[]}
 */
const mechanisms = [
  { by: 'tests/types/docs.js', says: /\^```js\\n[\s\S]*readdirSync\(join\(root, 'docs'\)\)/, holds: ({ page, language, code }) => (page === 'README.md' || page.startsWith('docs/')) && language === 'js' && !code.includes('from "node:') },
  { by: 'tests/frameworks/docs.test.js', says: /every block names its file/, holds: ({ page, code }) => ofFrameworks.includes(page) && /^(?:\/\/|<!--) src\/\S+/.test(code) },
  { by: 'tests/units/docs.js', says: /A block of the section/, holds: ({ page, code }) => ofTests.includes(page) && /^\/\/ \S+\n/.test(code) },
  { by: 'tests/e2e/suite/readme.test.js', says: /'## Usage'[\s\S]*'## 3\. Sign in'/, holds: ({ page, section, language }) => language === 'html' && (page === 'README.md' ? section === 'Usage' : page === 'docs/first-login.md' && section === '3. Sign in') },
];

function blocksOf(page) {
  let section = '';
  const found = [];
  for (const [, title, language, code] of read(page).matchAll(/^#+ (.*)$|^```(\S*)[^\n]*\n([\s\S]*?)^```[^\S\n]*$/gm)) {
    if (title !== undefined) section = title;
    else found.push({ page, section, language, code });
  }
  return found;
}

const blocks = [...pages().keys()].flatMap(blocksOf);

/** Blocks that the tests which name them have themselves: the file of the test contains the page and the language. */
function isNamed({ page, language }) {
  const folders = ['tests/e2e/suite', 'tests/types', 'tests/units', 'tests/units/cli', 'tests/bundlers', 'tests'];
  const asks = new RegExp(`${path.basename(page).replaceAll('.', '\\.')}[\\s\\S]*(?:\`\`\`|'|")${language}\\b`);
  return folders.some((folder) => {
    const names = readdirSync(path.join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile() && /\.(?:js|rs|mjs)$/.test(entry.name));
    return names.some(({ name }) => asks.test(readFileSync(path.join(root, folder, name), 'utf8')));
  });
}

test('every block of code is held by a test', () => {
  const loose = blocks.filter((block) => !excepted.includes(block.language) && !mechanisms.some(({ holds }) => holds(block)));
  assert.deepEqual(loose.map(({ page, section, language, code }) => `${page} › ${section}: ${language}: ${code.split('\n', 1)[0]}`), []);
  assert.ok(blocks.length > 200, `only ${blocks.length} blocks were found`);
});

for (const { by, says } of mechanisms) {
  test(`${by} still reads the blocks that it is said to hold`, () => assert.match(read(by), says));
}
