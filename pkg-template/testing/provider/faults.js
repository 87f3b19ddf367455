// What a test lets the provider do wrong, so that an app shows that it can bear it.

import { wrong } from "./options.js";

const ENDPOINTS = ["discovery", "jwks", "token", "userinfo", "revocation", "api"];
const RESPONSES = ["wrong-state", "wrong-issuer", "missing-issuer"];
const ID_TOKENS = ["wrong-signature", "unknown-key", "expired", "wrong-nonce", "wrong-issuer", "wrong-audience", "wrong-at-hash", "missing-at-hash", "unsigned", "missing"];
const OF_ENDPOINT = 'Give { status: 500 }, { error: "invalid_grant" }, { delay: 2000 }, { isDown: true } or { body: "…" }.';
const OF_LOGIN = 'Give { error: "temporarily_unavailable" } or { response: "wrong-state" }.';
const NAMES = [...ENDPOINTS, "authorization", "idToken"];

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function checkNumber(value, what, least, most) {
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) throw wrong(`${what} is ${String(value)}.`, `Give a whole number from ${least} to ${most}.`);
}

function checkMembers(fault, known, what) {
  const unknown = Object.keys(fault).find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`${what} has no "${unknown}".`, `It has: ${known.join(", ")}.`);
}

function checkEndpoint(fault, what) {
  if (!isObject(fault)) throw wrong(`${what} is not an object.`, OF_ENDPOINT);
  checkMembers(fault, ["status", "error", "delay", "isDown", "body", "times"], what);
  for (const [name, type] of [["error", "string"], ["body", "string"], ["isDown", "boolean"]]) {
    if (fault[name] !== undefined && typeof fault[name] !== type) throw wrong(`${what}.${name} is a value of the type ${typeof fault[name]}.`, `Give one of the type ${type}.`);
  }
  checkNumber(fault.status, `${what}.status`, 200, 599);
  checkNumber(fault.delay, `${what}.delay`, 0, 600_000);
}

function check(name, fault) {
  const what = `faults.${name}`;
  if (name === "idToken") {
    const { kind } = isObject(fault) ? fault : { kind: fault };
    if (isObject(fault)) checkMembers(fault, ["kind", "times"], what);
    if (typeof kind !== "function" && !ID_TOKENS.includes(kind)) throw wrong(`${what} is not known.`, `Give one of ${ID_TOKENS.join(", ")}, or a function that changes the claims.`);
    checkNumber(fault.times, `${what}.times`, 1, 1e6);
    return { kind, times: fault.times };
  }
  if (name === "authorization") {
    if (!isObject(fault)) throw wrong(`${what} is not an object.`, OF_LOGIN);
    checkMembers(fault, ["error", "response", "times"], what);
    if (fault.error !== undefined && !/^\w+$/.test(fault.error)) throw wrong(`${what}.error is not a code.`, 'Give a code of OAuth, as "access_denied".');
    if (fault.response !== undefined && !RESPONSES.includes(fault.response)) throw wrong(`${what}.response is not known.`, `Give one of ${RESPONSES.join(", ")}.`);
  } else checkEndpoint(fault, what);
  checkNumber(fault.times, `${what}.times`, 1, 1e6);
  // A test would pass that has proved nothing.
  if (Object.keys(fault).every((member) => member === "times")) throw wrong(`${what} does nothing.`, name === "authorization" ? OF_LOGIN : OF_ENDPOINT);
  return { ...fault };
}

export function createFaults(given) {
  let faults = new Map();
  const set = (wanted) => {
    if (!isObject(wanted)) throw wrong("faults are not an object.", "Give { token: { status: 500 } }, or {} for none.");
    const unknown = Object.keys(wanted).find((name) => !NAMES.includes(name));
    if (unknown !== undefined) throw wrong(`There is no fault "${unknown}".`, `There are: ${NAMES.join(", ")}.`);
    const entries = Object.entries(wanted).filter(([, fault]) => fault !== undefined && fault !== null);
    faults = new Map(entries.map(([name, fault]) => [name, check(name, fault)]));
  };
  set(given);
  return {
    set,
    get: () => Object.fromEntries(faults),
    of: (name) => faults.get(name),
    /** The fault of this occasion, which counts. */
    take(name) {
      const fault = faults.get(name);
      if (fault?.times !== undefined) {
        fault.times -= 1;
        if (fault.times === 0) faults.delete(name);
      }
      return fault;
    },
  };
}

/** Waits so long, unless the signal of the request ends it. */
function wait(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}

/** What a fault makes of an endpoint: its answer, or nothing where the endpoint answers after all. */
export async function spoilt(fault, signal) {
  if (!fault) return undefined;
  if (fault.delay) await wait(fault.delay, signal);
  // As `fetch` says it.
  if (fault.isDown) throw new TypeError("Failed to fetch");
  if (fault.error === undefined && fault.status === undefined && fault.body === undefined) return undefined;
  const { status = fault.error === undefined ? 200 : 400, error = "server_error" } = fault;
  const body = fault.body ?? JSON.stringify({ error, error_description: "A fault that the test has asked for." });
  const hasNoBody = [204, 205, 304].includes(status);
  return new Response(hasNoBody ? null : body, { status, headers: { "content-type": fault.body === undefined ? "application/json" : "text/plain", "cache-control": "no-store" } });
}

/** The claims of an id_token with the fault in them. */
export function spoiltClaims(kind, claims) {
  if (typeof kind === "function") return kind({ ...claims }) ?? claims;
  const { at_hash: _hash, ...withoutHash } = claims;
  return {
    expired: { ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 },
    "wrong-nonce": { ...claims, nonce: "wrong" },
    "wrong-issuer": { ...claims, iss: "https://wrong.example" },
    "wrong-audience": { ...claims, aud: "another-client" },
    "missing-at-hash": withoutHash,
    "wrong-at-hash": { ...claims, at_hash: "AAAAAAAAAAAAAAAAAAAAAA" },
  }[kind] ?? claims;
}
