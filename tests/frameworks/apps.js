// The example apps of www-example, and what is not as usual in one of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../../www-example', import.meta.url));

/**
 * `out` is the folder of the built files, below that of the app; default `dist`. `start`, with a port, is what serves a build where a folder
 * of files does not: a program below node_modules with its arguments. `policy` has directives over those of `serve.js`, or `undefined` for none.
 */
const unusual = {
  // The router of Angular takes the path of the app from the element `base` of its page.
  angular: { out: 'dist/browser', policy: { 'base-uri': "'self'" } },
  next: {
    start: (port) => ['next/dist/bin/next', 'start', '--hostname', 'localhost', '--port', port],
    // Turbopack gives the addresses of its chunks to script elements as plain text.
    policy: { 'require-trusted-types-for': undefined },
  },
  // Solid gives the markup of its templates to `innerHTML` as plain text.
  solid: { policy: { 'require-trusted-types-for': undefined } },
  // The style of the element by which SvelteKit tells a screen reader the title of the next page.
  svelte: { out: 'build', policy: { 'style-src-attr': "'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='" } },
};

export function appOf(name) {
  return { out: 'dist', policy: {}, ...unusual[name], name, folder: path.join(examples, name) };
}

/** The names of the apps: the folders with packages of their own. */
export function names() {
  return readdirSync(examples).filter((name) => existsSync(path.join(examples, name, 'package.json'))).sort();
}

/** The issuer, by the names under which the tools let a variable into the page. */
const environment = (issuer) => Object.fromEntries(['ISSUER', 'VITE_ISSUER', 'PUBLIC_ISSUER', 'NEXT_PUBLIC_ISSUER'].map((name) => [name, issuer]));

const running = new Set();
process.on('exit', () => running.forEach((child) => end(child)));

function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch { /* it has ended */ }
}

/** A program in the folder of the app, with all that it starts in one group, and what it says. */
function program(app, command, args, issuer) {
  const { NODE_ENV, NODE_OPTIONS, NODE_TEST_CONTEXT, ...env } = process.env;
  const child = spawn(command, args, {
    cwd: app.folder,
    detached: true,
    env: { ...env, ...environment(issuer), CI: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const started = { child, said: '', ended: once(child, 'close').then(([code]) => { running.delete(child); return code; }) };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { started.said += text; });
  return started;
}

/** `npm run build` of the app, for the provider of this issuer. */
export async function build(app, issuer) {
  const building = program(app, 'npm', ['run', 'build'], issuer);
  const code = await building.ended;
  if (code !== 0) throw new Error(`The build of www-example/${app.name} fails:\n${building.said}`);
}

/** Starts what serves the build by itself. Its `close` ends that. */
export async function start(app, port, issuer) {
  const [script, ...args] = app.start(String(port));
  const serving = program(app, process.execPath, [path.join(app.folder, 'node_modules', script), ...args], issuer);
  let hasEnded = false;
  void serving.ended.then(() => { hasEnded = true; });
  for (const limit = Date.now() + 60_000; ;) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined);
    if (answer?.ok) return { close: async () => { end(serving.child); await serving.ended; } };
    if (hasEnded || Date.now() > limit) throw new Error(`The server of www-example/${app.name} does not answer:\n${serving.said}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
