// One run for all: what an app has in jsdom and in happy-dom, and each adapter with the oldest and the newest version of its framework.

import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';

const app = ['vitest/*.test.js', 'docs.tmp/vitest/*.test.{js,jsx}'];
const page = [...app, 'vue/*.test.js', 'testing/*.test.js'];
/** Where the real package leaves, the page stays where it is, as in jsdom, and no host is asked. */
const navigation = { disableMainFrameNavigation: true, disableChildFrameNavigation: true, disableFallbackToSetURL: true };
const environmentOptions = { happyDOM: { settings: { navigation } } };
const project = (name, include, rest) => ({ ...rest, test: { name, include, environment: name === 'happy-dom' ? name : 'jsdom', environmentOptions } });
/** Modules as they are for React 18: the package has a copy beside it, because it imports the nearest React. */
const old = Object.entries({
  'oidc-client-wasm/react': 'oidc-client-wasm/frameworks/react.js',
  'oidc-client-wasm/inline': 'oidc-client-wasm/inline.js',
  'oidc-client-wasm/testing': 'oidc-client-wasm/testing/index.js',
  'oidc-client-wasm': 'oidc-client-wasm/index.js',
  'react-dom': 'react-dom',
  react: 'react',
}).map(([find, file]) => ({ find, replacement: fileURLToPath(new URL(`react-18/node_modules/${file}`, import.meta.url)) }));

const of = (name, environment, include, { conditions, plugins }) => ({
  plugins,
  resolve: { conditions },
  // The package has to find the same library as the tests. The plugin for Svelte does so for a package of `dependencies`, which is not the place of this one: its
  // hash changes with every build.
  test: { name, environment, include, server: { deps: { inline: ['oidc-client-wasm', /solid-js/] } } },
});

/** An adapter in a page, with the library for browsers, and on a server, with that for servers. */
const signals = (name, plugins) => [
  of(name, 'jsdom', [`${name}/*.test.js`], { conditions: ['browser', 'development'], plugins: plugins() }),
  of(`${name} on a server`, 'node', [`${name}/server/*.test.js`], { plugins: plugins() }),
];

/** Components are compiled when a test first renders them. */
const angular = (name, environment, include) => ({ test: { name, environment, include: [include], setupFiles: ['@angular/compiler'] } });

export default {
  test: {
    // Vitest leaves a processor free. Here, nothing else runs.
    maxWorkers: 2,
    onConsoleLog: (text) => (text.startsWith('Angular is running in development mode') ? false : undefined),
    projects: [
      project('jsdom', [...page, 'provider/*.test.js']),
      // The other environment: what an app has, a whole login, and each member of the double. The stories are the same in both.
      project('happy-dom', [...app, 'testing/double.test.js', 'testing/members.test.js', 'provider/whole.test.js']),
      { test: { name: 'cli', environment: 'node', include: ['cli/*.test.js'] } },
      { test: { name: 'devtools', environment: 'jsdom', include: ['devtools/*.test.js'] } },
      project('react-19', ['react/*.test.js']),
      project('react-18', ['react/*.test.js'], { resolve: { alias: old } }),
      ...signals('svelte', () => [svelte({ configFile: false })]),
      ...signals('solid', () => []),
      angular('angular', 'jsdom', 'angular/*.test.js'),
      angular('angular on a server', 'node', 'angular/server/*.test.js'),
    ],
  },
};
