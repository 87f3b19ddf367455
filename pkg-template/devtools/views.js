// What each tab of the panel shows: elements made of facts. Text enters as text.

import { explainClaims } from "./claims.js";
import { h, sequenceDiagram, sequenceList } from "./diagram.js";
import { storageRecords } from "./storage.js";

const clock = (ms) => h("time", { datetime: new Date(ms).toISOString() }, new Date(ms).toLocaleTimeString(undefined, { hour12: false }));
const nothing = (text) => h("p", { class: "soft" }, text);
const table = (label, heads, rows) =>
  h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell, at) => h("td", { "data-label": heads[at + 1] }, cell ?? "")))))));

/** `3 min 20 s` */
export function span(seconds) {
  const left = Math.max(0, Math.floor(Math.abs(seconds)));
  const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].map(([size, unit], at, units) => [Math.floor((at ? left % units[at - 1][0] : left) / size), unit]);
  const first = parts.findIndex(([amount]) => amount > 0);
  return first < 0 ? "0 s" : parts.slice(first, first + 2).map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}

function login({ entries, width }) {
  const list = h("details", {}, h("summary", {}, "The same as a list, with the parameters"), sequenceList(entries));
  return [sequenceDiagram(entries, { width }), list];
}

function claims({ clients }) {
  return clients.flatMap((client) => [
    h("h3", {}, client.name),
    client.claims
      ? table(`Claims of ${client.name}`, ["Claim", "Value", "Check before the session began", "Where it is written"], explainClaims(client.claims, client.clientId).map(({ name, value, check, section }) => [h("code", {}, name), value, check ?? "none: show it, and decide nothing by it", section]))
      : nothing(client.isAuthenticated ? "This session has no id_token, so it has no claims." : "Nobody is signed in."),
    client.claims && nothing("The client verified the signature of the id_token with a key of the provider (OpenID Connect Core 1.0, section 3.1.3.7, items 6 and 7) before it looked at a claim."),
  ]);
}

/** What ends, and when: pairs of a name, a beginning and an end in seconds. */
function endsOf(client, entries, options) {
  const began = entries.filter(({ kind, type, client: of }) => kind === "event" && of === client.name && ["login", "tokenupdate"].includes(type)).at(-1);
  const { iat, exp, auth_time, session_expiry } = client.claims ?? {};
  const ends = [];
  if (client.token?.expires_at !== undefined) ends.push(["access token", began ? began.at / 1000 : iat, client.token.expires_at]);
  if (exp !== undefined) ends.push(["id_token (judged when it came; its end ends no session)", iat, exp]);
  if (options?.sessionLifetime?.max) {
    const login = entries.find(({ kind, type, client: of }) => kind === "event" && of === client.name && type === "login");
    if (login) ends.push(["session (sessionLifetime.max)", login.at / 1000, login.at / 1000 + options.sessionLifetime.max]);
  }
  if (typeof session_expiry === "number") ends.push(["session (session_expiry of the provider)", auth_time ?? iat, session_expiry]);
  return ends;
}

function time({ clients, entries, options }) {
  const now = Date.now() / 1000;
  return clients.flatMap((client) => {
    const ends = client.isAuthenticated ? endsOf(client, entries, options) : [];
    const rows = ends.map(([name, from, end]) => {
      const label = `${name}: ${end > now ? `ends in ${span(end - now)}` : `ended ${span(now - end)} ago`}`;
      const whole = Math.max(1, end - (from ?? now));
      return [h("p", {}, label, ", at ", clock(end * 1000)), h("progress", { max: String(Math.round(whole)), value: String(Math.round(Math.max(0, Math.min(whole, end - now)))), "aria-label": name })];
    });
    const idle = options?.sessionLifetime?.idle;
    return [
      h("h3", {}, client.name),
      rows.length ? rows.flat() : nothing(client.isAuthenticated ? "The provider does not say when the token ends." : "Nobody is signed in."),
      idle && client.isAuthenticated && nothing(`The session also ends ${span(idle)} after the last touch().`),
    ];
  }).flat();
}

function tabs({ locks, clients, entries, options }) {
  const mode = options?.tokenStorage ?? "session";
  const heard = entries.filter(({ kind, reason }) => kind === "event" && reason === "other-tab");
  return [
    h("p", {}, `tokenStorage is ${mode}${options?.tokenStorage ? "" : " (as far as it is known: give the options to mountDevtools)"}. Sessions ${mode === "worker" || options?.shareSession === false ? "are not shared with new tabs" : "are shared with new tabs of this origin"}.`),
    h("p", {}, locks === undefined ? "Asking for the Web Locks …" : locks === null ? "The browser does not tell of Web Locks." : `Web Locks of this origin: ${locks.held} held, ${locks.pending} waited for. A tab with a session holds one.`),
    h("p", {}, typeof BroadcastChannel === "undefined" ? "The browser has no BroadcastChannel: tabs do not hear of each other." : "BroadcastChannel is there: tabs hear of logins and logouts."),
    h("h3", {}, "This tab"),
    table("Sessions of this tab", ["Client", "State", "Signed in"], clients.map((client) => [client.name, client.snapshot?.status ?? "unknown", client.isAuthenticated ? "yes" : "no"])),
    h("h3", {}, "What other tabs have told"),
    heard.length ? h("ul", {}, heard.map(({ at, client, type }) => h("li", {}, clock(at), ` ${type} of ${client}`))) : nothing("Nothing since the record began."),
  ];
}

