// Which file of the repository is which page of the site, and the place of each page in the menu.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Files outside docs/ that are pages. The names differ in more than case from those of docs/. */
const outside = { 'README.md': 'overview', 'SECURITY.md': 'security', 'CHANGELOG.md': 'changelog', 'CONTRIBUTING.md': 'contributing' };

/** Each page by the path of its file: `docs/x.md` is the page `x`. */
export function pages() {
  const names = readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md').sort();
  const docs = names.map((name) => [`docs/${name}`, name.slice(0, -'.md'.length)]);
  return new Map([...docs, ['docs/README.md', 'documentation'], ...Object.entries(outside).filter(([file]) => existsSync(path.join(root, file)))]);
}

/** The groups of the menu. A page that no group names stands in the last one. */
const groups = [
  ['Start', ['overview', 'first-login', 'dev-provider', 'callback', 'support']],
  ['Frameworks', ['frameworks', 'react', 'vue', 'angular', 'svelte', 'solid', 'next']],
  ['Guides', ['bundlers', 'startup', 'api-calls', 'session', 'lifetime', 'refresh', 'storage', 'popup', 'logout', 'several-providers', 'providers']],
  ['When it does not work', ['errors', 'doctor', 'devtools', 'log']],
  ['Tests of an app', ['testing', 'testing-components', 'jest']],
  ['Reference', ['settings', 'limits', 'browsers']],
  ['Judge it', ['security', 'comparison', 'benchmarks']],
  ['Come from', []],
  ['The project', ['changelog', 'documentation', 'contributing', 'architecture', 'glossary', 'authlib-scenarios']],
];

/** `[title, names]` of each group, of the pages that exist. */
export function menu(names = [...pages().values()]) {
  const placed = new Set(groups.flatMap(([, listed]) => listed));
  const others = names.filter((name) => !placed.has(name));
  const migrations = others.filter((name) => name.startsWith('migrating-from-'));
  const rest = others.filter((name) => !migrations.includes(name));
  return groups.map(([title, listed], at) => [title, [
    ...listed.filter((name) => names.includes(name)),
    ...(title === 'Come from' ? migrations : []),
    ...(at === groups.length - 1 ? rest : []),
  ]]).filter(([, listed]) => listed.length > 0);
}

/** What docs/README.md says of each page. */
export function summaries() {
  const rows = read('docs/README.md').matchAll(/^\| \[[^\]]+\]\((\S+?)\) \| (.*) \|$/gm);
  const byPath = pages();
  return new Map([...rows].map(([, target, text]) => [byPath.get(path.posix.join('docs', target)), text]));
}

/** The two settings of the package that name places: of the site and of the sources. Neither is known yet, so both may be absent. */
export function places() {
  const { homepage, repository } = JSON.parse(read('pkg-template/package.json'));
  const sources = (typeof repository === 'string' ? repository : repository?.url)?.replace(/^git\+/, '').replace(/\.git$/, '');
  return { address: process.env.SITE_ADDRESS || homepage, sources };
}
