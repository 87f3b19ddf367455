/** `oidc-client-wasm/vue`: a plugin, composables and a guard of routes for Vue 3.3 and later, on `oidc-client-wasm/store`. */
import type { App, ComputedRef } from "vue";
import type { AuthorizeParams, OAuth, OAuthClient, Snapshot } from "../index.js";
import type { ClientName } from "../starting.js";
import type { Auth, AuthClient } from "./store.js";
export { createAuth } from "./store.js";
export type { Auth, AuthClient, AuthOptions } from "./store.js";

/** Tells the composables the names of your clients: `declare module "oidc-client-wasm/vue" { interface Register { auth: typeof auth } }`. */
export interface Register {}

/** The names of the registered clients, else any text. */
export type Name = Register extends { auth: Auth<infer Registry extends OAuth> } ? ClientName<Registry> : string;

/** Gives the app its clients: `app.use(authPlugin(auth))`. `navigate` goes to the place where a login began. Default: the History API with an event
 *  `popstate`. Vue Router needs none: {@link guardRouter} goes there.
 *  @throws `config_invalid` from `app.use` where another plugin of the app has a client of the same name. */
export function authPlugin(auth: Auth<any>, options?: { navigate?: ((place: string) => void) | undefined }): { install(app: App): void };

/** The members of {@link Snapshot} as refs, and what a user does. */
export interface UseAuth {
  readonly status: ComputedRef<Snapshot["status"]>;
  readonly claims: ComputedRef<Snapshot["claims"]>;
  readonly error: ComputedRef<Snapshot["error"]>;
  readonly expiresAt: ComputedRef<Snapshot["expiresAt"]>;
  readonly client: AuthClient;
  /** {@link OAuthClient.authorizeRedirect}. The login comes back to the place where it began, unless `appState` says something else. An event counts as
   *  no parameters, so that `@click="signIn"` does. A rejection that no code handles is not reported, unless it is a mistake of the app (`kind` `usage`): it is `error`. */
  readonly signIn: (params?: AuthorizeParams | Event) => Promise<void>;
  /** {@link OAuthClient.logoutRedirect}. An event counts as no parameters, and a rejection is as that of `signIn`. */
  readonly signOut: (params?: Parameters<OAuthClient["logoutRedirect"]>[0] | Event) => Promise<void>;
}

/** The state of a client (default: the first of the settings), until the scope ends that it is called in: that of a component, of a store, or an `effectScope`.
 *  @throws `config_invalid` without an {@link authPlugin}, outside of a component, and for a name that the settings lack. */
export function useAuth(name?: Name): UseAuth;

/** The client's {@link OAuthClient.getAccessToken}. @throws as {@link useAuth}. */
export function useAccessToken(name?: Name): OAuthClient["getAccessToken"];

/** What {@link guardRouter} needs of a router: that of Vue Router 4 or 5. */
export interface GuardedRouter<Route> {
  readonly currentRoute: { readonly value: Route };
  readonly options: { readonly history: { readonly base: string } };
  beforeEach(guard: (to: any, from: any) => any): () => void;
  beforeResolve(guard: (to: any, from: any) => any): () => void;
  afterEach(hook: (to: any, from: any, failure?: any) => any): () => void;
  resolve(to: any): object;
  replace(to: any): Promise<unknown>;
}

export interface GuardOptions<Route> {
  /** The name of the client whose user a route requires, or `true` for the first of the settings. Default: `to.meta.requiresAuth`. */
  requires?: ((to: Route) => Name | boolean | undefined) | undefined;
  /** Where a navigation ends that the user may not go on with, because the last login failed, or because a session has ended in this page: another
   *  route, `false` for none, `true` for the guarded route itself, which then looks at `status`. Default `"/"`, and `false` where that leads to a guarded route, too. */
  fallback?: string | object | boolean | undefined;
  /** Parameters of the logins. */
  params?: AuthorizeParams | undefined;
}

/**
 * Guards the routes of a router, before or after `app.use(router)` and `app.use(authPlugin(auth))`. A guarded route waits until the client is there, and
 * begins a login that comes back to it. When the session ends, the route is judged again. While a logout leaves, nothing happens. The first
 * navigation waits for the response in the address bar, and goes where the login began, so that no route of `redirectUri` is needed. On a
 * server every route is rendered, with the status `loading`.
 *
 * @returns the function that takes the guard off.
 */
export function guardRouter<Route>(router: GuardedRouter<Route>, auth: Auth<any>, options?: GuardOptions<Route>): () => void;
