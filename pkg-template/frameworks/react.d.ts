/** `oidc-client-wasm/react`: a provider, hooks and a guard for React 18 and 19, on `oidc-client-wasm/store`. */
import type { ComponentType, ReactElement, ReactNode, SyntheticEvent } from "react";
import type { AuthorizeParams, LogoutParams, OAuth, OAuthClient, OAuthError, Snapshot } from "../index.js";
import type { ClientName } from "../starting.js";
import type { Auth, AuthClient } from "./store.js";
export { createAuth } from "./store.js";
export type { Auth, AuthClient, AuthOptions } from "./store.js";

/** Tells the hooks the names of your clients: `declare module "oidc-client-wasm/react" { interface Register { auth: typeof auth } }`. */
export interface Register {}

/** The names of the registered clients, else any text. */
export type Name = Register extends { auth: Auth<infer Registry extends OAuth> } ? ClientName<Registry> : string;

/** Gives the app its clients. `navigate` goes to the place where a login began: the function of your router, as `(place) => navigate(place, { replace: true })`.
 *  Default: the History API with an event `popstate`. A provider below another one adds its clients.
 *  @throws `config_invalid` where a provider above has a client of the same name. */
export function AuthProvider(props: { auth: Auth<any>; navigate?: ((place: string) => void) | undefined; children?: ReactNode }): ReactElement;

export interface UseAuth extends Snapshot {
  readonly client: AuthClient;
  /** {@link OAuthClient.authorizeRedirect}. The login comes back to the place where it began, also after a failure, unless `appState` says something else. An event
   *  counts as no parameters, so that `onClick={signIn}` does. A rejection that no code handles is not reported, unless it is a mistake of the app (`kind` `usage`): it is `error`. */
  readonly signIn: (params?: AuthorizeParams | SyntheticEvent) => Promise<void>;
  /** {@link OAuthClient.logoutRedirect}. An event counts as no parameters, and a rejection is as that of `signIn`. */
  readonly signOut: (params?: Parameters<OAuthClient["logoutRedirect"]>[0] | SyntheticEvent) => Promise<void>;
}

/** The state of a client (default: the first of the nearest provider). The component renders again after each change, and gets the same object until then.
 *  @throws `config_invalid` without an {@link AuthProvider}, and for a name that the settings lack. */
export function useAuth(name?: Name): UseAuth;

/** The client's {@link OAuthClient.getAccessToken}, the same function at each render. @throws as {@link useAuth}. */
export function useAccessToken(name?: Name): OAuthClient["getAccessToken"];

export type Fallback = ReactNode | ((state: Pick<UseAuth, "status" | "error" | "signIn">) => ReactNode);

/** Renders its children for a signed-in user, and begins a login for a user who is not. Meanwhile it renders `fallback` (default: nothing), and also
 *  after a failure, after the end of a session in this page, and for a person who comes back from the provider without a login. `params` are those
 *  of the login. */
export function RequireAuth(props: { name?: Name | undefined; fallback?: Fallback; params?: AuthorizeParams | undefined; children?: ReactNode }): ReactElement | null;

/** The component in a {@link RequireAuth} of these props. */
export function withAuth<P extends object>(Component: ComponentType<P>, options?: { name?: Name | undefined; fallback?: Fallback; params?: AuthorizeParams | undefined }): ComponentType<P>;
