// One page for every address: what it shows follows from the address and from the state of the client.

import { createAuth, placeHere, returnTo } from "oidc-client-wasm/store";

const auth = createAuth("/settings.json");
const client = auth.client("demo");
const main = document.querySelector("main");
const isGuarded = () => location.pathname === "/protected";

/** Whether this page has begun a login by itself, and whether the person came back from it without one. */
let hasBegun = false;
let isBack = false;

/** Begins a login for a stranger on the protected page, once: `needsLogin` is false during a logout, after it, and after a failure. */
function guard() {
  if (!isGuarded() || hasBegun || !client.needsLogin) return;
  hasBegun = true;
  const isAgain = () => {
    isBack = true;
    show();
  };
  client.authorizeRedirect({ appState: placeHere() }).then(isAgain, isAgain);
}

/** The names of the templates that make up the page. */
function views({ status }) {
  const isLeaving = isGuarded() && client.needsLogin && !isBack;
  const link = isGuarded() ? [] : ["link-view"];
  if (status === "signed-in") return [isGuarded() ? "protected-view" : "person-view", ...link];
  return [status === "signed-out" && !isLeaving ? "signed-out-view" : "loading-view", ...link];
}

function show() {
  guard();
  const { status, claims, error } = client.snapshot;
  main.replaceChildren(...views({ status }).map((name) => document.getElementById(name).content.cloneNode(true)));
  const find = (id) => main.querySelector(`#${id}`);
  const when = (id, act) => find(id)?.addEventListener("click", act);
  find("name")?.append(claims?.name ?? "");
  if (error) find("error")?.append(error.message);
  else find("error")?.remove();
  // The failure of a verb is the error of the client, which the page shows.
  when("sign-in", () => client.authorizeRedirect({ appState: placeHere() }).catch(() => {}));
  when("sign-out", () => client.logoutRedirect().catch(() => {}));
  when("call-api", async () => {
    // The client adds the access token, which it renews before, where the API is that of `apiBaseUrl`.
    const response = await client.get("orders").catch((failure) => failure);
    const answer = find("api");
    answer.textContent = response instanceof Error ? response.message : await response.text();
    answer.hidden = false;
  });
}

// The place where a login began, which ended here or failed. The event `popstate` tells of it.
const goBack = (result) => returnTo(result);
auth.answered.then(goBack, goBack);
addEventListener("popstate", show);
client.subscribe(show);
show();
