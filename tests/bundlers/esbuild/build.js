// `node build.js esm|iife [port]`: with a port it serves. With WITH_SETTING the .wasm files and the worker are put beside the bundle, as
// docs/bundlers.md tells for the default entry.

import { cpSync } from 'node:fs';
import process from 'node:process';
import { build, context } from 'esbuild';

const [format, port] = process.argv.slice(2);
const options = { entryPoints: ['src/main.js'], bundle: true, format, outdir: 'dist' };

if (process.env.WITH_SETTING) {
  for (const file of ['oidc_client_wasm_bg.wasm', 'verifier/verifier_bg.wasm', 'worker.js']) {
    cpSync(`node_modules/oidc-client-wasm/${file}`, `dist/${file}`);
  }
}
if (port) {
  await (await context(options)).serve({ servedir: 'dist', host: 'localhost', port: Number(port) });
} else {
  await build(options);
}
