/**
 * `oidc-client-wasm`: OAuth 2.0 / OpenID Connect for single-page apps.
 *
 * Two rules of spelling. What travels on the wire keeps its wire name (`access_token`, `end_session_endpoint`). What this
 * package invents is camelCase. Durations and ages are in SECONDS, instants are Unix time in seconds.
 *
 * Every failure is an {@link OAuthError}.
 */

// ---------------------------------------------------------------- entry

/**
 * The one way in. Loads the WebAssembly module once (memoised; a failed load can be retried) and returns the registry.
 * Importing the package does nothing, so it imports under Node for server-side rendering; call this in the browser.
 *
 * @param settings clients by name: an object, the URL of a JSON file, or a `<script type="application/json">` element. Keys may
 *   be camelCase or the snake_case of server-side frameworks (`client_id`, `authorize_url`, `client_kwargs`, …).
 * @throws `wasm_load_failed`; `config_invalid` naming the key; `client_secret_in_browser`; `oauth1_unsupported`;
 *   `form_post_unsupported`; `invalid_redirect_uri`; `reserved_parameter`; `network`, `timeout` for a settings file.
 */
export function createOAuth<S extends Record<string, ClientSettings> = {}>(
  settings?: S | string | URL | HTMLScriptElement,
  options?: OAuthOptions,
): Promise<OAuth & { readonly [Name in keyof S]: OAuthClient }>;

export interface OAuthOptions {
  /** Where the WebAssembly comes from. Default: the file beside the JavaScript. The first call of a page decides. */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module;
  /** Where tokens live. `session`: sessionStorage, survives a reload, one tab. */
  tokenStorage?: "session";
  /** Prefix of every storage key, without a colon. Default `"oidc"`. */
  storagePrefix?: string;
  /** Tolerated clock difference when dates are judged, 0..300. Default 60. */
  clockTolerance?: number;
  /** Limit of one HTTP request, 1..600. Default 30. */
  requestTimeout?: number;
  /** Which code checks signatures: WebCrypto, in this version. */
  verifier?: "auto" | "webcrypto";
}

// ---------------------------------------------------------------- settings

export interface ClientSettings {
  clientId: string;
  /** A public client has none: every visitor could read it. Refused with `client_secret_in_browser`. */
  clientSecret?: never;
  /** Issuer identifier; its metadata is found by OIDC Discovery 1.0 section 4, then RFC 8414 section 3. Compared to the letter. */
  issuer?: string;
  /** The metadata document's own URL. With `issuer`, the document must name that issuer; without, a well-known URL must belong
   *  to the issuer it names. */
  serverMetadataUrl?: string;
  /** For providers without discovery. Explicit values always win over discovered ones. */
  authorizeUrl?: string;
  accessTokenUrl?: string;
  /** Any other member of RFC 8414 / OIDC Discovery metadata, by its wire name. */
  metadata?: Partial<ServerMetadata>;
  /** Static keys, for providers whose JWKS has no CORS. Never fetched again. */
  jwks?: { keys: JsonWebKey[] };
  /** Space-separated or a list. Default `"openid"` when an issuer or metadata URL is given, else none. */
  scope?: string | readonly string[];
  /** Absolute, as registered at the provider; no fragment (RFC 6749 section 3.1.2). */
  redirectUri?: string;
  postLogoutRedirectUri?: string;
  /** Extra parameters of the authorization / token request. A value given in a call wins. Protocol parameters are refused. */
  authorizeParams?: Record<string, string>;
  accessTokenParams?: Record<string, string>;
  /** Base of relative API URLs. Checked in this version, used by the API methods of the next. */
  apiBaseUrl?: string;
  /** Origins that may receive the access token. Checked in this version, used by the API methods of the next. */
  apiOrigins?: readonly string[];
  /** Accepted id_token algorithms, intersected with the provider's. Default: RS, PS, ES 256/384/512, Ed25519/EdDSA. Never `none`, never HS. */
  idTokenSigningAlgs?: readonly string[];
  /** Audiences besides `clientId` that an id_token may name. Default none. */
  trustedAudiences?: readonly string[];
  /** Accepts an id_token WITHOUT a nonce (never one with a wrong nonce). Default false. */
  allowMissingNonce?: boolean;
  /** Default `query`. */
  responseMode?: "query" | "fragment";
  /** RFC 8707. */
  resource?: string | readonly string[];
  /** Nested form used by server-side frameworks; `scope`, `redirect_uri`, `response_mode`, `resource`, `prompt` and `login_hint`
   *  inside it are read as if given flat. */
  clientKwargs?: Record<string, unknown>;
}

export type ServerMetadata = { issuer: string; authorization_endpoint: string; token_endpoint: string } & Record<string, unknown>;

