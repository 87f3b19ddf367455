// The entry `oidc-client-wasm/store`: the clients of an app as the external store of any framework, from the first paint on. It loads the client,
// answers the response in the address bar, and says `loading` until both are done. The adapters of the frameworks stand on it.

import { OAuthError, createOAuth } from "../index.js";
import { readHint } from "../hint.js";

const isPage = () => typeof document === "object" && typeof location === "object";

/** What a server renders, and a browser before it knows more. */
export const LOADING = Object.freeze({ status: "loading", claims: null, error: null, expiresAt: null });

function unknownClient(name, names) {
  const message = name === undefined ? "The name of the client is missing." : `There is no client with the name "${String(name)}".`;
  const remedy = names?.length ? `The settings have: ${names.join(", ")}.` : "Pass the name of a client of the settings.";
  return new OAuthError({ code: "config_invalid", phase: "config", message, remedy });
}

/** The state of a client that cannot be used. */
function broken(error) {
  return Object.freeze({ ...LOADING, status: "signed-out", error });
}

/** Settings of one client, as far as they are at hand: those of a file are not. */
function settingsOf(settings, name) {
  return { __proto__: null, ...(settings && Object.hasOwn(settings, name) ? settings[name] : undefined) };
}

/** A plain object of settings has the names. A file or an element of the page has not been read. */
function namesOf(settings) {
  const isRead = typeof settings === "object" && settings !== null && !(settings instanceof URL) && settings.nodeType === undefined;
  return isRead ? Object.keys(settings) : undefined;
}

