import { createAuth } from "oidc-client-wasm/vue";

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

/** The composables know the names of the clients. */
declare module "oidc-client-wasm/vue" {
  interface Register {
    auth: typeof auth;
  }
}
