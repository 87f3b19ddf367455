// From nothing to a login without an account anywhere: an empty app of each framework, `npx oidc-client-wasm init`, what it says to do next, `npm run build`, and a login
// at `npx oidc-client-wasm dev-provider`. FRAMEWORKS has the names, with commas between them; without it, all are tried.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { openDriver } from '../e2e/driver/driver.js';
import { startDevProvider } from '../e2e/dev-provider/dev-provider.js';
import * as pages from '../e2e/dev-provider/pages.js';
import { alice } from '../e2e/lib/steps.js';
import { appOf } from './apps.js';
import { startHost } from './serve.js';

const chosen = process.env.FRAMEWORKS?.split(',');

let driver;
before(async () => { driver = await openDriver(); });
after(() => driver?.close());

const VITE = ['index.html', 'tsconfig.json', 'vite.config.ts'];
const app = `function App() {
  return <h1>Vite</h1>
}

export default App
`;

/**
 * An empty app, as the tool of its framework makes it. `same`: files that it has in common with the example. `files`: its own. `follow` does with the words of `init`
 * what a person does. `button`: what a stranger presses on the first page, where no guard begins the login. `loads`: the page
 * asks the API by itself. `at`: the path of the first page, where it is not the root. `linked`: its build looks for `node_modules` in its own folder.
 */
const empty = {
  react: {
    same: VITE,
    files: {
      'src/main.tsx': `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
`,
      'src/App.tsx': app,
    },
    follow: wrapAndGuard('main.tsx'),
  },
  solid: {
    same: VITE,
    files: {
      'src/main.tsx': `/* @refresh reload */
import { render } from 'solid-js/web'
import App from './App'

render(() => <App />, document.getElementById('root')!)
`,
      'src/App.tsx': app,
    },
    follow: wrapAndGuard('main.tsx'),
  },
  vue: {
    same: VITE,
    files: {
      'src/main.ts': `import { createApp } from 'vue'
import App from './App.vue'

createApp(App).mount('#app')
`,
      'src/App.vue': '<template><h1>Vite + Vue</h1></template>\n',
    },
    follow({ advice, change, write }) {
      change('src/main.ts', 'import App', `${advice('main.ts').imports}\nimport App`);
      change('src/main.ts', "createApp(App).mount('#app')", advice('main.ts').rest);
      write('src/App.vue', advice('App.vue').code);
    },
    button: '#app button',
  },
  angular: {
    same: ['tsconfig.json', 'src/index.html'],
    files: {
      'angular.json': JSON.stringify({
        version: 1,
        projects: {
          empty: {
            projectType: 'application',
            root: '',
            sourceRoot: 'src',
            architect: {
              build: {
                builder: '@angular/build:application',
                options: {
                  browser: 'src/main.ts', index: 'src/index.html', tsConfig: 'tsconfig.json', outputPath: 'dist', assets: [{ glob: '**/*', input: 'public' }],
                },
              },
              serve: { builder: '@angular/build:dev-server' },
            },
          },
        },
      }),
      'public/favicon.ico': '',
      'src/main.ts': `import { bootstrapApplication } from '@angular/platform-browser';
import { appConfig } from './app/app.config';
import { App } from './app/app';

bootstrapApplication(App, appConfig)
  .catch((err) => console.error(err));
`,
      'src/app/app.config.ts': `import { ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter } from '@angular/router';

import { routes } from './app.routes';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes)
  ]
};
`,
      'src/app/app.routes.ts': `import { Routes } from '@angular/router';

export const routes: Routes = [];
`,
      'src/app/app.ts': `import { Component, signal } from '@angular/core';
import { RouterOutlet } from '@angular/router';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet],
  templateUrl: './app.html'
})
export class App {
  protected readonly title = signal('empty');
}
`,
      'src/app/app.html': '<h1>Hello, {{ title() }}</h1>\n\n<router-outlet />\n',
    },
    follow({ advice, change, write }) {
      const [config, routes] = ['src/app/app.config.ts', 'src/app/app.routes.ts'];
      change(config, 'export const', `${advice(config).imports}\n\nexport const`);
      change(config, 'provideRouter(routes)', `${advice(config).rest}\nprovideRouter(routes)`);
      change(routes, 'export const', `${advice(routes).imports}\n\nexport const`);
      change(routes, '[]', `[${advice(routes).rest}]`);
      write('src/app/app.html', advice('src/app/app.html').code);
      change('angular.json', '"input":"public"}', `"input":"public"},${advice('architect.build.options.assets').code}`);
      change('angular.json', '"builder":"@angular/build:dev-server"', `"builder":"@angular/build:dev-server",${advice('architect.serve').code}`);
    },
    at: '/protected',
    // The entry of `assets` names a folder of the app.
    linked: true,
  },
  svelte: {
    same: ['svelte.config.js', 'tsconfig.json', 'vite.config.ts', 'src/app.html', 'src/routes/+layout.ts'],
    files: { 'src/routes/+page.svelte': '<h1>Welcome to SvelteKit</h1>\n' },
    follow({ advice, write }) {
      write('src/routes/+layout.svelte', advice('src/routes/+layout.svelte').code);
      write('src/routes/+page.svelte', advice('src/routes/+page.svelte').code);
    },
    button: 'a[href$="/protected"]',
    // The packages lie in the folder of the example, so their compiler looks for its configuration there.
    sync: true,
    loads: true,
  },
  next: {
    same: ['tsconfig.json'],
    files: {
      'next.config.ts': `export default { output: 'export', turbopack: { root: '${path.dirname(appOf('next').folder)}/next' } };\n`,
      'src/app/layout.tsx': `import type { ReactNode } from 'react';

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
`,
      'src/app/page.tsx': `import Link from 'next/link';

export default function Home() {
  return <h1>To get started</h1>;
}
`,
    },
    follow({ advice, change }) {
      const { imports, rest } = advice('src/app/layout.tsx');
      change('src/app/layout.tsx', 'export default', `${imports}\n\nexport default`);
      change('src/app/layout.tsx', '<body>{children}</body>', rest);
      change('src/app/page.tsx', '<h1>To get started</h1>', advice('any page').rest);
    },
    button: 'a[href$="/protected"]',
    out: 'out',
  },
};

