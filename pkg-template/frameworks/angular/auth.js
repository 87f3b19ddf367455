// The providers, the inject functions and the guard of routes of `oidc-client-wasm/angular`.

import { LOCATION_INITIALIZED, Location } from "@angular/common";
import {
  ApplicationRef, DestroyRef, InjectionToken, TransferState, afterNextRender, computed, inject, makeEnvironmentProviders, provideAppInitializer, provideEnvironmentInitializer,
  signal, untracked,
} from "@angular/core";
import { RedirectCommand, Router } from "@angular/router";
import { clientOf, misuse, provided, verbsOf } from "../adapter.js";
import { LOADING, createAuth as createStore, placeHere, returnTo, withoutResponse } from "../store.js";

export const isPage = typeof document === "object";

/** The settings of each client, if they are not those of a file: they say where its API is. */
export const settingsOf = /* @__PURE__ */ new WeakMap();

export function createAuth(settings, options) {
  const auth = createStore(settings, options);
  auth.names?.forEach((name) => settingsOf.set(auth.client(name), settings[name]));
  return auth;
}

/** What the calls of provideAuth give that one injector has. */
const AUTHS = /* @__PURE__ */ new InjectionToken("oidc-client-wasm");

/** What an injection context has of all injectors, the nearest first. */
const all = (entries) => (entries ? [...entries, ...all(entries[0].above)] : []);

/** The client of this name, and whether the page is still that of a server. */
export function find(name, caller) {
  let entries;
  try {
    entries = all(inject(AUTHS, { optional: true }));
  } catch {
    throw misuse(`${caller} needs an injection context.`, "Call it where inject() works, as in a field of a class. Elsewhere, use auth.client(name).");
  }
  if (!entries.length) throw misuse("This app has no provideAuth().", "Add provideAuth(auth) to the providers of the app, with the auth of createAuth(settings).");
  return { client: clientOf(entries.map(({ auth }) => auth), name), isRendered: entries.at(-1).isRendered };
}

