// The npm skin: loads the WebAssembly once, gives `oauth.<name>` its client, and owns the error class.
// What decides anything about a login lives in Rust.

import init, { OAuthClient, OAuthCore, setErrorFactory, setVerifierLoader } from "./oidc_client_wasm.js";

function inFull(message, remedy, docs) {
  return [message, remedy, `See ${docs}`].filter(Boolean).join(" ");
}

export class OAuthError extends Error {
  constructor({ message, cause, ...fields }) {
    const docs = `docs/errors.md#${fields.code}`;
    // V8 keeps the text that an error is made with in `stack`, which its console prints.
    super(inFull(message, fields.remedy, docs), cause === undefined ? undefined : { cause });
    this.message = message;
    Object.assign(this, { docs }, fields);
  }
}
// On the prototype, so that it is there for every instance and in none of their listings.
// Objects without a prototype where members are optional: what a page let others put into Object.prototype is nobody's option.
Object.defineProperty(OAuthError.prototype, "name", { __proto__: null, value: "OAuthError", configurable: true, writable: true });

export function isOAuthError(value) {
  try {
    return value instanceof OAuthError;
  } catch {
    // A Proxy may throw at every look.
    return false;
  }
}

let isListening = false;

/**
 * Writes the remedy of an uncaught error to the console. Firefox, Safari and the logs of WebDriver and of Android print the message
 * of an error alone. An application that calls `preventDefault()` has handled the error itself.
 */
function printUncaught() {
  if (isListening || typeof addEventListener !== "function") return;
  isListening = true;
  const print = (event) => {
    const error = event.reason ?? event.error;
    if (event.defaultPrevented || !isOAuthError(error)) return;
    console.error(`OAuthError: ${inFull(error.message, error.remedy, error.docs)}`);
  };
  // Later, because a listener of the application may run after this one.
  const listener = (event) => setTimeout(print, 0, event);
  addEventListener("error", listener);
  addEventListener("unhandledrejection", listener);
}

/** What wasm-bindgen's `init` takes. Async, so that a source that throws when it is looked at is a load that failed. */
async function module(source) {
  const isUrl = typeof source === "string" || source instanceof URL;
  // On a callback page the address bar still holds code and state: this request must not carry them as its Referer.
  return { module_or_path: isUrl ? fetch(source, { __proto__: null, referrerPolicy: "no-referrer" }) : source };
}

let loading;

/** One load for all callers; a failed one is forgotten, so that the next call tries again. */
function load(source = new URL("./oidc_client_wasm_bg.wasm", import.meta.url)) {
  loading ??= module(source).then(init).then(
    () => {
      setErrorFactory((fields) => new OAuthError(fields));
      setVerifierLoader(loadVerifier);
    },
    (cause) => {
      loading = undefined;
      throw new OAuthError({
        code: "wasm_load_failed",
        kind: "environment",
        phase: "config",
        retryable: true,
        message: "The WebAssembly of oidc-client-wasm could not be loaded.",
        remedy:
          "Check that the .wasm file is served beside the JavaScript (or pass its URL as the option wasm), and that the " +
          "page's Content-Security-Policy allows 'wasm-unsafe-eval' in script-src and its place in connect-src.",
        cause,
      });
    },
  );
  return loading;
}

let verifierSource = new URL("./verifier/verifier_bg.wasm", import.meta.url);
let loadingVerifier;

/** The same for the verifier in Rust, which only pages without WebCrypto need: a chunk of its own. */
function loadVerifier() {
  loadingVerifier ??= import("./verifier/verifier.js")
    .then(async (verifier) => {
      await verifier.default(await module(verifierSource));
      return verifier.verify;
    })
    .catch((cause) => {
      loadingVerifier = undefined;
      throw cause;
    });
  return loadingVerifier;
}

class OAuth extends EventTarget {
  #core;
  #clients = new Map();

  constructor(core) {
    super();
    this.#core = core;
    // A listener that throws is reported by the browser and disturbs nobody else.
    core.onEvent((type, detail) => this.dispatchEvent(new CustomEvent(type, { detail })));
  }

  register(name, settings, options) {
    const client = this.#core.register(name, settings, options);
    this.#clients.set(name, client);
    Object.defineProperty(this, name, { __proto__: null, value: client, enumerable: true, configurable: true });
    return client;
  }

  unregister(name) {
    if (this.#clients.delete(name)) delete this[name];
    return this.#core.unregister(name);
  }

  client(name) {
    return this.#clients.get(name);
  }

  get names() {
    return this.#core.names;
  }

  async handleRedirect(url) {
    const result = await this.#core.handleRedirect(url);
    return result && { ...result, client: this.client(result.client) };
  }
}

/** An option that is needed before there is WebAssembly that could judge the options, which names what is wrong with them. */
function early(options, name) {
  try {
    return Object.hasOwn(options, name) ? options[name] : undefined;
  } catch {
    return undefined;
  }
}

export async function createOAuth(settings = {}, options) {
  printUncaught();
  verifierSource = early(options, "verifierWasm") ?? verifierSource;
  await load(early(options, "wasm"));
  const core = new OAuthCore(options);
  const oauth = new OAuth(core);
  for (const [name, client] of await core.loadSettings(settings)) oauth.register(name, client);
  return oauth;
}
