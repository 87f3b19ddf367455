// Texts, bytes, randomness and digests, by what browsers, Node.js and the environments of unit tests have in common.

/** WebCrypto of the environment. jsdom has none of its own; below it, Node.js has. */
export function webCrypto() {
  const found = globalThis.crypto?.subtle ? globalThis.crypto : globalThis.process?.getBuiltinModule?.("node:crypto")?.webcrypto;
  if (found?.subtle) return found;
  throw new Error("The provider of oidc-client-wasm/testing needs WebCrypto (crypto.subtle). Use https or localhost in a browser, and Node.js 20.16 or newer in a unit test.");
}

/** UTF-8. The jsdom of Jest has no TextEncoder. */
export function utf8(text) {
  const escaped = encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, "\uFFFD"));
  const octets = [];
  for (let at = 0; at < escaped.length; at += 1) {
    const isEscape = escaped[at] === "%";
    octets.push(isEscape ? Number.parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at));
    if (isEscape) at += 2;
  }
  return Uint8Array.from(octets);
}

export function base64url(value) {
  const octets = typeof value === "string" ? utf8(value) : new Uint8Array(value);
  let binary = "";
  for (const octet of octets) binary += String.fromCharCode(octet);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The bytes of a base64url text, or undefined. */
export function octetsOf(text) {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

/** The JSON object of a base64url text, or undefined. */
export function objectOf(text) {
  try {
    const octets = octetsOf(text);
    const value = JSON.parse(decodeURIComponent(Array.from(octets, (octet) => `%${octet.toString(16).padStart(2, "0")}`).join("")));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function sha256(text) {
  return new Uint8Array(await webCrypto().subtle.digest("SHA-256", utf8(text)));
}

/** A text that nobody guesses. */
export function secret(length = 32) {
  return base64url(webCrypto().getRandomValues(new Uint8Array(length)));
}

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000);
