// The pages of the app. A person who is not signed in gets to the provider from `/protected`, and back to it by `/callback`.

import { RequireAuth } from "oidc-client-wasm/react";
import { createBrowserRouter, Outlet } from "react-router";
import { Callback } from "./Callback";
import { Home } from "./Home";
import { Protected } from "./Protected";
import { SignedOut } from "./SignedOut";

/** A guard for every route below it. */
function Guarded() {
  return (
    <RequireAuth fallback={SignedOut}>
      <Outlet />
    </RequireAuth>
  );
}

export const router = createBrowserRouter([
  { path: "/", Component: Home },
  { path: "/callback", Component: Callback },
  { Component: Guarded, children: [{ path: "/protected", Component: Protected }] },
]);
