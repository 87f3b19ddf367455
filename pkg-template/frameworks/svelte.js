// The entry `oidc-client-wasm/svelte`: a context, state for runes, and a guard on `oidc-client-wasm/store`, for Svelte 5.7 and later. It is plain JavaScript:
// no compiler has to see it.

import { getContext, onMount, setContext } from "svelte";
import { createSubscriber } from "svelte/reactivity";
import { clientOf, goOn, misuse, needsLoginHere, provided, signInHere, verbsOf } from "./adapter.js";
import { LOADING } from "./store.js";

export { createAuth } from "./store.js";

const TREE = Symbol("oidc-client-wasm");

/** What the components above have provided: the auths, and what `changes` beside the clients. */
function treeAbove(called) {
  try {
    return getContext(TREE);
  } catch {
    throw misuse(`${called}() was called outside of a component.`, "Call it in the <script> of a component, before the first await. Elsewhere, use auth.client(name).");
  }
}

export function provideAuth(auth, options) {
  const { navigate } = { __proto__: null, ...options };
  const { auths, changes } = treeAbove("provideAuth") ?? { auths: [], changes: new EventTarget() };
  if (auths.includes(auth)) return;
  setContext(TREE, { auths: provided(auth, auths, "calls of provideAuth()"), changes });
  onMount(() => {
    changes.isMounted = true;
    changes.dispatchEvent(new Event("change"));
    return goOn(auth, () => navigate);
  });
}

function use(called, name) {
  const tree = treeAbove(called);
  if (!tree) throw misuse(`No component above has called provideAuth(), which ${called}() needs.`, "Call provideAuth(auth) in the root +layout.svelte, with the auth of createAuth(settings).");
  const { auths, changes } = tree;
  return { client: clientOf(auths, name), changes };
}

/** State of a client, whose members are read again where their own value has changed. `judge` may see another status. */
function state(client, changes, judge = (status) => status) {
  // What a server has rendered is taken over with the state of the server, until the page is mounted.
  const snapshot = () => (changes.isMounted ? client.snapshot : LOADING);
  const member = (read) => {
    const subscribe = createSubscriber((update) => {
      let seen = read();
      const look = () => {
        const now = read();
        if (now === seen) return;
        seen = now;
        update();
      };
      const stop = client.subscribe(look);
      changes.addEventListener("change", look);
      return () => {
        stop();
        changes.removeEventListener("change", look);
      };
    });
    return {
      enumerable: true,
      get() {
        subscribe();
        return read();
      },
    };
  };
  return Object.defineProperties(verbsOf(client), {
    status: member(() => judge(snapshot().status)),
    claims: member(() => snapshot().claims),
    error: member(() => snapshot().error),
    expiresAt: member(() => snapshot().expiresAt),
  });
}

export function useAuth(name) {
  const { client, changes } = use("useAuth", name);
  return state(client, changes);
}

export function useAccessToken(name) {
  const { client } = use("useAccessToken", name);
  return (options) => client.getAccessToken(options);
}

export function requireAuth(options) {
  const { name, params } = { __proto__: null, ...options };
  const { client, changes } = use("requireAuth", name);
  /** A layout stays where the address changes, and is not asked again. */
  let hasBegun = false;
  // The login begins after the first look at the page, which must not ask the user to click meanwhile.
  const auth = state(client, changes, (status) => (status === "signed-out" && !hasBegun && needsLoginHere(client) ? "signing-in" : status));
  onMount(() => {
    const look = () => {
      if (hasBegun || !client.needsLogin) return;
      hasBegun = true;
      signInHere(client, params);
    };
    look();
    return client.subscribe(look);
  });
  return auth;
}
