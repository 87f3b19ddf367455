// The documentation and the code of the demo as pages of the demo: `/read/` and a path of this repository.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBlock, escape, render } from './markdown.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = '/read/';

// What may be read: the documentation, the code of the demo, and the types of the package. No path has a segment that begins with a dot.
const readable = [
  /^(?:[\w-]+\/)*[\w-]+\.md$/,
  /^www-example\/(?:(?:src|provider|reader)\/)?[\w-]+(?:\.config)?\.(?:js|css|html)$/,
  /^www-example\/public\/oauth-clients\.json$/,
  /^pkg-template\/index\.(?:js|d\.ts)$/,
];
const installed = /(?:^|\/)(?:node_modules|target)\//;

const page = (title, body) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · oidc-client-wasm demo</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${place}reader.css">
</head>
<body>
<header class="bar">
<a class="brand" href="/">oidc-client-wasm</a>
<nav aria-label="Main"><a href="/">Back to the demo</a><a href="${place}docs/README.md">Documentation</a></nav>
</header>
<main>
${body}
</main>
</body>
</html>
`;

const html = (status, title, body) => ({ status, type: 'text/html; charset=utf-8', body: page(title, body) });

const missing = (name) => html(404, 'Not found', `<h1>There is no page for this file</h1>
<p>The demo shows the documentation of the package and the code of the demo. It does not show <code>${escape(name)}</code>.</p>
<p><a href="${place}docs/README.md">Read the documentation</a></p>`);

function file(name) {
  const text = readFileSync(path.join(root, name), 'utf8');
  const where = `<p class="where">The file <code>${escape(name)}</code> of the repository</p>`;
  if (!name.endsWith('.md')) return html(200, name, `${where}<h1>${escape(path.basename(name))}</h1>${codeBlock(text)}`);
  const [, title = name] = /^# (.*)$/m.exec(text) ?? [];
  return html(200, title, where + render(text));
}

/** `{ status, type, body }` for a URL below `/read/`; undefined for every other one. */
export function answer(url) {
  const { pathname } = new URL(url, 'http://localhost');
  if (!pathname.startsWith(place)) return undefined;
  const name = pathname.slice(place.length);
  if (name === 'reader.css') {
    const css = ['../src/style.css', './reader.css'].map((one) => readFileSync(new URL(one, import.meta.url), 'utf8'));
    return { status: 200, type: 'text/css; charset=utf-8', body: css.join('\n') };
  }
  if (installed.test(name) || !readable.some((pattern) => pattern.test(name))) return missing(name);
  try {
    return file(name);
  } catch {
    return missing(name);
  }
}
