// `node run.js <folder of installed apps> [--write] [--worker] [tool …]` (`--worker`: its table alone), which `cargo xtask bundlers` calls: builds the page of app/ with each
// tool, as its user would, and signs in on it in a real browser.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startProvider } from '../../www-example/provider/provider.js';
import { listen } from '../../www-example/provider/listen.js';
import { openDriver } from '../e2e/driver/driver.js';
import { signIn } from '../e2e/lib/pages.js';
import { alice } from '../e2e/lib/steps.js';
import { mapped, serve } from './serve.js';
import { compare, entries, update, workers } from './table.js';
import { tools } from './tools.js';

const here = path.dirname(fileURLToPath(import.meta.url));
/** For a server's first answer and for a page: a busy machine takes its time, and nothing here is measured. */
const patience = 60_000;
const works = 'works';
const made = ['dist', 'build', '.next', '.svelte-kit', '.parcel-cache', '.angular', 'node_modules/.vite', 'node_modules/.cache'];

const [place, ...words] = process.argv.slice(2);
const folder = path.resolve(place);
const writes = words.includes('--write');
const wanted = words.filter((word) => !word.startsWith('--'));
const chosen = tools.filter(({ name }) => !wanted.length || wanted.includes(name));

// ---- programs

const running = new Set();

