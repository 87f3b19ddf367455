import type { ClientSettings } from "oidc-client-wasm";

/** As registered by the people of the identity team. */
export const settings: ClientSettings = {
  issuer: "https://id.example.com", // the realm of the company
  clientId: "orders",
  redirectUri: `${location.origin}/callback`,
  silentRedirectUri: `${location.origin}/silent.html`,
  postLogoutRedirectUri: `${location.origin}/`,
  scope: "openid profile email offline_access",
  // people stay signed in when they close the browser
  authorizeParams: { audience: "https://api.example.com" },
};
