import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import * as api from 'oidc-client-wasm';
import { wholeLogin } from '../real.js';

const { resolve } = createRequire(import.meta.url);

test('the default entry has no server that its file could come from: the remedy names inline', async () => {
  await expect(api.createOAuth()).rejects.toMatchObject({ code: 'wasm_load_failed', remedy: expect.stringContaining('oidc-client-wasm/inline') });
});

test('a whole login with the bytes of the file', () => wholeLogin(api, { wasm: readFileSync(resolve('oidc-client-wasm/oidc_client_wasm_bg.wasm')) }));
