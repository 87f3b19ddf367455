// The pages of the app. A person who is not signed in gets to the provider from `/protected`, and back to it by `/callback`, which needs no route: the app
// begins where the login began.

import type { Routes } from "@angular/router";
import { requireAuth } from "oidc-client-wasm/angular";
import { Home } from "./home";

export const routes: Routes = [
  { path: "", pathMatch: "full", component: Home },
  // After a sign-out, here or in another tab, the route stays, and the component has a button.
  { path: "protected", loadComponent: () => import("./protected"), canActivate: [requireAuth({ fallback: true })] },
  { path: "**", redirectTo: "" },
];
