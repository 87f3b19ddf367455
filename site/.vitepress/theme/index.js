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

export default {
  extends: Theme,
  Layout: () => h(Theme.Layout, null, { 'doc-footer-before': () => h(AsMarkdown) }),
  enhanceApp({ siteData }) {
    siteData.value.themeConfig.search.options.miniSearch.options = { tokenize: words };
  },
};
