// What is wrong, or may be, as only the page can see it: findings in the style of `npx oidc-client-wasm doctor`. Pure: from facts to findings.

import { unansweredLogin } from "./record/steps.js";

/** As the findings of the doctor (../doctor/report.d.ts), with the clients that it is about; none: the page. */
const make = (level) => (id, text, cure = null, where = null) => ({ id, group: "page", level, subject: null, text, cure, where, specification: null, docs: `docs/devtools.md#${id}`, clients: [] });
const ok = make("ok");
const warning = make("warning");
const problem = make("problem");
const unseen = make("not-seen");

const JUDGED = ["discovery", "jwks", "token", "userinfo", "revocation"];

function ofContext({ isSecureContext, webCrypto, url, isFramed, storageAccess }) {
  const found = [];
  if (isSecureContext) found.push(ok("secure-context", "The page is a secure context."));
  else found.push(warning("secure-context", `${url} is no secure context, so the browser gives it no WebCrypto and no service worker.`, "Serve the page over https, or from localhost during development. Without it the verifier in Rust checks signatures.", "server"));
  if (isSecureContext && !webCrypto) found.push(problem("web-crypto", "The page is a secure context and has no crypto.subtle: a script has taken it away, or this is a test environment.", "Find the script that replaces crypto, or set verifier: \"rust\".", "app"));
  if (isFramed && storageAccess === false) found.push(warning("storage-partition", "The page is in a frame of another site, and the browser gives it a storage of its own: it does not see the session of the site's own tabs.", "Open the app in a tab of its own, or ask for access by document.requestStorageAccess() in a click."));
  return found;
}

function ofPolicy({ policy, violations }, endpoints) {
  const found = [];
  if (violations.length) {
    for (const { directive, blocked, disposition, count } of violations.slice(0, 5)) {
      found.push(problem("csp-violation", `The Content-Security-Policy of the page ${disposition === "report" ? "would forbid" : "forbids"} ${blocked} by ${directive}${count > 1 ? ` (${count} times)` : ""}.`, `If your app or the client needs it, add ${/^https?:/.test(blocked) ? new URL(blocked).origin : "it"} to ${directive}.`, "server"));
    }
  }
  if (!policy.isHeaderSeen) return [...found, unseen("csp", "The headers of the page could not be read.", "Look at the Content-Security-Policy of the document in the browser's network panel.")];
  if (!policy.policies.length) return [...found, warning("csp", "The page has no Content-Security-Policy, as far as it can be seen.", "Send one: SECURITY.md has the headers. It is what keeps an injected script from running.", "server")];
  const missing = new Set();
  for (const directives of policy.policies) {
    const script = directives["script-src"] ?? directives["default-src"];
    if (script !== undefined && !/'(wasm-)?unsafe-eval'/.test(script)) missing.add("'wasm-unsafe-eval' in script-src");
    const connect = directives["connect-src"] ?? directives["default-src"];
    if (connect === undefined) continue;
    for (const origin of new Set(endpoints.map((url) => new URL(url).origin))) {
      if (origin !== globalThis.location?.origin && !allows(connect, origin)) missing.add(`${origin} in connect-src`);
    }
  }
  if (missing.size) found.push(problem("csp", `The Content-Security-Policy of the page lacks what a login needs: ${[...missing].join(", ")}.`, "Add it, in every policy that the page has.", "server"));
  else found.push(ok("csp", "The Content-Security-Policy of the page lets the client work."));
  return found;
}

/** Whether a list of sources has an origin, as far as it is easily told. */
function allows(sources, origin) {
  const { protocol, host, hostname } = new URL(origin);
  return sources.split(/\s+/).some((source) => {
    const given = source.toLowerCase().replace(/\/.*$/, (path) => (path.startsWith("//") ? path : ""));
    if (given === "*" || given === protocol) return true;
    const [, scheme, name] = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(.+?)(?:\/.*)?$/.exec(source.toLowerCase()) ?? [];
    if (scheme && scheme !== protocol) return false;
    if (name?.startsWith("*.")) return hostname.endsWith(name.slice(1).split(":")[0]);
    return name === host || name === `${hostname}:*`;
  });
}

function ofFiles({ wasm, serviceWorker }) {
  const found = [];
  for (const { url, status, type } of wasm) {
    if (status === null) continue;
    if (type?.split(";")[0].trim() === "application/wasm") found.push(ok("wasm-type", `${url} has the type application/wasm.`));
    else found.push(warning("wasm-type", `${url} has the type ${type ?? "of no header"}, so the browser waits for the whole file before it compiles.`, "Have the server send Content-Type: application/wasm for .wasm files.", "server"));
  }
  if (serviceWorker) found.push(warning("service-worker", `The service worker ${serviceWorker.url} sees the requests of this page, also those with tokens.`, "Make sure that it lets requests to the provider and to your API pass, and puts none of their answers into a cache. It must not answer the redirect URI from a cache either, unless the answer is the app itself.", "app"));
  return found;
}

