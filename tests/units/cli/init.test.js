import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { transformWithOxc } from 'vite';
import { expect, test } from 'vitest';
import { filesOf, folder, program, run, runOnTerminal, start } from './run.js';

const manifest = (packages, more) => JSON.stringify({ dependencies: Object.fromEntries(packages.map((name) => [name, '*'])), ...more });
const init = (cwd, ...args) => run(['init', '--yes', ...args], { cwd });

const written = {
  react: [['react', 'typescript'], ['src/Protected.tsx', 'src/SignedOut.tsx', 'src/auth.ts']],
  solid: [['solid-js', 'typescript'], ['src/Protected.tsx', 'src/SignedOut.tsx', 'src/auth.ts']],
  vue: [['vue', 'typescript'], ['src/Protected.vue', 'src/SignIn.vue', 'src/auth.ts']],
  svelte: [['svelte', '@sveltejs/kit', 'typescript'], [
    'src/lib/SignIn.svelte', 'src/lib/auth.ts', 'src/routes/(guarded)/+layout.svelte', 'src/routes/(guarded)/protected/+page.svelte', 'src/routes/callback/+page.svelte',
  ]],
  angular: [['@angular/core', 'typescript'], ['src/app/auth.ts', 'src/app/home.ts', 'src/app/protected.ts']],
  next: [['next', 'react', 'typescript'], [
    'src/app/callback/page.tsx', 'src/app/protected/layout.tsx', 'src/app/protected/orders.tsx', 'src/app/protected/page.tsx', 'src/app/providers.tsx',
    'src/app/signed-out.tsx', 'src/auth.ts',
  ]],
  plain: [['vite'], ['src/auth.js']],
};

for (const [framework, [packages, files]] of Object.entries(written)) {
  test(`init: ${framework} is found in package.json, gets its files, and nothing else is touched`, async () => {
    const dir = folder({ 'package.json': manifest(packages), 'src/main.ts': 'main', 'index.html': 'page' });
    const before = filesOf(dir);
    const { code, said, complained } = await init(dir, '--issuer', 'https://login.example.org/x', '--client-id', 'web');
    expect([code, complained]).toEqual([0, '']);
    const after = filesOf(dir);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).filter((name) => !(name in before))).toEqual(files);
    for (const name of files) expect(said).toContain(`  ${name}\n`);
    const settings = after[files.find((name) => /auth\.[jt]s$/.test(name))];
    expect(settings).toContain('issuer: "https://login.example.org/x"');
    expect(settings).toContain('clientId: "web"');
    expect(said).toContain('Register at the provider');
    expect(said).toContain('Install oidc-client-wasm');
  });

  if (framework === 'angular') continue;

  test(`init: ${framework} without TypeScript gets JavaScript that is one`, async () => {
    const dir = folder({ 'package.json': manifest(packages.filter((name) => name !== 'typescript')), 'src/main.js': '' });
    expect((await init(dir)).code).toBe(0);
    for (const [name, text] of Object.entries(filesOf(dir))) {
      expect(name).not.toMatch(/\.tsx?$/);
      const script = /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? text;
      expect(text).not.toMatch(/lang="ts"|ReactNode|Pick<|FallbackProps|declare module|import type/);
      if (/\.(?:jsx?|vue|svelte)$/.test(name) && !script.startsWith('<')) await transformWithOxc(script, name.replace(/\.(?:vue|svelte)$/, '.js'), { lang: 'jsx' });
    }
  });
}

test('init: Svelte without SvelteKit gets no routes', async () => {
  const dir = folder({ 'package.json': manifest(['svelte']), 'src/App.svelte': '' });
  expect((await init(dir)).code).toBe(0);
  expect(Object.keys(filesOf(dir))).toEqual(['package.json', 'src/App.svelte', 'src/SignIn.svelte', 'src/auth.js']);
});

test('init: Next.js with its folder app in the root gets its files there', async () => {
  const dir = folder({ 'package.json': manifest(['next', 'typescript']), 'app/layout.tsx': '' });
  const { said } = await init(dir);
  expect(Object.keys(filesOf(dir))).toContain('app/providers.tsx');
  expect(Object.keys(filesOf(dir))).toContain('auth.ts');
  expect(said).toContain('In app/layout.tsx');
});

test('init: at dev-provider the API is that of dev-provider, and the command that starts it is told', async () => {
  const dir = folder({ 'package.json': manifest(['react', 'oidc-client-wasm']) });
  const { said } = await init(dir);
  expect(said).toContain('npx oidc-client-wasm dev-provider\n');
  expect(said).not.toContain('Install oidc-client-wasm');
  expect(filesOf(dir)['auth.js']).toContain('issuer: "http://localhost:9400",\n    clientId: "my-spa"');
  expect(filesOf(dir)['auth.js']).toContain('apiBaseUrl: "http://localhost:9400/api/"');
});

