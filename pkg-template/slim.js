// The entry `oidc-client-wasm/slim`: the application says where the WebAssembly is. There is no `new URL` and no `import.meta` in it.

import { OAuthError, create, isOAuthError } from "./core.js";

export { OAuthError, isOAuthError };

function missing(option, when) {
  return new OAuthError({
    code: "config_invalid",
    message: `The option "${option}" is missing: oidc-client-wasm/slim needs it${when}.`,
    remedy: `Pass a URL, a Response, bytes or a WebAssembly.Module as the option ${option}, or import oidc-client-wasm/inline, which needs no option.`,
  });
}

const sources = {
  __proto__: null,
  // Asked for where the option was not given, whether or not another call has loaded the WebAssembly.
  get wasm() {
    throw missing("wasm", "");
  },
  verifierWasm() {
    throw missing("verifierWasm", " where the browser cannot verify signatures itself, for example on plain http");
  },
};

export function createOAuth(settings, options) {
  return create(sources, settings, options);
}