function ofTabs({ apis, locks, policy }, tokenStorage) {
  const found = [];
  if (!apis.BroadcastChannel) found.push(warning("broadcast-channel", "The browser has no BroadcastChannel: tabs do not hear of each other.", "A newer browser has it. Without it each tab has a session of its own."));
  if (locks === null) found.push(warning("locks", "The browser has no Web Locks for this page: two tabs may refresh at the same time.", "Serve the page over https. The client uses a lease in localStorage meanwhile."));
  if (/same-origin(?!-allow)/.test(policy.crossOriginOpenerPolicy ?? "")) found.push(warning("opener-policy", "The page has Cross-Origin-Opener-Policy: same-origin, which cuts it off from the window of a popup login.", "The login works all the same, because the response comes over a BroadcastChannel. That the window was closed is then told late: docs/popup.md."));
  return tokenStorage === "worker" ? [...found, ok("worker", "The tokens are in a worker: its requests are not seen here.")] : found;
}

/** Requests of the record that got no answer, save those that provider.js judges. */
function ofRecord(entries) {
  const failed = entries.filter(({ kind, failed: isFailed, what }) => kind === "request" && isFailed && !JUDGED.includes(what));
  const places = [...new Set(failed.map(({ method, url }) => `${method} ${url}`))].slice(0, 5);
  return places.map((told) => problem("no-answer", `${told} gave no answer that this page may read.`, "If the address is that of the provider, allow the origin of the page there, with errors too: a page that cannot read a refusal sees only network. A preflight that is refused looks the same: npx oidc-client-wasm doctor shows which."));
}

/** What became of the last login by a redirect, where it has left no error. */
function ofLogins(entries, clients) {
  const found = [];
  const unanswered = unansweredLogin(entries);
  if (unanswered) {
    const sent = Object.fromEntries(unanswered.parameters ?? []);
    const named = clients.find(({ name }) => name === unanswered.client) ?? {};
    const values = [["clientId", sent.client_id ?? named.clientId], ["redirectUri", sent.redirect_uri ?? named.settings?.redirectUri ?? named.settings?.redirect_uri]];
    const told = values.filter(([, value]) => typeof value === "string").map(([name, value]) => `${name} ${value}`).join(" and ");
    found.push(warning("no-response", "The person came back from the provider without a response. A provider that does not know the client or its redirect URI shows a page of its own, and sends nobody back; or the person went back.", `Compare ${told || "clientId and redirectUri"} with the registration at the provider, to the letter. npx oidc-client-wasm doctor asks the provider.`, "provider"));
  }
  const isLogin = ({ kind, type }) => kind === "event" && type === "login";
  const stray = entries.filter((entry) => entry.kind === "stray" || isLogin(entry)).at(-1);
  if (stray?.kind === "stray") found.push(warning("stray-response", `A response of the provider came to ${stray.url}, and it belongs to no login that this tab has begun.`, "Begin the login in the same tab, and at the same origin as the redirect URI: localhost and 127.0.0.1 are two origins. A response that was used, by a reload or from a bookmark, belongs to no login either.", "app"));
  const { origin } = globalThis.location ?? {};
  const left = entries.filter(({ kind, what }) => kind === "leave" && what === "authorization").at(-1);
  const target = left?.parameters.find(([name]) => name === "redirect_uri")?.[1];
  if (origin && /^https?:/.test(target) && URL.canParse?.(target) && new URL(target).origin !== origin) found.push(elsewhere("The redirect URI of the last login", "redirectUri", new URL(target).origin, origin));
  return found;
}

/** A response that comes to another origin. */
const elsewhere = (what, member, target, origin) => warning("other-origin", `${what} is at ${target}, and this page is at ${origin}: the response finds another storage.`, `Open the app at ${target}, or register a ${member} at ${origin}.`, "app");

function ofClients(clients) {
  const found = [];
  for (const { name, error, settings } of clients) {
    const of = (finding) => found.push({ ...finding, clients: [name] });
    if (error) of(problem("metadata", error.message ? `${error.message} (${error.code})` : `The metadata of ${name} could not be had: ${error.code}.`, error.remedy ?? null));
    const origin = globalThis.location?.origin;
    // The doctor judges redirectUri.
    for (const member of ["popupRedirectUri", "silentRedirectUri"]) {
      const url = settings?.[member];
      if (url && origin && URL.canParse?.(url) && new URL(url).origin !== origin) of(elsewhere(`${member} of ${name}`, member, new URL(url).origin, origin));
    }
  }
  return found;
}

const ORDER = ["problem", "warning", "not-seen", "ok"];

/** The worst first. */
export const sorted = (findings) => [...findings].sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));

/** createOAuth has failed. */
export const ofStart = ({ code, message, remedy, docs }) => ({ ...problem("start", `createOAuth failed: ${code}. ${message ?? ""}`.trim(), remedy ?? null, "app"), ...(docs && { docs }) });

export function judge({ page, clients, entries, tokenStorage }) {
  const named = ({ endpoints, settings }) => [...Object.values(endpoints ?? {}), ...["issuer", "accessTokenUrl", "access_token_url", "serverMetadataUrl", "server_metadata_url"].map((name) => settings?.[name])];
  const endpoints = clients.flatMap(named).filter((url) => typeof url === "string" && /^https?:\/\/[\w.:[\]-]+(\/|$)/.test(url));
  return [
    ...ofContext(page),
    ...ofPolicy(page, endpoints),
    ...ofFiles(page),
    ...ofTabs(page, tokenStorage),
    ...ofRecord(entries),
    ...ofLogins(entries, clients),
    ...ofClients(clients),
  ];
}
