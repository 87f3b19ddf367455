/**
 * `oidc-client-wasm/store`: the clients of an app as an external store, for any framework. The adapters of the frameworks, as
 * `oidc-client-wasm/react`, stand on it. It loads the client, answers the response in the address bar as {@link OAuth.handleRedirect} does, and
 * says `loading` until both are done.
 */
import type { ClientSettings, OAuth, OAuthClient, OAuthError, OAuthOptions, RedirectResult, Snapshot } from "../index.js";
import type { ClientName, ClientVerbs, SettingNames, StartingOAuth } from "../starting.js";

/** The clients of an app. Make one, in a module of its own: it may be imported on a server, too, where it does nothing. */
export interface Auth<Registry extends OAuth = OAuth, Name extends string = ClientName<Registry>> {
  /** The client of this name. Without a name: the first of the settings. The same object at each call.
   *  @throws `config_invalid` where the settings have no client of this name, or the name is missing and the settings are not read yet. */
  client(name?: Name): AuthClient;
  /** The names of the clients, in the order of the settings. Undefined where the settings are a file or an element of the page. */
  readonly names: readonly Name[] | undefined;
  /** The promise of `createOAuth`. After a failure, the promise of the latest try. */
  readonly oauth: StartingOAuth<Registry, Name>;
  /** What {@link OAuth.handleRedirect} said of the URL that the page had when it began. Its failure is `error` of the client's snapshot, too. After a
   *  failed load, the promise of the latest try. */
  readonly redirect: Promise<RedirectResult | null>;
  /** The same as one promise, which waits where a load has failed until a later try succeeds. On a server it waits for ever. */
  readonly answered: Promise<RedirectResult | null>;
}

/** A client from the first moment on: its verbs wait for the WebAssembly, and its state is there at once. */
export interface AuthClient extends Omit<ClientVerbs, "subscribe"> {
  readonly name: string;
  /** Calls the listener after each change of `snapshot`. Returns the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** The state of the client, immutable: the same object until something changes. While `status` is `loading`, `claims` and `expiresAt` are the UNVERIFIED
   *  hint of the stored session (`oidc-client-wasm/hint`), good for a greeting: give or deny nothing by them. */
  readonly snapshot: Snapshot;
  /** Whether a guard should begin a login: no user is signed in, nothing is under way, the last login did not fail, no session has ended in this
   *  page, by a sign-out here or in another tab, by its time, or by the provider, no logout has come back to this page, and the URL has no response to a login that is not known here. */
  readonly needsLogin: boolean;
}

export interface AuthOptions extends OAuthOptions {
  /** The function of another entry: of `oidc-client-wasm/inline` or `oidc-client-wasm/slim`. Default: that of `oidc-client-wasm`. */
  createOAuth?: (settings?: never, options?: any) => unknown;
}

/**
 * Makes the clients of an app. In a page the WebAssembly begins to load, and the response in the address bar is answered. On a server nothing
 * happens: `status` is `loading`, and a verb rejects with `config_invalid`.
 *
 * A mistake in the settings is reported as `createOAuth` does, and is `error` of each snapshot. A fault of the network is that `error` alone; the next verb
 * tries again. With `tokenStorage` `memory` or `worker`, and settings that are an object, `status` stays `loading` during the silent login after a reload.
 */
export function createAuth<Name extends string = never>(
  settings: Readonly<Record<Name, ClientSettings>> | string | URL | HTMLScriptElement,
  options?: AuthOptions,
): Auth<OAuth & { readonly [Each in SettingNames<Name>]: OAuthClient }>;

/** The snapshot that a server renders, and a browser until it has read more. */
export const LOADING: Snapshot;

/** The path of the page with its query and its fragment, as the `appState` that {@link returnTo} reads. */
export function placeHere(): { returnTo: string };

/** The path without the response of a login, whose code is of one login. */
export function withoutResponse(place: string): string;

/** Goes to the place where a login began, once for each result, or for the error of the login. Does nothing for another result, and for a place of another origin. The place is a path
 *  or a whole URL. `navigate` is the function of the app's router. Default: the History API, and an event `popstate`, by which routers notice it. */
export function returnTo(result: RedirectResult | OAuthError | null, navigate?: (place: string) => void): void;

/** The promise of a verb, for a listener of an event that does not wait for it. It rejects as before, but the rejection that no code handles is not reported, because it is the `error` of the
 *  client's snapshot. A mistake of the app (`kind` `usage`) is reported. */
export function ignorable<T>(promise: Promise<T>): Promise<T>;
