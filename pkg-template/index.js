// The default entry: the WebAssembly is a file beside this one. A bundler finds it by the expression `new URL("…", import.meta.url)`,
// which must stand as it is, and is evaluated at the first call: to import this module does nothing.

import { OAuthError, create, isOAuthError } from "./core.js";

export { OAuthError, isOAuthError };

const sources = {
  __proto__: null,
  wasm: () => new URL("./oidc_client_wasm_bg.wasm", import.meta.url),
  verifierWasm: () => new URL("./verifier/verifier_bg.wasm", import.meta.url),
};

export function createOAuth(settings, options) {
  return create(sources, settings, options);
}
