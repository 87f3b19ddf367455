// With WITH_SETTING the configuration is the one that docs/bundlers.md tells for the default entry.

import process from 'node:process';
import { sveltekit } from '@sveltejs/kit/vite';

export default {
  plugins: [sveltekit()],
  ...(process.env.WITH_SETTING ? { optimizeDeps: { exclude: ['oidc-client-wasm'] } } : {}),
};
