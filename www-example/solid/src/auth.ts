// The clients of the app. Every component asks for them by the functions of `oidc-client-wasm/solid`.

import { createAuth } from "oidc-client-wasm/solid";

const issuer: string = import.meta.env.VITE_ISSUER ?? "http://localhost:9400";

export const auth = createAuth({
  demo: {
    issuer,
    clientId: "demo-spa",
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scope: "openid profile email offline_access",
    apiBaseUrl: `${issuer}/api/`,
  },
});

declare module "oidc-client-wasm/solid" {
  interface Register {
    auth: typeof auth;
  }
}
