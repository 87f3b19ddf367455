// The tests of the adapter for React, with the newest React, and with `--mode react-18` with the oldest one that it is for.

import { fileURLToPath } from 'node:url';

const old = (name) => [name, fileURLToPath(new URL(`react-18/node_modules/${name}`, import.meta.url))];

export default ({ mode }) => ({
  resolve: { alias: mode === 'react-18' ? Object.fromEntries(['react', 'react-dom', 'oidc-client-wasm'].map(old)) : {} },
  test: { environment: 'jsdom', include: ['react/*.test.js'] },
});