/** Whether a URL has the response of a login. */
const hasResponse = (url) => /[?&#](code|error)=/.test(url) && /[?&#]state=/.test(url);

/** A path with its query and its fragment, without a response: it is of one login, and has a code. */
export function withoutResponse(place) {
  return hasResponse(place) ? place.split(/[?#]/)[0] : place;
}

/** The place of the person, to come back to after a login, as its `appState`. */
export function placeHere() {
  return { returnTo: withoutResponse(location.pathname + location.search + location.hash) };
}

/** The origin of a base for paths. A path that leads to another origin names that origin itself. */
const NOWHERE = "https://nowhere.invalid";

/** Where a login began that this redirect ended, or whose error this is, if the place is of this origin. */
function placeOf(result) {
  const given = result?.kind === "logout" ? undefined : { __proto__: null, ...result?.appState }.returnTo;
  if (typeof given !== "string") return undefined;
  // The app may have given the whole of `location.href`.
  const own = globalThis.location?.origin ?? "";
  const place = given.startsWith(`${own}/`) ? given.slice(own.length) : given;
  if (!place.startsWith("/")) return undefined;
  try {
    const { origin, pathname, search, hash } = new URL(place, NOWHERE);
    return origin === NOWHERE && !pathname.startsWith("//") ? withoutResponse(pathname + search + hash) : undefined;
  } catch {
    return undefined;
  }
}

/** Goes to the place where a login began, once. Without a function of the app, routers hear of it as of a step in the history. */
export function returnTo(result, navigate = (place) => {
  history.replaceState(null, "", place);
  dispatchEvent(new PopStateEvent("popstate", { state: null }));
}) {
  const place = placeOf(result);
  if (place === undefined || returned.has(result)) return;
  returned.add(result);
  navigate(place);
}
const returned = new WeakSet();

/** The promise of a verb, which a listener of an event may ignore: its failure is the `error` of the client. A mistake of the app is reported all the same. */
export function ignorable(promise) {
  const told = new Promise((resolve, reject) => {
    promise.then(resolve, (error) => {
      reject(error);
      if (error.kind !== "usage") told.catch(() => {});
    });
  });
  return told;
}

export function createAuth(settings, given) {
  const { createOAuth: create = createOAuth, ...rest } = { __proto__: null, ...given };
  const options = { __proto__: null, ...rest };
  const names = namesOf(settings);
  const hintOf = (name) => (isPage() ? readHint(name, settingsOf(settings, name), options) : null);
  /** The URL that may have a response. A router may change it before the client is there. */
  const url = isPage() ? location.href : "";
  const clients = new Map();
  const changes = new EventTarget();
  // On a server nobody listens, and Angular replaces `Event` there by a class that `EventTarget` refuses.
  const tell = () => isPage() && changes.dispatchEvent(new Event("change"));
  let starting;
  let redirect;
  /** The registry, and whether the response in the address bar has been answered and lost sessions are back. */
  let oauth;
  let isReady = false;
  /** Whether the URL has the response of a login that is not known here, or of a login in another window. */
  let isUnanswered = false;
  /** The state of every client where the load failed. */
  let failed = null;
  /** The names of the clients that have had a session in this page. When it ends, the person may not want to sign in again. */
  const known = new Set();
  const watched = new WeakSet();
  /** What the page knew of each client when it began. */
  const hints = new Map();

  let answer;
  /** The answer to the response in the address bar. A load that failed leaves it waiting for the next try. */
  const answered = new Promise((resolve) => {
    answer = resolve;
  });
  answered.catch(() => {});

  function hintAtFirst(name) {
    if (!hints.has(name)) hints.set(name, hintOf(name));
    return hints.get(name);
  }

  /** A client of the registry, watched from the first look on. */
  function found(name) {
    const client = oauth.client(name);
    if (client === undefined || watched.has(client)) return client;
    watched.add(client);
    const note = () => {
      // A session that ended while the client loaded has left no hint.
      const hasEnded = hintAtFirst(name) !== null && hintOf(name) === null;
      if (client.isAuthenticated || hasEnded) known.add(name);
    };
    note();
    client.subscribe(() => {
      note();
      tell();
    });
    return client;
  }

  /** The silent login after a reload, which brings back a session whose tokens were in memory. The state is `loading` until it has ended. */
  async function bringBack() {
    const isLost = ({ name, isAuthenticated }) => {
      const { silentRedirectUri, silent_redirect_uri } = settingsOf(settings, name);
      return !isAuthenticated && (silentRedirectUri ?? silent_redirect_uri) !== undefined && hintOf(name) !== null;
    };
    if (!["memory", "worker"].includes(options.tokenStorage)) return;
    await Promise.allSettled(oauth.names.map(found).filter(isLost).map((client) => client.authorizeSilent()));
  }

  async function load() {
    oauth = await starting;
    oauth.names.forEach(found);
    try {
      const handling = oauth.handleRedirect(url);
      answer(handling);
      const result = await handling;
      isUnanswered = result === null && hasResponse(url);
      // The person has just signed out, and is back from the provider.
      if (result?.kind === "logout") known.add(result.client.name);
      // A page in a frame may be that of such a login.
      if (result === null && !isUnanswered && window === parent) await bringBack();
      return result;
    } finally {
      isReady = true;
      tell();
    }
  }

  /** A load that failed is begun again by the next verb. */
  function begin() {
    failed = null;
    starting = create(settings, options);
    redirect = load();
    starting.catch((error) => {
      // On a server there is nothing to load, which is no failure.
      if (!isPage()) return;
      failed = broken(error);
      tell();
      // A mistake is reported. A fault that may pass is the error of each client.
      if (error.kind !== "environment") throw error;
    });
    redirect.catch(() => {});
    tell();
  }

  function makeClient(name) {
    const hint = hintAtFirst(name);
    const early = hint ? Object.freeze({ ...LOADING, claims: hint.unverifiedClaims, expiresAt: hint.expires_at ?? null }) : LOADING;
    let missing;
    const client = {
      name,
      // As in state.js, which is inside the file of the client: to export it from there would cost every page some bytes.
      subscribe(listener) {
        let seen = client.snapshot;
        const hear = () => {
          const now = client.snapshot;
          if (now === seen) return;
          seen = now;
          listener();
        };
        changes.addEventListener("change", hear);
        return () => changes.removeEventListener("change", hear);
      },
      get needsLogin() {
        const { status, error } = client.snapshot;
        return status === "signed-out" && error === null && !known.has(name) && !isUnanswered;
      },
      get snapshot() {
        if (failed !== null) return failed;
        if (!isReady) return early;
        return found(name)?.snapshot ?? (missing ??= broken(unknownClient(name, oauth.names)));
      },
    };
    for (const verb of Object.getOwnPropertyNames(starting.client(name))) {
      client[verb] = async (...given) => {
        if (failed !== null) {
          begin();
          // The response that has waited since may be that of the login that the person wants.
          if (verb === "authorizeRedirect" && (await redirect.catch(() => null)) && found(name)?.isAuthenticated) return undefined;
        }
        // A client that is there says at once that the verb is under way.
        const now = isReady ? found(name) : undefined;
        return (now ?? starting.client(name))[verb](...given);
      };
    }
    return Object.freeze(client);
  }

  names?.forEach(hintAtFirst);
  begin();
  return Object.freeze({
    client(name = names?.[0]) {
      if (name === undefined || (names && !names.includes(name))) throw unknownClient(name, names);
      if (!clients.has(name)) clients.set(name, makeClient(name));
      return clients.get(name);
    },
    names: names && Object.freeze(names),
    answered,
    get oauth() {
      return starting;
    },
    get redirect() {
      return redirect;
    },
  });
}
