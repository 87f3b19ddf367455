// The npm skin, for every entry: loads the WebAssembly once and gives `oauth.<name>` its client.
// What decides anything about a login lives in Rust. `cargo xtask dist` makes one file of this file and of those that it imports.

import init, { BUILD, OAuthCore, setSkin } from "./oidc_client_wasm.js";
import { OAuthError, isOAuthError, printUncaught } from "./error.js";
import { checkPage, checked, file, start } from "./load.js";
import { closeAfter, openPopup, withoutWindow } from "./open.js";
import { starting } from "./starting.js";
import { makeStates } from "./state.js";

export { OAuthError, isOAuthError } from "./error.js";

let loading;

/** One load for all callers and all entries; a failed one is forgotten, so that the next call tries again. */
function load(source) {
  loading ??= start(init, source, "wasm", BUILD).then(
    () => {
      setSkin(skin);
    },
    (error) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Where the verifier comes from: an option, else what the entry knows. What an option said once stays. */
let verifierGiven;
let verifierBeside;
let loadingVerifier;
/** Why the last load of the verifier failed. Rust knows that it failed, and not why. */
let verifierFault;

/** The same for the verifier in Rust, which only pages without WebCrypto need: a chunk of its own. */
function loadVerifier() {
  verifierFault = undefined;
  loadingVerifier ??= file("verifier.js", import("./verifier/verifier.js"))
    .then(async (verifier) => {
      await start(verifier.default, verifierGiven ?? verifierBeside, "verifierWasm", verifier.BUILD);
      return verifier.verify;
    })
    .catch((cause) => {
      loadingVerifier = undefined;
      verifierFault = cause;
      throw cause;
    });
  return loadingVerifier;
}

/** What shows the popup or the hidden frame of a login: a chunk of its own. */
function loadWindows() {
  return file("windows.js", import("./windows.js"));
}

/** Starts the worker that keeps the tokens, which is a chunk of its own with what the page has of it. */
async function startWorker(url) {
  try {
    const { send, start } = await file("vault.js", import("./vault.js"));
    await start(url);
    return send;
  } catch (cause) {
    throw new OAuthError({
      code: "worker_load_failed",
      phase: "config",
      message: "The worker that keeps the tokens could not be started.",
      remedy:
        "Serve vault.js and worker.js of the package beside its other JavaScript, from the origin of the page (or pass the URL of a copy of worker.js as the " +
        "option workerUrl), over https or from localhost, and allow 'self' in worker-src of the page's Content-Security-Policy. Under require-trusted-types-for, make workerUrl by a policy of yours: docs/storage.md.",
      cause,
    });
  }
}

/** Makes the error of what Rust tells. A load of the verifier that failed has its reason here. */
function makeError(fields) {
  if (fields.code !== "wasm_load_failed" || verifierFault === undefined) return new OAuthError(fields);
  if (!isOAuthError(verifierFault)) return new OAuthError({ ...fields, cause: verifierFault });
  const { message, remedy, retryable, status, cause } = verifierFault;
  return new OAuthError({ ...fields, message, remedy, retryable, status, cause });
}

/** The functions that the module calls. */
const skin = {
  __proto__: null,
  makeError,
  loadVerifier,
  loadWindows: async () => (await loadWindows()).show,
};

/** The methods and the getters of a client. The module knows them by their places in these lists (src/js/client/members.rs). */
const VERBS = (
  "authorizeRedirect authorizePopup authorizeAccessToken createAuthorizationUrl saveAuthorizeData preload loadServerMetadata fetchJwkSet getAccessToken refreshToken revokeToken parseIdToken " +
  "userinfo fetch get post put patch delete logoutRedirect createLogoutUrl validateLogoutResponse handleFrontChannelLogout clear touch monitorSession"
).split(" ");
const GETTERS = "name clientId claims token isAuthenticated supportsRpLogout".split(" ");

/** A client of the module, with its members by their names. */
function named(client) {
  const members = { __proto__: null };
  VERBS.forEach((name, verb) => {
    // Without a length: the runners of tests take a function with one for a function that calls back.
    members[name] = (...given) => client.call(verb, given[0], given[1]);
  });
  GETTERS.forEach((name, getter) => {
    Object.defineProperty(members, name, { __proto__: null, get: () => client.see(getter) });
  });
  return members;
}

/**
 * Gives `face` the members as its own: they work when they are taken off the object, they are the same at each look, a test may replace them, and no
 * listing has them.
 */
function give(face, members) {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(face, name, { __proto__: null, ...member, enumerable: false, configurable: true });
  }
}

/** Begins to watch the session at the provider: a chunk of its own. Its errors are events, because the call waits for nothing. */
function monitorSession(client, oauth, options) {
  const fail = (fields) => {
    const error = isOAuthError(fields) ? fields : new OAuthError({ ...fields, clientName: client.name });
    oauth.dispatchEvent(new CustomEvent("error", { detail: { name: client.name, error } }));
  };
  const begun = file("monitor.js", import("./monitor.js")).then(({ monitor }) => monitor(client, oauth, options, fail), fail);
  return () => {
    begun.then((stop) => stop?.());
  };
}

/** A client, as an application holds it. */
class OAuthClient {
  constructor(client, oauth, states) {
    const members = states.membersOf(client);
    give(this, client);
    give(this, members);
    // The glue has one method for the two verbs that show a window.
    give(this, {
      authorizePopup: (params, popup = openPopup(params)) => closeAfter(popup, members.authorizePopup(withoutWindow(params), popup)),
      authorizeSilent: (params) => client.authorizePopup(params),
      monitorSession: (options) => monitorSession(client, oauth, options),
    });
  }
}
// Consoles print the name, which the minifier changes.
Object.defineProperty(OAuthClient, "name", { __proto__: null, value: "OAuthClient", configurable: true });

/** The hand-over of a response to the page that began the login. A second call waits for the same. */
let handedOn;

/**
 * The query and the fragment of a URL that answers a login in a window, as the end of its `state` says: this page is in that window, and acts
 * on nothing. The address bar is clean when this returns.
 */
function responseToHandOn(url) {
  try {
    const { href, search, hash } = new URL(url ?? location.href, document.baseURI);
    const response = search + hash;
    if (!/[?&#]state=[^&#]*(\.|%2e)oidc-(popup|silent)(?=[&#]|$)/i.test(response)) return undefined;
    if (href === location.href) history.replaceState(history.state, "", location.pathname);
    return response;
  } catch {
    // Rust tells what is wrong with the URL.
    return undefined;
  }
}

/** The registry, and what adds a client to it without a question to other tabs. An object of the page's own EventTarget, which is asked for now and not when the module is imported. */
function makeRegistry(core) {
  const oauth = new EventTarget();
  const clients = new Map();
  const states = makeStates();
  const add = (name, settings, options) => {
    const client = new OAuthClient(named(core.register(name, settings, options)), oauth, states);
    clients.set(name, client);
    Object.defineProperty(oauth, name, { __proto__: null, value: client, enumerable: true, configurable: true });
    return client;
  };
  const members = {
    register(name, settings, options) {
      const client = add(name, settings, options);
      core.ask();
      return client;
    },
    unregister(name) {
      if (clients.delete(name)) delete oauth[name];
      return core.unregister(name);
    },
    client(name) {
      return clients.get(name);
    },
    get names() {
      return [...clients.keys()];
    },
    async handleRedirect(url, options) {
      const response = responseToHandOn(url);
      if (response !== undefined) {
        handedOn = loadWindows().then(({ handOn }) => handOn(response)).finally(() => {
          handedOn = undefined;
        });
      }
      if (handedOn) {
        await handedOn;
        return null;
      }
      // The address bar is clean when the call returns.
      const isResponse = /[?&#](code|error)=/.test(typeof url === "string" ? url : location.href);
      const handling = core.handleRedirect(url, options);
      const result = await (isResponse ? states.during("signing-in", handling) : handling);
      return result && { ...result, client: clients.get(result.client) };
    },
  };
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) give(oauth, { [name]: oauth[name].bind(oauth) });
  give(oauth, members);
  core.onEvent((type, detail) => {
    states.note(type, detail);
    // The browser reports the exception of a listener, and the other listeners are called all the same.
    oauth.dispatchEvent(new CustomEvent(type, { detail }));
  });
  return { oauth, add };
}

/** An option that is needed before there is WebAssembly that could judge the options, which names what is wrong with them. */
function early(options, name) {
  try {
    return Object.hasOwn(options, name) ? options[name] : undefined;
  } catch {
    return undefined;
  }
}

/** What an option says of where WebAssembly comes from. */
function sourceOf(options, name) {
  const given = early(options, name) ?? undefined;
  if (given === undefined) return undefined;
  checked(given, name);
  return () => given;
}

/** A browser fetches storage from another process when a page touches it first, and the page stands still: let it do so while it waits. */
function touchStorage() {
  try {
    return sessionStorage.length + localStorage.length;
  } catch {
    // The client works without storage as well as it can.
  }
}

/** The registry of an entry, which says by `sources` where the WebAssembly comes from if no option does. */
async function begin(sources, settings = {}, options) {
  printUncaught();
  checkPage();
  const wasm = sourceOf(options, "wasm") ?? sources.wasm;
  verifierGiven = sourceOf(options, "verifierWasm") ?? verifierGiven;
  verifierBeside = sources.verifierWasm;
  const loaded = load(wasm);
  const worker = early(options, "tokenStorage") === "worker" && startWorker(early(options, "workerUrl") ?? undefined);
  touchStorage();
  const [, send] = await Promise.all([loaded, worker]);
  if (send) skin.send = send;
  const core = new OAuthCore(options);
  const { oauth, add } = makeRegistry(core);
  for (const [name, client] of await core.loadSettings(settings)) add(name, client);
  await core.ask();
  return oauth;
}

/** `createOAuth` of an entry. */
export function create(sources, settings, options) {
  // A page gets the function that ends the monitor at once.
  const verbs = VERBS.filter((name) => name !== "monitorSession");
  const oauth = starting(() => begin(sources, settings, options), [...verbs, "authorizeSilent"]);
  const log = early(options, "log");
  // What a logger throws is an unhandled rejection of its own.
  if (typeof log === "function") (async () => log(oauth))();
  return oauth;
}
