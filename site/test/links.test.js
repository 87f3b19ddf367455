// Every link of the built site is followed: those of the pages, of the pages as Markdown, and of llms.txt.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts } from '../prepare/errors.js';
import { eachLink, outsideOfCode, slug } from '../prepare/markdown.js';
import { base, files, html, markdown, partsOfHtml, text } from './site.js';

const here = 'http://site.test';
const places = new Set(files.map((file) => `${base}${file}`));
const isForeign = (link) => /^[a-z][a-z+.-]*:/i.test(link) || link.startsWith('//');

/** Anchors of each file, read once. */
const known = new Map();
function anchorsOf(file) {
  if (!known.has(file)) known.set(file, new Set(file.endsWith('.html') ? partsOfHtml(text(file)).anchors : anchorsOfMarkdown(text(file))));
  return known.get(file);
}

const anchorsOfMarkdown = (given) => outsideOfCode(given, (part) => part).split('\n').flatMap((line) => [
  ...(/^#+ /.test(line) ? [slug(line.replace(/^#+ /, ''))] : []),
  ...[...line.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id),
]);

/** What is wrong with a link in a file, if anything is. */
function complaint(file, link) {
  const url = new URL(link, `${here}${base}${file}`);
  const pathname = decodeURIComponent(url.pathname);
  const wanted = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  if (!places.has(wanted)) return `${file}: ${link} leads to nothing`;
  const anchor = decodeURIComponent(url.hash.slice(1));
  const target = wanted.slice(base.length);
  if (!anchor || /\.(?:js|css|svg|png)$/.test(target)) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${file}: ${link} leads to no anchor`;
}

test('every link of a page leads to a page and to an anchor that is there', () => {
  let count = 0;
  const complaints = html.flatMap((file) => {
    const { links } = partsOfHtml(text(file));
    const own = links.filter((link) => link && !isForeign(link));
    count += own.length;
    return own.map((link) => complaint(file, link)).filter(Boolean);
  });
  assert.deepEqual([...new Set(complaints)], []);
  assert.ok(html.length > 45 && count > 3000, `only ${html.length} pages and ${count} links were found`);
});

test('every link of a page as Markdown and of llms.txt leads to a file and to an anchor that is there', () => {
  let count = 0;
  const complaints = markdown.flatMap((file) => {
    const links = [];
    eachLink(text(file), (label, target) => {
      links.push(target);
      return '';
    });
    const own = links.filter((link) => !isForeign(link));
    count += own.length;
    return own.map((link) => complaint(file, link)).filter(Boolean);
  });
  assert.deepEqual([...new Set(complaints)], []);
  assert.ok(count > 500, `only ${count} links were found`);
});

test('no id stands twice on a page', () => {
  const twice = html.flatMap((file) => {
    const { anchors } = partsOfHtml(text(file));
    return anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at).map((anchor) => `${file}#${anchor}`);
  });
  assert.deepEqual(twice, []);
});

test('every page is there as Markdown at its address, and llms.txt and llms-full.txt have all of them', () => {
  const pages = html.filter((file) => !['404.html', 'index.html'].includes(file)).map((file) => file.replace(/html$/, 'md'));
  const [list, full] = [text('llms.txt'), text('llms-full.txt')];
  for (const page of pages) {
    assert.ok(files.includes(page), page);
    assert.ok(list.includes(`${page})`), `llms.txt has not ${page}`);
    assert.ok(full.includes(text(page)), `llms-full.txt has not ${page}`);
  }
  assert.match(list, /^# oidc-client-wasm\n\n> /);
});

test('every error code has its anchor, with cause, remedy, specification and test, in the page and in its Markdown', () => {
  const page = text('errors.md');
  for (const [code, { specification, test: named }] of Object.entries(facts())) {
    assert.ok(anchorsOf('errors.html').has(code), code);
    const [, section] = page.split(`\n### ${code}\n`);
    assert.ok(section, `${code} has no section`);
    const [own] = section.split(/\n##/);
    const wanted = ['**Cause.** ', ...(code === 'aborted' ? [] : ['**Remedy.** ']), `**Specification.** ${specification ?? 'None'}`, `**Test.** \`${named}\``];
    for (const part of wanted) assert.ok(own.includes(part), `${code}: ${part}`);
  }
});

test('no page asks another origin for anything, and no script or style of a page needs an exception of the policy', () => {
  for (const file of html) {
    const given = text(file);
    const foreign = [...given.matchAll(/<(?:script|link|img|iframe|source)\b[^>]*\s(?:src|href)="(https?:)?\/\/[^"]*"/g)].map(([tag]) => tag);
    assert.deepEqual(foreign, [], file);
    assert.deepEqual([...given.matchAll(/\son\w+="[^"]*"/g)].map(([tag]) => tag), [], file);
  }
  for (const file of files.filter((name) => name.endsWith('.css'))) assert.doesNotMatch(text(file), /url\(["']?(?:https?:)?\/\/|@import/, file);
});
