// With WITH_SETTING the .wasm files are put beside the bundle, as docs/bundlers.md tells for the default entry.

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { nodeResolve } from '@rollup/plugin-node-resolve';

const wasm = {
  name: 'oidc-client-wasm-files',
  generateBundle() {
    for (const fileName of ['oidc_client_wasm_bg.wasm', 'verifier/verifier_bg.wasm']) {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(`node_modules/oidc-client-wasm/${fileName}`) });
    }
  },
};

export default {
  input: 'src/main.js',
  output: { dir: 'dist', format: 'es' },
  plugins: [nodeResolve({ browser: true }), ...(process.env.WITH_SETTING ? [wasm] : [])],
};
