// The entry `oidc-client-wasm/testing/provider`: an OpenID Provider for tests and for local work, in memory. It signs for real, so that the real client
// verifies what it says. It stands on the Request and the Response of `fetch` and on WebCrypto, and on nothing else.

import { readRequest, refusalUrl, respond } from "./provider/authorization.js";
import { createFaults } from "./provider/faults.js";
import { createKeys } from "./provider/keys.js";
import { checkOptions, wrong } from "./provider/options.js";
import { readLogout } from "./provider/pages.js";
import { findUser } from "./provider/people.js";
import { metadataOf, route } from "./provider/routes.js";
import { createStore } from "./provider/store.js";
import { holderOf } from "./provider/tokens.js";

/** The browser of a test, which has no cookies. */
const BROWSER = "in memory";
const MOST_REQUESTS = 1000;
/** What each stub of `fetch` that is over was put in the place of. */
const below = new WeakMap();

const isObject = (value) => typeof value === "object" && value !== null;
const isRequest = (input) => isObject(input) && "url" in input;
const urlFor = (input) => new URL(isRequest(input) ? input.url : input, globalThis.location?.href);

/** The parameters of a URL that a client has made for an endpoint of the provider. */
function paramsFor(endpoint, url, what) {
  const { origin, pathname, searchParams } = new URL(url);
  if (origin + pathname !== endpoint) throw wrong(`${what} got a URL that is not of ${endpoint}.`, "Give the URL that the client of this issuer has made.");
  return searchParams;
}

export function createProvider(given) {
  const options = checkOptions(given);
  const faults = createFaults(options.faults);
  const store = createStore(options.lifetimes);
  const keys = createKeys();
  const core = { ...options, faults, store, keys };
  const metadata = Object.freeze(metadataOf(core));
  const { origin } = new URL(core.base);
  /** What answers the requests to other origins. A test may put `fetch` of the provider into its place. */
  const before = globalThis.fetch;
  const requests = [];
  let browser = BROWSER;

  async function handle(request) {
    const row = { method: request.method, path: new URL(request.url).pathname, status: undefined };
    if (requests.push(row) > MOST_REQUESTS) requests.shift();
    const answer = await route(core, request);
    row.status = answer.status;
    return answer;
  }

  async function fetchHere(request) {
    const { signal } = request;
    signal?.throwIfAborted();
    if (!signal) return handle(request);
    let stop;
    const aborted = new Promise((_resolve, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
    });
    return Promise.race([handle(request), aborted]).finally(() => signal.removeEventListener("abort", stop));
  }

  async function passOn(beyond, input, init) {
    if (typeof beyond === "function") return beyond.call(globalThis, input, init);
    throw new TypeError(`Failed to fetch: ${urlFor(input).origin} is not the provider, and there is no other fetch.`);
  }

  async function fetchOr(beyond, input, init) {
    if (urlFor(input).origin !== origin) return passOn(beyond, input, init);
    return fetchHere(isRequest(input) && init === undefined ? input : new Request(isRequest(input) ? input : urlFor(input), init));
  }

  /** The person whom a test names. */
  function userOf(hint) {
    const user = findUser(core.users, isObject(hint) ? hint.sub : hint);
    if (user) return user;
    throw wrong(`There is no user ${JSON.stringify(isObject(hint) ? hint.sub : hint) ?? String(hint)}.`, `There are: ${core.users.map(({ sub }) => sub).join(", ")}.`);
  }

  return Object.freeze({
    issuer: core.issuer,
    users: core.users,
    metadata,
    keys,
    requests,
    handle,

    fetch: (input, init) => fetchOr(options.fetch ?? before, input, init),

    stubFetch() {
      const replaced = globalThis.fetch;
      let isOver = false;
      async function stub(input, init) {
        if (isOver) return passOn(replaced, input, init);
        return fetchOr(options.fetch ?? replaced, input, init);
      }
      globalThis.fetch = stub;
      return () => {
        isOver = true;
        below.set(stub, replaced);
        // Another stub on top of this one goes on, and finds what was here before.
        while (below.has(globalThis.fetch)) globalThis.fetch = below.get(globalThis.fetch);
      };
    },

    async authorize(url, { user, deny = false } = {}) {
      const request = await readRequest(core, paramsFor(metadata.authorization_endpoint, url, "authorize"));
      const person = user === undefined ? undefined : userOf(user);
      const isSilent = request.prompts.includes("none");
      const session = () => core.store.session(browser);
      // A person who is at the browser and is not the one of the session signs out first.
      if (person && !isSilent && session() && session().sub !== person.sub) core.store.endSession(browser);
      const answered = [];
      for (;;) {
        const { url: response, question } = respond(core, request, session(), answered);
        if (response !== undefined) return response;
        if (deny) return refusalUrl(core, request, "access_denied", "The person has refused.");
        if (question === "login") {
          const { sub } = person ?? (request.loginHint ? { sub: request.loginHint } : { sub: session()?.sub });
          if (sub === undefined) throw wrong("The provider asks who signs in, and nobody is signed in there.", `Say who: authorize(url, { user: "${core.users[0].sub}" }), or { deny: true }.`);
          browser = core.store.beginSession(browser, sub).browser;
        }
        answered.push(question);
      }
    },

    async logout(url) {
      const { end } = await readLogout(core, paramsFor(metadata.end_session_endpoint, url, "logout"), core.store.session(browser));
      core.store.endSession(browser);
      return end ?? null;
    },

    /** The person who is signed in at the provider. */
    get user() {
      const sub = core.store.session(browser)?.sub;
      return core.users.find((user) => user.sub === sub) ?? null;
    },

    signOut(user) {
      core.store.endAll(user === undefined ? undefined : userOf(user).sub);
    },

    verifyAccessToken(token) {
      return holderOf(core, token) ?? null;
    },

    get faults() {
      return faults.get();
    },
    set faults(wanted) {
      faults.set(wanted);
    },
  });
}
