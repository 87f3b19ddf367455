// The steps of the last login, from the record of what the client did. Pure: from entries to steps.

const LOGINS = ["authorizeRedirect", "authorizePopup", "authorizeSilent"];
/** The verbs that take a response. */
const CALLBACKS = ["handleRedirect", "authorizeAccessToken", "authorizePopup", "authorizeSilent"];
const REQUESTS = {
  __proto__: null,
  discovery: "asks for the provider’s metadata",
  jwks: "asks for the provider’s keys",
  token: "redeems the code at the token endpoint",
  userinfo: "asks the userinfo endpoint",
  revocation: "revokes a token",
  other: "sends a request",
};
/** Requests to the server of the app itself. */
const OWN = { __proto__: null, wasm: "loads the WebAssembly", settings: "reads its settings" };

const isBegin = ({ kind, verb }) => kind === "begin" && LOGINS.includes(verb);
const isDocument = ({ kind, what }) => kind === "request" && ["discovery", "jwks", "wasm", "settings"].includes(what);

/** The index of the last entry that fits, or -1. */
function lastIndex(entries, fits) {
  let at = entries.length - 1;
  while (at >= 0 && !fits(entries[at])) at -= 1;
  return at;
}

/**
 * The entry of the last login by a redirect after which the person came back to a page of the app without a response, if that is how it stands: `leave`, or
 * `begin` in a browser that does not tell where a page goes.
 */
export function unansweredLogin(entries) {
  const at = lastIndex(entries, ({ kind, what, verb }) => (kind === "leave" && what === "authorization") || (kind === "begin" && LOGINS.includes(verb)));
  const isRedirect = at >= 0 && (entries[at].kind === "leave" || entries[at].verb === "authorizeRedirect");
  const rest = isRedirect ? entries.slice(at + 1) : [];
  const isOver = rest.some(({ kind, type, verb }) => kind === "response" || kind === "error" || (kind === "event" && type === "login") || (kind === "verb" && LOGINS.includes(verb)));
  return !isOver && rest.some(({ kind }) => kind === "page") ? entries[at] : undefined;
}

/** The entries of the last login, with what the page fetched for it before; empty where there was none. */
export function lastLogin(given) {
  const entries = given.filter(({ isLook }) => !isLook);
  let from = lastIndex(entries, isBegin);
  const taken = lastIndex(entries, ({ kind, type, reason, sessions }) => (kind === "event" && type === "login" && reason === "other-tab") || (kind === "ready" && sessions?.length > 0 && from < 0));
  // A tab that was given its session had no login of its own.
  if (taken > from && !entries.slice(from + 1).some(({ kind }) => kind === "response")) return [entries[taken]];
  if (from < 0) from = lastIndex(entries, ({ kind }) => kind === "response");
  if (from < 0) return [];
  const page = lastIndex(entries.slice(0, from), ({ kind }) => kind === "page");
  const before = entries.slice(page + 1, from).filter(isDocument);
  const rest = entries.slice(from);
  const isEnd = (entry) => entry.kind === "verb" && CALLBACKS.includes(entry.verb);
  const over = rest.findIndex((entry, at) => isEnd(entry) && (entry.outcome !== "ok" || rest.slice(0, at).some(({ kind, type }) => kind === "error" || (kind === "event" && type === "login"))));
  // A question to the userinfo endpoint right after the login belongs to it.
  const after = over < 0 ? [] : rest.slice(over + 1).filter(({ kind, what, at }) => kind === "request" && what === "userinfo" && at - rest[over].at < 60_000).slice(0, 1);
  return [...before, ...(over < 0 ? rest : rest.slice(0, over + 1)), ...after];
}

const answerOf = ({ status, failed, ms }) => (failed ? `no answer, ${ms} ms` : `HTTP ${status}, ${ms} ms`);

/**
 * The steps of the last login: `{ from, to, label, note, details, isFailure }`, where `from` and `to` are `app` or `provider`. A step within one of them has
 * the same name twice. `details` are pairs of a name and a masked value.
 */