function words({ kind, type, reason, verb, outcome, ms, client, code, error, message, remedy, method, url, status, failed, isLook, what, sessions }) {
  const of = client ? `${client}: ` : "";
  switch (kind) {
    case "event": return `${of}event ${type}${reason ? ` (${reason})` : ""}`;
    case "verb": return `${of}${verb}() ${outcome}, ${ms} ms`;
    case "error": return `${of}${code}${error ? ` (${error})` : ""}. ${message ?? ""} ${remedy ?? ""}`;
    case "request": return `${what ?? "request"}: ${method} ${url} ${failed ? "gave no answer" : status}, ${ms} ms${isLook ? ", for the findings" : ""}`;
    case "leave": return `the page leaves for the ${what} endpoint`;
    case "stray": return `a response that belongs to no login of this tab, at ${url}`;
    case "response": return "the page was opened with a response of the provider";
    case "page": return `page ${url}`;
    case "ready": return `the client is ready${sessions?.length ? `, with a session of ${sessions.join(", ")}` : ""}`;
    default: return undefined;
  }
}

function events({ entries }) {
  const told = entries.filter((entry) => words(entry)).slice(-100).reverse();
  if (!told.length) return [nothing("Nothing has happened since the record began.")];
  return [h("ul", {}, told.map((entry) => h("li", { class: entry.kind === "error" ? "failure" : undefined }, clock(entry.at), " ", words(entry))))];
}

function storage({ prefix, clients }) {
  const rows = storageRecords(prefix, clients.map(({ name }) => name));
  return [
    rows.length
      ? table("Records in storage", ["Record", "Client", "Owner", "Where", "Characters"], rows.map(({ place, kind, client, owner, meaning, characters, owned }) => [[h("code", {}, kind), ` ${meaning}`].flat(), client === null ? "–" : `${client}${owned ? "" : " (not of this page)"}`, owner ?? "–", place, String(characters)]).map(([first, ...rest]) => [h("span", {}, first), ...rest]))
      : nothing("There is no record of this prefix."),
    nothing("The owner is a fingerprint of the client id and the provider. This panel shows no content of a record."),
  ];
}

const LEVELS = { problem: "Problem", warning: "Look at this", "not-seen": "Not seen", ok: "Fine" };
const GROUPS = { page: "This page", app: "Your app", discovery: "Discovery", metadata: "What the provider offers", keys: "Keys", cors: "Answers that the page may read", login: "Login", tokens: "Tokens", logout: "Logout", time: "Clock and speed" };
const WHERE = { app: "In the settings of the app: ", provider: "At the provider: ", server: "At the server of the app: " };

function finding({ id, group, level, text, cure, where, specification, docs, clients }, isSeveral) {
  return h("li", { class: "finding", "data-level": level, "data-id": id },
    h("p", { class: "soft" }, GROUPS[group] ?? group, isSeveral && clients.length > 0 && ` · ${clients.join(", ")}`),
    h("p", {}, h("strong", { class: "level" }, `${LEVELS[level] ?? level}: `), text),
    cure && h("p", {}, WHERE[where], cure),
    h("p", { class: "soft" }, h("code", {}, docs), specification && [" · ", h("a", { href: specification.url, target: "_blank", rel: "noopener noreferrer" }, `${specification.title}, ${specification.section}`)]));
}

function findings({ report, look, clients }) {
  if (!report) return [nothing("Looking at the page and the provider …")];
  const list = (some) => h("ul", { class: "findings" }, some.map((one) => finding(one, clients.length > 1)));
  const [fine, open] = [true, false].map((isFine) => report.findings.filter(({ level }) => (level === "ok") === isFine));
  return [
    h("button", { type: "button", onclick: look }, "Look again"),
    open.length ? list(open) : h("p", {}, "Nothing was found that is wrong."),
    fine.length > 0 && h("details", {}, h("summary", {}, `What is fine: ${fine.length}`), list(fine)),
    report.notSeen.length > 0 && [h("h3", {}, "What this report cannot speak of"), h("ul", {}, report.notSeen.map((sentence) => h("li", {}, sentence)))],
  ];
}

/** The tabs in their order: the name, and what makes the content. */
export const VIEWS = { Login: login, Claims: claims, Time: time, Tabs: tabs, Events: events, Storage: storage, Findings: findings };
