// Writes the pages of the site as plain Markdown, from the files of the repository.

import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Reference } from './api.js';
import { errorsPage, facts } from './errors.js';
import { homePage } from './home.js';
import { menu, pages as pagesOfRepository, places, read, root, summaries } from './map.js';
import { plain, rewriteLinks, slug } from './markdown.js';

/** A page that is made of a page of docs/ and something else. */
const made = { 'docs/errors.md': errorsPage };

/**
 * @param {{ folder: string, shots?: string }} options where the pages go, and where the screenshots of the demo are, if there are any
 * @returns {{ name: string, title: string, group: string, summary?: string, text: string }[]} in the order of the menu
 */
export function prepare({ folder, shots }) {
  const byPath = pagesOfRepository();
  const { sources } = places();
  const texts = new Map([...byPath].map(([file, name]) => [name, rewriteLinks((made[file] ?? ((text) => text))(read(file)), file, byPath, sources)]));
  const told = summaries();

  for (const [name, text] of texts) texts.set(name, withoutTwins(text));
  const pages = menu().flatMap(([group, names]) => names.map((name) => page(name, group, texts.get(name), told.get(name))));
  const reference = new Reference(new Set(Object.keys(facts())), new Set(byPath.values()));
  pages.push(...reference.pages().map(({ page: name, text }) => page(`api/${name}`, 'The API', text)));

  mkdirSync(path.join(folder, 'api'), { recursive: true });
  mkdirSync(path.join(folder, 'public'), { recursive: true });
  for (const { name, text } of pages) writeFileSync(path.join(folder, `${name}.md`), text);
  for (const name of readdirSync(path.join(root, 'docs'))) if (!name.endsWith('.md')) cpSync(path.join(root, 'docs', name), path.join(folder, name));
  const shown = shots ? readdirSync(shots).filter((name) => name.endsWith('.png')) : [];
  for (const name of shown) cpSync(path.join(shots, name), path.join(folder, 'public', name));
  cpSync(path.join(root, 'www-example/public/favicon.svg'), path.join(folder, 'public/icon.svg'));
  writeFileSync(path.join(folder, 'index.md'), homePage({ shown }));
  return pages;
}

/** An anchor in a row that a heading of the page has as well is the heading's: an address is one place. */
function withoutTwins(text) {
  const headings = new Set(text.split('\n').filter((line) => /^#+ /.test(line)).map((line) => slug(line.replace(/^#+ /, ''))));
  return text.replace(/<a id="([^"]+)"><\/a>/g, (whole, id) => (headings.has(id) ? '' : whole));
}

function page(name, group, text, summary) {
  const [, title] = /^# (.*)$/m.exec(text) ?? [];
  if (!title) throw new Error(`The page ${name} has no heading`);
  return { name, group, title: plain(title), summary: summary && plain(summary), text };
}
