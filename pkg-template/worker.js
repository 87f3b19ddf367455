// The worker of `tokenStorage: "worker"`: keeps the access and refresh tokens, and sends the requests that need them. The page has a handle in
// place of each token: the hash of the token that an `at_hash` would have, which opens nothing. This file imports nothing, so a page can copy it.

/** The members of a token response, by any of their spellings, that the page is not given. */
const TOKEN = /^(access|refresh)_?token$/i;
/** The tokens of one login that are kept, the latest used last. A login has two, and one for each resource. */
const MAX_TOKENS = 32;
/** The logins that are kept: a page has one for each client, and the one before it until its tokens are revoked. */
const MAX_LOGINS = 32;
/** Bytes of an answer of the token endpoint. The client refuses a longer one. */
const MAX_ANSWER = 1 << 20;
/** Milliseconds for which the tokens of a login that is over can be revoked. */
const TO_REVOKE = 60_000;
/** From this length on, a token is replaced inside of a longer text, too. */
const LONG = 16;

/** The tokens by their handles: `{ value, login, isRefresh }`. */
const kept = new Map();
/** Each login has the places that its tokens may go to, which never change, its handles, and whether it is over. The login that was used last stands last. */
const logins = new Set();
/** The requests under way by their number. */
const running = new Map();

class Refused extends Error {}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The left half of the hash, as OpenID Connect Core has it in `at_hash`. */
async function handleOf(token, bits) {
  const digest = await crypto.subtle.digest(`SHA-${bits}`, new TextEncoder().encode(token));
  return base64url(new Uint8Array(digest, 0, bits / 16));
}

/** The bits of the hash that goes with the algorithm of an id_token. */
function hashBits(idToken) {
  try {
    const { alg } = JSON.parse(atob(idToken.split(".")[0].replaceAll("-", "+").replaceAll("_", "/")));
    return Number(/(256|384|512)$/.exec(alg)?.[0] ?? 512);
  } catch {
    return 256;
  }
}

function putLast(set, item) {
  set.delete(item);
  set.add(item);
}

function use(handle) {
  const token = kept.get(handle);
  if (token) {
    putLast(token.login.handles, handle);
    putLast(logins, token.login);
  }
  return token;
}

function keep(handle, token) {
  const { login } = token;
  kept.set(handle, token);
  use(handle);
  for (const old of login.handles) {
    if (login.handles.size <= MAX_TOKENS) break;
    login.handles.delete(old);
    if (kept.get(old)?.login === login) kept.delete(old);
  }
  for (const old of logins) {
    if (logins.size <= MAX_LOGINS) break;
    drop(old);
  }
  // A refresh was under way when the login ended.
  if (login.isOver) end(login);
}

function drop(login) {
  logins.delete(login);
  for (const handle of login.handles) {
    // A provider may give a later login the same token.
    if (kept.get(handle)?.login === login) kept.delete(handle);
  }
}

/** From now on the tokens of a login can be revoked, and nothing else. */
function end(login) {
  login.isOver = true;
  setTimeout(drop, TO_REVOKE, login);
}

/** Every string of a JSON text with the name of the last member before it. */
function* strings(text) {
  let name;
  for (const { 1: literal, 2: colon, index } of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?/g)) {
    const value = JSON.parse(literal);
    if (colon) name = value;
    yield { index, literal, value, name, isName: Boolean(colon) };
  }
}

/** The answer of a token endpoint with a handle in place of each token, and otherwise as the provider wrote it: the client is strict about JSON. */
async function withoutTokens(text, login) {
  let parsed;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "";
  }
  const bits = hashBits(parsed?.id_token);
  const replaced = new Map([...kept].map(([handle, { value }]) => [value, handle]));
  for (const { value, name, isName } of strings(text)) {
    if (isName || value === "" || !TOKEN.test(name)) continue;
    const isRefresh = /^refresh/i.test(name);
    // A line break could smuggle a header. The client refuses the text that stands for such a token.
    if (!(isRefresh ? /^[ -~]+$/ : /^[!-~]+$/).test(value)) {
      replaced.set(value, "\n");
      continue;
    }
    const handle = await handleOf(value, isRefresh ? 256 : bits);
    keep(handle, { value, login, isRefresh });
    replaced.set(value, handle);
  }
  const long = [...replaced].filter(([value]) => value.length >= LONG);
  let out = "";
  let at = 0;
  for (const { index, literal, value, name, isName } of strings(text)) {
    const isIdToken = name === "id_token" && !isName;
    let given = isIdToken ? value : (replaced.get(value) ?? value);
    if (!isIdToken) for (const [token, handle] of long) given = given.replaceAll(token, handle);
    out += text.slice(at, index) + (given === value ? literal : JSON.stringify(given));
    at = index + literal.length;
  }
  return out + text.slice(at);
}

