// The built site as the tests read it: its files, and the links and anchors of each page.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from '../prepare/map.js';

export const out = process.env.DOCS_SITE ?? path.join(root, 'target/docs/site');
export const base = process.env.DOCS_BASE ?? '/';

function filesOf(folder, prefix = '') {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = prefix + entry.name;
    return entry.isDirectory() ? filesOf(path.join(folder, entry.name), `${name}/`) : [name];
  });
}

export const files = filesOf(out);
export const text = (file) => readFileSync(path.join(out, file), 'utf8');
export const html = files.filter((file) => file.endsWith('.html')).sort();
export const markdown = files.filter((file) => file.endsWith('.md') || file === 'llms.txt').sort();

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const decoded = (given) => given.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);

/** `{ links, anchors }` of a page of HTML. What stands in a comment or a script is neither. */
export function partsOfHtml(given) {
  const shown = given.replace(/<!--[\s\S]*?-->/g, '').replace(/<(script|style)\b[\s\S]*?<\/\1>/g, (whole, tag) => (/\bsrc=/.test(whole) ? whole : `<${tag}></${tag}>`));
  const values = (name) => [...shown.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => decoded(value));
  return { links: [...values('href'), ...values('src')], anchors: values('id') };
}
