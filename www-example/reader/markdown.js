// The Markdown of this repository as HTML, by markdown-it. Its rule for HTML is off: a page can hold no other HTML than what is made
// here, and no link that runs a script.

import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ linkify: true });
export const { escapeHtml: escape } = markdown.utils;

/** The id that renderers give a heading: lower case, hyphens for spaces, no punctuation. The link tests of the repository say the same. */
export const anchorOf = (heading) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');

export const codeBlock = (text) => `<pre tabindex="0"><code>${escape(text)}</code></pre>\n`;

/** `<a id="…"></a>`, the one HTML that the pages have: a place that a link leads to. */
markdown.inline.ruler.push('place', (state, silent) => {
  const [all, id] = /^<a id="([\w-]+)"><\/a>/.exec(state.src.slice(state.pos)) ?? [];
  if (all === undefined) return false;
  if (!silent) state.push('place', '', 0).content = id;
  state.pos += all.length;
  return true;
});

Object.assign(markdown.renderer.rules, {
  place: (tokens, at) => `<a id="${escape(tokens[at].content)}"></a>`,
  heading_open: (tokens, at) => `<${tokens[at].tag} id="${escape(anchorOf(tokens[at + 1].content))}">`,
  fence: (tokens, at) => codeBlock(tokens[at].content),
  code_block: (tokens, at) => codeBlock(tokens[at].content),
  // Wide tables scroll by themselves, also by keyboard, and not the whole page.
  table_open: () => '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>',
  table_close: () => '</table></div>',
});

export const render = (text) => markdown.render(text);
