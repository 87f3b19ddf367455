// The start of the WebAssembly in the page, from the source that an option or an entry names. Each failure is an error with its remedy.

import { OAuthError, isOAuthError } from "./error.js";

/** Milliseconds in which the WebAssembly has to come from a URL, and a further file of the package. A Response of the app is on its way already, and can be read once. */
const TO_LOAD = 60_000;

const INLINE = "import oidc-client-wasm/inline, which fetches nothing";

/** A load that failed. */
function fault(message, remedy, more) {
  return new OAuthError({ code: "wasm_load_failed", phase: "config", retryable: false, message, remedy, ...more });
}

/** Refuses to load where there is no page, with the words of the client itself. */
export function checkPage() {
  if (typeof document === "object" && typeof location === "object") return;
  throw new OAuthError({
    code: "config_invalid",
    phase: "config",
    message: "createOAuth needs a page, and there is no page here.",
    remedy:
      "Call createOAuth in the browser and not on the server, for example in an effect, in onMount or in a handler. To import the package is fine in both places.",
  });
}

function tagOf(value) {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** What an option that names WebAssembly holds: `url`, `response`, `module`, `bytes` or `promise`. By tag, because a value of another realm is as good. */
function kindOf(value) {
  const tag = tagOf(value);
  if (typeof value === "string" || tag === "URL" || tag === "Request") return "url";
  if (tag === "WebAssembly.Module") return "module";
  if (ArrayBuffer.isView(value) || tag === "ArrayBuffer" || tag === "SharedArrayBuffer") return "bytes";
  if (tag === "Promise") return "promise";
  if (tag === "Response" || (value && typeof value.arrayBuffer === "function")) return "response";
  return undefined;
}

/** Gives the option's value, if WebAssembly can come from it. */
export function checked(value, option) {
  let cause;
  try {
    if (kindOf(value)) return value;
  } catch (thrown) {
    cause = thrown;
  }
  throw new OAuthError({
    code: "config_invalid",
    phase: "config",
    message: `"${option}" must be a URL, a Response, bytes or a WebAssembly.Module.`,
    remedy: `Correct the option ${option}, or leave it out.`,
    cause,
  });
}

/** A URL as a message may have it: a query may hold a key of a content delivery network. */
function place(source) {
  try {
    const { protocol, origin, pathname } = new URL(source.url ?? source, document.baseURI);
    return /^https?:$/.test(protocol) ? origin + pathname : `a ${protocol} URL`;
  } catch {
    return "a URL that cannot be read";
  }
}

/** What to do where the file is not at its place. */
function misplaced(at, option) {
  if (at.includes("/.vite/deps/")) {
    return (
      'Vite 7 and older versions move the JavaScript to .vite/deps/ and leave the .wasm file behind. Put optimizeDeps: { exclude: ["oidc-client-wasm"] } ' +
      `into vite.config.js, or ${INLINE}.`
    );
  }
  return (
    "Serve the .wasm file of the package at this URL: the tool that built the page has left the file behind, or a deployment has removed it. " +
    `Or pass the URL of the file as the option ${option}, or ${INLINE}.`
  );
}

function notFetched(at, cause) {
  const message = `The WebAssembly of oidc-client-wasm could not be fetched from ${at}`;
  const more = { cause, retryable: true };
  if (at.startsWith("a file:")) {
    return fault(
      `${message}: what was opened from the disk may not fetch.`,
      `Have a web server serve the page. Or ${INLINE} (in unit tests, too).`,
      { cause },
    );
  }
  if (typeof navigator === "object" && navigator.onLine === false) {
    return fault(`${message}: the device is offline.`, "Try again when the device is online.", more);
  }
  return fault(
    `${message}.`,
    "Check that the server can be reached, that connect-src of the page's Content-Security-Policy allows the URL, and that a server of another " +
      `origin sends CORS headers. Or ${INLINE}.`,
    more,
  );
}

/** Browsers word it differently: "violates the following Content Security policy directive", "blocked by CSP", "'unsafe-eval' is not an allowed source". */
function isForbidden(cause) {
  return /content.security.policy|\bcsp\b|unsafe-eval|by embedder/i.test(String(cause?.message));
}

function notCompiled(cause, at, details = "") {
  if (isForbidden(cause)) {
    return fault(
      "The page's Content-Security-Policy does not allow WebAssembly.",
      "Add 'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy.",
      { cause },
    );
  }
  return fault(
    `The WebAssembly of oidc-client-wasm from ${at} is damaged, cut off or another kind of file${details}.`,
    "Compare the file with that of the package, and have the server send it whole. If the browser's own words (the cause) speak of a policy, add " +
      "'wasm-unsafe-eval' to script-src of the page's Content-Security-Policy.",
    { cause, retryable: true },
  );
}

async function compileBytes(bytes, at, option, type = "") {
  const octets = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
  const start = String.fromCharCode(...octets.subarray(0, 64)).trimStart();
  if (start.startsWith("<") || (octets.length > 0 && /^text\/html\b/i.test(type))) {
    throw fault(`An HTML page came instead of the .wasm file from ${at}.`, misplaced(at, option), { retryable: true });
  }
  try {
    return await WebAssembly.compile(octets);
  } catch (cause) {
    throw notCompiled(cause, at, ` (${octets.length} bytes)`);
  }
}

async function compileResponse(response, at, option) {
  const { ok, status, type, bodyUsed } = response;
  if (ok === false) {
    const isOpaque = type === "opaque";
    throw fault(
      `The WebAssembly of oidc-client-wasm could not be loaded from ${at}: ${isOpaque ? "the Response is opaque" : `HTTP ${status}`}.`,
      isOpaque
        ? 'Fetch the file in the mode "cors".'
        : status >= 500 || status === 429
          ? "Try again: the server of the .wasm file fails or is busy."
          : misplaced(at, option),
      { status: status || undefined, retryable: !isOpaque },
    );
  }
  if (bodyUsed) {
    throw fault(`The Response in the option ${option} has been read already.`, "Pass a Response that has not been read, or its clone().");
  }
  const mime = response.headers?.get("content-type") ?? "";
  try {
    if (/^\s*application\/wasm\s*$/i.test(mime) && WebAssembly.compileStreaming) return await WebAssembly.compileStreaming(response);
  } catch (cause) {
    throw cause?.name === "CompileError" ? notCompiled(cause, at) : notFetched(at, cause);
  }
  const bytes = await response.arrayBuffer().catch((cause) => {
    throw notFetched(at, cause);
  });
  const module = await compileBytes(bytes, at, option, mime);
  if (response.url) {
    console.warn(
      `oidc-client-wasm: the server sends the .wasm file as "${mime}". It works, and takes longer than with the Content-Type application/wasm.`,
    );
  }
  return module;
}

/** What `work` gives, unless it takes too long. `what` names it in the message. */
function inTime(work, what) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(
      () => reject(fault(`The ${what} of oidc-client-wasm did not come in time.`, "Try again: the server or a service worker holds it back.", { retryable: true })),
      TO_LOAD,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function fetched(url, at, option) {
  let response;
  try {
    // On a callback page the address bar still holds code and state: this request must not carry them as its Referer.
    response = await fetch(url, { __proto__: null, referrerPolicy: "no-referrer" });
  } catch (cause) {
    throw notFetched(at, cause);
  }
  return compileResponse(response, at, option);
}

/** A file of the package that a page loads if it uses it. The caller imports it, because the tools that build a page look for the name in `import`. */
export function file(name, imported) {
  return inTime(imported, `file ${name}`).catch((cause) => {
    if (isOAuthError(cause)) throw cause;
    throw fault(
      `The file ${name} of oidc-client-wasm could not be loaded.`,
      "Serve the file beside the other JavaScript of the package, and allow it in script-src of the page's Content-Security-Policy.",
      { cause, retryable: true },
    );
  });
}

async function compile(source, option) {
  let given;
  try {
    given = source();
  } catch (cause) {
    if (isOAuthError(cause)) throw cause;
    throw fault(
      "The JavaScript of oidc-client-wasm does not know its own URL, so that it cannot find the .wasm file beside it.",
      `A bundle of the format cjs or iife and a script from a blob: URL have no URL of their own: ${INLINE}, or pass the URL of the file as the option ${option}.`,
      { cause },
    );
  }
  try {
    given = checked(await given, option);
  } catch (cause) {
    if (isOAuthError(cause)) throw cause;
    throw fault(
      "The module of oidc-client-wasm that holds the WebAssembly could not be loaded.",
      "Check that every file that the build has made is served, and that script-src of the page's Content-Security-Policy allows it.",
      { cause, retryable: true },
    );
  }
  const kind = kindOf(given);
  if (kind === "module") return given;
  if (kind === "bytes") return compileBytes(given, `the option ${option}`, option);
  const at = kind === "url" || given.url ? place(given) : `the option ${option}`;
  return kind === "url" ? inTime(fetched(given, at, option), "WebAssembly") : compileResponse(given, at, option);
}

/**
 * Compiles what `source` gives, and starts it by `init` of the glue. A module that does not export the name `build` is that of another
 * build: its imports and exports have the same short names with other meanings.
 */
export async function start(init, source, option, build) {
  if (typeof WebAssembly !== "object") {
    throw fault(
      "This browser has no WebAssembly.",
      "Lockdown Mode of iOS and macOS and some hardened browsers switch it off: tell the person, who can except this site in the settings of the browser.",
    );
  }
  const module = await compile(source, option);
  try {
    if (!WebAssembly.Module.exports(module).some(({ name }) => name === build)) throw new Error(`it has no ${build}`);
    return await init(module);
  } catch (cause) {
    if (isForbidden(cause)) throw notCompiled(cause);
    throw fault(
      "The WebAssembly is not that of this version of oidc-client-wasm.",
      "Deploy the .wasm file and the JavaScript of one version together, and empty the caches (of a service worker, of a content delivery network) that may hold an older file.",
      { cause },
    );
  }
}
