import { createAuth } from "oidc-client-wasm/angular";

/** Where the API is, whose requests get the access token. */
export const apiBaseUrl = "https://api.example.com/";

export const auth = createAuth({
  demo: {
    issuer: "https://id.example.com",
    clientId: "my-spa",
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scope: "openid profile offline_access",
    apiBaseUrl,
  },
});

/** The functions of the entry know the names of the clients. */
declare module "oidc-client-wasm/angular" {
  interface Register {
    auth: typeof auth;
  }
}
