// The entry `oidc-client-wasm/log`: what an app gives as the option `log` of `createOAuth`, to be told what happens. No level tells a secret.

import { watch } from "./devtools/record/watch.js";
import { watchRequests } from "./devtools/record/requests.js";

/** From the fewest lines to the most. */
const LEVELS = ["error", "warn", "info", "debug"];

/** The end of a token, if a date can tell it. */
const dateOf = (seconds) => (typeof seconds === "number" && Math.abs(seconds) < 8.64e12 ? `, ends at ${new Date(seconds * 1000).toISOString()}` : "");

/** The verbs by which a page leaves, and where to. */
const LEAVING = { __proto__: null, authorizeRedirect: "authorization", logoutRedirect: "end_session" };

/** The level of an entry, and its line. */
function lineOf({ kind, isLook, client, verb, ms, outcome, type, reason, expires_at, method, url, status, failed, code, error, message, remedy, docs, cause }) {
  switch (kind) {
    case "error":
      return ["error", [code, error && ` (${error})`, message && `: ${message}`, remedy && ` ${remedy}`, cause && ` Cause: ${cause}.`, docs && ` See ${docs}`]];
    case "event":
      return [type === "expiring" || (type === "logout" && reason !== "local") ? "warn" : "info", [type, reason && ` (${reason})`, dateOf(expires_at)]];
    case "stray":
      return ["warn", [`A response that belongs to no login of this tab came to ${url}`]];
    case "begin":
      // When the page has left, no end of the call comes.
      return LEAVING[verb] ? ["debug", [`${verb}() leaves for the ${LEAVING[verb]} endpoint`]] : [];
    case "verb":
      return ["debug", [`${verb}() ${outcome}, ${ms} ms`]];
    case "request":
      return isLook ? [] : ["debug", [`${method} ${url} ${failed ? "gave no answer" : status}, ${ms} ms`]];
    case "ready":
      return ["debug", ["The client is ready."]];
    default:
      return [];
  }
}

/**
 * The option `log` that gives each line to `write(level, line, entry)`. It is quiet below `level`.
 */
export function createLog({ level = "warn", write } = {}) {
  const most = LEVELS.indexOf(level);
  if (most < 0 || typeof write !== "function") {
    throw new TypeError(`createLog needs a function write, and a level of ${LEVELS.join(", ")}.`);
  }
  const note = (entry) => {
    const [of, parts] = lineOf(entry);
    if (!of || LEVELS.indexOf(of) > most) return;
    try {
      write(of, parts.filter(Boolean).join(""), entry);
    } catch (error) {
      // A log that fails stops no login.
      setTimeout(() => {
        throw error;
      });
    }
  };
  return (starting) => {
    const ends = [watch(starting, note)];
    if (level === "debug") ends.push(watchRequests(note));
    return () => ends.forEach((end) => end());
  };
}

/** The option `log` that writes to the console. */
export function consoleLog(level) {
  return createLog({
    level,
    write: (of, line, { client }) => console[of](`oidc-client-wasm${client ? ` ${client}` : ""}: ${line}`),
  });
}
