// The tests of the adapter for Svelte: in a page with the Svelte of browsers, and on a server with that of servers.

import { svelte } from '@sveltejs/vite-plugin-svelte';

const project = (name, environment, include, resolve) => ({
  plugins: [svelte({ configFile: false })],
  resolve,
  // As the plugin does it for a package of `dependencies`, which is not the place of this one: its hash changes with every build.
  test: { name, environment, include, server: { deps: { inline: ['oidc-client-wasm'] } } },
});

export default {
  test: {
    projects: [
      project('svelte', 'jsdom', ['svelte/*.test.js'], { conditions: ['browser', 'development'] }),
      project('svelte on a server', 'node', ['svelte/server/*.test.js']),
    ],
  },
};
