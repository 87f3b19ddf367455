import { AuthProvider } from "oidc-client-wasm/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth";
import { router } from "./router";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <AuthProvider auth={auth} navigate={(place) => router.navigate(place, { replace: true })}>
      <RouterProvider router={router} />
    </AuthProvider>
  </StrictMode>,
);
