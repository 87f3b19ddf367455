// VitePress's settings. build.js says in the environment where the pages are and where the site goes.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { transformerStyleToClass } from '@shikijs/transformers';
import { defineConfig } from 'vitepress';
import { plain, slug } from '../prepare/markdown.js';
import { menu, read, summaries } from '../prepare/map.js';
import { braces } from './braces.js';
import { cards } from './tables.js';
import { words } from './words.js';

const pages = process.env.DOCS_PAGES;
const address = process.env.DOCS_ADDRESS;
const base = process.env.DOCS_BASE;
const [, version] = /^version = "(.*)"$/m.exec(read('Cargo.toml'));
const summary = 'An OAuth 2.0 and OpenID Connect client for single-page apps: Rust compiled to WebAssembly, called from JavaScript.';

const titleOf = (name) => /^# (.*)$/m.exec(readFileSync(path.join(pages, `${name}.md`), 'utf8'))[1].replaceAll('`', '');
/** Names that the heading of their page does not have, because the page stands elsewhere as well. */
const titles = { overview: 'Overview', documentation: 'All pages' };
const item = (name) => ({ text: titles[name] ?? titleOf(name), link: `/${name}` });
const api = () => ({ text: 'The API', items: read('pkg-template/package.json').match(/"\.(?:\/[\w/]+)?": \{\s+"types"/g).map((entry) => {
  const name = entry.slice(2, entry.indexOf('"', 2));
  return { text: `oidc-client-wasm${name}`, link: name ? `/api/${name.slice(1).replace('/', '-')}` : '/api/' };
}) });

const styles = transformerStyleToClass({ classPrefix: 'c-' });

/** The colours of the code: a page with a strict policy allows no attribute `style`, so each pair of colours is a class. */
const colours = () => {
  const css = styles.getCSS();
  return { css, name: `assets/colours.${createHash('sha256').update(css).digest('hex').slice(0, 8)}.css` };
};

/** For the index, which is made here, and not for the page: a function in the data of a page needs `eval` there. theme/index.js gives the page its own. */
const miniSearch = Object.defineProperty({ searchOptions: { boost: { title: 6, titles: 2, text: 1 }, combineWith: 'AND' } }, 'options', { value: { tokenize: words } });

export default defineConfig({
  title: 'oidc-client-wasm',
  description: summary,
  lang: 'en',
  base,
  srcDir: pages,
  outDir: process.env.DOCS_OUT,
  cacheDir: `${process.env.DOCS_OUT}/../cache`,
  metaChunk: true,
  // The switch would write a style into the page, which the policy forbids.
  appearance: { disableTransition: false },
  ignoreDeadLinks: true,
  ...(address && { sitemap: { hostname: address } }),
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }], ['meta', { name: 'color-scheme', content: 'light dark' }]],
  markdown: {
    anchor: { slugify: slug },
    toc: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
    languageAlias: { mjs: 'js', cjs: 'js' },
    codeTransformers: [styles],
    config: (md) => { cards(md); braces(md); },
  },
  transformPageData: ({ relativePath, frontmatter }) => {
    const name = relativePath.replace(/\.md$/, '');
    // A table of many columns needs the room of the outline.
    const text = readFileSync(path.join(pages, relativePath), 'utf8');
    const isWide = /^\|(?:-+:?\|){5,}$/m.test(text) && name !== 'index';
    const told = summaries().get(name);
    return { ...(told && { description: plain(told) }), frontmatter: { ...frontmatter, ...(isWide && { aside: false }) } };
  },
  vite: { build: { chunkSizeWarningLimit: 2000 } },
  transformHead: () => [['link', { rel: 'stylesheet', href: `${base}${colours().name}` }]],
  buildEnd: ({ outDir }) => writeFileSync(path.join(outDir, colours().name), colours().css),
  themeConfig: {
    logo: { src: '/icon.svg', width: 24, height: 24, alt: '' },
    nav: [
      { text: 'First login', link: '/first-login' },
      { text: 'Settings', link: '/settings' },
      { text: 'API', link: '/api/' },
      { text: 'Errors', link: '/errors' },
      { text: 'Security', link: '/security' },
      { text: version, link: '/changelog' },
    ],
    sidebar: [
      ...menu().map(([text, names]) => ({ text, items: names.map(item) })),
      api(),
    ],
    outline: { level: [2, 3] },
    search: { provider: 'local', options: { miniSearch } },
    externalLinkIcon: true,
  },
});
