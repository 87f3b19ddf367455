// The record of what the client does: in memory, and in sessionStorage across the redirect of a login. It has no secret: mask.js sees each value first.

import { label, place, shown } from "./mask.js";
import { watchRequests } from "./requests.js";
import { isResponse, watch } from "./watch.js";

const VERSION = 1;
/** The most entries, and the most characters in storage, where a session is worth more than this record. */
const MOST_ENTRIES = 200;
const MOST_CHARACTERS = 40_000;
/** The most bytes of an answer that are looked at. */
const MOST_BYTES = 100_000;
/** The verbs that end a session here. */
const ENDINGS = ["clear", "logoutRedirect"];
/** The fields of a logout that is sent as a form. The app has forms of its own. */
const LOGOUT = ["id_token_hint", "client_id", "post_logout_redirect_uri"];

/** Pairs of names and values, masked. */
const told = (pairs) => [...pairs].slice(0, 40).map(([name, value]) => [label(String(name)), shown(name, value)]);

/** The parameters of a URL, of the query and of the fragment. */
function parametersOf(url) {
  const { searchParams, hash } = new URL(url, document.baseURI);
  return told([...searchParams, ...(hash.includes("=") ? new URLSearchParams(hash.slice(1)) : [])]);
}

/** The text of a body, as far as it is of use. */
async function textOf(message) {
  const reader = message.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let left = MOST_BYTES; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    left -= value.length;
    if (left < 0) {
      reader.cancel().catch(() => {});
      return "";
    }
  }
  return text;
}

/** What a request asks for, and what its form has. */
function look(request) {
  const hasForm = request.method === "POST" && /urlencoded/.test(request.headers.get("content-type") ?? "");
  const form = hasForm ? request.clone().text().catch(() => "") : "";
  return { form, isAuthorized: request.headers.has("authorization") };
}

function purposeOf(form, isAuthorized, answer, url) {
  if (/\.wasm(\?|$)/.test(url)) return "wasm";
  if (form.has("grant_type")) return "token";
  if (form.has("token")) return "revocation";
  if (isAuthorized) return "userinfo";
  if (answer.has("keys")) return "jwks";
  return answer.has("authorization_endpoint") || /\/\.well-known\/(openid-configuration|oauth-authorization-server)/.test(url) ? "discovery" : "other";
}

/** Says what a request was for, and names what was sent and what came, when the bodies have been read. */
async function explain(entry, asked, answer) {
  const form = new URLSearchParams((await asked?.form) ?? "");
  const isJson = /json/.test(answer?.headers.get("content-type") ?? "");
  const body = new Map();
  if (isJson) {
    const value = JSON.parse(await textOf(answer));
    for (const [name, member] of Object.entries(value ?? {})) body.set(name, member);
  } else {
    answer?.body?.cancel().catch(() => {});
  }
  const purpose = purposeOf(form, asked?.isAuthorized ?? false, body, entry.url);
  entry.what = purpose === "other" && new URL(entry.url, document.baseURI).origin === location.origin ? "settings" : purpose;
  if (form.size) entry.sent = told(form);
  if (asked?.isAuthorized) entry.sent = [["Authorization", "‹access token›"]];
  if (entry.what === "token") entry.received = told(body);
  if (entry.what === "userinfo") entry.received = [...body.keys()].slice(0, 40).map((name) => [label(name), "‹claim›"]);
  if (entry.what === "jwks") entry.received = [["keys", `${body.get("keys")?.length ?? 0} keys`]];
  if (entry.what === "discovery" && typeof body.get("issuer") === "string") entry.received = [["issuer", shown("issuer", body.get("issuer"))]];
}

const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string");
const isOptional = (value, fits) => value === undefined || (Array.isArray(value) && value.every(fits));

/** Whether a stored entry has the shape of one: any script of the origin may have written it. */
function isEntry(entry) {
  const { kind, at, parameters, sent, received, sessions, ...rest } = Object(entry);
  return (
    typeof kind === "string" &&
    typeof at === "number" &&
    Math.abs(at) < 8.64e15 &&
    (parameters !== undefined || !["leave", "response"].includes(kind)) &&
    [parameters, sent, received].every((pairs) => isOptional(pairs, isPair)) &&
    isOptional(sessions, (name) => typeof name === "string") &&
    Object.values(rest).every((value) => ["string", "number", "boolean"].includes(typeof value)) &&
    ["url", "message", "code", "verb"].every((name) => ["undefined", "string"].includes(typeof rest[name]))
  );
}

