/** The types of a failure: the error of every verb, and its codes. */

/** Every failure is one of these: `instanceof OAuthError`, a stable `code`, and where the cause lies (`kind`). */
export class OAuthError extends Error {
  /** The package makes its errors itself. An application makes one in its tests: with the code alone it is complete. */
  constructor(fields: OAuthErrorFields);
  readonly name: "OAuthError";
  readonly code: OAuthErrorCode;
  /** usage: fix the call or the settings. environment: network, storage, browser; may pass. refused: the provider said no.
   *  rejected: this package refused what it was given (possible attack or broken provider): do not retry. */
  readonly kind: "usage" | "environment" | "refused" | "rejected";
  readonly phase: "config" | "metadata" | "authorize" | "callback" | "token" | "id_token" | "userinfo" | "refresh" | "logout" | "request" | "storage";
  /** The same may succeed later. A response that was taken up is used: after a callback it means a new login. */
  readonly retryable: boolean;
  /** What a developer can do about it, in one sentence. */
  readonly remedy?: string;
  /** Where the documentation speaks of this code, for example `docs/errors.md#network`, a path in this package. The console prints it with the remedy of an uncaught error. */
  readonly docs?: string;
  /** The provider's own words, verbatim, never mixed into `message`. */
  readonly error?: string;
  readonly error_description?: string;
  readonly error_uri?: string;
  readonly status?: number;
  readonly clientName?: string;
  readonly appState?: unknown;
  /** What your code or the platform threw. Or an `OAuthError` that is told beside this one: a refusal whose response lacks the promised
   *  `iss` has its own code, none of the provider's words, and `missing_issuer` as its cause. */
  cause?: unknown;
}

/** What an {@link OAuthError} is made of. Absent members: `message` is the code; `kind` is that of the code; `phase` is `config` for the kind
 *  `usage`, `request` for `environment`, `callback` for the others; `retryable` is true for `network`, `timeout`, `wasm_load_failed`, `worker_load_failed`, and for
 *  `http_status` with a status of 408, 425, 429 or 5xx. `docs` is the place of the code. The other members are absent from the error, too. */
export interface OAuthErrorFields {
  code: OAuthErrorCode;
  message?: string | undefined;
  kind?: OAuthError["kind"] | undefined;
  phase?: OAuthError["phase"] | undefined;
  retryable?: boolean | undefined;
  remedy?: string | undefined;
  docs?: string | undefined;
  error?: string | undefined;
  error_description?: string | undefined;
  error_uri?: string | undefined;
  status?: number | undefined;
  clientName?: string | undefined;
  appState?: unknown;
  cause?: unknown;
}

export type OAuthErrorCode =
  // usage
  | "config_invalid" | "client_exists" | "client_secret_in_browser" | "oauth1_unsupported" | "form_post_unsupported"
  | "missing_authorize_url" | "missing_access_token_url" | "missing_jwks_uri" | "reserved_parameter" | "invalid_redirect_uri"
  | "end_session_not_supported" | "not_supported_by_provider" | "missing_token" | "origin_not_allowed"
  // environment
  | "wasm_load_failed" | "worker_load_failed" | "storage_unavailable" | "storage_full" | "network" | "timeout" | "aborted" | "crypto_unavailable" | "popup_blocked" | "popup_closed"
  | "http_status"
  | "page_leaving" | "page_stayed"
  // refused
  | "authorization_refused" | "token_refused" | "refresh_refused" | "userinfo_refused" | "login_required" | "interaction_required"
  // rejected
  | "missing_state" | "mismatching_state" | "invalid_state" | "expired_state" | "missing_code" | "duplicate_parameter" | "issuer_mismatch" | "missing_issuer"
  | "invalid_metadata" | "invalid_jwks" | "invalid_token_response" | "unsupported_token_type" | "missing_id_token"
  | "malformed_jwt" | "unsupported_algorithm" | "unsupported_critical_header" | "invalid_key_id" | "weak_key" | "bad_signature"
  | "missing_claim" | "invalid_claim" | "expired_token" | "token_not_yet_valid" | "nonce_mismatch" | "at_hash_mismatch" | "auth_time_too_old" | "acr_not_met" | "subject_mismatch"
  | "token_expired" | "invalid_session";

/** Knows an error of every copy of this package in the page, as `instanceof OAuthError` does. */
export function isOAuthError(value: unknown): value is OAuthError;
