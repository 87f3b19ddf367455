// What the page itself can see of its surroundings. Each question has an end, and an answer that does not come is `null`.

import { place } from "./record/mask.js";

/** Milliseconds for one question. */
const PATIENCE = 3000;
const DIRECTIVES = ["default-src", "script-src", "connect-src", "worker-src", "frame-src", "form-action", "require-trusted-types-for", "trusted-types"];

/** What `ask` gives, or `null` where it fails or takes too long. */
export async function answerOf(ask) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE, null);
  });
  try {
    return (await Promise.race([ask(), late])) ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** What the policy of the page forbids from now on. */
const violations = [];
let isHearing = false;
export function hearViolations() {
  if (isHearing || typeof document === "undefined") return;
  isHearing = true;
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, disposition }) => {
    const blocked = /^https?:/.test(blockedURI) ? place(blockedURI) : blockedURI.slice(0, 20);
    const known = violations.find((each) => each.directive === effectiveDirective && each.blocked === blocked && each.disposition === disposition);
    if (known) known.count += 1;
    else if (violations.length < 50) violations.push({ at: Date.now(), directive: effectiveDirective, blocked, disposition, count: 1 });
  });
}

export const violationsSeen = () => violations.map((violation) => ({ ...violation }));

/** The directives of a policy that matter to the client. */
export function directivesOf(policy) {
  const found = {};
  for (const part of policy.split(/[;,]/)) {
    const [name = "", ...values] = part.trim().split(/\s+/);
    if (DIRECTIVES.includes(name.toLowerCase())) found[name.toLowerCase()] ??= values.join(" ").replace(/'nonce-[^']*'/gi, "'nonce-…'").slice(0, 500);
  }
  return found;
}

/** A Web API that a page without a secure context, or a shim, may not have. */
const has = (name) => typeof globalThis[name] !== "undefined";

async function policyOf() {
  const meta = [...document.querySelectorAll('meta[http-equiv="content-security-policy" i]')].map(({ content }) => content);
  // The page is fetched anew, without what its address may hold. A server may answer a script otherwise than a navigation.
  const answer = await answerOf(() => fetch(location.origin + location.pathname, { credentials: "same-origin", cache: "force-cache", headers: { accept: "text/html" } }));
  const header = (name) => answer?.headers.get(name) ?? null;
  answer?.body?.cancel().catch(() => {});
  const policies = [...meta, header("content-security-policy")].filter(Boolean);
  return {
    policies: policies.map(directivesOf),
    reportOnly: header("content-security-policy-report-only") !== null,
    isHeaderSeen: answer !== null,
    crossOriginOpenerPolicy: header("cross-origin-opener-policy"),
    referrerPolicy: header("referrer-policy"),
  };
}

/** The files of WebAssembly that this page has loaded, each with the type that the server gives it. */
async function wasmFiles() {
  const urls = performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => /(client_wasm|verifier)_bg[^/?]*\.wasm/.test(name));
  const unique = [...new Set(urls)].slice(0, 4);
  return Promise.all(unique.map(async (url) => {
    const answer = await answerOf(() => fetch(url, { method: "HEAD", cache: "force-cache" }));
    return { url: place(url), status: answer?.status ?? null, type: answer?.headers.get("content-type")?.slice(0, 80) ?? null };
  }));
}

export async function pageFacts() {
  const [policy, wasm, storageAccess, estimate, locks] = await Promise.all([
    policyOf(),
    wasmFiles(),
    answerOf(() => document.hasStorageAccess?.()),
    answerOf(() => navigator.storage?.estimate?.()),
    answerOf(() => navigator.locks?.query()),
  ]);
  const worker = navigator.serviceWorker?.controller;
  return {
    url: place(location.href).split("?")[0],
    browser: navigator.userAgent.slice(0, 300),
    languages: [...(navigator.languages ?? [])].slice(0, 3),
    isOnline: navigator.onLine,
    isSecureContext: globalThis.isSecureContext === true,
    isFramed: window !== window.parent,
    isCrossOriginIsolated: globalThis.crossOriginIsolated === true,
    apis: Object.fromEntries(["crypto", "WebAssembly", "BroadcastChannel", "Worker", "trustedTypes", "navigation", "cookieStore"].map((name) => [name, has(name)])),
    webCrypto: globalThis.crypto?.subtle !== undefined,
    locks: locks === null ? null : { held: locks.held?.length ?? 0, pending: locks.pending?.length ?? 0 },
    policy,
    violations: [],
    wasm,
    serviceWorker: worker ? { url: place(worker.scriptURL), state: worker.state } : null,
    storageAccess,
    storageQuota: estimate?.quota ?? null,
  };
}
