/** The types of a call of `createOAuth`: the settings, the promise, and the clients that it gives before the WebAssembly is there. */
import type { OAuth, OAuthClient } from "./index.js";

/** The promise that `createOAuth` returns. A page need not await it before it renders: a button can call a verb at once. */
export interface StartingOAuth<Registry extends OAuth = OAuth, Name extends string = ClientName<Registry>> extends Promise<Registry> {
  /**
   * The verbs of a client, which may be called before the WebAssembly is there. A call waits until it is there and until a response in the
   * address bar has been handled, as by `handleRedirect()`, and then does what the method of the client does. The same object at
   * each call.
   *
   * A call rejects with the error of `createOAuth` if that failed; the next call tries to load again. A fault of the kind `environment` is
   * not reported as an unhandled rejection, so that a page may leave it to the verbs.
   * @throws from the verbs: as `createOAuth`, as the method, and `config_invalid` where no client has the name.
   */
  client(name: Name): ClientVerbs;
}

/** The names in the settings of a registry. Any text where the compiler does not know them: settings of a file or of a script element. */
export type ClientName<Registry extends OAuth> = [Exclude<keyof Registry, keyof OAuth>] extends [never] ? string : Exclude<keyof Registry, keyof OAuth> & string;

/** The methods of a client that may be called early: those that return promises, and `touch`. */
export type ClientVerbs = Omit<OAuthClient, "name" | "clientId" | "claims" | "isAuthenticated" | "token" | "supportsRpLogout" | "monitorSession" | "subscribe" | "snapshot">;

/** The names in settings. Where the settings are a URL or an element, the compiler infers the names of its members in their place: it knows of no client then. */
export type SettingNames<Name extends string> = string extends Name ? string : [keyof URL] extends [Name] ? never : [keyof HTMLScriptElement] extends [Name] ? never : Name;