test('init: values with quotes stay values', async () => {
  const dir = folder({ 'package.json': manifest(['react']) });
  expect((await init(dir, '--client-id', 'a"+alert(1)+"\\$&${x}')).code).toBe(0);
  expect(filesOf(dir)['auth.js']).toContain('clientId: "a\\"+alert(1)+\\"\\\\$&${x}"');
});

for (const name of ['src/auth.ts', 'src/auth.js', 'src/SignedOut.jsx']) {
  test(`init: where ${name} is, nothing is written, and what would be is said`, async () => {
    const dir = folder({ 'package.json': manifest(['react', 'typescript']), [name]: 'mine' });
    const before = filesOf(dir);
    const { code, said, complained } = await init(dir);
    expect([code, said]).toEqual([1, '']);
    expect(complained).toContain(`${name} is there already, so nothing was written. It would have been: src/auth.ts, src/SignedOut.tsx, src/Protected.tsx.`);
    expect(filesOf(dir)).toEqual(before);
  });
}

test('init --dry-run: prints the files, and writes none, also where one is there', async () => {
  const dir = folder({ 'package.json': manifest(['react', 'typescript']), 'src/auth.ts': 'mine' });
  const before = filesOf(dir);
  const { code, said } = await run(['init', '--dry-run', '--client-id', 'web'], { cwd: dir });
  expect(code).toBe(0);
  expect(said).toContain('--- src/auth.ts (src/auth.ts is there already: init would write nothing)\n\nimport { createAuth }');
  expect(said).toContain('clientId: "web"');
  expect(said).toContain('--- src/Protected.tsx\n');
  expect(filesOf(dir)).toEqual(before);
});

test('init: a second time changes nothing', async () => {
  const dir = folder({ 'package.json': manifest(['vue']) });
  await init(dir, '--client-id', 'one');
  const before = filesOf(dir);
  expect((await init(dir, '--client-id', 'two')).code).toBe(1);
  expect(filesOf(dir)).toEqual(before);
});

test('init: a folder that is a link out of the app is not written into', async () => {
  const outside = folder();
  const dir = folder({ 'package.json': manifest(['react']) });
  symlinkSync(outside, join(dir, 'src'));
  const { code, complained } = await init(dir);
  expect([code, complained]).toEqual([1, expect.stringContaining('src leads out of')]);
  expect(filesOf(outside)).toEqual({});
});

test('init: a link to nowhere is in the way, and is not followed', async () => {
  const dir = folder({ 'package.json': manifest(['react']), 'src/x': '' });
  symlinkSync(join(dir, 'elsewhere.js'), join(dir, 'src/auth.js'));
  expect((await init(dir)).complained).toContain('src/auth.js is there already');
});

test('init: a file in the place of a folder is told, and nothing is left behind', async () => {
  const dir = folder({ 'package.json': manifest(['svelte', '@sveltejs/kit']), 'src/lib/x': '', 'src/routes': 'a file' });
  const before = filesOf(dir);
  const { code, complained } = await init(dir);
  expect([code, complained]).toEqual([1, expect.stringContaining('src/routes is no folder')]);
  expect(filesOf(dir)).toEqual(before);
});

for (const [what, files, args, words] of [
  ['an unknown framework', { 'package.json': '{}' }, ['--framework', 'reakt'], /There is no framework "reakt"\. Did you mean react\?[\s\S]*There are: react, vue, svelte, solid, angular, next, plain/],
  ['an unknown flag', { 'package.json': '{}' }, ['--isuer', 'x'], /There is no flag --isuer\. Did you mean --issuer\?/],
  ['no package.json', {}, [], /has no package\.json\.[\s\S]*--framework plain/],
  ['a package.json that is not JSON', { 'package.json': '{' }, [], /package\.json is not JSON[\s\S]*Mend package\.json/],
  ['an issuer over http', { 'package.json': '{}' }, ['--issuer', 'http://id.example.com'], /--issuer is "http:\/\/id\.example\.com"\.\s+Give an https URL/],
  ['an issuer with a quote', { 'package.json': '{}' }, ['--issuer', 'https://id.example.com/"'], /--issuer is/],
  ['an issuer with an empty query', { 'package.json': '{}' }, ['--issuer', 'https://id.example.com/?'], /--issuer is "https:\/\/id\.example\.com\/\?"\.\s+Give an https URL/],
  ['an issuer with an empty fragment', { 'package.json': '{}' }, ['--issuer', 'https://id.example.com/#'], /--issuer is/],
  ['the URL of the metadata', { 'package.json': '{}' }, ['--issuer', 'https://id.example.com/.well-known/openid-configuration'], /--issuer is[\s\S]*Give the issuer itself/],
  ['an empty client id', { 'package.json': '{}' }, ['--client-id', ''], /--client-id needs a value/],
  ['no folder', {}, ['--dir', 'nowhere'], /--dir nowhere is no folder/],
  ['a value for a flag without one', { 'package.json': '{}' }, ['--dry-run=1'], /--dry-run takes no value/],
]) {
  test(`init: ${what} is exit code 2, and what to do`, async () => {
    const dir = folder(files);
    const { code, complained } = await init(dir, ...args);
    expect([code, complained]).toEqual([2, expect.stringMatching(words)]);
    expect(filesOf(dir)).toEqual(files);
  });
}

