// Watches a registry from outside: its verbs, its events and its failures. Nothing here changes what a caller gets.

import { factsOf, place } from "./mask.js";
import { BENEATH, ORIGINAL } from "./requests.js";

const EVENTS = ["login", "logout", "userchange", "tokenupdate", "expiring", "error"];
/** These give no promise, or call back. */
const UNWATCHED = ["subscribe", "monitorSession", "touch", "client", "register", "unregister", "addEventListener", "removeEventListener", "dispatchEvent"];
/** Milliseconds within which the same failure of a client counts as one. */
const ONE_FAILURE = 1000;
const now = () => performance.now();
/** Whether an address has a response of a provider. */
export const isResponse = (url) => /[?&#](code|error)=/.test(url) && /[?&#]state=/.test(url);
/** The address that `handleRedirect` is to look at, if it has a response; empty in the window of a login, which hands its response on. The client cleans the address. */
function strayAt(given) {
  const url = typeof given === "string" || given instanceof URL ? String(given) : globalThis.location?.href;
  return isResponse(url) && !/(\.|%2e)oidc-(popup|silent)(?=[&#]|$)/i.test(url) ? url : "";
}

/**
 * Calls `note` with an entry for each verb, event and failure of what `createOAuth` has returned, from now on. A failure is noted once, however many
 * callers and events tell it. Gives the function that ends the watching, and puts back what was there.
 */
export function watch(starting, note) {
  const told = new WeakSet();
  /** When a failure was told last. Each caller of one refresh has an error of its own. */
  const toldAt = new Map();
  /** The addresses whose response was told as one of no login of this tab. */
  const strays = new Set();
  const undo = [];
  let isOn = true;
  const say = (kind, fields) => isOn && note({ at: Date.now(), kind, ...fields });

  function fail(error, client) {
    if (Object(error) === error) {
      if (told.has(error)) return;
      told.add(error);
    }
    const facts = factsOf(error);
    const fields = { client: facts.clientName ?? client, ...facts };
    const key = [fields.client, facts.code, facts.message].join();
    const isTold = now() - toldAt.get(key) < ONE_FAILURE;
    if (isTold) return;
    toldAt.set(key, now());
    say("error", fields);
  }

  /** Puts a function into the place of a member, which can be taken back. */
  function replace(owner, name, make) {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    if (typeof before?.value !== "function" || !before.configurable) return;
    const value = make(before.value);
    Object.defineProperty(owner, name, { __proto__: null, ...before, value });
    undo.push(() => {
      value[BENEATH] = before.value;
      // Another tool may have put its own function on top. Another watch there takes both away when it ends.
      for (let top = owner[name]; top?.[BENEATH]; top = top[BENEATH]) Object.defineProperty(owner, name, { __proto__: null, ...before, value: top[BENEATH] });
    });
  }

  /** A verb as it was, whose call and end are noted. Of a verb that waits for the client, the failure alone: the client has the verb, too. */
  const noted = (verb, client, isEarly) => (original) => Object.assign((...given) => {
    if (!isOn) return original(...given);
    const began = now();
    const stray = verb === "handleRedirect" && !isEarly ? strayAt(given[0]) : "";
    if (!isEarly) say("begin", { client, verb });
    const end = (outcome) => isEarly || say("verb", { client, verb, ms: Math.round(now() - began), outcome });
    const caught = (error) => {
      fail(error, client);
      end(factsOf(error).code);
      throw error;
    };
    let result;
    try {
      result = original(...given);
    } catch (error) {
      caught(error);
    }
    if (typeof result?.then !== "function") return result;
    // The caller gets the promise of this function, so that a failure that nobody handles is reported as before.
    return result.then((value) => {
      if (value === null && stray && !strays.has(stray)) {
        strays.add(stray);
        say("stray", { url: place(stray) });
      }
      end("ok");
      return value;
    }, caught);
  }, { [ORIGINAL]: original });

  const watched = new WeakSet();
  function watchMembers(owner, client, isEarly) {
    if (watched.has(owner)) return;
    watched.add(owner);
    for (const name of Object.getOwnPropertyNames(owner)) if (!UNWATCHED.includes(name)) replace(owner, name, noted(name, client, isEarly));
  }

  function watchRegistry(oauth) {
    watchMembers(oauth);
    replace(oauth, "register", (register) => (...given) => {
      const client = register(...given);
      if (isOn) watchMembers(client, client.name);
      return client;
    });
    for (const name of oauth.names) watchMembers(oauth.client(name), name);
    for (const type of EVENTS) {
      const hear = ({ detail }) => {
        // The app may dispatch an event of its own.
        const { name, error, reason, expires_at } = Object(detail);
        if (error) fail(error, name);
        else say("event", { type, client: name, reason, expires_at });
      };
      oauth.addEventListener(type, hear);
      undo.push(() => oauth.removeEventListener(type, hear));
    }
  }

  replace(starting, "client", (original) => (name) => {
    const client = original(name);
    if (isOn) watchMembers(client, String(name), true);
    return client;
  });
  starting.then(
    (oauth) => {
      if (isOn) watchRegistry(oauth);
      say("ready", { sessions: oauth.names.filter((name) => oauth.client(name).isAuthenticated) });
    },
    (error) => {
      fail(error);
      say("unstarted");
    },
  );
  return () => {
    isOn = false;
    for (const back of undo.splice(0).reverse()) back();
  };
}
