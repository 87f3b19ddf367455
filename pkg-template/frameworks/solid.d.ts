/** `oidc-client-wasm/solid`: a provider, state as accessors, and a guard for Solid 1.9, on `oidc-client-wasm/store`. */
import type { Accessor, Component, JSX } from "solid-js";
import type { AuthorizeParams, OAuth, OAuthClient, Snapshot } from "../index.js";
import type { ClientName } from "../starting.js";
import type { Auth, AuthClient } from "./store.js";
export { createAuth } from "./store.js";
export type { Auth, AuthClient, AuthOptions } from "./store.js";

/** Tells the functions the names of your clients: `declare module "oidc-client-wasm/solid" { interface Register { auth: typeof auth } }`. */
export interface Register {}

/** The names of the registered clients, else any text. */
export type Name = Register extends { auth: Auth<infer Registry extends OAuth> } ? ClientName<Registry> : string;

/** Gives the app its clients. `navigate` goes to the place where a login began. Default: the History API with an event `popstate`, which Solid Router hears.
 *  @throws `config_invalid` where a provider above has a client of the same name. */
export function AuthProvider(props: { auth: Auth<any>; navigate?: ((place: string) => void) | undefined; children?: JSX.Element }): JSX.Element;

/** The members of {@link Snapshot} as accessors, and what a user does. */
export interface UseAuth {
  readonly status: Accessor<Snapshot["status"]>;
  readonly claims: Accessor<Snapshot["claims"]>;
  readonly error: Accessor<Snapshot["error"]>;
  readonly expiresAt: Accessor<Snapshot["expiresAt"]>;
  readonly client: AuthClient;
  /** {@link OAuthClient.authorizeRedirect}. The login comes back to the place where it began, also after a failure, unless `appState` says something else. An event
   *  counts as no parameters, so that `onClick={auth.signIn}` does. */
  readonly signIn: (params?: AuthorizeParams | Event) => Promise<void>;
  /** {@link OAuthClient.logoutRedirect}. An event counts as no parameters. */
  readonly signOut: (params?: Parameters<OAuthClient["logoutRedirect"]>[0] | Event) => Promise<void>;
}

/** The state of a client (default: the first of the nearest provider), until the owner is disposed of that it is called in.
 *  @throws `config_invalid` without an {@link AuthProvider}, outside of a component, and for a name that the settings lack. */
export function useAuth(name?: Name): UseAuth;

/** The client's {@link OAuthClient.getAccessToken}. @throws as {@link useAuth}. */
export function useAccessToken(name?: Name): OAuthClient["getAccessToken"];

/** What a component gets that is the `fallback` of a guard. */
export interface FallbackProps {
  readonly status: Snapshot["status"];
  readonly error: Snapshot["error"];
  readonly signIn: UseAuth["signIn"];
}

/** Renders its children for a signed-in user, and begins a login for a user who is not. Meanwhile it renders `fallback` (default: nothing), and also
 *  after a failure, after the end of a session in this page, and for a person who comes back from the provider without a login. `fallback` is an element, or a component that
 *  takes {@link FallbackProps}. `params` are those of the login. */
export function RequireAuth(props: { name?: Name | undefined; fallback?: JSX.Element | Component<FallbackProps>; params?: AuthorizeParams | undefined; children?: JSX.Element }): JSX.Element;
