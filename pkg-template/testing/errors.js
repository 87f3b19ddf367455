// Errors for tests, as the package tells them: the message, the phase and the remedy of each code. tests/codes.rs compares the table with that in Rust.

import { OAuthError } from "../core.js";

const START_AGAIN = "Start a new login. If the error persists, the provider does not follow the specification.";

/** Of each code: the phase and the message of its usual place, and its remedy. */
const CODES = {
  __proto__: null,
  config_invalid: ["config", "The settings or the parameters have a mistake.", "Correct the setting or parameter that the message names; docs/settings.md lists every setting."],
  client_exists: ["config", "There is a client with this name already.", "Choose another name, or pass { overwrite: true }."],
  client_secret_in_browser: ["config", "The settings have a client secret, which every visitor could read.", "Remove the secret and register the app as a public client with PKCE. If the provider demands a secret of public clients, use the setting insecureClientSecret."],
  oauth1_unsupported: ["config", "The settings are those of OAuth 1.0.", "Use a provider with OAuth 2.0, or use this provider on a server."],
  form_post_unsupported: ["config", "The response mode form_post needs a server.", "Use responseMode \"query\" or \"fragment\"."],
  missing_authorize_url: ["authorize", "The authorization endpoint is not known.", "Set issuer, serverMetadataUrl or authorizeUrl."],
  missing_access_token_url: ["authorize", "The token endpoint is not known.", "Set issuer, serverMetadataUrl or accessTokenUrl."],
  missing_jwks_uri: ["authorize", "The keys of the provider are not known.", "Set metadata.jwks_uri or jwks, or drop the scope openid."],
  reserved_parameter: ["authorize", "The client sets this parameter itself.", "Remove the parameter: the client sets it. Use appState to carry data, and the options maxAge and scope for the parameters of these names."],
  invalid_redirect_uri: ["authorize", "The redirect URI is not valid.", "Give the absolute URL that is registered at the provider, for example new URL(\"/callback\", location.origin)."],
  end_session_not_supported: ["logout", "The provider has no end_session_endpoint.", "Pass { fallback: \"local\" } where a sign-out of this app is enough."],
  not_supported_by_provider: ["metadata", "The provider does not support this.", "Ask the operator of the provider to enable the feature that the message names, or set its URL in metadata."],
  missing_token: ["request", "No user is signed in.", "Start a login first."],
  origin_not_allowed: ["request", "The access token may not go to the origin of this URL.", "Add the API's origin to apiOrigins, or pass { withholdToken: true } to send no token."],
  wasm_load_failed: ["config", "The WebAssembly could not be loaded.", "Check that the server serves the folder verifier/ of the package beside its JavaScript (or pass the URL of its .wasm file as the option verifierWasm), and that the page's Content-Security-Policy allows 'wasm-unsafe-eval' in script-src and the place of the file in connect-src."],
  worker_load_failed: ["config", "The worker that keeps the tokens could not be started.", "Serve worker.js of the package from the origin of the page, or give the URL of a copy as workerUrl."],
  storage_unavailable: ["storage", "The browser blocks the storage of this page.", "Ask the user to allow site data for this page; without site data the client cannot complete a login safely."],
  storage_full: ["storage", "The storage of this page is full.", "Free some of the sessionStorage of this origin."],
  network: ["request", "The server could not be reached.", "Check the connection, that the server runs, that it allows this origin by CORS (also in its error pages), and that the page's Content-Security-Policy lists the server in connect-src."],
  timeout: ["request", "The server did not answer in time.", "Try again, or raise requestTimeout."],
  aborted: ["request", "The signal of the call fired.", ""],
  crypto_unavailable: ["config", "The browser has no WebCrypto for this page.", "Leave the option verifier at \"auto\", or serve the page over https or from localhost: browsers offer WebCrypto only to such pages."],
  popup_blocked: ["authorize", "The browser opened no window.", "Call authorizePopup in the handler of a click, before anything is awaited, or pass a window that was opened there as popup. Else use authorizeRedirect."],
  popup_closed: ["authorize", "The window was closed before the login had ended.", "Let the user start the login again."],
  http_status: ["request", "The server answered with an HTTP error.", "See status; the log of the server has the reason. After a 404 check the setting issuer."],
  page_leaving: ["authorize", "The page was about to leave, and stayed.", "Show the user that the page stayed, and start the login again when the user asks for it; do not start it again by a timer."],
  page_stayed: ["logout", "The page stayed, and the provider was not told of the logout.", "Tell the user that the session at the provider goes on, and offer logoutRedirect() again: this page still has the hint for the provider."],
  authorization_refused: ["callback", "The provider refused the login.", "See error and error_description, and offer the user another try."],
  token_refused: ["token", "The provider refused the code.", "See error and error_description, and start a new login."],
  refresh_refused: ["refresh", "The provider refused the refresh token.", "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must."],
  userinfo_refused: ["userinfo", "The provider refused the access token at the userinfo endpoint.", "See error and status; the access token may lack a scope."],
  login_required: ["callback", "The provider knows no signed-in user.", "Start a login without prompt \"none\". After authorizeSilent, try authorizeRedirect({ prompt: \"none\", appState }) before it: many browsers keep the provider's cookies from a frame."],
  interaction_required: ["callback", "The provider has to ask the user.", "Start a login without prompt \"none\" so that the user can answer."],
  missing_state: ["callback", "The URL has no state.", "This tab began no login or logout that has this answer. Start a new login."],
  mismatching_state: ["callback", "The state belongs to no login that began in this tab.", "This tab began no login or logout that has this answer. Start a new login."],
  invalid_state: ["callback", "The login or logout of this state is over.", "Start again: an answer is valid once, and for ten minutes."],
  invalid_session: ["storage", "The stored session is not valid.", "Start a new login. If it happens again, another script of this origin writes the same storage key: give each app a storagePrefix."],
  expired_state: ["callback", "The answer came too late.", "Start again: an answer is valid once, and for ten minutes."],
  missing_code: ["callback", "The answer has neither a code nor an error.", START_AGAIN],
  duplicate_parameter: ["callback", "The answer has a parameter twice.", START_AGAIN],
  issuer_mismatch: ["metadata", "The answer names another issuer than the settings.", "Compare the setting issuer exactly with the provider's own issuer, also the slash at the end. If they are equal, treat the answer as an attack."],
  missing_issuer: ["callback", "The answer names no issuer.", START_AGAIN],
  invalid_metadata: ["metadata", "The metadata of the provider is not valid.", "Check the setting issuer or serverMetadataUrl. If the setting is right, the provider's document does not follow the specification."],
  invalid_jwks: ["id_token", "The keys of the provider are no key set.", START_AGAIN],
  invalid_token_response: ["token", "The token response is not valid.", START_AGAIN],
  unsupported_token_type: ["token", "The token is no bearer token.", START_AGAIN],
  missing_id_token: ["token", "The token response has no id_token.", START_AGAIN],
  malformed_jwt: ["id_token", "The id_token is no strict JWS.", START_AGAIN],
  unsupported_algorithm: ["id_token", "The id_token is signed with an algorithm that is not allowed.", "Let the provider sign with one of idTokenSigningAlgs (RS, PS, ES or EdDSA)."],
  unsupported_critical_header: ["id_token", "The id_token has a critical header that is not known.", START_AGAIN],
  invalid_key_id: ["id_token", "No single key of the provider fits the id_token.", "The provider's keys and tokens do not fit together. If the error persists, tell the operator of the provider."],
  weak_key: ["id_token", "The key of the id_token is not sound.", START_AGAIN],
  bad_signature: ["id_token", "The signature of the id_token does not verify.", "The provider's keys and tokens do not fit together. If the error persists, tell the operator of the provider."],
  missing_claim: ["id_token", "The id_token lacks a claim.", START_AGAIN],
  invalid_claim: ["id_token", "The id_token has a claim with a wrong value.", START_AGAIN],
  expired_token: ["id_token", "The id_token has expired.", "Check the clock of this device and the clock of the provider; the option clockTolerance allows a difference of up to 300 seconds."],
  token_not_yet_valid: ["id_token", "The id_token is of the future.", "Check the clock of this device and the clock of the provider; the option clockTolerance allows a difference of up to 300 seconds."],
  nonce_mismatch: ["id_token", "The nonce of the id_token is that of another login.", START_AGAIN],
  at_hash_mismatch: ["id_token", "The at_hash of the id_token does not fit the access token.", START_AGAIN],
  auth_time_too_old: ["id_token", "The user authenticated too long ago.", "Start a new login, so that the user authenticates as the call demands."],
  acr_not_met: ["id_token", "The user did not authenticate as the call demands.", "Start a new login, so that the user authenticates as the call demands."],
  subject_mismatch: ["id_token", "The answer is about another person.", "Sign out and start a new login: the provider's answer is about another person than the signed-in user."],
  token_expired: ["refresh", "The access token has expired and cannot be renewed.", "Start a new login, first with prompt \"none\", so that the provider asks the user only if it must."],
};

/** The codes that the package gives. */
export const codes = Object.freeze(Object.keys(CODES));

export function oauthError(code, fields) {
  if (!(code in CODES)) throw new TypeError(`oauthError: there is no code "${String(code)}". docs/errors.md has them all.`);
  const [phase, message, remedy] = CODES[code];
  return new OAuthError({ phase, message, ...(remedy && { remedy }), ...fields, code });
}

/** The error that a test has given, by its code or whole. */
export function errorOf(given, fields) {
  return typeof given === "string" ? oauthError(given, fields) : given;
}
