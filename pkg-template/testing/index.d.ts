/**
 * `oidc-client-wasm/testing`: what a test gives an app in place of `createAuth` and `createOAuth`. No WebAssembly, no network, no page, and nobody who is
 * really signed in. It works in Vitest, Jest and node:test, with jsdom, with happy-dom and without a page.
 *
 * A test says who is signed in, leads the app through logins, logouts and failures, and looks at the verbs that the app has called. A login or logout that
 * would leave the page stays under way (`signing-in`, `signing-out`) until the test ends it: {@link TestAuth.signIn}, {@link TestAuth.signOut},
 * {@link TestAuth.fail}, {@link TestAuth.stay}.
 */
import type { IdTokenClaims, OAuth, OAuthClient, OAuthError, OAuthErrorCode, OAuthErrorFields, OAuthEventMap, OAuthOptions, Token } from "../index.js";
import type { StartingOAuth } from "../starting.js";
import type { Auth } from "../frameworks/store.js";

/** An error of this code as the package makes it, with the phase and the message of its usual place, and its remedy. `fields` win.
 *  @throws `TypeError` for a code that the package does not have. */
export function oauthError(code: OAuthErrorCode, fields?: Omit<OAuthErrorFields, "code">): OAuthError;

/** The state of a client: `null` is signed out, and `{}` signed in. */
export interface TestState {
  /** Default `signed-in`, or `signed-out` with an `error`. */
  status?: "signed-out" | "signing-in" | "signed-in" | "signing-out";
  /** Claims of the user, over those of a made-up one (`sub: "test-user"`). `null`: a provider of plain OAuth 2.0. */
  claims?: Partial<IdTokenClaims> | null;
  /** Members of the token, over those of a made-up one. */
  token?: Partial<Token>;
  /** When the access token ends (Unix time in seconds); `null` where the provider does not say. Default: in an hour. */
  expiresAt?: number | null;
  /** The last failure. */
  error?: OAuthErrorCode | OAuthError | null;
}

/** A client of the test: its state at first, and what of its settings matters without a provider. */
export interface TestClient extends TestState {
  /** Default `test-client`. */
  clientId?: string;
  /** The base of relative URLs. Default `https://api.invalid/`. */
  apiBaseUrl?: string;
  /** Origins that may receive the access token besides that of `apiBaseUrl`. Where a test gives neither, each origin may. */
  apiOrigins?: readonly string[];
  /** Default true. If false, `logoutRedirect` is `end_session_not_supported` unless it has `fallback: "local"`. */
  supportsRpLogout?: boolean;
}

export interface TestOptions {
  /** Begin as `loading`, with the claims as the hint of storage, until the test calls {@link TestAuth.load} or another function that changes the state. Default false. */
  loading?: boolean;
  /** Answers the API requests of `client.fetch`, `get`, `post`, …: it is called with the `Request`, which has the made-up access token. Default: the `fetch` of the
   *  environment at the time of the call, so that what stubs that answers these requests, too. */
  fetch?: (request: Request) => Response | Promise<Response>;
  /** Lets a production build (`process.env.NODE_ENV` is `production`) have users who are made up. WHOEVER OPENS SUCH A PAGE IS SIGNED IN. The console warns. */
  dangerouslyAllowInProduction?: boolean;
}

/** The methods of a client that a test can watch and replace. */
export type Verb = { [Name in keyof OAuthClient]: OAuthClient[Name] extends (...given: never[]) => unknown ? Name : never }[Exclude<keyof OAuthClient, "subscribe">];

/** A call that the app has made. */
export interface Call {
  /** The name of the client. */
  name: string;
  verb: Verb;
  args: readonly unknown[];
}

/** Which client is meant. Default: the first. */
export interface Of<Name extends string> {
  client?: Name;
}

/** What {@link OAuth.handleRedirect} says in a test. `unknown`: the URL has a response to a login that this tab did not begin. */
export type TestAnswer<Name extends string> =
  | { kind: "login"; client?: Name; claims?: Partial<IdTokenClaims> | null; appState?: unknown }
  | { kind: "logout"; client?: Name; appState?: unknown }
  | { kind: "unknown" };

