import { createAuth } from "oidc-client-wasm/store";

export const auth = createAuth({
  demo: {
    issuer: "https://id.example.com",
    clientId: "my-spa",
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scope: "openid profile",
  },
});

const client = auth.client("demo");

function show() {
  const { status, claims, error } = client.snapshot;
  if (error) console.error(error, error.remedy); // the remedy is for developers
  document.querySelector("#status")?.replaceChildren(error ? error.message : `${status} ${claims?.name ?? ""}`);
}

client.subscribe(show); // returns the function that ends it
show();
