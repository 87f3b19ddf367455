/**
 * `oidc-client-wasm/inline`: the same API with the WebAssembly inside the JavaScript, as base64. It loads in every bundler without
 * configuration, and fetches nothing of its own: `connect-src` needs the provider alone. It is larger than the default entry.
 */
export * from "./index.js";
