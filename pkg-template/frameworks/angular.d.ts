/** `oidc-client-wasm/angular`: providers, signals, a functional guard and an HTTP interceptor for Angular 21 and 22, on `oidc-client-wasm/store`. */
import type { HttpContextToken, HttpEvent, HttpHandlerFn, HttpInterceptorFn, HttpRequest } from "@angular/common/http";
import type { EnvironmentProviders, Signal } from "@angular/core";
import type { ActivatedRouteSnapshot, CanActivateChildFn, CanActivateFn, CanMatchFn, GuardResult, Route, RouterStateSnapshot, UrlSegment } from "@angular/router";
import type { Observable } from "rxjs";
import type { AuthorizeParams, OAuth, OAuthClient, Snapshot } from "../index.js";
import type { ClientName } from "../starting.js";
import type { Auth, AuthClient } from "./store.js";
export { createAuth } from "./store.js";
export type { Auth, AuthClient, AuthOptions } from "./store.js";

/** Tells the functions of this entry the names of your clients: `declare module "oidc-client-wasm/angular" { interface Register { auth: typeof auth } }`. */
export interface Register {}

/** The names of the registered clients, else any text. */
export type Name = Register extends { auth: Auth<infer Registry extends OAuth> } ? ClientName<Registry> : string;

/**
 * Gives the app, or the routes that have it among their `providers`, its clients. A page that begins with the response of a login waits for the answer
 * before the first component, and its router begins where the login began, also after a failure: no route of `redirectUri` is needed, and no route sees the
 * response. On a server, and while the browser takes over the page of a server, `status` is `loading`.
 * @throws `config_invalid` when the app begins, where another `provideAuth` has a client of the same name.
 */
export function provideAuth(auth: Auth<any>): EnvironmentProviders;

/** The members of {@link Snapshot} as signals, and what a user does. */
export interface InjectedAuth {
  readonly status: Signal<Snapshot["status"]>;
  readonly claims: Signal<Snapshot["claims"]>;
  readonly error: Signal<Snapshot["error"]>;
  readonly expiresAt: Signal<Snapshot["expiresAt"]>;
  readonly client: AuthClient;
  /** {@link OAuthClient.authorizeRedirect}. The login comes back to the place where it began, also after a failure, unless `appState` says something else. An event
   *  counts as no parameters. A rejection that no code handles is not reported, unless it is a mistake of the app (`kind` `usage`): it is `error`. */
  readonly signIn: (params?: AuthorizeParams | Event) => Promise<void>;
  /** {@link OAuthClient.logoutRedirect}. An event counts as no parameters, and a rejection is as that of `signIn`. */
  readonly signOut: (params?: Parameters<OAuthClient["logoutRedirect"]>[0] | Event) => Promise<void>;
}

/** The state of a client (default: the first of the settings), until the injector is destroyed that it is called in: that of a component, a service, or a route.
 *  @throws `config_invalid` without a {@link provideAuth}, outside of an injection context, and for a name that the settings lack. */
export function injectAuth(name?: Name): InjectedAuth;

/** The client's {@link OAuthClient.getAccessToken}. @throws as {@link injectAuth}. */
export function injectAccessToken(name?: Name): OAuthClient["getAccessToken"];

export interface GuardOptions {
  /** The client whose user a route requires. Default: the first of the settings. */
  name?: Name;
  /** Where a navigation ends that the user may not go on with, because the last login failed, or because a session has ended in this page: the URL of another
   *  route in the app, `false` for none, `true` for the guarded route itself, which then looks at `status`. Default `"/"`, and `false` where that is guarded, too. */
  fallback?: string | boolean;
  /** Parameters of the logins. */
  params?: AuthorizeParams;
}

/**
 * Guards a route: `canActivate: [requireAuth]`, or `canActivate: [requireAuth({ fallback: "/welcome" })]`; also as `canActivateChild` and `canMatch`. The
 * navigation waits until the client is there, and a login begins that comes back to its route. When the session ends, the route is left for `fallback`.
 * While a logout leaves, nothing happens, and a navigation that another one has taken the place of begins no login. On a server every route is rendered, with
 * the status `loading`.
 */
export function requireAuth(options?: GuardOptions): CanActivateFn & CanActivateChildFn & CanMatchFn;
export function requireAuth(route: ActivatedRouteSnapshot | Route, state: RouterStateSnapshot | UrlSegment[]): true | Promise<GuardResult>;

export interface InterceptorOptions {
  /** The client whose access token is added. Default: the first of the settings. */
  name?: Name;
  /** Base URLs of the API, relative ones against the base of the document: of the same origin (scheme, host and port), and at this path or below it. Default:
   *  `apiBaseUrl` and `apiOrigins` of the client's settings, where these are an object that was given to the `createAuth` of this entry. */
  urls?: readonly (string | URL)[];
}

/**
 * Adds the access token of a client, as of {@link OAuthClient.getAccessToken}, to requests to its API, and to no others:
 * `provideHttpClient(withInterceptors([authInterceptor]))`, or `authInterceptor({ name, urls })`. A request that has an `Authorization` keeps it. A request without a
 * usable token fails with the `OAuthError` of `getAccessToken`. Name it last: an interceptor after it may send its requests elsewhere.
 * @throws `config_invalid` without a {@link provideAuth}, and where neither the settings nor `urls` say where the API is.
 */
export function authInterceptor(options?: InterceptorOptions): HttpInterceptorFn;
export function authInterceptor(request: HttpRequest<unknown>, next: HttpHandlerFn): Observable<HttpEvent<unknown>>;

/** Set in the context of a request that needs no token: `new HttpContext().set(WITHHOLD_TOKEN, true)`. */
export const WITHHOLD_TOKEN: HttpContextToken<boolean>;
