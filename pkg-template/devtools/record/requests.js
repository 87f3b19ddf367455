// Observes the requests of the package, and no other request of the page.

import { place } from "./mask.js";

/** The function below an observer that has ended. */
export const BENEATH = Symbol.for("oidc-client-wasm.beneath");
/** How the package makes its requests (src/browser/http.rs), which no other code of a page is likely to do. */
const isOwn = ({ credentials, cache, redirect, referrerPolicy }) =>
  credentials === "omit" && cache === "no-store" && redirect === "error" && referrerPolicy === "no-referrer";
const isDocument = ({ headers }) => /^(application|text)\/([\w.-]+\+)?json *(;|$)/i.test(headers.get("content-type") ?? "");
/** The function that a watched verb calls. */
export const ORIGINAL = Symbol.for("oidc-client-wasm.original");
/** How many diagnoses wait for a client right now. A log may have another copy of this file. */
const LOOKING = Symbol.for("oidc-client-wasm.looking");
const isWasm = (url) => /(client_wasm|verifier)_bg[^/]*\.wasm$/.test(url.split(/[?#]/)[0]);

/**
 * Calls `note` with each request of the package that the page sends from now on. `look` may say more of a request and of its answer. Gives the function
 * that ends this: `fetch` is then what it was, unless another tool has replaced it since.
 */
export function watchRequests(note, look) {
  const before = globalThis.fetch;
  if (typeof before !== "function") return () => {};
  let isOn = true;

  /** What is to be done with the answer, or `undefined` for a request that is not of the package. */
  function observed([input, init]) {
    const isRequest = input instanceof Request;
    const url = isRequest ? input.url : typeof input === "string" || input instanceof URL ? String(input) : "";
    if (!(isRequest && isOwn(input)) && !(isWasm(url) && init?.method !== "HEAD")) return undefined;
    const entry = { at: Date.now(), kind: "request", method: isRequest ? input.method : "GET", url: place(url) };
    // What a diagnosis asks for is not what the app did.
    if (isRequest && globalThis[LOOKING] > 0 && input.method === "GET" && !input.headers.has("authorization")) entry.isLook = true;
    const began = performance.now();
    const asked = isRequest ? look?.(input) : undefined;
    return (fields, answer) => {
      if (isOn) note(Object.assign(entry, fields, { ms: Math.round(performance.now() - began) }), asked, answer);
    };
  }

  function fetch(...given) {
    let end;
    try {
      end = isOn ? observed(given) : undefined;
    } catch {
      // What cannot be observed is sent all the same.
    }
    const sent = Reflect.apply(before, this, given);
    if (!end || typeof sent?.then !== "function") return sent;
    // Its caller gets the promise of this function, so that a failure that nobody handles is reported as before.
    return sent.then(
      (response) => {
        let copy;
        try {
          // With a copy, the end of a stream that the page cancels would not reach the server.
          copy = look && isDocument(response) ? response.clone() : undefined;
        } catch {
          // Another tool has read the body.
        }
        end({ status: response?.status }, copy);
        return response;
      },
      (error) => {
        end({ failed: true });
        throw error;
      },
    );
  }
  try {
    globalThis.fetch = fetch;
  } catch {
    // The page has made its `fetch` constant.
    return () => {};
  }
  return () => {
    isOn = false;
    fetch[BENEATH] = before;
    // Another observer may be on top, which takes both away when it ends.
    while (globalThis.fetch?.[BENEATH]) globalThis.fetch = globalThis.fetch[BENEATH];
  };
}

/** Calls a verb of a client for a diagnosis: no log and no record takes the call, its failure or its requests for those of the app. */
export async function callUnwatched(client, verb) {
  let call = client[verb];
  while (call?.[ORIGINAL]) call = call[ORIGINAL];
  globalThis[LOOKING] = (globalThis[LOOKING] ?? 0) + 1;
  try {
    return await Reflect.apply(call, client, []);
  } finally {
    globalThis[LOOKING] -= 1;
  }
}
