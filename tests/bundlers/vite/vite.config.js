// With WITH_SETTING the configuration is the one that docs/bundlers.md tells for the default entry; without, Vite has none.

import process from 'node:process';

export default process.env.WITH_SETTING ? { optimizeDeps: { exclude: ['oidc-client-wasm'] } } : {};
