// The clients of the app. Every component asks for them by the functions of `oidc-client-wasm/angular`.

import { createAuth } from "oidc-client-wasm/angular";

/** Set by `--define` in package.json, and empty without it. */
declare const ISSUER: string;

const issuer = ISSUER || "http://localhost:9400";

/** Where the API is, whose requests get the access token. */
export const apiBaseUrl = `${issuer}/api/`;

export const auth = createAuth({
  demo: {
    issuer,
    clientId: "demo-spa",
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scope: "openid profile email offline_access",
    apiBaseUrl,
  },
});

declare module "oidc-client-wasm/angular" {
  interface Register {
    auth: typeof auth;
  }
}
