// The clients of the app. Every component asks for them by the hooks of `oidc-client-wasm/react`.

import { createAuth } from "oidc-client-wasm/react";

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

declare module "oidc-client-wasm/react" {
  interface Register {
    auth: typeof auth;
  }
}
