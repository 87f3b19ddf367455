import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import type { ClientSettings } from "oidc-client-wasm";
import { AuthProvider, createAuth } from "oidc-client-wasm/react";
import App from "./App";

const oidcConfig: ClientSettings = {
  issuer: "https://id.example.com",
  clientId: "shop",
  redirectUri: window.location.origin,
  postLogoutRedirectUri: window.location.origin,
  scope: "openid profile offline_access",
};

const auth = createAuth({ app: oidcConfig }, { tokenStorage: "local", autoRenew: true });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AuthProvider auth={auth}>
      <App />
    </AuthProvider>
  </StrictMode>,
);
