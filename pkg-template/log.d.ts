/** `oidc-client-wasm/log`: the lines of a log, for the option `log` of `createOAuth`. No level tells a secret. */
import type { OAuthErrorCode, StartingOAuth } from "./index.js";

/** `error`: each failure once. `warn` also: a token that is about to end, a session that ended by itself or elsewhere, a response of no login of this tab. `info` also: the other events.
 *  `debug` also: each call of a verb, and each request of the client in this page. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** What a line speaks of. It has no token, no code, no `state`, no claim, no parameter and of the provider's words only a registered `error`. */
export interface LogEntry {
  /** When it began, in milliseconds since 1970. */
  readonly at: number;
  readonly kind: "error" | "event" | "verb" | "request" | "ready" | "stray" | "begin";
  /** The name of the client, where there is one. */
  readonly client?: string;
  /** Of the kind `error`: as the members of the error. Another failure than an `OAuthError` has the name of its class as the code. */
  readonly code?: OAuthErrorCode | (string & {});
  /** The provider's error, if it is one of RFC 6749 or OpenID Connect Core 1.0, such as `access_denied`. */
  readonly error?: string;
  readonly message?: string;
  readonly remedy?: string;
  readonly docs?: string;
  /** The code or the name of the error's cause. */
  readonly cause?: string;
  /** Of the kind `event`. */
  readonly type?: "login" | "logout" | "userchange" | "tokenupdate" | "expiring";
  readonly reason?: string;
  readonly expires_at?: number;
  /** Of the kind `begin`: the name of a method by which the page leaves. Of the kind `verb`: the name of the method, how long it took, and `ok` or the code of its failure. */
  readonly verb?: string;
  readonly outcome?: string;
  /** Of the kinds `request` and `stray`. The URL has the names of its parameters without their values. */
  readonly method?: string;
  readonly url?: string;
  readonly status?: number;
  /** No answer came: the network, CORS or the page's policy. */
  readonly failed?: boolean;
  /** Milliseconds. */
  readonly ms?: number;
}

/** The option `log` of `createOAuth`. A call returns the function that ends it. */
export type Log = (oauth: StartingOAuth) => () => void;

/** Writes to the console. Default level `warn`. */
export function consoleLog(level?: LogLevel): Log;

/** Gives each line of the level, and of the levels above, to `write`. What `write` throws is reported as uncaught, and stops nothing. Default level `warn`.
 *  @throws `TypeError` for another level, or without `write`. */
export function createLog(options: { level?: LogLevel; write: (level: LogLevel, line: string, entry: LogEntry) => void }): Log;
