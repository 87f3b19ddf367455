// VitePress's own theme without its web font, with the colours of this site, the words of the search, and a link to each page as Markdown.

import { h } from 'vue';
import { useData, withBase } from 'vitepress';
import Theme from 'vitepress/theme-without-fonts';
import { words } from '../words.js';
import './style.css';

const AsMarkdown = {
  setup() {
    const { page } = useData();
    return () => h('p', { class: 'as-markdown' }, [h('a', { href: withBase(`/${page.value.relativePath}`), target: '_self' }, 'This page as Markdown')]);
  },
};

const NotFound = () => h('main', { class: 'vp-doc not-found' }, [h('h1', 'Page not found'), h('p', ['Nothing is at this address. The ', h('a', { href: withBase('/documentation.html') }, 'list of all pages'), ' may have what you look for, and so may the search.'])]);

export default {
  extends: Theme,
  Layout: () => h(Theme.Layout, null, { 'doc-footer-before': () => h(AsMarkdown), 'not-found': () => h(NotFound) }),
  enhanceApp({ siteData }) {
    siteData.value.themeConfig.search.options.miniSearch.options = { tokenize: words };
  },
};