async function textOf({ body }) {
  if (!body) return "";
  const [reader, decoder] = [body.getReader(), new TextDecoder()];
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > MAX_ANSWER) {
      reader.cancel();
      return " ".repeat(MAX_ANSWER + 1);
    }
  }
}

/** The answer for a handle whose token is not here: an earlier worker had it. It ends the session of the client as a refusal of the provider does. */
function gone(status) {
  const error_description = "The worker that kept this token has stopped.";
  const headers = { "content-type": "application/json", "www-authenticate": 'Bearer error="invalid_token"' };
  return new Response(JSON.stringify({ error: "invalid_grant", error_description }), { status, headers });
}

/** The form with the tokens in place of their handles, and the login that the tokens are of. */
function fill(form, url) {
  let login;
  const fields = [...new URLSearchParams(form)].map(([name, value]) => {
    const token = use(value);
    // A form that revokes a token has it as `token` (RFC 7009).
    if (!token || (token.login.isOver && name !== "token")) return [name, value];
    ({ login } = token);
    if (!login.endpoints.includes(url)) throw new Refused("This worker sends its tokens to the endpoints of their provider only.");
    return [name, token.value];
  });
  return { login, form: String(new URLSearchParams(fields)) };
}

/** Sends a request that needs a token, or the code of a new login. `places` come with the code: where the tokens of this login may go. */
async function answerTo({ url, headers, body, ...init }, places, signal) {
  const sent = new Headers(headers);
  const handle = /^Bearer (.*)$/.exec(sent.get("authorization") ?? "")?.[1];
  let login;
  if (handle !== undefined) {
    const token = use(handle);
    if (!token || token.login.isOver) return gone(401);
    ({ login } = token);
    if (token.isRefresh || !login.origins.includes(new URL(url).origin)) throw new Refused("This worker sends access tokens to the allowed origins only.");
    sent.set("authorization", `Bearer ${token.value}`);
  } else if (places) {
    const known = [url, ...places.endpoints].map((endpoint) => new URL(endpoint).href);
    login = { endpoints: known, origins: [...places.origins], handles: new Set() };
  } else {
    const filled = fill(await body.text(), url);
    if (!filled.login) return gone(400);
    ({ login, form: body } = filled);
  }
  // No message carries a form whole.
  if (Array.isArray(body)) {
    const fields = body;
    body = new FormData();
    fields.forEach((field) => body.append(...field));
  }
  // A redirect would decide where the token goes.
  const answer = await fetch(url, { ...init, headers: sent, body, redirect: "error", signal });
  if (handle !== undefined && !login.endpoints.includes(url)) return answer;
  const { status, statusText, headers: told } = answer;
  const text = await withoutTokens(await textOf(answer), login);
  return { url: answer.url, status, statusText, headers: told, body: text ? new Response(text).body : null };
}

async function run(id, request, places) {
  const abort = new AbortController();
  const work = { abort };
  running.set(id, work);
  try {
    const { url, status, statusText, headers, body } = await answerTo(request, places, abort.signal);
    work.reader = body?.getReader();
    postMessage({ id, head: { url, status, statusText, headers: [...headers], hasBody: Boolean(body) } });
    if (!body) running.delete(id);
  } catch (error) {
    running.delete(id);
    postMessage({ id, error: error instanceof Refused ? error.message : "" });
  }
}

async function pull(id) {
  try {
    const { done, value } = await running.get(id).reader.read();
    if (done) running.delete(id);
    postMessage({ id, done, chunk: value });
  } catch {
    running.delete(id);
    postMessage({ id, error: "" });
  }
}

addEventListener("message", ({ data: { id, request, places, wants, ended } }) => {
  if (kept.has(ended)) end(kept.get(ended).login);
  else if (wants === "sign of life") postMessage({});
  else if (wants === "chunk") pull(id);
  else if (wants === "abort") {
    running.get(id)?.abort.abort();
    running.delete(id);
  } else if (request) run(id, request, places);
});

// Without WebCrypto (plain http) there are no handles.
postMessage({ isReady: Boolean(globalThis.crypto?.subtle) });
