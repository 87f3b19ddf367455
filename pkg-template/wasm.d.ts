/** A file of WebAssembly of this package, as a bundler gives it: its URL or its bytes. Made for the options `wasm` and `verifierWasm`. */
declare const source: NonNullable<import("./index.js").OAuthOptions["wasm"]>;
export default source;
