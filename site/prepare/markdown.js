// Markdown, taken apart just enough: blocks of code are left alone, links are rewritten, headings have the anchors that GitHub gives them.

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './map.js';

/** As GitHub and tests/docs.rs make it of a heading. */
export const slug = (heading) => heading.trim().toLowerCase().replace(/[^\p{Alphabetic}\p{N} _-]/gu, '').replaceAll(' ', '-');

/** Changes the text of a page outside of its blocks of code. */
export function outsideOfCode(text, change) {
  const parts = text.split(/^(```[\s\S]*?^```[^\S\n]*$)/m);
  return parts.map((part, at) => (at % 2 === 0 ? change(part) : part)).join('');
}

/**
 * Changes `[label](target)` where it is a link: not inside of code.
 * @param {(label: string, target: string) => string} change
 */
export function eachLink(text, change) {
  return outsideOfCode(text, (part) => part.replace(/(`+)[\s\S]*?\1|(?<!!)\[((?:[^[\]`]|`[^`]*`)*)\]\(([^()\s]+)\)/g, (whole, tick, label, target) => (
    tick ? whole : change(label, target)
  )));
}

/** The links of a page of the repository, for the site: to its pages, to the sources where their place is known, else the path as code. */
export function rewriteLinks(text, file, byPath, sources) {
  return eachLink(text, (label, target) => {
    if (/^[a-z]+:/.test(target) || target.startsWith('#')) return `[${label}](${target})`;
    const [to, anchor = ''] = target.split('#');
    const wanted = path.posix.join(path.posix.dirname(file), to);
    const hash = anchor && `#${anchor}`;
    if (byPath.has(wanted)) return `[${label === wanted || label === to ? titleOf(label) : label}](${byPath.get(wanted)}.md${hash})`;
    const place = path.join(root, wanted);
    if (!existsSync(place)) throw new Error(`${file} links to ${target}, which is not there`);
    if (sources) return `[${label}](${sources}/${statSync(place).isDirectory() ? 'tree' : 'blob'}/main/${wanted}${hash})`;
    const plain = label.replaceAll('`', '');
    return plain === wanted || plain === to ? `\`${wanted}\`` : `${label} (\`${wanted}\`)`;
  });
}

/** A link that is named after its file says the name without its ending: `session.md` is a file here, and there a page. */
const titleOf = (label) => label.replace(/^docs\//, '').replace(/\.md$/, '');

/** `[code](page#anchor)` and so on, without the marks: for a description. */
export const plain = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '').replace(/<[^>]*>/g, '');

/** The cells of a row of a table. */
export const cells = (row) => row.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim());

/** Text of a comment: what is no code cannot be a tag or a template of Vue. */
export const escape = (text) => text.replace(/(`+)[\s\S]*?\1|<|\{\{/g, (whole, tick) => {
  if (tick) return whole;
  return whole === '<' ? '&lt;' : '{ {';
});
