// The pages of the app. A person who is not signed in gets to the provider from `/protected`, and back to it by `/callback`, which needs no route:
// the guard goes on to where the login began.

import { guardRouter } from "oidc-client-wasm/vue";
import { createRouter, createWebHistory } from "vue-router";
import { auth } from "./auth";
import Home from "./Home.vue";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: Home },
    { path: "/protected", component: () => import("./Protected.vue"), meta: { requiresAuth: true } },
    { path: "/:unknown(.*)", redirect: "/" },
  ],
});

// After a sign-out, here or in another tab, the route stays, and App.vue has a button in its place.
guardRouter(router, auth, { fallback: true });
