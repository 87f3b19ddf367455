/**
 * `oidc-client-wasm`: OAuth 2.0 / OpenID Connect for single-page apps.
 *
 * Two rules of spelling. What travels on the wire keeps its wire name (`access_token`, `end_session_endpoint`). What this
 * package invents is camelCase. Durations and ages are in SECONDS, instants are Unix time in seconds.
 *
 * Every failure is an {@link OAuthError}. Settings, options and parameters are plain objects, lists, texts, numbers and URLs: a `Map`,
 * an instance of a class or a value that throws when it is read is `config_invalid`, which names the key.
 */

// ---------------------------------------------------------------- entry
import type { SettingNames, StartingOAuth } from "./starting.js";
export type { ClientVerbs, StartingOAuth } from "./starting.js";
import type { OAuthError } from "./error.js";
export { OAuthError, isOAuthError } from "./error.js";
export type { OAuthErrorCode, OAuthErrorFields } from "./error.js";
import type { IdTokenClaims } from "./claims.js";
export type { IdTokenClaims, StandardAddress, StandardClaims } from "./claims.js";
import type { Snapshot } from "./state.js";
export type { Snapshot } from "./state.js";

/**
 * The one way in. Loads the WebAssembly module once (memoised; a failed load can be retried) and returns the registry.
 * Importing the package does nothing, so it imports under Node for server-side rendering; call this in the browser.
 *
 * @param settings clients by name: an object, the URL of a JSON file, or a `<script type="application/json">` element. Keys may
 *   be camelCase or the snake_case of server-side frameworks (`client_id`, `authorize_url`, `client_kwargs`, …).
 * @throws `wasm_load_failed`; `config_invalid` naming the key; `client_secret_in_browser`; `oauth1_unsupported`;
 *   `form_post_unsupported`; `invalid_redirect_uri`; `reserved_parameter`; `network`, `timeout` for a settings file.
 */
export function createOAuth<Name extends string = never>(
  settings?: Readonly<Record<Name, ClientSettings>> | string | URL | HTMLScriptElement,
  options?: OAuthOptions,
): StartingOAuth<OAuth & { readonly [Each in SettingNames<Name>]: OAuthClient }>;

