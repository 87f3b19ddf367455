// The tests of the adapters for Svelte and for Solid: in a page with the library for browsers, and on a server with that for servers.

import { svelte } from '@sveltejs/vite-plugin-svelte';

const runs = (name, environment, include, { conditions, plugins }) => ({
  plugins,
  resolve: { conditions },
  // The package has to find the same library as the tests. The plugin for Svelte does so for a package of `dependencies`, which is not the place of this one: its
  // hash changes with every build.
  test: { name, environment, include, server: { deps: { inline: ['oidc-client-wasm', /solid-js/] } } },
});

const framework = (name, plugins) => [
  runs(name, 'jsdom', [`${name}/*.test.js`], { conditions: ['browser', 'development'], plugins: plugins() }),
  runs(`${name} on a server`, 'node', [`${name}/server/*.test.js`], { plugins: plugins() }),
];

export default { test: { projects: [...framework('svelte', () => [svelte({ configFile: false })]), ...framework('solid', () => [])] } };