/** The registry with the clients of these names. Where the names are any text, it has those of {@link OAuth} alone. */
export type TestRegistry<Name extends string> = OAuth & { readonly [Each in Name as string extends Each ? never : Each]: OAuthClient };

/** The {@link Auth} for the provider or plugin of a framework, and what leads it. Each function that changes the state does so at once, before it returns.
 *  A function that takes the auth of any test takes a `TestAuth`. */
export interface TestAuth<Name extends string = string> extends Auth<TestRegistry<Name>> {
  /** The registry, for code that takes an `OAuth` or a client: `auth.registry.demo`. It is there at once. */
  readonly registry: TestRegistry<Name>;
  /** In place of the `createOAuth` of the package: `createAuth(settings, { createOAuth: auth.createOAuth })`, or in a mock of the module. Clients of the settings that
   *  the test does not have are added, signed out. */
  createOAuth(settings?: unknown, options?: OAuthOptions): StartingOAuth<TestRegistry<Name>>;

  /** The verbs that the app has called, oldest first. */
  readonly calls: Call[];
  /** The arguments of each call of a verb: `expect(auth.called("logoutRedirect")).toEqual([[]])`. Default: of every client. An argument `undefined` at the end counts
   *  as none. */
  called(verb: Verb, of?: Of<Name>): readonly (readonly unknown[])[];
  /** Has `body` do a verb from now on, and returns the function that ends this. The states and the record of the calls go on. */
  reply<V extends Verb>(verb: V, body: (...given: Parameters<OAuthClient[V]>) => ReturnType<OAuthClient[V]> | Awaited<ReturnType<OAuthClient[V]>>, of?: Of<Name>): () => void;

  /** A user signs in: the events `userchange` (for another user) and `login`. A login that is under way succeeds. Default claims: those of the user before. */
  signIn(claims?: Partial<IdTokenClaims> | null, of?: Of<Name> & { reason?: OAuthEventMap["login"]["reason"] }): void;
  /** The session ends: the event `logout`. A logout that is under way is over, as when the person comes back from the provider by Back; a login ends without a user. */
  signOut(of?: Of<Name> & { reason?: OAuthEventMap["logout"]["reason"] }): void;
  /** What is under way fails. Where nothing is: the event `error`, as of a refresh that failed. `refresh_refused` also ends the session. */
  fail(error: OAuthErrorCode | OAuthError, of?: Of<Name>): void;
  /** The page stays: a login by redirect ends without a user, as when the person comes back from the provider by Back; a popup is `popup_closed`, and a logout is
   *  `page_stayed`. */
  stay(of?: Of<Name>): void;
  /** The access token is renewed: the event `tokenupdate`. */
  renew(of?: Of<Name>): void;
  /** Puts a client into a state, without events. */
  set(state: TestState | null, of?: Of<Name>): void;
  /** The client is there. `answer` is the result of the response in the address bar (default: there was none), or its failure.
   *  @throws `TypeError` where the client is there already. */
  load(answer?: TestAnswer<Name> | OAuthErrorCode | OAuthError | null): void;
  /** The client could not be loaded. The next verb tries again: then the state is `loading` until the test calls {@link load}. Default `wasm_load_failed`. */
  failLoad(error?: OAuthErrorCode | OAuthError): void;
}

/**
 * Makes the clients of a test, by their names. The first is the default of the hooks, as with `createAuth`.
 *
 * ```js
 * const auth = createTestAuth({ demo: { claims: { name: "Alice" } }, gitlab: null });
 * ```
 *
 * @param clients `null` is signed out, `{}` is signed in. Default: one client that is signed out.
 * @throws `config_invalid` in a production build, unless `dangerouslyAllowInProduction`. In a page of a build that is not for tests the console warns.
 */
export function createTestAuth<Clients extends Readonly<Record<string, TestClient | null>> = { test: null }>(clients?: Clients, options?: TestOptions): TestAuth<keyof Clients & string>;

