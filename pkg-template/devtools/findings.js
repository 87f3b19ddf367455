// What is wrong, or may be, as only the page can see it: findings in the style of `npx oidc-client-wasm doctor`. Pure: from facts to findings.

const make = (level) => (id, text, cure = null) => ({ id, group: "page", level, text, cure, docs: `docs/devtools.md#${id}` });
const ok = make("ok");
const warning = make("warning");
const problem = make("problem");
const unseen = make("not-seen");

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function ofContext({ isSecureContext, webCrypto, url, isFramed, storageAccess }) {
  const found = [];
  if (isSecureContext) found.push(ok("secure-context", "The page is a secure context."));
  else found.push(warning("secure-context", `${url} is no secure context, so the browser gives it no WebCrypto and no service worker.`, "Serve the page over https, or from localhost during development. Without it the verifier in Rust checks signatures."));
  if (isSecureContext && !webCrypto) found.push(problem("web-crypto", "The page is a secure context and has no crypto.subtle: a script has taken it away, or this is a test environment.", "Find the script that replaces crypto, or set verifier: \"rust\"."));
  if (isFramed && storageAccess === false) found.push(warning("storage-partition", "The page is in a frame of another site, and the browser gives it a storage of its own: it does not see the session of the site's own tabs.", "Open the app in a tab of its own, or ask for access by document.requestStorageAccess() in a click."));
  return found;
}

function ofPolicy({ policy, violations }, endpoints) {
  const found = [];
  if (violations.length) {
    for (const { directive, blocked, disposition } of violations.slice(0, 5)) {
      found.push(problem("csp-violation", `The Content-Security-Policy of the page ${disposition === "report" ? "would forbid" : "forbids"} ${blocked} by ${directive}.`, `If your app or the client needs it, add ${/^https?:/.test(blocked) ? new URL(blocked).origin : "it"} to ${directive}.`));
    }
  }
  if (!policy.isHeaderSeen) return [...found, unseen("csp", "The headers of the page could not be read.", "Look at the Content-Security-Policy of the document in the browser's network panel.")];
  if (!policy.policies.length) return [...found, warning("csp", "The page has no Content-Security-Policy, as far as it can be seen.", "Send one: SECURITY.md has the headers. It is what keeps an injected script from running.")];
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
  if (missing.size) found.push(problem("csp", `The Content-Security-Policy of the page lacks what a login needs: ${[...missing].join(", ")}.`, "Add it, in every policy that the page has."));
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
    else found.push(warning("wasm-type", `${url} has the type ${type ?? "of no header"}, so the browser waits for the whole file before it compiles.`, "Have the server send Content-Type: application/wasm for .wasm files."));
  }
  if (serviceWorker) found.push(warning("service-worker", `The service worker ${serviceWorker.url} sees the requests of this page, also those with tokens.`, "Make sure that it lets requests to the provider and to your API pass, and puts none of their answers into a cache. It must not answer the redirect URI from a cache either, unless the answer is the app itself."));
  return found;
}

function ofTabs({ apis, locks, hasOpener, policy }, tokenStorage) {
  const found = [];
  if (!apis.BroadcastChannel) found.push(warning("broadcast-channel", "The browser has no BroadcastChannel: tabs do not hear of each other.", "A newer browser has it. Without it each tab has a session of its own."));
  if (locks === null) found.push(warning("locks", "The browser has no Web Locks for this page: two tabs may refresh at the same time.", "Serve the page over https. The client uses a lease in localStorage meanwhile."));
  if (/same-origin(?!-allow)/.test(policy.crossOriginOpenerPolicy ?? "")) found.push(warning("opener-policy", "The page has Cross-Origin-Opener-Policy: same-origin, which cuts it off from the window of a popup login.", "The login works all the same, because the response comes over a BroadcastChannel. That the window was closed is then told late: docs/popup.md."));
  return tokenStorage === "worker" ? [...found, ok("worker", "The tokens are in a worker: its requests are not seen here.")] : found;
}

/** Of the documents that every page may ask for: whether this page may. `probes` are `{ url, what, status, isOpaque }`. */
function ofProbes(probes, origin) {
  return probes.map(({ url, what, status, isOpaque }) => {
    if (status !== null && status < 300) return ok("cors", `The page may read ${what} at ${url}.`);
    if (status !== null) return problem("status", `${capital(what)} at ${url} has the status ${status}.`, "Correct the issuer or the URL in the settings.");
    if (isOpaque) return problem("cors", `The provider answers at ${url}, and the browser does not let ${origin} read ${what}: the answer has no Access-Control-Allow-Origin for it.`, `At the provider, allow the origin ${origin} (CORS, “web origins”). npx oidc-client-wasm doctor shows the headers.`);
    return problem("unreachable", `${capital(what)} at ${url} gave this page no answer.`, "Check the address and the network. If the provider answers in another tab, look at the Content-Security-Policy and at browser extensions.");
  });
}

/** Requests that got no answer, as the record has them. */
function ofRecord(entries) {
  const failed = entries.filter(({ kind, failed: isFailed, what }) => kind === "request" && isFailed && what !== "discovery" && what !== "jwks");
  const places = [...new Set(failed.map(({ method, url }) => `${method} ${url}`))].slice(0, 5);
  return places.map((told) => problem("no-answer", `${told} gave no answer that this page may read.`, "If it is the provider's, allow the origin of the page there, with errors too: a page that cannot read a refusal sees only network. A preflight that is refused looks the same: npx oidc-client-wasm doctor shows which."));
}

function ofClients(clients) {
  const found = [];
  for (const { name, session, error, settings } of clients) {
    if (error) found.push(problem("metadata", `The metadata of ${name} could not be had: ${error.code}. ${error.message ?? ""}`.trim(), error.remedy ?? null));
    const age = session?.clockDifference;
    if (typeof age === "number" && Math.abs(age) > 60) found.push(warning("clock", `The clock of this device and that of the provider of ${name} differ by about ${Math.round(Math.abs(age))} s.`, "Correct the clock. clockTolerance allows up to 300 s."));
    const origin = globalThis.location?.origin;
    for (const member of ["redirectUri", "popupRedirectUri", "silentRedirectUri"]) {
      const url = settings?.[member];
      if (url && origin && URL.canParse?.(url) && new URL(url).origin !== origin) found.push(warning("other-origin", `${member} of ${name} is at ${new URL(url).origin}, and this page is at ${origin}: the response finds another storage.`, `Open the app at ${new URL(url).origin}, or register a ${member} at ${origin}.`));
    }
  }
  return found;
}

const ORDER = ["problem", "warning", "not-seen", "ok"];

export function judge({ page, clients, probes, entries, tokenStorage }) {
  const named = ({ endpoints, settings }) => [...Object.values(endpoints ?? {}), ...["issuer", "accessTokenUrl", "access_token_url", "serverMetadataUrl", "server_metadata_url"].map((name) => settings?.[name])];
  const endpoints = clients.flatMap(named).filter((url) => typeof url === "string" && /^https?:\/\/[\w.:[\]-]+(\/|$)/.test(url));
  return [
    ...ofContext(page),
    ...ofPolicy(page, endpoints),
    ...ofFiles(page),
    ...ofTabs(page, tokenStorage),
    ...ofProbes(probes, globalThis.location?.origin),
    ...ofRecord(entries),
    ...ofClients(clients),
  ].sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));
}
