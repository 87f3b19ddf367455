// The entry `oidc-client-wasm/testing`: what a test gives an app in place of `createAuth` and `createOAuth`. Nobody is really signed in.

import { subscriber } from "../state.js";
import { VERBS } from "./client.js";
import { errorOf, oauthError } from "./errors.js";
import { makeRegistry, startingOf } from "./registry.js";

export { oauthError } from "./errors.js";

const LOADING = Object.freeze({ status: "loading", claims: null, error: null, expiresAt: null });

let hasWarned = false;

/** Bundlers replace the whole expression `process.env.NODE_ENV`, also where there is no `process`. */
function mode() {
  try {
    return process.env.NODE_ENV;
  } catch {
    return undefined;
  }
}

/** Whoever can load this code in production is signed in as anybody. */
function checkPlace({ dangerouslyAllowInProduction }) {
  const isProduction = mode() === "production";
  if (isProduction && dangerouslyAllowInProduction !== true) {
    throw oauthError("config_invalid", {
      message: "The test double of oidc-client-wasm signs nobody in, and this is a production build.",
      remedy: "Import createAuth from the entry of your framework. For a demonstration without real users, pass { dangerouslyAllowInProduction: true }.",
    });
  }
  const isPage = typeof document === "object" && mode() !== "test";
  if (hasWarned || !(isProduction || isPage)) return;
  hasWarned = true;
  console.warn("oidc-client-wasm/testing: the users of this page are made up. Nobody is signed in.");
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  made.promise.catch(() => {});
  return made;
}

function unknownClient(name, names) {
  const message = name === undefined ? "The name of the client is missing." : `There is no client with the name "${String(name)}".`;
  return oauthError("config_invalid", { message, remedy: `The test has: ${names.join(", ")}. Give createTestAuth a client of this name.` });
}

