// The entry `oidc-client-wasm/vue`: a plugin, composables and a guard of routes on `oidc-client-wasm/store`, for Vue 3.3 and later.

import { computed, getCurrentInstance, getCurrentScope, hasInjectionContext, inject, onMounted, onScopeDispose, shallowRef } from "vue";
import { clientOf, goOn, misuse, provided, verbsOf } from "./adapter.js";
import { LOADING, ignorable, placeHere, returnTo, withoutResponse } from "./store.js";

export { createAuth } from "./store.js";

const AUTHS = Symbol("oidc-client-wasm");
/** `NavigationFailureType.duplicated` of Vue Router. */
const DUPLICATED = 16;
const isPage = () => typeof document === "object";
const hasResponse = (url) => /[?&#]state=/.test(url);

export function authPlugin(auth, options) {
  const { navigate } = { __proto__: null, ...options };
  return {
    install(app) {
      const auths = app.runWithContext(() => inject(AUTHS, null)) ?? [];
      if (provided(auth, auths, "plugins of this app") === auths) return;
      if (auths.push(auth) === 1) app.provide(AUTHS, auths);
      const stop = goOn(auth, () => navigate);
      // Vue has it since 3.5.
      app.onUnmount?.(stop);
    },
  };
}

function useClient(name) {
  if (!hasInjectionContext()) throw misuse("A composable of oidc-client-wasm was called outside of a component.", "Call it in <script setup>, before the first await. Elsewhere, use auth.client(name).");
  const auths = inject(AUTHS, null);
  if (auths === null) throw misuse("This app has no plugin of oidc-client-wasm.", "Call app.use(authPlugin(auth)) with the auth of createAuth(settings), before app.mount().");
  return clientOf(auths, name);
}

export function useAuth(name) {
  const client = useClient(name);
  // A component that a server has rendered has its element, and must render the same as the server did, until it is mounted.
  const isRendered = Boolean(getCurrentInstance()?.vnode.el);
  const snapshot = shallowRef(isRendered ? LOADING : client.snapshot);
  const look = () => {
    snapshot.value = client.snapshot;
  };
  if (isRendered) onMounted(look);
  // On a server nothing changes, and scopes do not end.
  const stop = isPage() ? client.subscribe(look) : look;
  if (getCurrentScope()) onScopeDispose(stop);
  const member = (key) => computed(() => snapshot.value[key]);
  return {
    status: member("status"),
    claims: member("claims"),
    error: member("error"),
    expiresAt: member("expiresAt"),
    ...verbsOf(client),
  };
}

export function useAccessToken(name) {
  const client = useClient(name);
  return (options) => client.getAccessToken(options);
}

/** Waits until the status of a client is one of these. */
function until(client, statuses) {
  return new Promise((resolve) => {
    const look = () => statuses.test(client.snapshot.status) && resolve(stop());
    const stop = client.subscribe(look);
    look();
  });
}

export function guardRouter(router, auth, options) {
  const { requires = (to) => to.meta.requiresAuth, fallback = "/", params } = { __proto__: null, ...options };
  const { base } = router.options.history;
  const pathOf = (place) => (place.startsWith(`${base}/`) ? place.slice(base.length) : "/");
  /** The client that a route is guarded by. */
  /** The client of which a route needs a signed-in user. */
  const guardedBy = (to) => {
    const name = requires(to);
    return name ? auth.client(name === true ? undefined : name) : undefined;
  };
  const refused = new WeakSet();
  /** The result of a navigation to a guarded route, where no user of its client is signed in. A fallback that leads to a guarded route itself ends the navigation. */
  function refusal(client, to) {
    const first = to.redirectedFrom ?? to;
    if (typeof fallback === "boolean") return fallback;
    if (refused.has(first) || guardedBy(router.resolve(fallback)) === client) return false;
    refused.add(first);
    return fallback;
  }
  const letIn = new Set();
  /** The target of the latest navigation. */
  let latest;
  let isOff = false;
  let isFirst = router.currentRoute.value.matched.length === 0;

  /** Where a response in the address bar leads: to the place where its login began, also after a failure, else to what the client has left of the URL. */
  async function answered() {
    const result = await auth.redirect.catch((error) => error);
    let place = placeHere().returnTo;
    returnTo(result, (began) => {
      place = began;
    });
    return pathOf(place);
  }

  /** Judges the current route again when the session of a client ends that let the person in. */
  async function watch(client) {
    if (letIn.has(client)) return;
    letIn.add(client);
    await until(client, /signed-out/);
    letIn.delete(client);
    const { path, query, hash } = router.currentRoute.value;
    if (!isOff && guardedBy(router.currentRoute.value) === client) await router.replace({ path, query, hash, force: true });
  }

  /** Shows a person who sees no route yet the one that was refused, when a session begins without a redirect. */
  async function showLater(client, to) {
    await until(client, /signed-in/);
    if (!isOff && latest === to) await router.replace(to.fullPath);
  }

  const stop = router.beforeEach(async (to, from) => {
    // A server renders the route, with the status `loading`.
    if (!isPage()) return true;
    latest = to;
    // The client or a redirect of the router may have taken the response out of one of them.
    const goal = isFirst && hasResponse(location.href + to.fullPath) ? answered() : to.fullPath;
    isFirst = false;
    if ((await goal) !== to.fullPath) return goal;
    const client = guardedBy(to);
    if (!client) return true;
    await until(client, /^signed/);
    // A navigation that another one has taken the place of begins no login.
    if (latest !== to) return false;
    if (client.needsLogin) {
      const leaving = client.authorizeRedirect({ appState: { returnTo: withoutResponse(base + to.fullPath) }, ...params });
      // Its failure is the error of the client. A mistake of the app is reported, too.
      ignorable(leaving);
      await leaving.catch(() => {});
    }
    if (client.snapshot.status === "signed-in") {
      watch(client);
      return true;
    }
    // A person who comes back from the provider without a login stays where the link is.
    if (client.needsLogin && from.matched.length > 0) return false;
    const result = refusal(client, to);
    if (result === false && from.matched.length === 0) showLater(client, to);
    return result;
  });
  // A navigation to where the person is ends the one under way, and asks no guard.
  const stopToo = router.afterEach((to, from, failure) => {
    if (failure?.type === DUPLICATED) latest = to;
  });
  // The session may have ended while the components of the route were on their way.
  const stopAtLast = router.beforeResolve((to) => {
    const client = isPage() ? guardedBy(to) : undefined;
    return !client || client.snapshot.status === "signed-in" || refusal(client, to);
  });
  return () => {
    isOff = true;
    stop();
    stopToo();
    stopAtLast();
  };
}
