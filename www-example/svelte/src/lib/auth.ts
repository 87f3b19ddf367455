// The clients of the app. Every component asks for them by the functions of `oidc-client-wasm/svelte`.

import { createAuth } from "oidc-client-wasm/svelte";

const issuer: string = import.meta.env.VITE_ISSUER ?? "http://localhost:9400";
const origin = globalThis.location?.origin; // undefined where the pages are rendered beforehand, which needs no origin

export const auth = createAuth({
  demo: {
    issuer,
    clientId: "demo-spa",
    redirectUri: `${origin}/callback`,
    postLogoutRedirectUri: `${origin}/`,
    scope: "openid profile email offline_access",
    apiBaseUrl: `${issuer}/api/`,
  },
});

declare module "oidc-client-wasm/svelte" {
  interface Register {
    auth: typeof auth;
  }
}
