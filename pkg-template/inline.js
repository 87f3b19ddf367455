// The entry `oidc-client-wasm/inline`: the WebAssembly is base64 in JavaScript, so that every tool takes it along and nothing is fetched.
// The bytes of the verifier are a module of their own, which is imported when a signature is to be verified by it.

import client from "./inline/client.js";
import { OAuthError, create, isOAuthError } from "./core.js";

export { OAuthError, isOAuthError };

function bytes(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const octets = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) octets[at] = text.charCodeAt(at);
  return octets;
}

const sources = {
  __proto__: null,
  wasm: () => bytes(client),
  verifierWasm: async () => bytes((await import("./inline/verifier.js")).default),
};

export function createOAuth(settings, options) {
  return create(sources, settings, options);
}
