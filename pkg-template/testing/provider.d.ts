/**
 * `oidc-client-wasm/testing/provider`: an OpenID Provider for tests and for local work, in memory, without dependencies. It signs for real, so that the real
 * client verifies what it says. It needs `Request`, `Response` and WebCrypto: Node.js 20, jsdom or happy-dom on it, or a browser.
 *
 * For tests and development only: it asks nobody for a password. `npx oidc-client-wasm dev-provider` serves it on a port of this machine.
 */

/** A user: the claims of a person. `sub` is 1 to 255 ASCII letters, digits and signs. Claims that no scope knows (roles, groups) are told in any case. */
export type ProviderUser = { readonly sub: string } & { readonly [claim: string]: unknown };

export interface ProviderClient {
  clientId: string;
  /** Compared to the letter. Their origins may read the answers of the provider (CORS). */
  redirectUris: readonly string[];
  postLogoutRedirectUris?: readonly string[];
}

/** What is wrong with the answers of an endpoint. `delay` (milliseconds) alone makes it slow; `isDown` fails as a network does. */
export interface EndpointFault {
  /** Default 400 with `error`, else 200. */
  status?: number;
  /** A code of OAuth. Default `server_error`. */
  error?: string;
  /** The body in place of the JSON of an error. */
  body?: string;
  delay?: number;
  isDown?: boolean;
  /** So many answers, and then none. Default: until the fault is taken away. */
  times?: number;
}

/** `missing`: the answer has no id_token. `unsigned`: its `alg` is `none`. A function gets the claims before they are signed, and gives those to sign. */
export type IdTokenFault =
  | "wrong-signature" | "unknown-key" | "expired" | "wrong-nonce" | "wrong-issuer" | "wrong-audience" | "wrong-at-hash" | "missing-at-hash" | "unsigned" | "missing"
  | ((claims: Record<string, unknown>) => Record<string, unknown>);

export interface ProviderFaults {
  discovery?: EndpointFault;
  jwks?: EndpointFault;
  token?: EndpointFault;
  userinfo?: EndpointFault;
  revocation?: EndpointFault;
  api?: EndpointFault;
  idToken?: IdTokenFault | { kind: IdTokenFault; times?: number };
  /** `error`: the response of a login is this error. `response`: its state or issuer is wrong. */
  authorization?: { error?: string; response?: "wrong-state" | "wrong-issuer" | "missing-issuer"; times?: number };
}

export interface ProviderOptions {
  /** Default `http://localhost:9400`. */
  issuer?: string;
  /** Default: alice and bob. */
  users?: readonly ({ sub: string } & Record<string, unknown>)[];
  /** Default: every client id is good, with redirect URIs on `localhost`, `127.0.0.1` and `[::1]`, at any port and path. */
  clients?: readonly ProviderClient[];
  /** Default `ES256`. The keys of both are published. */
  signingAlg?: "ES256" | "RS256";
  /** Who gets a refresh token: logins with the scope `offline_access` (default), all, or none. A refresh token is good once. */
  refreshTokens?: "offline_access" | "always" | "never";
  /** Seconds. Default: code 60, accessToken and idToken 3600, refreshToken and session 14 days. */
  lifetimes?: { code?: number; accessToken?: number; idToken?: number; refreshToken?: number; session?: number };
  /** The `aud` of access tokens, without the parameter `resource`. Default: the API of the provider. */
  audience?: string;
  faults?: ProviderFaults;
  /** What answers the requests to other origins. Default: `fetch` as it is when the provider is made. */
  fetch?: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
}

/** The person of an access token: `sub`, the claims that its scope opens, and what the token says. */
export type TokenHolder = { sub: string; scope: string; client_id: string; aud: string; exp: number } & Record<string, unknown>;

export interface Provider {
  readonly issuer: string;
  readonly users: readonly ProviderUser[];
  /** Its metadata, as the discovery document has them. */
  readonly metadata: {
    readonly issuer: string;
    readonly authorization_endpoint: string;
    readonly token_endpoint: string;
    readonly userinfo_endpoint: string;
    readonly jwks_uri: string;
    readonly revocation_endpoint: string;
    readonly end_session_endpoint: string;
  } & Readonly<Record<string, unknown>>;
  /** Answers a request, as a server would: the endpoints, the pages with their cookies, `/api/orders` and `/api/echo`. */
  handle(request: Request): Promise<Response>;
  /** In the place of `fetch`: answers for the origin of the issuer, and passes every other request on. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /**
   * Puts {@link fetch} in the place of `globalThis.fetch`. Requests to other origins go to what was there before, or to the option `fetch`.
   *
   * @returns the function that undoes it: call it after the test
   */
  stubFetch(): () => void;
  /**
   * The person at the provider: takes the URL of a login, and gives the URL at which the browser comes back to the app. The session of the person stays, so
   * that a login with `prompt: "none"` is answered.
   *
   * @param url of `createAuthorizationUrl`
   * @param answer `user` signs in where the provider asks: a `sub`, a user name, an email address, or the user. `deny` answers its question with "Cancel".
   * @throws where a browser would stay on a page of the provider: an unknown client, a redirect URI that is not allowed, or a question without an answer.
   */
  authorize(url: string | URL, answer?: { user?: string | { readonly sub: string }; deny?: boolean }): Promise<string>;
  /** The same for the URL of a logout: ends the session, and gives the URL at which the browser comes back, or `null`. */
  logout(url: string | URL): Promise<string | null>;
  /** The person who is signed in at the provider by {@link authorize}. */
  readonly user: ProviderUser | null;
  /** Ends every session and token of a user, or of all, as an administrator would. */
  signOut(user?: string | { readonly sub: string }): void;
  /** For an API of the test: whose access token this is, or `null`. */
  verifyAccessToken(token: string): TokenHolder | null;
  readonly keys: {
    /** The public keys. The providers of one page or process share them until they rotate, because a client remembers the keys of an issuer. */
    jwks(): Promise<{ keys: JsonWebKey[] }>;
    /** Signs with new keys from now on. The old ones stay published. */
    rotate(): Promise<void>;
    /** A compact JWS of these claims. `isUnknownKey`: by a key that is not published. */
    sign(claims: Record<string, unknown>, options?: { alg?: "ES256" | "RS256"; header?: Record<string, unknown>; isUnknownKey?: boolean }): Promise<string>;
    /** The claims of a compact JWS that a key of the provider has signed. Its dates are not judged. */
    verify(jwt: string): Promise<Record<string, unknown> | undefined>;
  };
  /** What is wrong from now on. `{}` ends all faults. @throws TypeError for a fault that is not known. */
  faults: ProviderFaults;
  /** The last thousand requests. `status` comes with the answer. */
  readonly requests: { readonly method: string; readonly path: string; readonly status: number | undefined }[];
}

/** @throws TypeError that names the option and its cure. */
export function createProvider(options?: ProviderOptions): Provider;