/** Settles when every response in the address bar has been answered, and the page is where its login began: a router begins there. */
const arrive = () => Promise.all((inject(AUTHS, { optional: true }) ?? []).map(async ({ auth }) => {
  if (!isPage || !/[?&#]state=/.test(location.href)) return;
  returnTo(await auth.redirect.catch((error) => error));
  // Of a response, the code belongs to one login: a router never sees it.
  history.replaceState(history.state, "", placeHere().returnTo);
}));

export function provideAuth(auth) {
  function makeEntry() {
    const entry = { auth, above: inject(AUTHS, { optional: true, skipSelf: true }), isRendered: isPage && !inject(TransferState).isEmpty };
    // Until the app is stable for the first time, its components take over what a server has rendered.
    const app = inject(ApplicationRef);
    afterNextRender(async () => {
      await app.whenStable();
      entry.isRendered = false;
    });
    return entry;
  }

  return makeEnvironmentProviders([
    { provide: AUTHS, useFactory: makeEntry, multi: true },
    // A router with a blocking initial navigation, which is an initializer itself, waits for this token.
    { provide: LOCATION_INITIALIZED, useFactory: arrive },
    provideAppInitializer(() => inject(LOCATION_INITIALIZED)),
    provideEnvironmentInitializer(() => {
      const auths = all(inject(AUTHS)).map((entry) => entry.auth);
      provided(auth, auths.filter((other) => other !== auth), "provideAuth()");
      // A login that failed goes back, too: its place says what to do next.
      auth.answered.then(returnTo, returnTo);
    }),
  ]);
}

export function injectAuth(name) {
  const { client, isRendered } = find(name, "injectAuth");
  const snapshot = signal(isRendered ? LOADING : client.snapshot);
  const look = () => snapshot.set(client.snapshot);
  // In the same tick, before the paint, a component looks again.
  if (isRendered) afterNextRender(look);
  // On a server nothing changes.
  if (isPage) inject(DestroyRef).onDestroy(client.subscribe(look));
  const member = (key) => computed(() => snapshot()[key]);
  return {
    status: member("status"),
    claims: member("claims"),
    error: member("error"),
    expiresAt: member("expiresAt"),
    ...verbsOf(client),
  };
}

export function injectAccessToken(name) {
  const { client } = find(name, "injectAccessToken");
  return (options) => client.getAccessToken(options);
}

/** What the `info` of a navigation to a fallback has: the client whose guard leads there. */
const REFUSED = Symbol();

/** What the guards of an app share: the judgement of a navigation to a route of a client. */
const JUDGE = /* @__PURE__ */ new InjectionToken("oidc-client-wasm", { factory: makeJudge });

function makeJudge() {
  const router = inject(Router);
  const places = inject(Location);
  const destroying = inject(DestroyRef);
  const current = () => untracked(router.currentNavigation);
  /** For each client the routes that let its person in, each with the id of the navigation, and where the end of the session leads. */
  const letIn = new Map();

  /** Waits until the status of a client is one of these. The end of the app ends the wait, for ever. */
  async function until(client, statuses) {
    const isThere = () => statuses.test(client.snapshot.status);
    if (isThere()) return;
    await new Promise((resolve) => {
      const stop = client.subscribe(() => isThere() && resolve(stop()));
      destroying.onDestroy(stop);
    });
  }

  const isShown = (snapshot, route) => snapshot.routeConfig === route || snapshot.children.some((child) => isShown(child, route));

  /** Lets the person in. When the session ends, a route that is shown or on its way is judged again. */
  async function letInUntilTheEnd(client, route, judgement) {
    const known = letIn.get(client);
    const routes = known ?? new Map();
    routes.set(route, judgement);
    if (known) return;
    letIn.set(client, routes);
    await until(client, /signed-out/);
    letIn.delete(client);
    const navigation = current();
    for (const [judged, { id, fallback }] of routes) {
      const isComing = navigation && id === navigation.id;
      if (!isComing && !isShown(router.routerState.snapshot.root, judged)) continue;
      if (typeof fallback !== "boolean") return router.navigateByUrl(fallback, { replaceUrl: !isComing, info: { [REFUSED]: client } });
      if (isComing && !fallback) navigation.abort();
    }
  }

  return async (client, { fallback = "/", params }, route) => {
    const navigation = current();
    const goal = navigation ? router.serializeUrl(navigation.extractedUrl) : router.url;
    const { href, origin } = new URL(places.prepareExternalUrl(goal), document.baseURI);
    const refusing = navigation?.extras.info?.[REFUSED];
    await until(client, /^signed/);
    // A navigation that another one has taken the place of begins no login, and neither does a fallback of the same client.
    if (client.needsLogin && client !== refusing && current()?.id === navigation?.id) verbsOf(client).signIn({ appState: { returnTo: withoutResponse(href.slice(origin.length)) }, ...params });
    // Another guard of the route may have begun it. Its failure is the error of the client.
    await until(client, /^signed/);
    if (client.snapshot.status === "signed-in") {
      void letInUntilTheEnd(client, route.routeConfig ?? route, { id: navigation?.id, fallback });
      return true;
    }
    // A person who comes back from the provider without a login stays where the link is, and a fallback that refuses the person, too, ends the navigation.
    if (client.needsLogin && navigation?.previousNavigation) return false;
    if (typeof fallback === "boolean") return fallback;
    return !refusing && new RedirectCommand(router.parseUrl(fallback), { info: { [REFUSED]: client } });
  };
}

export function requireAuth(first, second) {
  const guard = (given) => (route) => {
    const options = { __proto__: null, ...given };
    const { client } = find(options.name, "requireAuth");
    // A server renders the route, with the status `loading`.
    return !isPage || inject(JUDGE)(client, options, route);
  };
  return second ? guard()(first) : guard(first);
}