// ---------------------------------------------------------------- registry

export interface OAuth {
  /** Adds a provider, readable as `oauth[name]`.
   *  @throws `client_exists` unless `overwrite`; `config_invalid` for a name that is a member of this interface, and as
   *  {@link createOAuth}. */
  register(name: string, settings: ClientSettings, options?: { overwrite?: boolean }): OAuthClient;
  /** Forgets the client, not its session. True when there was one. */
  unregister(name: string): boolean;
  client(name: string): OAuthClient | undefined;
  /** In order of registration. */
  readonly names: readonly string[];
  /**
   * Call on every page load. If the current URL (or `url`) answers a login or logout that this tab began, finishes it,
   * cleans the address bar and tells what happened; otherwise `null`. Idempotent: called twice for one response (React
   * StrictMode, reload, Back) it gives the same result and sends nothing twice. A foreign `code`/`state` is left alone.
   *
   * @throws whatever the response or the id_token fails by; the error carries `clientName` and `appState`.
   */
  handleRedirect(url?: string | URL): Promise<RedirectResult | null>;
}

export type RedirectResult =
  | { kind: "login"; client: OAuthClient; token: Token; appState: unknown }
  | { kind: "logout"; client: OAuthClient; appState: unknown };

// ---------------------------------------------------------------- client

export interface OAuthClient {
  readonly name: string;
  readonly clientId: string;
  /** Validated claims of the signed-in user; null when nobody is. Needs no network. The same frozen object until they change. */
  readonly claims: IdTokenClaims | null;
  /** Speaks of the login, not of the access token: holds until a logout or another user's login, and across an expired id_token
   *  (its `exp` is judged when it arrives). */
  readonly isAuthenticated: boolean;
  /** The stored token; null when signed out. The same frozen object until it changes. */
  readonly token: Token | null;
  /** Whether the provider has an end_session_endpoint; undefined until its metadata is known. */
  readonly supportsRpLogout: boolean | undefined;

  /** The provider's metadata with the settings' values on top; fetched once for all callers, remembered for an hour.
   *  @throws `network`, `timeout`, `http_status`, `invalid_metadata`, `issuer_mismatch`, `not_supported_by_provider`. */
  loadServerMetadata(options?: { force?: boolean }): Promise<ServerMetadata>;
  /** The provider's usable public keys; remembered for five minutes.
   *  @throws as {@link loadServerMetadata}, and `missing_jwks_uri`, `invalid_jwks`. */
  fetchJwkSet(options?: { force?: boolean }): Promise<{ keys: JsonWebKey[] }>;
  /** Fetches metadata and keys, so that a click navigates at once and the callback needs one request. */
  preload(): Promise<void>;

  /** Builds the authorization URL (RFC 6749 section 4.1.1, RFC 7636 section 4.3) and stores nothing. */
  createAuthorizationUrl(params?: AuthorizeParams): Promise<{ url: string; state: string; nonce?: string; codeVerifier: string }>;
  /** Stores what {@link createAuthorizationUrl} returned, unchanged, so that the callback can be judged. */
  saveAuthorizeData(data: { url: string; state: string; nonce?: string; codeVerifier: string; appState?: unknown }): Promise<void>;
  /** Stores the transaction in sessionStorage, then navigates. Resolves only if navigation failed to start, or when the person
   *  comes back to this very page (back/forward cache).
   *  @throws `storage_unavailable`, `storage_full`, `invalid_redirect_uri`, `reserved_parameter`, `config_invalid`, `aborted`,
   *  `missing_authorize_url`, `missing_access_token_url`, `missing_jwks_uri`, and as {@link loadServerMetadata}. */
  authorizeRedirect(params?: AuthorizeParams): Promise<void>;
  /** Finishes a login answered at `url` (default: the current one). Errors where `handleRedirect` would give null:
   *  `missing_state`, `mismatching_state`. */
  authorizeAccessToken(url?: string | URL): Promise<Token>;

  /** Builds the end-session URL (RP-Initiated Logout 1.0 section 2) and changes nothing.
   *  @throws `end_session_not_supported`. */
  createLogoutUrl(params?: LogoutParams): Promise<{ url: string; state?: string }>;
  /** Ends the session: builds the request, clears tokens and id_token here, then navigates with id_token_hint.
   *  A provider without an end_session_endpoint: `end_session_not_supported` before anything is cleared, or a local sign-out
   *  with `fallback: "local"`. */
  logoutRedirect(params?: LogoutParams & { method?: "get" | "post"; fallback?: "error" | "local" }): Promise<void>;
  /** Judges the return from the provider. `missing_state`, `invalid_state`, `expired_state` where it does not answer our
   *  logout; the session stays cleared. */
  validateLogoutResponse(url?: string | URL): Promise<{ post_logout_redirect_uri: string; appState: unknown }>;
  /** Forgets the session here, without the provider. */
  clear(): Promise<void>;
}

