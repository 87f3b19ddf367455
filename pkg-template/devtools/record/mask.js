// What may be said of a value without the value. Every text that leaves the log or the devtools goes through this file.

/** Parameters of the protocol whose values are no secret and say nothing of a person. A value of any other parameter is told by its kind and its length. */
const PLAIN = new Set(
  "response_type response_mode scope prompt display max_age ui_locales acr_values code_challenge_method grant_type token_type_hint token_type expires_in".split(" "),
);
/** Parameters that name a place. */
const PLACES = new Set(["redirect_uri", "post_logout_redirect_uri", "resource"]);
/** Issuers are compared to the letter, so they are told to the letter. */
const ISSUERS = new Set(["iss", "issuer"]);
/** An error code of a provider, if it has the shape of one. A provider may write anything there. */
const ERROR_CODE = /^[a-z]+(_[a-z]+){0,5}$/;
/** The errors of RFC 6749 (sections 4.1.2.1 and 5.2) and of OpenID Connect Core 1.0 (section 3.1.2.6). Another word of a provider is not told of an error. */
const REGISTERED = new Set(
  ("invalid_request unauthorized_client access_denied unsupported_response_type invalid_scope server_error temporarily_unavailable invalid_client invalid_grant unsupported_grant_type " +
  "interaction_required login_required account_selection_required consent_required invalid_request_uri invalid_request_object request_not_supported request_uri_not_supported registration_not_supported").split(" "),
);
const MOST = 200;

/** `‹code, 43 characters›` */
export const masked = (name, value) => `‹${name}, ${value.length} characters›`;

/** A text that may be told has no run of characters as long as a token's. A provider may write its secrets anywhere. */
const isHarmless = (text) => text.length <= MOST && !/[\w+/=-]{32,}/.test(text);

/** The name of a parameter, if it is one. */
export const label = (name) => (/^[\w.:[\]-]{1,60}$/.test(name) && isHarmless(name) ? name : "‹a name›");

/** The value of a parameter of the protocol, or what it is. */
export function shown(name, value) {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (name === "error" && text.length < 60 && ERROR_CODE.test(text)) return text;
  if (ISSUERS.has(name)) return issuer(text);
  if (PLACES.has(name)) return place(text);
  if (name === "client_id" && text.length <= MOST) return text;
  return PLAIN.has(name) && isHarmless(text) ? text : masked(label(name), text);
}

/** A segment of a path, unless it may be a key, a token or an address of a person. The id of a tenant has the shape of a UUID, and stays. */
function segment(given) {
  let text = given;
  try {
    text = decodeURIComponent(given);
  } catch {
    // What a browser takes for a path need not be an encoded text.
  }
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
  return (isHarmless(text) || isId) && !/.@.+\.[a-z]{2,}$/i.test(text) ? given : `‹${text.length} characters›`;
}

/** A URL without its user, its query and its fragment. The names of its parameters stay. */
export function place(url) {
  try {
    const { protocol, origin, pathname, search, searchParams } = new URL(url, globalThis.document?.baseURI);
    if (!/^https?:$/.test(protocol)) return `a ${protocol} URL`;
    return (origin + pathname.split("/").map(segment).join("/")).slice(0, MOST) + (search && `?${[...new Set([...searchParams.keys()].map(label))].join("&")}`);
  } catch {
    return "a URL that cannot be read";
  }
}

/** An issuer as it was written, where it has neither a user, nor a query, nor a fragment, nor a part that `place` would mask. */
function issuer(text) {
  const told = place(text);
  const isPlain = /^https?:\/\/[^\s\\@?#]+$/i.test(text) && text.length <= MOST && told.startsWith("http") && text.split("/").every((part) => segment(part) === part);
  return isPlain ? text : told;
}

/** What a page may tell of an error. Neither the words of the provider, nor `appState`, nor the message of what was thrown elsewhere. */
export function factsOf(error) {
  try {
    if (error?.[Symbol.for("oidc-client-wasm.OAuthError")] !== true) return { code: nameOf(error) };
    const { code, phase, message, remedy, docs, clientName, status, retryable, cause, error: word } = error;
    return { code, ...(REGISTERED.has(word) && { error: word }), phase, message, remedy, docs, clientName, status, retryable, cause: cause === undefined ? undefined : (factsOf(cause).code ?? "unknown") };
  } catch {
    // A Proxy may throw at every look.
    return { code: "unknown" };
  }
}

/** The name of what was thrown, if it has the shape of a class. */
function nameOf(thrown) {
  const { name } = Object(thrown);
  return typeof name === "string" && /^[A-Z][A-Za-z]{1,30}$/.test(name) ? name : typeof thrown;
}
