import { createAuth } from "oidc-client-wasm/react";

export const auth = createAuth({
  demo: {
    issuer: "https://id.example.com",
    clientId: "my-spa",
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scope: "openid profile offline_access",
    apiBaseUrl: "https://api.example.com/",
  },
});

/** The hooks know the names of the clients. */
declare module "oidc-client-wasm/react" {
  interface Register {
    auth: typeof auth;
  }
}
