// A client of the test double: the members of an `OAuthClient` without WebAssembly, network or page. A login or a logout that would leave the page
// stays under way until the test says how it ends.

import { errorOf, oauthError } from "./errors.js";

/** The provider of nobody: no name below `.invalid` is ever a host (RFC 2606 section 2). */
export const ISSUER = "https://provider.invalid";
const API = "https://api.invalid/";

/** The verbs of a client that give promises, and `touch`. */
export const VERBS = (
  "authorizeRedirect authorizePopup authorizeSilent authorizeAccessToken createAuthorizationUrl saveAuthorizeData preload loadServerMetadata fetchJwkSet getAccessToken " +
  "refreshToken revokeToken parseIdToken userinfo fetch get post put patch delete logoutRedirect createLogoutUrl validateLogoutResponse handleFrontChannelLogout clear touch"
).split(" ");

const now = () => Math.floor(Date.now() / 1000);
const own = (value) => ({ __proto__: null, ...value });

/** A copy that nobody changes. Claims are values of JSON; the jsdom of Jest has no `structuredClone`. */
function frozen(value) {
  if (typeof value !== "object" || value === null) return value;
  const copy = Array.isArray(value) ? value.map(frozen) : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, frozen(member)]));
  return Object.freeze(copy);
}

/**
 * What is under way until the test ends it. `wait` gives as much of a promise as state.js wants, `work.catch(…).finally(…)`: these are called at once, so
 * that what a test does shows at once. A promise would tell them a moment later.
 */
function makePending() {
  const entries = new Set();
  return {
    /** Waits for the test, or for the signal of the caller. `begun` is called when it is noted that this is under way. */
    wait(kind, signal, begun) {
      const entry = { kind };
      const promise = new Promise((resolve, reject) => {
        const end = (settle) => (value) => {
          entries.delete(entry);
          settle(value);
          entry.done?.();
        };
        entry.resolve = end(resolve);
        entry.reject = end((error) => {
          reject(error);
          try {
            entry.failed?.(error);
          } catch {
            // The promise tells it.
          }
        });
      });
      entries.add(entry);
      signal?.addEventListener("abort", () => entry.reject(oauthError("aborted")));
      const noted = (failed, done) => {
        Object.assign(entry, { failed, done });
        begun?.();
        return promise;
      };
      return { catch: (failed) => ({ finally: (done) => noted(failed, done) }) };
    },
    /** All of it. */
    get entries() { return [...entries]; },
    /** Ends all of it, or these. Gives how many there were. */
    end: (how, which = entries) => [...which].filter((entry) => (how(entry), true)).length,
  };
}

/**
 * Makes a client. `world` has `emit(type, detail)`, `record(name, verb, args)`, `fetch`, and `settle(name, status, error, wait)`, which notes what is under way, or else an error.
 * Gives the client and `drive`, by which the test leads it.
 */
