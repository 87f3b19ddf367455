/** `oidc-client-wasm/svelte`: a context, state for runes, and a guard for Svelte 5.7 and later, on `oidc-client-wasm/store`. */
import type { AuthorizeParams, OAuth, OAuthClient, Snapshot } from "../index.js";
import type { ClientName } from "../starting.js";
import type { Auth, AuthClient } from "./store.js";
export { createAuth } from "./store.js";
export type { Auth, AuthClient, AuthOptions } from "./store.js";

/** Tells the functions the names of your clients: `declare module "oidc-client-wasm/svelte" { interface Register { auth: typeof auth } }`. */
export interface Register {}

/** The names of the registered clients, else any text. */
export type Name = Register extends { auth: Auth<infer Registry extends OAuth> } ? ClientName<Registry> : string;

/** Gives the component and all below it the clients. Call it in the `<script>` of the root layout. `navigate` goes to the place where a login began. SvelteKit
 *  needs it: `(place) => goto(place, { replaceState: true })`. Default: the History API with an event `popstate`.
 *  @throws `config_invalid` outside of a component, and where a component above has a client of the same name. */
export function provideAuth(auth: Auth<any>, options?: { navigate?: ((place: string) => void) | undefined }): void;

/** The state of a client, and what a user does. `status`, `claims`, `error` and `expiresAt` are reactive where they are read as members: `auth.status` in a template, an
 *  `$effect` or a `$derived`. `const { status } = useAuth()` is a copy of this moment; `const { status } = $derived(auth)` stays reactive. */
export interface UseAuth extends Snapshot {
  readonly client: AuthClient;
  /** {@link OAuthClient.authorizeRedirect}. The login comes back to the place where it began, also after a failure, unless `appState` says something else. An event
   *  counts as no parameters, so that `onclick={auth.signIn}` does. */
  readonly signIn: (params?: AuthorizeParams | Event) => Promise<void>;
  /** {@link OAuthClient.logoutRedirect}. An event counts as no parameters. */
  readonly signOut: (params?: Parameters<OAuthClient["logoutRedirect"]>[0] | Event) => Promise<void>;
}

/** The state of a client (default: the first of the nearest provider). Until the page is mounted, it is that of a server: `loading`.
 *  @throws `config_invalid` without a {@link provideAuth} above, outside of the initialisation of a component, and for a name that the settings lack. */
export function useAuth(name?: Name): UseAuth;

/** The client's {@link OAuthClient.getAccessToken}. @throws as {@link useAuth}. */
export function useAccessToken(name?: Name): OAuthClient["getAccessToken"];

/**
 * The guard of the component that calls it, as the layout of guarded routes: begins a login for a user who is not signed in, once, which comes back to this page.
 * The component shows what it guards while `status` is `signed-in`, and nothing of it else. `status` is `signing-in` where a login is about to begin, and
 * `signed-out` where none begins: after a failure, after the end of a session in this page, and for a person who comes back from the provider without a
 * login. On a server nothing happens. `params` are those of the login. @throws as {@link useAuth}.
 */
export function requireAuth(options?: { name?: Name | undefined; params?: AuthorizeParams | undefined }): UseAuth;
