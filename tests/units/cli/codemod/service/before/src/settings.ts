import { WebStorageStateStore, type UserManagerSettings } from "oidc-client-ts";

/** As registered by the people of the identity team. */
export const settings: UserManagerSettings = {
  authority: "https://id.example.com", // the realm of the company
  client_id: "orders",
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/silent.html`,
  post_logout_redirect_uri: `${location.origin}/`,
  response_type: "code",
  scope: "openid profile email offline_access",
  automaticSilentRenew: true,
  loadUserInfo: false,
  // people stay signed in when they close the browser
  userStore: new WebStorageStateStore({ store: window.localStorage }),
  extraQueryParams: { audience: "https://api.example.com" },
  revokeTokensOnSignout: true,
};
