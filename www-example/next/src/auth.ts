// The clients of the app. `providers.tsx` gives them to the client components, which ask for them by the hooks of `oidc-client-wasm/react`.

import { createAuth } from "oidc-client-wasm/react";

const issuer: string = process.env.NEXT_PUBLIC_ISSUER ?? "http://localhost:9400";
const origin = globalThis.location?.origin; // undefined on the server, which needs no origin

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

declare module "oidc-client-wasm/react" {
  interface Register {
    auth: typeof auth;
  }
}