function wrapAndGuard(main) {
  return ({ advice, change }) => {
    change(`src/${main}`, 'import App', `${advice(main).imports}\nimport App`);
    change(`src/${main}`, '<App />', advice(main).rest);
    change('src/App.tsx', 'function App', `${advice('App.tsx').imports}\n\nfunction App`);
    change('src/App.tsx', '<h1>Vite</h1>', `(${advice('App.tsx').rest})`);
  };
}

/** The code that the program says to put into a place: all of it, its imports, and the rest. */
function adviceOf(said, place) {
  const lines = said.split('\n');
  const from = lines.findIndex((line) => line.includes(place) && line.endsWith(':'));
  assert.notEqual(from, -1, `nothing is said of ${place}:\n${said}`);
  const length = lines.slice(from + 1).findIndex((line) => line !== '' && !line.startsWith('  '));
  const code = lines.slice(from + 1, from + 1 + length).map((line) => line.slice(2));
  const isImport = (line) => line.startsWith('import ');
  return { code: code.join('\n').trim(), imports: code.filter(isImport).join('\n'), rest: code.filter((line) => !isImport(line)).join('\n').trim() };
}

for (const [name, { same, files, follow, button, out, sync, loads, at = '/', linked }] of Object.entries(empty)) {
  if (chosen && !chosen.includes(name)) continue;
  const { folder: example, out: usual, policy } = appOf(name);
  // Below the example, whose packages it finds.
  const folder = path.join(example, 'init.tmp');
  const installed = path.join(example, 'node_modules/oidc-client-wasm');

  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  const change = (file, from, to) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    assert.ok(text.includes(from), `${file} has no ${from}`);
    write(file, text.replace(from, () => to));
  };
  const run = (command, args, cwd = folder) => {
    const { NODE_ENV, NODE_OPTIONS, NODE_TEST_CONTEXT, ...env } = process.env;
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...env, CI: '1', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' } });
    assert.equal(status, 0, `${command} ${args.join(' ')}:\n${stdout}${stderr}`);
    return stdout;
  };

  test(`${name}: init, its advice, a build, and a login at dev-provider`, async (t) => {
    const provider = await startDevProvider({ folder: installed });
    t.after(() => provider.close());
    const host = await startHost();
    t.after(() => host.close());

    rmSync(folder, { recursive: true, force: true });
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const { scripts, dependencies, devDependencies } = JSON.parse(readFileSync(path.join(example, 'package.json'), 'utf8'));
    const packages = Object.fromEntries(Object.entries({ ...dependencies, ...devDependencies }).filter(([packageName]) => !packageName.includes('router')));
    write('package.json', JSON.stringify({ name: 'empty', private: true, type: 'module', scripts, dependencies: packages }));
    if (linked) symlinkSync('../node_modules', path.join(folder, 'node_modules'));
    for (const file of same) cpSync(path.join(example, file), path.join(folder, file));
    for (const [file, text] of Object.entries(files)) write(file, text);

    const said = run(process.execPath, [path.join(installed, 'cli/main.js'), 'init', '--issuer', provider.issuer, '--client-id', 'web']);
    assert.ok(said.startsWith(`Wrote, for ${name}:`), said);
    follow({ advice: (place) => adviceOf(said, place), change, write });
    if (sync) run('npm', ['exec', 'svelte-kit', 'sync'], example);
    run('npm', ['run', 'build']);
    const built = path.join(folder, out ?? usual);
    assert.ok(existsSync(path.join(built, 'index.html')));

    host.show({ folder: built, issuer: provider.issuer, policy, settings: {} });
    await driver.fresh([host.url('/blank')]);
    await driver.goto(host.url(`${at}?a=1#here`));
    if (button) await driver.click(button);
    await pages.signIn(driver, alice);
    await driver.untilText('body', (text) => text.includes(`Signed in as ${alice.name}`));
    if (!loads) await driver.click('button:first-of-type');
    await driver.untilText('pre', (text) => text.includes('PC-20419'));
    if (!button) assert.equal((await driver.url()).href, host.url(`${at}?a=1#here`));
    await driver.click('button:last-of-type');
    await driver.untilAt('the app, or the provider, after the logout', ({ href }) => href === host.url('/') || href.startsWith(`${provider.issuer}/authorize?`));
  });
}