export function makeClient(name, settings, world) {
  const { clientId = "test-client", apiBaseUrl, apiOrigins = [], supportsRpLogout = true } = own(settings);
  const pending = makePending();
  const replies = new Map();
  let session = null;
  let lastClaims;
  let tokens = 0;

  const fail = (code, fields) => {
    throw oauthError(code, { clientName: name, ...fields });
  };

  function claimsOf(given) {
    if (given === null) return null;
    const claims = { iss: ISSUER, sub: "test-user", aud: clientId, iat: now(), exp: now() + 3600, ...given };
    return frozen(claims);
  }

  /** A token that nobody takes for a real one. It has no id_token: nothing here has been verified. */
  function newToken(claims, members) {
    tokens += 1;
    const token = { access_token: `fake-access-token-${tokens}-of-${name}`, token_type: "Bearer", expires_at: now() + 3600, ...members };
    return Object.freeze({ ...token, ...(claims && { userinfo: claims }) });
  }

  function begin(claims = lastClaims, members) {
    lastClaims = claimsOf(claims);
    session = Object.freeze({ claims: lastClaims, token: newToken(lastClaims, members) });
  }

  /** A session, with the events of a login. */
  function logIn(claims, reason = "response") {
    const previous = session?.claims?.sub;
    begin(claims);
    const { sub } = own(session.claims);
    if (previous !== undefined && sub !== undefined && previous !== sub) world.emit("userchange", { name, previousSub: previous, sub });
    world.emit("login", { name, token: session.token, reason });
  }

  function logOut(reason = "local") {
    if (session === null) return;
    session = null;
    world.emit("logout", { name, reason });
  }

  function renew() {
    const { token: before, claims } = session ?? fail("missing_token");
    const { access_token, refresh_token, expires_at, userinfo, ...kept } = before;
    session = Object.freeze({ claims, token: newToken(claims, { ...kept, ...(refresh_token && { refresh_token }) }) });
    world.emit("tokenupdate", { name, token: session.token, access_token, ...(refresh_token && { refresh_token }) });
    return session.token;
  }

  /** A token beside that of the session, for a resource or a scope. */
  const isBeside = ({ scope, resource }) => scope !== undefined || resource !== undefined;

  async function accessToken(options) {
    if (session === null) fail("missing_token");
    if (isBeside(own(options))) return newToken(null).access_token;
    return (own(options).force ? renew() : session.token).access_token;
  }

  /** As the real client: an origin that is not allowed gets nothing. Without settings of the test, each origin is allowed. */
  function targetOf(input) {
    const url = new URL(typeof input === "object" && "url" in input ? input.url : String(input), apiBaseUrl ?? API);
    const allowed = [apiBaseUrl, ...apiOrigins].filter(Boolean).map((place) => new URL(place).origin);
    if (allowed.length > 0 && !allowed.includes(url.origin)) fail("origin_not_allowed", { message: `The access token may not go to ${url.origin}.` });
    return url;
  }

  async function request(method, input, init) {
    const { withholdToken, ...rest } = own(init);
    if (typeof Request !== "function") {
      fail("config_invalid", { message: "This environment has no Request.", remedy: "Give the environment of the test the fetch of Node.js, as docs/jest.md says." });
    }
    const url = withholdToken ? new URL(typeof input === "object" && "url" in input ? input.url : String(input), apiBaseUrl ?? API) : targetOf(input);
    const asked = new Request(typeof input === "object" && "url" in input ? input : url, { ...rest, ...(method && { method }) });
    if (!withholdToken) asked.headers.set("Authorization", `Bearer ${await accessToken()}`);
    let answer;
    try {
      answer = await (world.fetch ?? globalThis.fetch)(asked);
    } catch (cause) {
      if (cause?.code && cause.kind) throw cause;
      fail(asked.signal.aborted ? "aborted" : "network", { cause });
    }
    if (typeof answer?.headers?.get === "function" && typeof answer.status === "number") return answer;
    return fail("network", { message: "The fetch of the test gave no Response.", remedy: "Give a Response, for example Response.json({})." });
  }

  const metadata = {
    issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/jwks`,
    userinfo_endpoint: `${ISSUER}/userinfo`, ...(supportsRpLogout && { end_session_endpoint: `${ISSUER}/logout` }),
  };
  const addressOf = (endpoint, members) => {
    const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
    return `${endpoint}?${new URLSearchParams(given.map(([key, value]) => [key, Array.isArray(value) ? value.join(" ") : String(value)]))}`;
  };

  /** What each verb does where the test has no reply for it. */
  const usual = {
    authorizeRedirect: (params) => pending.wait("redirect", own(params).signal),
    authorizePopup: (params) => pending.wait("popup", own(params).signal),
    authorizeSilent: async () => session?.token ?? fail("login_required"),
    authorizeAccessToken: async () => fail("missing_state"),
    async createAuthorizationUrl(params) {
      const { redirectUri, scope = "openid", prompt, loginHint } = own(params);
      const url = addressOf(metadata.authorization_endpoint, { response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope, prompt, login_hint: loginHint, state: "fake-state", nonce: "fake-nonce" });
      return { url, state: "fake-state", nonce: "fake-nonce", codeVerifier: "fake-code-verifier" };
    },
    async saveAuthorizeData() {},
    async preload() {},
    loadServerMetadata: async () => ({ ...metadata }),
    fetchJwkSet: async () => ({ keys: [] }),
    getAccessToken: accessToken,
    refreshToken: async (options) => (session && isBeside(own(options)) ? newToken(null) : renew()),
    async revokeToken() {
      if (session === null) fail("missing_token");
    },
    parseIdToken: async () => fail("bad_signature", { message: "The test double verifies no id_token.", remedy: 'Say what it gives: auth.reply("parseIdToken", async () => claims).' }),
    async userinfo() {
      if (session === null) fail("missing_token");
      const { iss, aud, exp, iat, nonce, ...person } = session.claims ?? fail("not_supported_by_provider");
      return person;
    },
    fetch: (input, init) => request(undefined, input, init),
    logoutRedirect(params) {
      const { fallback, signal } = own(params);
      // No listener sees a person who is signed out and not signing out.
      if (supportsRpLogout) return pending.wait("logout", signal, logOut);
      return Promise.resolve().then(() => {
        logOut();
        if (fallback !== "local") fail("end_session_not_supported");
      });
    },
    async createLogoutUrl(params) {
      if (!supportsRpLogout) fail("end_session_not_supported");
      const { postLogoutRedirectUri, state } = own(params);
      return { url: addressOf(metadata.end_session_endpoint, { client_id: clientId, post_logout_redirect_uri: postLogoutRedirectUri, state }), ...(state && { state }) };
    },
    validateLogoutResponse: async () => fail("missing_state"),
    handleFrontChannelLogout: async () => false,
    async clear() {
      end();
      logOut();
    },
    touch() {},
    monitorSession: () => () => {},
  };
  for (const method of ["get", "post", "put", "patch", "delete"]) usual[method] = (url, init) => request(method.toUpperCase(), url, init);

  /** Ends what is under way: a login by redirect as if the person were back, a popup with the session or as aborted. */
  function end(which) {
    return pending.end(({ kind, resolve, reject }) => {
      if (kind !== "popup") resolve();
      else if (session) resolve(session.token);
      else reject(oauthError("aborted", { clientName: name }));
    }, which);
  }

  function perform(verb, args) {
    const reply = replies.get(verb);
    if (verb === "touch" || verb === "monitorSession") return (reply ?? usual[verb])(...args);
    const [options] = args.slice(-1);
    if (typeof options === "object" && own(options).signal?.aborted) return Promise.reject(oauthError("aborted", { clientName: name }));
    return reply ? (async () => reply(...args))() : usual[verb](...args);
  }

  const client = {
    name,
    clientId,
    get claims() { return session?.claims ?? null; },
    get token() { return session?.token ?? null; },
    get isAuthenticated() { return session !== null; },
    supportsRpLogout,
  };
  for (const verb of [...VERBS, "monitorSession"]) {
    client[verb] = (...args) => {
      world.record(name, verb, args);
      return perform(verb, args);
    };
  }

  const drive = {
    /** Puts the client into a state, without the events of its way there. */
    put(given) {
      const state = given ?? null;
      const { status, claims, token, error, expiresAt } = own(state);
      session = null;
      if (status === "signed-in" || (status === undefined && state !== null && !error)) begin(claims, { ...token, ...(expiresAt !== undefined && { expires_at: expiresAt ?? undefined }) });
      end();
      world.settle(name, status, error ? errorOf(error, { clientName: name }) : null, pending.wait);
    },
    signIn(claims, reason) {
      const before = pending.entries;
      logIn(claims, reason);
      // A listener may have begun a logout.
      end(before);
    },
    signOut(reason) {
      const before = pending.entries;
      logOut(reason);
      end(before);
    },
    fail(given) {
      const error = errorOf(given, { clientName: name });
      if (pending.end(({ reject }) => reject(error)) > 0) return;
      if (error.code === "refresh_refused") logOut("refresh-rejected");
      world.emit("error", { name, error });
    },
    stay() {
      const codes = { popup: "popup_closed", logout: "page_stayed" };
      pending.end(({ kind, resolve, reject }) => (kind in codes ? reject(oauthError(codes[kind], { clientName: name })) : resolve()));
    },
    renew,
    reply(verb, body) {
      if (!(verb in usual)) throw new TypeError(`reply: a client has no verb "${String(verb)}".`);
      replies.set(verb, body);
      return () => {
        if (replies.get(verb) === body) replies.delete(verb);
      };
    },
  };
  return { client, drive };
}