export interface AuthorizeParams {
  redirectUri?: string | URL;
  scope?: string | readonly string[];
  /** Anything JSON; comes back in `RedirectResult.appState`. Never sent to the provider. */
  appState?: unknown;
  prompt?: "none" | "login" | "consent" | "select_account" | "create" | (string & {});
  loginHint?: string;
  idTokenHint?: string;
  /** Enforced against auth_time. */
  maxAge?: number;
  /** Sent, and with `essentialAcr` enforced against acr. */
  acrValues?: readonly string[];
  essentialAcr?: boolean;
  uiLocales?: string | readonly string[];
  display?: "page" | "popup" | "touch" | "wap";
  claims?: Record<string, unknown>;
  resource?: string | readonly string[];
  authorizationDetails?: readonly Record<string, unknown>[];
  /** Any other parameter. Those of the protocol are refused: `reserved_parameter`. */
  params?: Record<string, string>;
  signal?: AbortSignal;
}

export interface LogoutParams {
  postLogoutRedirectUri?: string | URL;
  /** Default: the stored id_token, byte for byte. `null` sends none. */
  idTokenHint?: string | null;
  /** Generated unless given; stored and judged on return whenever a post-logout URI is sent. */
  state?: string;
  clientId?: string;
  logoutHint?: string;
  uiLocales?: string | readonly string[];
  appState?: unknown;
  params?: Record<string, string>;
}

// ---------------------------------------------------------------- values

export interface Token {
  access_token: string;
  token_type: string;
  expires_at?: number;
  scope?: string;
  refresh_token?: string;
  id_token?: string;
  /** The validated id_token claims. */
  userinfo?: IdTokenClaims;
  [extra: string]: unknown;
}

export interface IdTokenClaims {
  iss: string;
  sub: string;
  aud: string | string[];
  exp: number;
  iat: number;
  nonce?: string;
  auth_time?: number;
  acr?: string;
  amr?: string[];
  azp?: string;
  sid?: string;
  [claim: string]: unknown;
}

/** Every failure is one of these: `instanceof OAuthError`, a stable `code`, and who has to act (`kind`). */
export class OAuthError extends Error {
  readonly name: "OAuthError";
  readonly code: OAuthErrorCode;
  /** usage: fix the call or the settings. environment: network, storage, browser; may pass. refused: the provider said no.
   *  rejected: this package refused what it was given (possible attack or broken provider): do not retry. */
  readonly kind: "usage" | "environment" | "refused" | "rejected";
  readonly phase: "config" | "metadata" | "authorize" | "callback" | "token" | "id_token" | "logout" | "storage";
  /** The same may succeed later. A response that was taken up is used: after a callback it means a new login. */
  readonly retryable: boolean;
  /** What a developer can do about it, in one sentence. */
  readonly remedy?: string;
  /** The provider's own words, verbatim, never mixed into `message`. */
  readonly error?: string;
  readonly error_description?: string;
  readonly error_uri?: string;
  readonly status?: number;
  readonly clientName?: string;
  readonly appState?: unknown;
}

export type OAuthErrorCode =
  // usage
  | "config_invalid" | "client_exists" | "client_secret_in_browser" | "oauth1_unsupported" | "form_post_unsupported"
  | "missing_authorize_url" | "missing_access_token_url" | "missing_jwks_uri" | "reserved_parameter" | "invalid_redirect_uri"
  | "end_session_not_supported" | "not_supported_by_provider"
  // environment
  | "wasm_load_failed" | "storage_unavailable" | "storage_full" | "network" | "timeout" | "aborted" | "crypto_unavailable" | "http_status"
  // refused
  | "authorization_refused" | "token_refused" | "login_required" | "interaction_required"
  // rejected
  | "missing_state" | "mismatching_state" | "invalid_state" | "expired_state" | "missing_code" | "duplicate_parameter" | "issuer_mismatch" | "missing_issuer"
  | "invalid_metadata" | "invalid_jwks" | "invalid_token_response" | "unsupported_token_type" | "missing_id_token"
  | "malformed_jwt" | "unsupported_algorithm" | "unsupported_critical_header" | "invalid_key_id" | "weak_key" | "bad_signature"
  | "missing_claim" | "invalid_claim" | "expired_token" | "token_not_yet_valid" | "nonce_mismatch" | "at_hash_mismatch" | "auth_time_too_old" | "acr_not_met";

export function isOAuthError(value: unknown): value is OAuthError;
