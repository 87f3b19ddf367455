// What stands beside the pages: each page as Markdown, the texts for language models, and the policy that the site works under.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const about = 'An OAuth 2.0 and OpenID Connect client for single-page apps: Rust compiled to WebAssembly, installed from npm, called from JavaScript. A public client with the authorization code flow and PKCE.';

/** Every page in one line, by the groups of the menu. Without an address the links are relative to this file. */
function list(pages, prefix) {
  const groups = grouped(pages);
  const line = ({ name, title, summary }) => `- [${title}](${prefix}${name}.md)${summary ? `: ${summary}` : ''}`;
  const sections = [...groups].map(([group, listed]) => `## ${group}\n\n${listed.map(line).join('\n')}\n`);
  return `# oidc-client-wasm\n\n> ${about}\n\nAll of these pages in one file: [llms-full.txt](${prefix}llms-full.txt)\n\n${sections.join('\n')}`;
}

function grouped(pages) {
  const groups = new Map();
  for (const page of pages) groups.set(page.group, [...(groups.get(page.group) ?? []), page]);
  return groups;
}

/** Node.js 20 has no `recursive` for what this needs to know. */
function htmlFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? htmlFiles(file) : entry.name.endsWith('.html') ? [file] : [];
  });
}

const hash = (script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** Attributes that the page's script sets again, in a way that the policy allows. */
function withoutStyles(out) {
  for (const file of htmlFiles(out)) writeFileSync(file, readFileSync(file, 'utf8').replace(/ style="(?:--vp-vh:0px;|position:relative;)"/g, ''));
}

/** The policy without `'unsafe-inline'` and `'unsafe-eval'`: the scripts inside of the pages are known by their hashes. */
function policyOf(out) {
  const scripts = new Set();
  for (const file of htmlFiles(out)) {
    for (const [, script] of readFileSync(file, 'utf8').matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)) scripts.add(hash(script));
  }
  return ["default-src 'none'", `script-src 'self' ${[...scripts].sort().join(' ')}`, "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"].join('; ');
}

/** VitePress makes a page without a text of one whose template fails, and says nothing. */
function assertRendered(pages, out) {
  const empty = pages.filter(({ name }) => !/<h1\b/.test(readFileSync(path.join(out, `${name}.html`), 'utf8')));
  if (empty.length > 0) throw new Error(`VitePress has rendered nothing of ${empty.map(({ name }) => name).join(', ')}: the text has something that Vue takes for a template.`);
}

export function finish({ pages, out, address }) {
  assertRendered(pages, out);
  const prefix = address ? `${address.replace(/\/$/, '')}/` : '';
  for (const { name, text } of pages) {
    mkdirSync(path.dirname(path.join(out, `${name}.md`)), { recursive: true });
    writeFileSync(path.join(out, `${name}.md`), text);
  }
  writeFileSync(path.join(out, 'llms.txt'), list(pages, prefix));
  writeFileSync(path.join(out, 'llms-full.txt'), pages.map(({ name, text }) => `<!-- ${prefix}${name}.md -->\n\n${text}`).join('\n\n'));
  withoutStyles(out);
  const policy = policyOf(out);
  writeFileSync(path.join(out, 'content-security-policy.txt'), `${policy}\n`);
  // VitePress leaves what only its server in Node.js would read.
  rmSync(path.join(out, 'hashmap.json'), { force: true });
  return { policy };
}
