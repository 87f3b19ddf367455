// The promise of `createOAuth`: it gives clients whose verbs may be called before the WebAssembly is there.

import { OAuthError } from "./error.js";
import { closeAfter, openPopup } from "./open.js";

/** Verbs that read the address bar when they are called, and not when the WebAssembly is there: a router may have changed it by then. */
const READ_THE_URL = ["authorizeAccessToken", "validateLogoutResponse", "handleFrontChannelLogout"];

/** Milliseconds for which a page is kept from its `load`. */
const HOLD = 10_000;

/**
 * Keeps the `load` of a page in a frame from coming before the work ends: the provider's page goes on at the `load` of its frames, and takes
 * them away. A frame within, with a document that stays open, does that in every browser.
 */
function holdLoad(work) {
  if (window !== parent && document.readyState !== "complete") {
    const frame = document.documentElement.appendChild(document.createElement("iframe"));
    frame.hidden = true;
    frame.contentDocument?.open();
    const release = () => frame.remove();
    setTimeout(release, HOLD);
    work.then(release, release);
  }
  return work;
}

function unknownClient(name) {
  return new OAuthError({
    code: "config_invalid",
    message: `There is no client with the name "${String(name)}".`,
    remedy: "Correct the name, or give createOAuth settings for a client of this name.",
    clientName: String(name),
  });
}

/** What `work` gives, unless the signal of the caller fires before. */
function unlessAborted(work, signal) {
  if (!(signal instanceof AbortSignal)) return work;
  return new Promise((resolve, reject) => {
    const give = () => {
      const code = signal.reason?.name === "TimeoutError" ? "timeout" : "aborted";
      reject(new OAuthError({ code, phase: "config", message: "The signal fired before the client was there." }));
    };
    if (signal.aborted) give();
    signal.addEventListener("abort", give);
    const fail = (error) => {
      reject(error);
      // The caller hears of the signal alone, and a mistake in the settings is reported all the same.
      if (signal.aborted && error?.kind !== "environment") throw error;
    };
    work.then(resolve, fail).finally(() => signal.removeEventListener("abort", give));
  });
}

/** The signal among the arguments of a verb. What is wrong with them, Rust tells. */
function signalOf(verb, args) {
  try {
    // The popup may be a window of another origin by now.
    return (verb === "authorizePopup" ? args[0] : args.at(-1))?.signal;
  } catch {
    return undefined;
  }
}

/** Makes the promise of what `begin` gives. `verbs` are the names of a client's methods. */
export function starting(begin, verbs) {
  const clients = new Map();
  let attempt = launch();
  let handled;

  /** A load that failed is forgotten, so that the next verb tries again. */
  function launch() {
    const launched = begin().catch((error) => {
      attempt = undefined;
      // The verbs tell a fault that may pass. A mistake in the settings is reported even where the page never awaits.
      if (error?.kind === "environment") launched.catch(() => {});
      throw error;
    });
    return launched;
  }

  async function run(name, verb, args) {
    const readsUrl = READ_THE_URL.includes(verb);
    const given = readsUrl && args[0] === undefined ? [globalThis.location?.href, ...args.slice(1)] : args;
    const signal = signalOf(verb, args);
    const oauth = await unlessAborted((attempt ??= launch()), signal);
    // A response in the address bar comes first. The page's own call gets the same result, and the same error.
    if (!readsUrl) await unlessAborted((handled ??= oauth.handleRedirect().catch(() => {})), signal);
    const client = oauth.client(name);
    if (client === undefined) throw unknownClient(name);
    return client[verb](...given);
  }

  function makeClient(name) {
    const client = {};
    for (const verb of verbs) {
      let value = (...args) => run(name, verb, args);
      if (verb === "authorizePopup") value = (params, popup = openPopup(params)) => closeAfter(popup, run(name, verb, [params, popup]));
      // It gives no promise, so no page could hear of a failure.
      if (verb === "touch") value = () => void run(name, verb, []).catch(() => {});
      if (verb === "handleFrontChannelLogout") value = (...args) => holdLoad(run(name, verb, args));
      Object.defineProperty(client, verb, { __proto__: null, value, configurable: true, writable: true });
    }
    return client;
  }

  function client(name) {
    if (!clients.has(name)) clients.set(name, makeClient(name));
    return clients.get(name);
  }
  return Object.assign(attempt, { client });
}
