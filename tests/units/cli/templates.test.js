// What `init` writes is what the documentation shows, to the letter. After a change of the documentation, `npx vitest run --project cli cli/templates -u` writes the
// templates anew.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const templates = new URL('pkg-template/cli/templates/', root);

/** The file of a page's block, which has its name in its first line, in the sections with these titles. */
function block(page, titles, name) {
  const sections = readFileSync(new URL(`docs/${page}`, root), 'utf8').split(/^## /m).filter((section) => titles.includes(section.split('\n', 1)[0]));
  const blocks = sections.flatMap((section) => [...section.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code]) => code));
  if (name === undefined) return blocks[0];
  const isNamed = (code) => [`// ${name}\n`, `<!-- ${name} -->\n`].some((line) => code.startsWith(line));
  return (blocks.find(isNamed) ?? expect.fail(`docs/${page} has no block ${name}`)).replace(/^.*\n/, '');
}

const REACT = ['react.md', ['Quick start']];
const VUE = ['vue.md', ['Quick start']];
const SOLID = ['solid.md', ['Quick start']];
const SVELTE = ['svelte.md', ['Quick start', 'A guard for routes']];
const ANGULAR = ['angular.md', ['Quick start']];
const NEXT = ['next.md', ['Quick start', 'What the server renders']];

const shown = {
  react: { 'auth.ts': [...REACT, 'src/auth.ts'], 'SignedOut.tsx': [...REACT, 'src/SignedOut.tsx'], 'Protected.tsx': [...REACT, 'src/Protected.tsx'] },
  solid: { 'auth.ts': [...SOLID, 'src/auth.ts'], 'SignedOut.tsx': [...SOLID, 'src/SignedOut.tsx'], 'Protected.tsx': [...SOLID, 'src/Protected.tsx'] },
  vue: { 'auth.ts': [...VUE, 'src/auth.ts'], 'SignIn.vue': [...VUE, 'src/Home.vue'], 'Protected.vue': [...VUE, 'src/Protected.vue'] },
  svelte: {
    'auth.ts': [...SVELTE, 'src/lib/auth.ts'],
    'SignIn.svelte': [...SVELTE, 'src/routes/+page.svelte'],
    'callback.svelte': [...SVELTE, 'src/routes/callback/+page.svelte'],
    'guarded.svelte': [...SVELTE, 'src/routes/(guarded)/+layout.svelte'],
    'protected.svelte': [...SVELTE, 'src/routes/(guarded)/protected/+page.svelte'],
  },
  angular: { 'auth.ts': [...ANGULAR, 'src/app/auth.ts'], 'home.ts': [...ANGULAR, 'src/app/home.ts'], 'protected.ts': [...ANGULAR, 'src/app/protected.ts'] },
  next: {
    'auth.ts': [...NEXT, 'src/auth.ts'],
    'providers.tsx': [...NEXT, 'src/app/providers.tsx'],
    'signed-out.tsx': [...NEXT, 'src/app/signed-out.tsx'],
    'callback.tsx': [...NEXT, 'src/app/callback/page.tsx'],
    'guarded.tsx': [...NEXT, 'src/app/protected/layout.tsx'],
    'orders.tsx': [...NEXT, 'src/app/protected/orders.tsx'],
    'protected.tsx': [...NEXT, 'src/app/protected/page.tsx'],
  },
  plain: { 'auth.js': ['frameworks.md', ['The store']] },
};

test('every template has its block of the documentation', () => {
  const there = Object.fromEntries(readdirSync(templates).map((framework) => [framework, readdirSync(new URL(`${framework}/`, templates)).sort()]));
  expect(there).toEqual(Object.fromEntries(Object.entries(shown).map(([framework, files]) => [framework, Object.keys(files).sort()])));
});

for (const [framework, files] of Object.entries(shown)) {
  for (const [name, place] of Object.entries(files)) {
    test(`${framework}: ${name} is the block ${place[2] ?? place[1][0]} of docs/${place[0]}`, async () => {
      await expect(block(...place)).toMatchFileSnapshot(fileURLToPath(new URL(`${framework}/${name}`, templates)));
    });
  }
}
