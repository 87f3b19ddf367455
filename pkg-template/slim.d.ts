/**
 * `oidc-client-wasm/slim`: the same API without `new URL` and `import.meta`. The application says where the WebAssembly is.
 */
import type { ClientSettings, OAuth, OAuthClient, OAuthOptions, StartingOAuth } from "./index.js";
import type { SettingNames } from "./starting.js";

export * from "./index.js";

/** As `createOAuth` of `oidc-client-wasm`. The option `wasm` is required, and `verifierWasm` where the page needs the Rust verifier. */
export function createOAuth<Name extends string = never>(
  settings: Readonly<Record<Name, ClientSettings>> | string | URL | HTMLScriptElement | undefined,
  options: OAuthOptions & Required<Pick<OAuthOptions, "wasm">>,
): StartingOAuth<OAuth & { readonly [Each in SettingNames<Name>]: OAuthClient }>;
