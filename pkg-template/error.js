// The error class, for every entry of the package.

/** The mark of an error of this package. Another copy of the package in the page has another class, and the same mark. */
const MARK = Symbol.for("oidc-client-wasm.OAuthError");

/** The codes of each kind. Every other code is of the kind `rejected`. tests/codes.rs compares the lists with the table in Rust. */
const KINDS = {
  __proto__: null,
  usage:
    "config_invalid client_exists client_secret_in_browser oauth1_unsupported form_post_unsupported missing_authorize_url " +
    "missing_access_token_url missing_jwks_uri reserved_parameter invalid_redirect_uri end_session_not_supported " +
    "not_supported_by_provider missing_token origin_not_allowed",
  environment:
    "wasm_load_failed worker_load_failed storage_unavailable storage_full network timeout aborted crypto_unavailable popup_blocked popup_closed http_status page_leaving page_stayed",
  refused: "authorization_refused token_refused refresh_refused userinfo_refused login_required interaction_required",
};

function kindOf(code) {
  return Object.keys(KINDS).find((kind) => KINDS[kind].split(" ").includes(code)) ?? "rejected";
}

/** As the Rust code judges it: an HTTP status of 408, 425, 429 or 5xx may pass. */
function isRetryable(code, status) {
  if (code === "http_status") return status >= 500 || [408, 425, 429].includes(status);
  return ["network", "timeout", "wasm_load_failed", "worker_load_failed"].includes(code);
}

/** As `instanceof` has it of other classes. */
function isInstance(type, value) {
  return Function.prototype[Symbol.hasInstance].call(type, value);
}

function inFull(message, remedy, docs) {
  return [message, remedy, `See ${docs} of oidc-client-wasm`].filter(Boolean).join(" ");
}

export class OAuthError extends Error {
  constructor(given) {
    const fields = { __proto__: null, ...given };
    const { code, message = code, cause } = fields;
    const docs = `docs/errors.md#${code}`;
    // V8 keeps the text that an error is made with in `stack`, which its console prints.
    super(inFull(message, fields.remedy, docs), cause === undefined ? undefined : { cause });
    this.message = message;
    const kind = fields.kind ?? kindOf(code);
    const phase = kind === "usage" ? "config" : kind === "environment" ? "request" : "callback";
    Object.assign(this, { code, kind, phase, retryable: isRetryable(code, fields.status), docs });
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) this[name] = value;
  }

  /** A subclass is asked about its own instances, as usual. */
  static [Symbol.hasInstance](value) {
    return this === OAuthError ? isOAuthError(value) : isInstance(this, value);
  }
}
// Consoles print the name of the class, which the minifier changes.
Object.defineProperty(OAuthError, "name", { __proto__: null, value: "OAuthError", configurable: true });
// Both stand on the prototype, so that every instance has them and no listing of an instance shows them. The descriptors have no prototype,
// because other scripts may have put members into Object.prototype.
Object.defineProperty(OAuthError.prototype, "name", { __proto__: null, value: "OAuthError", configurable: true, writable: true });
Object.defineProperty(OAuthError.prototype, MARK, { __proto__: null, value: true });

export function isOAuthError(value) {
  try {
    return typeof value === "object" && value !== null && value[MARK] === true;
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
export function printUncaught() {
  if (isListening || typeof addEventListener !== "function") return;
  isListening = true;
  const print = (event) => {
    const error = event.reason ?? event.error;
    // Another copy of the package in the page prints its own errors.
    if (event.defaultPrevented || !isOAuthError(error) || !isInstance(OAuthError, error)) return;
    console.error(`OAuthError: ${inFull(error.message, error.remedy, error.docs)}`);
  };
  // Later, because a listener of the application may run after this one.
  const listener = (event) => setTimeout(print, 0, event);
  addEventListener("error", listener);
  addEventListener("unhandledrejection", listener);
}
