// Every block of code of the pages is held by a test of this repository. A block that nothing compiles or runs fails here.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
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
  { by: 'tests/types/docs.js', says: /readdirSync\(join\(root, 'docs'\)\)[\s\S]*\^```js\\n/, holds: ({ page, language, code }) => (page === 'README.md' || page.startsWith('docs/')) && language === 'js' && !code.includes('from "node:') },
  { by: 'tests/frameworks/docs.test.js', says: /every block names its file/, holds: ({ page, code }) => ofFrameworks.includes(page) && /^(?:\/\/|<!--) src\/\S+/.test(code) },
  { by: 'tests/units/docs.js', says: /A block of the section/, holds: ({ page, code }) => ofTests.includes(page) && /^\/\/ \S+\n/.test(code) },
  { by: 'tests/e2e/suite/readme.test.js', says: /'## Usage'[\s\S]*'## 3\. Sign in'/, holds: ({ page, section, language }) => language === 'html' && (page === 'README.md' ? section === 'Usage' : page === 'docs/first-login.md' && section === '3. Sign in') },
  { by: 'tests/types/others/migration.js', says: /before\|after/, holds: ({ page, code }) => isMigration(page) && /^\/\/ (?:before|after)\b/.test(code) },
  // Python of Authlib, to recognise one's own: there is no Django here that would have these apps.
  { by: 'docs/migrating-from-authlib.md', says: /```python/, holds: ({ page, language }) => page === 'docs/migrating-from-authlib.md' && language === 'python' },
  { by: 'site/test/blocks.test.js', says: /is a program of Node/, holds: ({ language, code }) => language === 'js' && code.includes('from "node:') },
  { by: 'site/test/blocks.test.js', says: /names files of the package/, holds: ({ language, code }) => language === 'html' && isOfFiles(code) },
].filter(({ by }) => existsSync(path.join(root, by)));

/** HTML that does nothing but name files, or hold settings as JSON. */
function isOfFiles(code) {
  return /^<(?:script type="(?:importmap|application\/json)"|link )/.test(code);
}

function isMigration(page) {
  return /^docs\/migrating-from-/.test(page);
}

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

test('every block of code is held by a test', () => {
  const loose = blocks.filter((block) => !excepted.includes(block.language) && !mechanisms.some(({ holds }) => holds(block)));
  assert.deepEqual(loose.map(({ page, section, language, code }) => `${page} › ${section}: ${language}: ${code.split('\n', 1)[0]}`), []);
  assert.ok(blocks.length > 200, `only ${blocks.length} blocks were found`);
});

for (const { page, section, code } of blocks.filter(({ language, code }) => language === 'js' && code.includes('from "node:'))) {
  test(`${page} › ${section}: the block is a program of Node`, async () => {
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--check', '-'], { input: code, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    for (const [, names, from] of code.matchAll(/^import \{ (.*) \} from "(node:\w+)";$/gm)) {
      const exported = await import(from);
      for (const name of names.split(', ')) assert.ok(name in exported, `${from} exports no ${name}`);
    }
  });
}

for (const { page, section, code } of blocks.filter(({ language, code }) => language === 'html' && isOfFiles(code))) {
  test(`${page} › ${section}: the block is JSON, or names files of the package`, () => {
    const { files } = JSON.parse(read('pkg-template/package.json'));
    for (const [, json] of code.matchAll(/<script type="(?:importmap|application\/json)"[^>]*>([\s\S]*?)<\/script>/g)) assert.doesNotThrow(() => JSON.parse(json), json);
    const named = [...code.matchAll(/\/oidc-client-wasm\/([\w./-]+)"/g)].map(([, file]) => file);
    for (const file of named) assert.ok(files.some((listed) => listed === file || (listed.endsWith('/') && file.startsWith(listed))), `the package has no ${file}`);
    if (!code.includes('application/json')) assert.ok(named.length > 0, 'which file?');
  });
}

for (const { by, says } of mechanisms) {
  test(`${by} still reads the blocks that it is said to hold`, () => assert.match(read(by), says));
}
