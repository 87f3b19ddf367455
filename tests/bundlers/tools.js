// The tools, in the order of the table in docs/bundlers.md. Each is a folder here with its exact versions and the least
// configuration that makes an app; what all of them build is in app/.

const vite = (major) => ({
  name: `vite-${major}`,
  title: `Vite ${major}`,
  version: 'vite',
  files: ['vite'],
  dev: (port) => ['vite/bin/vite.js', '--host', 'localhost', '--port', port, '--strictPort', '--clearScreen', 'false'],
  build: ['vite/bin/vite.js', 'build'],
});

const esbuild = (format) => ({
  name: 'esbuild',
  title: `esbuild, \`${format}\``,
  version: 'esbuild',
  html: format === 'esm' ? 'module' : 'defer',
  dev: (port) => ['../build.js', format, port],
  build: ['../build.js', format],
});

const exclude = '`optimizeDeps: { exclude: ["oidc-client-wasm"] }` (for the dev server)';
const copied = '[copy the `.wasm` files](#the-wasm-files-beside-the-bundle)';
const copiedToo = '[copy the `.wasm` files and `worker.js`](#the-wasm-files-beside-the-bundle)';

/**
 * `name` is the folder; `version` the package whose version is told; `files` further folders to copy; `html` the kind of script of
 * a page that the harness writes, where the tool makes none. `dev` (with a port) and `build` are programs below node_modules with
 * their arguments; `start` serves a build where a folder of files (`out`) does not. `rendered` is what the server must have put into
 * the page. `setting` says what the default entry needs, or the entry `set` in its place: WITH_SETTING is in the environment then,
 * and `{setting}` in an argument is `setting`, else `plain`. `worker` says what `tokenStorage: "worker"` needs, where that is tried.
 */
export const tools = [
  { ...vite(5), setting: exclude },
  { ...vite(6), setting: exclude },
  { ...vite(7), setting: exclude, worker: exclude },
  { ...vite(8), worker: 'nothing' },
  {
    name: 'webpack',
    title: 'webpack 5',
    worker: 'nothing',
    version: 'webpack',
    html: 'defer',
    dev: (port) => ['webpack/bin/webpack.js', 'serve', '--mode', 'development', '--host', 'localhost', '--port', port],
    build: ['webpack/bin/webpack.js', '--mode', 'production'],
  },
  {
    name: 'rspack',
    title: 'Rspack 2',
    version: '@rspack/core',
    html: 'defer',
    dev: (port) => ['@rspack/cli/bin/rspack.js', 'serve', '--mode', 'development', '--host', 'localhost', '--port', port],
    build: ['@rspack/cli/bin/rspack.js', 'build', '--mode', 'production'],
  },
  { name: 'rollup', title: 'Rollup 4', version: 'rollup', html: 'module', build: ['rollup/dist/bin/rollup', '--config'], setting: copied },
  { ...esbuild('esm'), setting: copied, worker: copiedToo },
  { ...esbuild('iife'), set: 'oidc-client-wasm/slim', setting: '[`/slim` with `wasm`](#the-wasm-files-beside-the-bundle), or `/inline`' },
  {
    name: 'parcel',
    title: 'Parcel 2',
    version: 'parcel',
    dev: (port) => ['parcel/lib/bin.js', 'serve', 'index.html', '--host', 'localhost', '--port', port],
    build: ['parcel/lib/bin.js', 'build', 'index.html', '--public-url', './'],
  },
  {
    name: 'next',
    title: 'Next.js 16 (App Router, rendered on the server)',
    version: 'next',
    rendered: 'Rendered on the server',
    dev: (port) => ['next/dist/bin/next', 'dev', '--hostname', 'localhost', '--port', port],
    build: ['next/dist/bin/next', 'build'],
    start: (port) => ['next/dist/bin/next', 'start', '--hostname', 'localhost', '--port', port],
  },
  {
    name: 'angular',
    title: 'Angular 21',
    version: '@angular/build',
    dev: (port) => ['@angular/cli/bin/ng.js', 'serve', '--configuration', '{setting}', '--host', 'localhost', '--port', port],
    build: ['@angular/cli/bin/ng.js', 'build', '--configuration', '{setting}'],
    out: 'dist/browser',
    setting: '[in `angular.json`](#angular)',
  },
  {
    name: 'sveltekit',
    title: 'SvelteKit 2 (rendered on the server)',
    version: '@sveltejs/kit',
    rendered: 'Rendered on the server',
    dev: (port) => ['vite/bin/vite.js', '--host', 'localhost', '--port', port, '--strictPort'],
    build: ['vite/bin/vite.js', 'build'],
    start: (port) => ['vite/bin/vite.js', 'preview', '--host', 'localhost', '--port', port, '--strictPort'],
  },
  // Without a tool: the files of the package as they are, below a path.
  { name: 'import-map', title: 'no tool: an import map, below a path', worker: 'nothing', place: '/some/where/' },
];