export interface OAuthOptions {
  /** Where the WebAssembly comes from. Default: the file beside the JavaScript; in `oidc-client-wasm/inline` the bytes inside the JavaScript.
   *  `oidc-client-wasm/slim` has no default. The first call of a page decides.
   *  @throws `config_invalid` for anything else; `wasm_load_failed`, whose remedy names the cure. */
  wasm?: string | URL | Response | BufferSource | WebAssembly.Module;
  /** With `session` and `memory` storage: a tab without a session is given that of another tab of this origin that is awake (same name, client id, issuer),
   *  before {@link createOAuth} resolves, or later with the event `login`. Default true. */
  shareSession?: boolean;
  /** Where the session is (`docs/storage.md`). `session` (default): sessionStorage, one for each tab. `local`: localStorage, not encrypted, one for all tabs, survives the browser. `memory`: in this page only, with the id_token in sessionStorage.
   *  `worker`: as `memory`, with the access and refresh tokens in a worker: {@link OAuthClient.fetch} sends them, and no script reads them. */
  tokenStorage?: "session" | "local" | "memory" | "worker";
  /** With `tokenStorage: "worker"`: the URL of a copy of the package's `worker.js`, of the origin of the page. Default: the file beside the
   *  JavaScript. The first call of a page decides. A page with Trusted Types gives a `TrustedScriptURL`, made by its own policy.
   *  @throws `worker_load_failed`, whose remedy names the cure. */
  workerUrl?: string | URL | (object & { toString(): string });
  /** Renews the access token ahead of its end while the page is awake, also while it is hidden, where the session has a refresh token
   *  (`docs/refresh.md`). Default false. */
  autoRenew?: boolean;
  /** Ends of a session, in seconds of 1 or more: since the login, and since the last {@link OAuthClient.touch}. The session then ends by itself in every
   *  tab, with the event `logout`. Default none. An earlier end that the provider states in the id_token (`session_expiry`) counts in any case. */
  sessionLifetime?: { max?: number; idle?: number };
  /** Prefix of every storage key, without a colon. Default `"oidc"`. */
  storagePrefix?: string;
  /** Tolerated clock difference when dates are judged, 0..300. Default 60. */
  clockTolerance?: number;
  /** Limit of one HTTP request, 1..600. Default 30. */
  requestTimeout?: number;
  /** Which code checks signatures. `auto` (default): WebCrypto, or the Rust verifier (68 kB more as brotli, loaded when it is first
   *  needed) where the page has no `crypto.subtle` or it lacks the algorithm. `webcrypto`: nothing else; without it, `crypto_unavailable`.
   *  `rust`: the Rust verifier, always. Both accept the same signatures. */
  verifier?: "auto" | "webcrypto" | "rust";
  /** Where the WebAssembly of the Rust verifier comes from. Default: `verifier/verifier_bg.wasm` beside the JavaScript; in
   *  `oidc-client-wasm/inline` the bytes inside a module of JavaScript, which is imported when it is needed. */
  verifierWasm?: string | URL | Response | BufferSource | WebAssembly.Module;
  /** Called at once, with the promise that {@link createOAuth} returns: a logger, such as that of `oidc-client-wasm/log`. The page reports what it throws.
   *  Default none: the package logs nothing. */
  log?: ((oauth: StartingOAuth) => void) | undefined;
  /** As the client setting of this name, for every client without one of its own. */
  fetchToken?: (name: string) => Token | null | Promise<Token | null>;
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
  /** Any other member of RFC 8414 / OIDC Discovery metadata, by its wire name. `null` takes a member of the provider's document away. */
  metadata?: Partial<ServerMetadata>;
  /** Static keys, for providers whose JWKS has no CORS. Never fetched again. */
  jwks?: { keys: JsonWebKey[] };
  /** Space-separated or a list. Default `"openid"` when an issuer or metadata URL is given, else none. */
  scope?: string | readonly string[];
  /** Absolute, as registered at the provider; no fragment (RFC 6749 section 3.1.2). */
  redirectUri?: string;
  /** The page at which a login in a popup or in a hidden frame ends: `callback.html` of this package, or a page that calls `handleRedirect()`. Of
   *  the origin of the page, and registered at the provider. Default `redirectUri`. */
  popupRedirectUri?: string;
  /** The same for a login in a hidden frame. With `tokenStorage` `memory` and `worker`, this setting also signs the user in again after a reload.
   *  Default `redirectUri`, and no login after a reload. */
  silentRedirectUri?: string;
  postLogoutRedirectUri?: string;
  /** Extra parameters of the authorization request, and of the request that redeems a code. A value given in a call wins.
   *  Protocol parameters are refused. */
  authorizeParams?: Record<string, string>;
  accessTokenParams?: Record<string, string>;
  /** Where refresh tokens are redeemed, if not at the token endpoint; and extra parameters of that request. */
  refreshTokenUrl?: string;
  refreshTokenParams?: Record<string, string>;
  /** Base of relative URLs in `fetch`, `get`, `post`, …; end it with a slash, or its last segment is replaced (URL Standard).
   *  https, or http on loopback. Its origin may receive the access token. */
  apiBaseUrl?: string;
  /** Origins (exact, parsed) that may receive the access token besides that of `apiBaseUrl` and the userinfo endpoint. */
  apiOrigins?: readonly string[];
  /** Accepted id_token algorithms, intersected with the provider's. Default: RS, PS, ES 256/384/512, Ed25519/EdDSA. Never `none`, never HS. */
  idTokenSigningAlgs?: readonly string[];
  /** Audiences besides `clientId` that an id_token may name. Default none. */
  trustedAudiences?: readonly string[];
  /** Accepts an id_token WITHOUT a nonce (never one with a wrong nonce). Default false. */
  allowMissingNonce?: boolean;
  /** Microsoft Entra's multi-tenant metadata publishes a template; given the template and the token's claims (signature
   *  verified, nothing else yet), returns the exact expected issuer. Throw for tenants that are not
   *  welcome: `invalid_claim`, with what was thrown as the `cause`. */
  expectedIssuer?: (template: string, claims: Record<string, unknown>) => string;
  /** A value that every visitor can read, for providers (Google "Web application") that demand one of public clients all the
   *  same. Sent as `client_secret` in the body; the console warns once. */
  insecureClientSecret?: string;
  /** Default `query`. */
  responseMode?: "query" | "fragment";
  /** RFC 8707. */
  resource?: string | readonly string[];
  /** Nested form used by server-side frameworks; `scope`, `redirect_uri`, `response_mode`, `resource`, `prompt` and `login_hint`
   *  inside it are read as if given flat. */
  clientKwargs?: Record<string, unknown>;
  /** Plain-object hooks for providers that bend the rules. They return an object, at once. They run before validation and
   *  cannot skip it. With `tokenResponse`, a form-encoded answer is read, too. */
  hooks?: {
    /** The provider's metadata document, whenever it is read. */
    metadata?(document: Record<string, unknown>): Record<string, unknown>;
    /** The form of every request to the token endpoint, refreshes included. A field that stands twice (`resource`) passes it by. */
    tokenRequest?(form: Record<string, string>): Record<string, string>;
    /** The body of every answer of the token endpoint, errors included. */
    tokenResponse?(body: Record<string, unknown>): Record<string, unknown>;
  };
  /** Supplies a token from another source: `getAccessToken`, `fetch` and `userinfo` use it, and the client neither stores
   *  nor refreshes it. If the function gives `null`, the error is `missing_token`; if it gives no answer for `requestTimeout`, `timeout`. */
  fetchToken?: (name: string) => Token | null | Promise<Token | null>;
}

