// One run for all: what an app has in jsdom and in happy-dom, and each adapter with the oldest and the newest version of its framework.

import { fileURLToPath } from 'node:url';

const page = ['vitest/*.test.js', 'vue/*.test.js', 'docs.tmp/vitest/*.test.js'];
const project = (name, include, rest) => ({ ...rest, test: { name, include, environment: name === 'happy-dom' ? name : 'jsdom' } });
/** Modules as they are for React 18: the package has a copy beside it, because it imports the nearest React. */
const old = Object.entries({
  'oidc-client-wasm/react': 'oidc-client-wasm/frameworks/react.js',
  'oidc-client-wasm/inline': 'oidc-client-wasm/inline.js',
  'oidc-client-wasm': 'oidc-client-wasm/index.js',
  'react-dom': 'react-dom',
  react: 'react',
}).map(([find, file]) => ({ find, replacement: fileURLToPath(new URL(`react-18/node_modules/${file}`, import.meta.url)) }));

export default {
  test: {
    projects: [
      project('jsdom', [...page, 'testing/*.test.js']),
      // The other tests of that folder let the real package leave, for which happy-dom asks the network.
      project('happy-dom', [...page, 'testing/double.test.js']),
      project('react-19', ['react/*.test.js']),
      project('react-18', ['react/*.test.js'], { resolve: { alias: old } }),
    ],
  },
};