test('init: an app with nuxt is led to the documentation', async () => {
  const { code, complained } = await init(folder({ 'package.json': manifest(['nuxt', 'vue', 'react']) }));
  expect([code, complained]).toEqual([1, expect.stringMatching(/no files for nuxt yet/)]);
});

test('init: for Angular it says what to add to angular.json, the providers, the routes and the page', async () => {
  const dir = folder({ 'package.json': manifest(['@angular/core', 'typescript']), 'angular.json': '{}', 'src/app/app.config.ts': 'mine', 'src/app/app.html': 'mine' });
  const { said } = await init(dir);
  for (const words of ['  provideAuth(auth),', 'canActivate: [requireAuth]', '  <router-outlet />', 'architect.build.options.assets', '"glob": "**/*_bg.wasm"', '"prebundle"', 'app.spec.ts']) {
    expect(said).toContain(words);
  }
  expect(filesOf(dir)).toMatchObject({ 'angular.json': '{}', 'src/app/app.config.ts': 'mine', 'src/app/app.html': 'mine' });
});

test('init: for Angular the files are TypeScript, also where package.json does not name it', async () => {
  const dir = folder({ 'package.json': manifest(['@angular/core']) });
  expect((await init(dir)).code).toBe(0);
  expect(Object.keys(filesOf(dir))).toEqual(['package.json', ...written.angular[1]]);
  expect(filesOf(dir)['src/app/protected.ts']).toContain('private readonly http');
});

for (const framework of ['react', 'solid', 'angular']) {
  test(`init: for ${framework} it says that a guard leaves for the provider at once`, async () => {
    const { said } = await init(folder({ 'package.json': '{}' }), '--framework', framework);
    expect(said).toContain('leaves for the provider at once');
  });
}

test('init: without a terminal it asks nothing, and names the flags', async () => {
  const dir = folder({ 'package.json': '{}' });
  const { code, complained } = await run(['init', '--client-id', 'x'], { cwd: dir });
  expect([code, complained]).toEqual([2, expect.stringMatching(/--issuer is missing\.\s+Give it, or --yes/)]);
});

test('init: on a terminal it asks, asks again after a mistake, and writes what was answered', async () => {
  const dir = folder({ 'package.json': manifest(['react']) });
  const { code, said } = await runOnTerminal(['init'], ['vu\n', 'vue\n', 'http://id.example.com\n', 'https://id.example.net\n', '\n'], { cwd: dir });
  expect([code, said]).toEqual([0, expect.stringContaining('Did you mean vue?')]);
  expect(said).toContain('The framework [react]: ');
  expect(filesOf(dir)['auth.js']).toContain('issuer: "https://id.example.net",\n    clientId: "my-spa"');
  expect(Object.keys(filesOf(dir))).toContain('SignIn.vue');
});

for (const [what, key] of [['Ctrl-C', '\u0003'], ['Ctrl-D', '\u0004']]) {
  test(`init: ${what} at a question leaves nothing behind`, async () => {
    const dir = folder({ 'package.json': manifest(['react']) });
    const { code, said } = await runOnTerminal(['init', '--framework', 'react'], [key], { cwd: dir });
    expect([code, said]).toEqual([130, expect.stringContaining('Nothing was written.')]);
    expect(Object.keys(filesOf(dir))).toEqual(['package.json']);
  });
}

test('init: where the disk refuses in the middle, what was made before is taken back', async () => {
  const dir = folder({ 'package.json': manifest(['svelte', '@sveltejs/kit']) });
  const before = readdirSync(dir, { recursive: true });
  // The other files are smaller than the limit of 1024 bytes.
  const issuer = `https://id.example.com/${'x'.repeat(1000)}`;
  const { code, complained } = await start(['-c', 'ulimit -f 1; exec "$@"', '--', program, 'init', '--yes', '--issuer', issuer], { cwd: dir, command: 'bash' }).ended;
  expect([code, complained]).toEqual([1, expect.stringMatching(/could not be written \(EFBIG\), so nothing was/)]);
  expect(readdirSync(dir, { recursive: true })).toEqual(before);
});