export type ServerMetadata = { issuer: string; authorization_endpoint: string; token_endpoint: string } & Record<string, unknown>;

// ---------------------------------------------------------------- registry

export interface OAuth extends EventTarget {
  /** Adds a provider, readable as `oauth[name]`. With `overwrite`, these settings are put over those that the name has: a value
   *  given now wins, `null` takes one away, parameter objects merge member by member. A client that was handed out before
   *  keeps its old settings, and shares the session, the refresh under way and every sign-out with the new one: `clear()` on either
   *  ends a login that is on its way on the other. With another client id or issuer the new client begins anew, and a login that is
   *  on its way for the old one is refused.
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
   * StrictMode, reload, Back) it gives the same result and sends nothing twice. A foreign `code`/`state` is left alone. In the window of
   * `authorizePopup` or `authorizeSilent` it hands the response on, closes the window and gives `null`.
   * `signal` ends the waiting with `aborted`; a later call goes on with the same response.
   * A relative `url` refers to the page's base, and without a fragment it means the current one all the same.
   *
   * @throws the error of the response or of the id_token, with `clientName` and `appState`.
   */
  handleRedirect(url?: string | URL, options?: { signal?: AbortSignal }): Promise<RedirectResult | null>;
  /** Events come after the state they speak of is stored. An error of a listener stops no other listener and no verb. */
  addEventListener<K extends keyof OAuthEventMap>(type: K, listener: ((event: CustomEvent<OAuthEventMap[K]>) => void) | null, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

export interface OAuthEventMap {
  /** `response`: the response of a login came to this tab. `other-tab`: this tab was given the session of another tab. */
  login: { name: string; token: Token; reason: "response" | "other-tab" };
  /** After every refresh, with the values that were replaced; also when another registry of the page refreshed the session, or another
   *  tab refreshed a session that this tab has a copy of. */
  tokenupdate: { name: string; token: Token; refresh_token?: string; access_token?: string };
  /** `local`: `logoutRedirect` or `clear` in this page. `other-tab`: the same person logged out in another tab (or cleared the session of all). `refresh-rejected`: the
   *  provider refused a refresh for good. `front-channel`: the provider ended the session, see {@link OAuthClient.handleFrontChannelLogout}.
   *  `expired`: the session ended by `sessionLifetime.max`, or when the provider said. `idle`: by `sessionLifetime.idle`.
   *  `session-ended`: the provider knows the person no more, or another person, see {@link OAuthClient.monitorSession}. */
  logout: { name: string; reason: "local" | "other-tab" | "front-channel" | "session-ended" | "refresh-rejected" | "expired" | "idle" };
  /** Another person signed in while a person was signed in; comes before `login`. */
  userchange: { name: string; previousSub: string; sub: string };
  /** The access token ends in 60 s, or in half its life if that is less. */
  expiring: { name: string; expires_at: number };
  /** A login response or a refresh failed; once for any number of callers. Or the stored session was dropped because it
   *  is invalid (edited, cut off, of another version): `invalid_session`, told by `handleRedirect` or by the first
   *  method that needs a session. */
  error: { name: string; error: OAuthError };
}

export type RedirectResult =
  | { kind: "login"; client: OAuthClient; token: Token; appState: unknown }
  | { kind: "logout"; client: OAuthClient; appState: unknown };

// ---------------------------------------------------------------- client

export interface OAuthClient {
  readonly name: string;
  readonly clientId: string;
  /** Validated claims of the signed-in user; null when no user is signed in. Needs no network. The same frozen object until they change. */
  readonly claims: IdTokenClaims | null;
  /** Speaks of the login, not of the access token: holds until a logout, another user's login or a refused refresh, and across an
   *  expired id_token (its `exp` is judged when it arrives). Whether an API can be called is `getAccessToken`'s answer. */
  readonly isAuthenticated: boolean;
  /** The stored token; null when signed out. The same frozen object until it changes. */
  readonly token: Token | null;
  /** Whether the provider has an end_session_endpoint; undefined until its metadata is known. */
  readonly supportsRpLogout: boolean | undefined;

  /** The provider's metadata with the settings' values on top; fetched once for all callers, remembered for an hour.
   *  @throws `network`, `timeout`, `http_status`, `invalid_metadata`, `issuer_mismatch`, `not_supported_by_provider`. */
  loadServerMetadata(options?: { force?: boolean; signal?: AbortSignal }): Promise<ServerMetadata>;
  /** The provider's usable public keys; remembered for five minutes.
   *  @throws as {@link loadServerMetadata}, and `missing_jwks_uri`, `invalid_jwks`. */
  fetchJwkSet(options?: { force?: boolean; signal?: AbortSignal }): Promise<{ keys: JsonWebKey[] }>;
  /** Fetches metadata and keys, so that a click navigates at once and the callback needs one request. */
  preload(options?: { signal?: AbortSignal }): Promise<void>;

  /** Builds the authorization URL (RFC 6749 section 4.1.1, RFC 7636 section 4.3) and stores nothing. */
  createAuthorizationUrl(params?: AuthorizeParams): Promise<{ url: string; state: string; nonce?: string; codeVerifier: string }>;
  /** Stores what {@link createAuthorizationUrl} returned, unchanged, so that the callback can be judged. */
  saveAuthorizeData(data: { url: string; state: string; nonce?: string; codeVerifier: string; appState?: unknown }): Promise<void>;
  /** Stores the transaction in sessionStorage, then navigates. Resolves only if navigation failed to start or the page stayed (the
   *  person chose to, pressed Stop, or the provider gave no page within `requestTimeout`), or when the person comes back to this
   *  very page (back/forward cache). While a logout or another login of this client is leaving, a login waits.
   *  @throws `page_leaving` when it waited and the page stayed; `storage_unavailable`, `storage_full`, `invalid_redirect_uri`, `reserved_parameter`, `config_invalid`, `aborted`,
   *  `missing_authorize_url`, `missing_access_token_url`, `missing_jwks_uri`, and as {@link loadServerMetadata}. */
  authorizeRedirect(params?: AuthorizeParams): Promise<void>;
  /** Opens a window during the call (or takes `popup`, which the page has opened), and signs in there. Call it in the handler of a click, before
   *  anything is awaited. `features` are those of `window.open`, without `noopener`. A second popup login of this client ends the first, and so do a
   *  logout and `clear()`: `aborted`. Only the caller gets the error of the login, no listener of the event `error`.
   *  @throws `popup_blocked`, `popup_closed`; `timeout` after ten minutes; as {@link authorizeRedirect}, and as the callback of a login. */
  authorizePopup(params?: AuthorizeParams & { popup?: Window; features?: string }): Promise<Token>;
  /** Signs in with `prompt=none` in a hidden frame, within `requestTimeout`. Callers with the same parameters share one login. A session at hand
   *  keeps its person: another one is `subject_mismatch`, and nothing changes. A `prompt` other than `none` is `config_invalid`.
   *  @throws `login_required`, `interaction_required` where the provider would have to ask; `timeout` where it may not be framed; and as
   *  {@link authorizePopup}. */
  authorizeSilent(params?: AuthorizeParams): Promise<Token>;
  /** Finishes a login answered at `url` (default: the current one). Errors where `handleRedirect` would give null:
   *  `missing_state`, `mismatching_state`. */
  authorizeAccessToken(url?: string | URL, options?: { signal?: AbortSignal }): Promise<Token>;

  /** A token good for at least `minValidity` seconds (default 30; half its life if that is less), refreshed at most once for all
   *  callers in all tabs that share the session (RFC 6749 section 6). A fault that may pass keeps the session, and unless
   *  `minValidity` or `force` insist, a token that still works is given meanwhile. `scope` or `resource` (RFC 8707) give a token
   *  beside the session's own, kept by this page only.
   *  @throws `missing_token` when no user is signed in or nothing can be renewed; `token_expired`; `refresh_refused` (the session
   *  has ended if the refusal is definitive); `network`, `timeout`, `http_status`, all `retryable`; `invalid_token_response`,
   *  `unsupported_token_type`; for a new id_token as a login, and `subject_mismatch` (OIDC Core section 12.2). */
  getAccessToken(options?: { minValidity?: number; force?: boolean; scope?: string; resource?: string; signal?: AbortSignal }): Promise<string>;
  /** Refreshes now, and gives the whole token. What the answer does not repeat is kept: refresh token, id_token, scope.
   *  @throws as {@link getAccessToken}. */
  refreshToken(options?: { scope?: string; resource?: string; signal?: AbortSignal }): Promise<Token>;
  /** RFC 7009. Default: the refresh token if there is one, else the access token. The login goes on without it.
   *  @throws `missing_token`, `not_supported_by_provider`, `token_refused`, `network`, `timeout`, `http_status`. */
  revokeToken(hint?: "access_token" | "refresh_token", options?: { signal?: AbortSignal }): Promise<void>;
  /** GET the userinfo endpoint (OIDC Core section 5.3); `sub` must match, a JWT answer must verify.
   *  @throws `not_supported_by_provider`, `userinfo_refused`, `subject_mismatch`, `missing_claim`, and as {@link getAccessToken}. */
  userinfo(options?: { signal?: AbortSignal }): Promise<Record<string, unknown>>;
  /** Verifies an id_token that came by another way, like that of a login: signature and every claim. The nonce only if given. */
  parseIdToken(idToken: string, expected?: { nonce?: string; accessToken?: string; maxAge?: number; acrValues?: readonly string[] }): Promise<IdTokenClaims>;

  /** The platform's `fetch` with the access token (RFC 6750 section 2.1), for allowed origins only, else `origin_not_allowed`
   *  before anything is sent. A 401 whose challenge says `invalid_token` (CORS must expose WWW-Authenticate) has the token
   *  renewed, and is repeated once if the body is not a stream. Any other answer is returned as it is. As there, `init` may be a
   *  `Request`; else it is a plain object. The mode `no-cors`, which lets no token pass, is `config_invalid` unless `withholdToken`.
   *  @throws `origin_not_allowed`, `network`, `timeout`, `aborted` (the platform's own error is the `cause`), and as
   *  {@link getAccessToken}. */
  fetch(input: RequestInfo | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;
  get(url: string | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;
  post(url: string | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;
  put(url: string | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;
  patch(url: string | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;
  delete(url: string | URL, init?: RequestInit & { withholdToken?: boolean }): Promise<Response>;

  /** Calls the listener after each change of {@link snapshot}. Returns the function that ends it. Both are what the external store of a framework wants. */
  subscribe(listener: () => void): () => void;
  /** The state of the client, immutable: the same object until something changes. */
  readonly snapshot: Snapshot;

  /** Builds the end-session URL (RP-Initiated Logout 1.0 section 2) and changes nothing.
   *  @throws `end_session_not_supported`. */
  createLogoutUrl(params?: LogoutParams): Promise<{ url: string; state?: string }>;
  /** Ends the session: builds the request, clears tokens and id_token here, tells other tabs, then navigates with id_token_hint.
   *  `revoke` asks the provider to forget the token, too (RFC 7009), for 3 s at most; its failure does not stop the logout.
   *  A provider without an end_session_endpoint: the session is cleared here and in other tabs all the same, then
   *  `end_session_not_supported` (nothing thrown with `fallback: "local"`). While a logout is leaving, no login of this client
   *  overtakes it, and a second call is the same logout.
   *  @throws `page_stayed` when the page stayed (the person chose to, pressed Stop, or the provider gave no page within
   *  `requestTimeout`): the session is cleared here and the provider was not told. Another call tells it, with the same hint.
   *  And as {@link loadServerMetadata}, with nothing cleared. */
  logoutRedirect(params?: LogoutParams & { method?: "get" | "post"; revoke?: boolean; fallback?: "error" | "local" }): Promise<void>;
  /** Judges the return from the provider. `missing_state`, `invalid_state`, `expired_state` where it does not answer our
   *  logout; the session stays cleared. */
  validateLogoutResponse(url?: string | URL): Promise<{ post_logout_redirect_uri: string; appState: unknown }>;
  /** Forgets the session in this tab, with `tokenStorage: "local"` in every tab, without the provider. The tab takes no session of another tab until
   *  a user signs in later. */
  clear(): Promise<void>;
  /** The person did something: the idle time of `sessionLifetime` begins anew, in every tab that has this session. Call it as often as you like. It
   *  does nothing without that option, and brings no session back that is over. */
  touch(): void;
  /** OpenID Connect Front-Channel Logout 1.0: call this on the page that is registered as `frontchannel_logout_uri`. `iss` and `sid` of the
   *  URL (default: the current one) must name a session that began at this origin, to the letter; that session ends in every tab, with the
   *  event `logout`, and no other session does. False, and nothing changes, for any other URL: either parameter is absent or there twice,
   *  or no session of this origin has them, or that session is over. The browser must let the frame share the storage of the tabs:
   *  `docs/logout.md` says which browsers do. */
  handleFrontChannelLogout(url?: string | URL): Promise<boolean>;
  /** OpenID Connect Session Management 1.0: watches the session at the provider by a hidden frame (`check_session_iframe`), as long as a
   *  person is signed in and the page is seen. If the provider knows the person no more, or another person, the session ends: event
   *  `logout`, reason `session-ended`. A browser that keeps the provider's cookies from frames makes it do nothing. `interval`: the seconds
   *  between two questions, 1 to 3600, default 5. Returns a function that ends it. Failures are the event `error`, while a person is signed in: `not_supported_by_provider`;
   *  at any time `config_invalid` for another `interval`, `wasm_load_failed`, and those of {@link authorizeSilent}. */
  monitorSession(options?: { interval?: number }): () => void;
}

export interface AuthorizeParams {
  redirectUri?: string | URL;
  scope?: string | readonly string[];
  /** Anything JSON; comes back in `RedirectResult.appState`. Never sent to the provider. */
  appState?: unknown;
  prompt?: "none" | "login" | "consent" | "select_account" | "create" | (string & {});
  loginHint?: string;
  /** Default: with `prompt: "none"` the stored id_token of the session at hand, else none. `null` sends none. */
  idTokenHint?: string | null;
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
  /** Ends the call with `aborted`. A logout that has cleared the session may leave the page all the same. */
  signal?: AbortSignal;
}

// ---------------------------------------------------------------- values

export interface Token {
  /** Absent with `tokenStorage: "worker"`, as is `refresh_token`, although the type says `string`: use {@link OAuthClient.fetch} there. */
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