/** A program of the app's node_modules, with all that it starts in one group, and what it says. */
function program(app, [script, ...args], withSetting) {
  const file = script.startsWith('../') ? path.join(app, script.slice(3)) : path.join(app, 'node_modules', script);
  const words = args.map((word) => String(word).replace('{setting}', withSetting ? 'setting' : 'plain'));
  const { WITH_SETTING, NODE_ENV, ...env } = process.env;
  const child = spawn(process.execPath, [file, ...words], {
    cwd: app,
    detached: true,
    env: { ...env, ...(withSetting && { WITH_SETTING: '1' }), CI: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const started = { child, said: '', ended: once(child, 'close').then(([code]) => { running.delete(child); return code; }) };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => { started.said += text; });
  return started;
}

function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch { /* it has ended */ }
}

process.on('exit', () => running.forEach((child) => end(child)));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

async function serverOf(program, url) {
  let hasEnded = false;
  void program.ended.then(() => { hasEnded = true; });
  const limit = Date.now() + patience;
  for (;;) {
    // Some servers answer at once and build meanwhile, others with an error until they have built.
    const answer = await fetch(url, { headers: { accept: 'text/html' } }).catch(() => undefined);
    if (answer?.ok) return { close: async () => { end(program.child); await program.ended; } };
    if (hasEnded || Date.now() > limit) throw new Error(`the server of the tool does not answer:\n${program.said}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

// ---- one app

/** Where a page finds the files that lie beside its bundle. */
const slim = `import { createOAuth as create } from 'oidc-client-wasm/slim';
export const createOAuth = (settings, options) => create(settings, {
  ...options, wasm: 'oidc_client_wasm_bg.wasm', verifierWasm: 'verifier/verifier_bg.wasm',
});
`;

function prepare(tool, app, entry) {
  for (const name of made) rmSync(path.join(app, name), { recursive: true, force: true });
  for (const name of [...(tool.files ?? []), tool.name]) cpSync(path.join(here, name), app, { recursive: true });
  cpSync(path.join(here, 'app'), path.join(app, 'src'), { recursive: true });
  writeFileSync(path.join(app, 'src/oidc.js'), entry.endsWith('/slim') ? slim : `export * from '${entry}';\n`);
  if (!tool.html) return;
  const script = { module: '<script type="module" src="main.js">', defer: '<script defer src="main.js">' }[tool.html];
  for (const place of ['public', 'dist']) {
    mkdirSync(path.join(app, place), { recursive: true });
    writeFileSync(path.join(app, place, 'index.html'), `<!DOCTYPE html><html lang="en"><title>${tool.name}</title>${script}</script><body></body></html>\n`);
  }
}

/** Starts what serves the app; its `close` ends that. */
async function open(tool, app, entry, mode, withSetting) {
  if (!tool.version) return mapped(world.port, tool.place, entry);
  prepare(tool, app, entry);
  if (mode === 'dev') return serverOf(program(app, tool.dev(world.port), withSetting), world.origin);
  const build = program(app, tool.build, withSetting);
  const code = await build.ended;
  if (code !== 0) throw new Error(`the build fails:\n${build.said}`);
  if (tool.start) return serverOf(program(app, tool.start(world.port), withSetting), world.origin);
  return serve(world.port, path.join(app, tool.out ?? 'dist'));
}

/** What a person would see: the page's own words, or what the console says of a page that stays blank. */
async function state(is) {
  const { driver } = world;
  let blank;
  const text = await driver.until('the page to tell its state', async () => {
    const { value } = await driver.run('() => document.querySelector("#state")?.textContent || ""');
    if (value && (is(value) || value.startsWith('failed: '))) return value;
    blank ??= (await driver.console()).find(({ level, text }) => level === 'SEVERE' && /Uncaught/.test(text));
    return !value && blank && `failed: blank page: ${blank.text}`;
  }, patience);
  if (!is(text)) throw new Error(text.replace('failed: ', ''));
}

async function login(tool, tokenStorage) {
  const { driver, provider } = world;
  const page = `${world.origin}${tool.place ?? '/'}`;
  if (tool.rendered) {
    const html = await (await fetch(page)).text();
    if (!html.includes(tool.rendered)) throw new Error(`not rendered on the server:\n${html}`);
  }
  await driver.fresh([`${provider.issuer}/`]);
  await driver.goto(`${page}?issuer=${encodeURIComponent(provider.issuer)}&tokenStorage=${tokenStorage}`);
  await state((text) => text === 'ready');
  await driver.click('#sign-in-here');
  await signIn(driver, alice);
  await state((text) => text === `signed in: ${alice.sub}`);
}

/** A cell: `works`, or the code of what the page said, with the whole in the output. */
async function cell(tool, entry, mode, withSetting, tokenStorage = 'session') {
  const app = path.join(folder, tool.name);
  const what = `${tool.title}, ${entry}${withSetting ? ' with the setting' : ''}, ${mode}, ${tokenStorage}`;
  let server;
  let result = works;
  try {
    server = await open(tool, app, entry, mode, withSetting);
    await login(tool, tokenStorage);
  } catch (error) {
    const code = /^(blank page|[a-z]+(?:_[a-z]+)+|the build fails|the server of the tool)/.exec(error.message)?.[0];
    result = code?.includes('_') ? `\`${code}\`` : code ?? 'no answer';
    console.log(`  ${error.message.split('\n').slice(0, 30).join('\n  ').slice(0, 3000)}`);
  } finally {
    await server?.close();
  }
  console.log(`${what}: ${result}`);
  return result;
}

// Files that no tool has made are served in one way.
const hasMode = (tool, mode) => (tool.version ? tool[mode] : mode === 'build');
const day = () => new Date().toISOString().slice(0, 10);

function versionOf(tool) {
  const { devDependencies } = tool.version ? JSON.parse(readFileSync(path.join(here, tool.name, 'package.json'), 'utf8')) : {};
  return devDependencies?.[tool.version] ?? '–';
}

async function workerRow(tool) {
  const cells = [];
  for (const mode of ['dev', 'build']) {
    cells.push(hasMode(tool, mode) ? await cell(tool, 'oidc-client-wasm', mode, Boolean(tool.setting), 'worker') : '–');
  }
  return [tool.title, versionOf(tool), ...cells, tool.worker, day()];
}

async function row(tool) {
  const has = (mode) => hasMode(tool, mode);
  const pair = async (entry, withSetting) => [
    has('dev') ? await cell(tool, entry, 'dev', withSetting) : '–',
    has('build') ? await cell(tool, entry, 'build', withSetting) : '–',
  ];
  const plain = await pair('oidc-client-wasm', false);
  const set = tool.setting ? await pair(tool.set ?? 'oidc-client-wasm', true) : ['–', '–'];
  const inline = await pair('oidc-client-wasm/inline', false);
  return [tool.title, versionOf(tool), ...plain, ...set, ...inline, tool.setting ?? 'nothing', day()];
}

/** A port for one server after the other: of those that no system gives to a program that asks for any. */
async function freePort() {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  try {
    await (await listen(() => {}, port, 'localhost')).close();
    return port;
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return freePort();
  }
}

// ---- the run

const world = {};
try {
  world.port = String(await freePort());
  world.origin = `http://localhost:${world.port}`;
  world.driver = await openDriver('chromium');
  const redirectPaths = ['/', ...tools.flatMap(({ place }) => place ?? [])];
  world.provider = await startProvider({ appOrigin: world.origin, redirectPaths });

  const differing = [];
  for (const [table, make, tried] of [[workers, workerRow, chosen.filter(({ worker }) => worker)], [entries, row, words.includes('--worker') ? [] : chosen]]) {
    const seen = [];
    for (const tool of tried) seen.push(await make(tool));
    if (writes) update(seen, tools.map(({ title }) => title), table);
    differing.push(...compare(seen, table));
  }
  if (differing.length) {
    console.error(`\ndocs/bundlers.md says otherwise (\`cargo xtask bundlers --write\` writes it):\n${differing.join('\n')}`);
    process.exitCode = 1;
  }
} finally {
  await world.driver?.close();
  await world.provider?.close();
}