/** The entries that an earlier page of this tab has left. */
function restored(key) {
  try {
    const text = sessionStorage.getItem(key);
    const { v, entries } = JSON.parse(text);
    return text.length <= MOST_CHARACTERS && v === VERSION && Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/**
 * Begins a record, and gives the function for the option `log` of `createOAuth`, which is also the record: `entries`, `onChange(listener)`, `stop()`. Of
 * a page with two registries each gets a record of its own, by a prefix of its own.
 */
export function recordRequests({ storagePrefix = "oidc" } = {}) {
  const key = `${storagePrefix}:devtools`;
  const changes = new EventTarget();
  const ends = [];
  let entries = restored(key);
  let isOn = true;

  function keep() {
    try {
      let text;
      // The oldest entries give way.
      for (let from = 0; from === 0 || text.length > MOST_CHARACTERS; from += 20) text = JSON.stringify({ v: VERSION, entries: entries.slice(from) });
      sessionStorage.setItem(key, text);
    } catch {
      // Without storage the record ends with the page.
    }
    changes.dispatchEvent(new Event("change"));
  }

  function forget() {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // There is nothing to remove.
    }
    changes.dispatchEvent(new Event("change"));
  }

  function note(entry) {
    if (!isOn) return;
    entries.push(entry);
    if (entries.length > MOST_ENTRIES) entries.splice(0, entries.length - MOST_ENTRIES);
    keep();
    const { kind, verb, type, reason } = entry;
    // The record of a session ends with it. What follows, as the way to the provider's logout, is noted anew.
    if ((kind === "verb" && verb === "clear") || (kind === "event" && type === "logout")) {
      const isOfThisEnd = (each) => each === entry || (each.kind === "begin" && ENDINGS.includes(each.verb) && entry.at - each.at < 60_000);
      entries = entries.filter(isOfThisEnd);
      forget();
    }
    if (kind === "unstarted") console.error("oidc-client-wasm: createOAuth failed. The devtools have its error.");
  }

  function noteRequest(entry, asked, answer) {
    note(entry);
    explain(entry, asked, answer).catch(() => {
      entry.what ??= "other";
    }).finally(() => isOn && entries.includes(entry) && keep());
  }

  note({ at: Date.now(), kind: "page", url: place(location.href) });
  if (isResponse(location.href)) note({ at: Date.now(), kind: "response", parameters: parametersOf(location.href) });
  ends.push(watchRequests(noteRequest, look));
  // "Back" may bring a page as it was.
  const show = ({ persisted }) => persisted && note({ at: Date.now(), kind: "page", url: place(location.href) });
  addEventListener("pageshow", show);
  ends.push(() => removeEventListener("pageshow", show));
  const navigation = globalThis.navigation;
  const leave = ({ destination, hashChange, downloadRequest, formData }) => {
    // A login or a logout that leaves the page. Not every browser tells of it.
    const { url, sameDocument } = destination;
    if (sameDocument || hashChange || downloadRequest !== null || new URL(url).origin === location.origin) return;
    const parameters = parametersOf(url);
    const names = parameters.map(([name]) => name);
    const what = names.includes("response_type") ? "authorization" : LOGOUT.some((name) => formData?.has(name)) || names.includes("id_token_hint") || names.includes("post_logout_redirect_uri") ? "end_session" : undefined;
    if (what) note({ at: Date.now(), kind: "leave", what, url: place(url).split("?")[0], parameters });
  };
  navigation?.addEventListener("navigate", leave);
  ends.push(() => navigation?.removeEventListener("navigate", leave));

  const record = (starting) => {
    const end = watch(starting, note);
    ends.push(end);
    return end;
  };
  // A copy, oldest first.
  Object.defineProperty(record, "entries", { __proto__: null, get: () => structuredClone(entries) });
  return Object.assign(record, {
    storagePrefix,
    onChange(listener) {
      changes.addEventListener("change", listener);
      return () => changes.removeEventListener("change", listener);
    },
    clear() {
      entries = [];
      forget();
    },
    stop() {
      isOn = false;
      for (const end of ends.splice(0)) end();
    },
  });
}