export function createTestAuth(given = { test: null }, options) {
  const { fetch, loading: isLoading = false, ...rest } = { __proto__: null, ...options };
  checkPlace(rest);
  const names = Object.freeze(Object.keys(given));
  const calls = [];
  const changes = new EventTarget();
  /** The names of the clients that have had a session. When it ends, the person may not want to sign in again. */
  const known = new Set();
  const clients = new Map();
  /** The state of every client where the load failed. */
  let failed = null;
  let isReady = false;
  let isUnanswered = false;
  let isMuted = false;
  let load = deferred();
  let redirect = deferred();
  const answered = deferred();

  const tell = () => {
    for (const name of oauth.names) if (oauth[name].isAuthenticated) known.add(name);
    changes.dispatchEvent(new Event("change"));
  };
  /** A parameter that is left out and one that is `undefined` are the same to each verb, and so are they to who looks at the calls. */
  const record = (name, verb, given) => {
    const args = [...given];
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    if (!isMuted) calls.push({ name, verb, args });
  };
  const { oauth, emit, driveOf } = makeRegistry({ record, tell, fetch, redirect: () => redirect.promise });
  const start = () => startingOf(load.promise, clientOf);
  let starting = start();

  /** A verb of a client that is not there yet waits, as a load that failed is begun again by it. */
  async function later(name, verb, args) {
    record(name, verb, args);
    if (failed !== null) begin();
    await load.promise;
    isMuted = true;
    try {
      return oauth[name][verb](...args);
    } finally {
      isMuted = false;
    }
  }

  function begin() {
    failed = null;
    isReady = false;
    load = deferred();
    redirect = deferred();
    starting = start();
    tell();
  }

  function clientOf(name = names[0]) {
    if (!oauth.client(name)) throw unknownClient(name, oauth.names);
    if (!clients.has(name)) clients.set(name, makeAuthClient(name));
    return clients.get(name);
  }

  function makeAuthClient(name) {
    let early = LOADING;
    let gone;
    /** While the client loads, its session is in storage, of which there is the hint. */
    const hint = () => {
      const { claims, token } = oauth[name];
      const now = { ...LOADING, claims, expiresAt: token?.expires_at ?? null };
      if (now.claims !== early.claims || now.expiresAt !== early.expiresAt) early = token ? Object.freeze(now) : LOADING;
      return early;
    };
    const face = {
      name,
      subscribe: subscriber(changes, () => face.snapshot),
      get needsLogin() {
        const { status, error } = face.snapshot;
        return status === "signed-out" && error === null && !known.has(name) && !isUnanswered;
      },
      get snapshot() {
        if (failed !== null) return failed;
        const client = oauth.client(name);
        if (!client) return (gone ??= Object.freeze({ ...LOADING, status: "signed-out", error: unknownClient(name, oauth.names) }));
        return isReady ? client.snapshot : hint();
      },
    };
    for (const verb of VERBS) {
      face[verb] = (...args) => {
        if (!oauth.client(name)) return Promise.reject(unknownClient(name, oauth.names));
        return isReady ? oauth[name][verb](...args) : later(name, verb, args);
      };
    }
    return face;
  }

  /** Says that the client is there, and what the response in the address bar was. */
  function ready(result = null, error) {
    if (isReady) return;
    failed = null;
    isReady = true;
    load.resolve(oauth);
    if (result?.kind === "logout") known.add(result.client.name);
    if (error) redirect.reject(error);
    else redirect.resolve(result);
    answered.resolve(redirect.promise);
    tell();
  }

  function driven({ client: name = names[0] } = {}) {
    const drive = driveOf(name);
    if (!drive) throw unknownClient(name, oauth.names);
    return drive;
  }

  const drivers = {
    signIn(claims, driver) {
      driven(driver).signIn(claims, driver?.reason);
      ready();
    },
    signOut(driver) {
      driven(driver).signOut(driver?.reason);
      ready();
    },
    fail(error, driver) {
      driven(driver).fail(error);
      ready();
    },
    stay(driver) {
      driven(driver).stay();
      ready();
    },
    renew(driver) {
      driven(driver).renew();
    },
    set(state, driver) {
      driven(driver).put(state);
      ready();
    },
    load(answer = null) {
      if (isReady) throw new TypeError("load: the client is there already. Give createTestAuth the option loading.");
      if (typeof answer === "string" || answer instanceof Error) {
        const error = errorOf(answer, { clientName: names[0] });
        emit("error", { name: error.clientName ?? names[0], error });
        return ready(null, error);
      }
      const { kind, client: name = names[0], claims, appState } = { __proto__: null, ...answer };
      if (kind === "login") driven({ client: name }).signIn(claims);
      isUnanswered = kind === "unknown";
      const client = oauth.client(name);
      return ready(kind === "login" ? { kind, client, token: client.token, appState } : kind === "logout" ? { kind, client, appState } : null);
    },
    failLoad(given = "wasm_load_failed") {
      const error = errorOf(given);
      if (isReady) begin();
      failed = Object.freeze({ ...LOADING, status: "signed-out", error });
      load.reject(error);
      redirect.reject(error);
      tell();
    },
    reply: (verb, body, driver) => driven(driver).reply(verb, body),
    called: (verb, driver) => calls.filter((call) => call.verb === verb && call.name === (driver?.client ?? call.name)).map(({ args }) => args),
  };

  for (const [name, state] of Object.entries(given)) {
    oauth.register(name, state ?? {});
    driveOf(name).put(state);
  }
  if (!isLoading) ready();
  return Object.assign(
    Object.defineProperties({ client: clientOf, names, answered: answered.promise, registry: oauth, calls, ...drivers }, {
      oauth: { enumerable: true, get: () => starting },
      redirect: { enumerable: true, get: () => redirect.promise },
    }),
    {
      createOAuth(settings) {
        const isRead = typeof settings === "object" && settings !== null && !(settings instanceof URL) && settings.nodeType === undefined;
        for (const [name, client] of Object.entries(isRead ? settings : {})) if (!oauth.client(name)) oauth.register(name, client);
        return starting;
      },
    },
  );
}