export function loginSteps(entries) {
  const login = lastLogin(entries);
  const steps = [];
  const add = (from, to, label, more = {}) => steps.push({ from, to, label, note: "", details: [], isFailure: false, ...more });
  const has = (fits) => login.some(fits);
  const isSilent = has(({ kind, verb }) => kind === "begin" && verb === "authorizeSilent");
  const isPopup = has(({ kind, verb }) => kind === "begin" && verb === "authorizePopup");
  let leftAt;
  let isBack = false;
  /** A response that came through a window, or before the record began. */
  const comeBack = () => {
    if (!isBack && leftAt !== undefined) add("provider", "app", "answers the login", { note: "The parameters of the response were not seen." });
    isBack = true;
  };
  for (const [index, entry] of login.entries()) {
    const { kind, what, verb, at } = entry;
    const next = login.slice(index + 1);
    if (kind === "begin" && LOGINS.includes(verb)) {
      const isSeen = next.some((each) => each.kind === "leave" && each.what === "authorization");
      const where = isSilent ? "in a hidden frame" : isPopup ? "in a popup" : "in this tab";
      if (!isSeen) {
        add("app", "provider", `calls ${verb}(): opens the authorization endpoint ${where}`, { note: "The parameters were not seen: this browser, or this kind of login, does not tell them." });
        leftAt = at;
      } else {
        add("app", "app", `calls ${verb}(): makes state, nonce and a code verifier`);
      }
    } else if (kind === "leave" && what === "authorization") {
      add("app", "provider", "opens the authorization endpoint in this tab", { details: entry.parameters, note: entry.url });
      leftAt = at;
    } else if (kind === "response") {
      isBack = true;
      const names = entry.parameters.map(([name]) => name);
      if (leftAt !== undefined) add("provider", "provider", "asks the person, or knows who is there", { note: `${((at - leftAt) / 1000).toFixed(1)} s` });
      const isFailure = names.includes("error");
      add("provider", "app", isFailure ? "sends the person back with an error" : "sends the person back with a code", { details: entry.parameters, isFailure });
    } else if (kind === "request") {
      const isFailure = entry.failed === true || entry.status >= 400;
      const details = [...(entry.sent ?? []), ...(entry.received ?? []).map(([name, value]) => [`→ ${name}`, value])];
      if (what === "token") comeBack();
      if (OWN[what]) add("app", "app", OWN[what], { note: answerOf(entry), isFailure });
      else add("app", "provider", REQUESTS[what] ?? REQUESTS.other, { note: `${entry.method} ${entry.url} · ${answerOf(entry)}`, details, isFailure });
    } else if (kind === "ready") {
      if (index === 0) add("app", "app", "has a session already", { note: "It is that of another tab, or of a login before the record began." });
    } else if (kind === "event" && entry.type === "login") {
      if (entry.reason === "other-tab") {
        add("app", "app", "takes the session of another tab");
        continue;
      }
      comeBack();
      if (!has((each) => each.kind === "request" && each.what === "token")) {
        add("app", "provider", REQUESTS.token, { note: "Not seen: the request went out in a worker, or before the record began." });
      }
      const hasKeys = has((each) => each.kind === "request" && each.what === "jwks");
      add("app", "app", "verifies the answer and begins the session", { note: hasKeys ? "" : "An id_token is verified with keys that were fetched before." });
    } else if (kind === "error") {
      add("app", "app", `refuses: ${entry.code}`, { note: entry.message ?? "", isFailure: true });
    }
  }
  if (unansweredLogin(login)) add("provider", "app", "sends no response: the person came back without one", { isFailure: true });
  return steps;
}

/** A step as a sentence. */
export function sentence({ from, to, label, note, isFailure }) {
  const names = { app: "The app", provider: "The provider" };
  const direction = from === to ? "" : ` (${names[from].toLowerCase()} → ${names[to].toLowerCase()})`;
  return `${names[from]} ${label}${direction}${isFailure ? ", which fails" : ""}.${note ? ` ${note}` : ""}`;
}
