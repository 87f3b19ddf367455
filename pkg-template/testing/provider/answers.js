// Requests and answers of HTTP: forms, JSON, redirects, and which pages of other origins may read an answer (CORS).

/** The most characters of the body of a request. */
const MAX_BODY = 64 * 1024;

/** A request that is refused with an error of OAuth: its code, and words for the developer, which never have a secret. */
export class Refusal extends Error {
  constructor(error, description, { status = 400, headers = {} } = {}) {
    super(description);
    this.error = error;
    this.status = status;
    this.headers = headers;
  }
}

export function json(value, { status = 200, headers = {} } = {}) {
  return new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers } });
}

export function empty(status, headers = {}) {
  return new Response(null, { status, headers: { "cache-control": "no-store", ...headers } });
}

export function redirect(url, headers = {}) {
  // The answer to a POST is fetched by GET, and no page learns the address of the provider's.
  return empty(303, { location: new URL(url).href, "referrer-policy": "no-referrer", ...headers });
}

/** An error as the endpoints for programs answer it (RFC 6749 section 5.2). `error_description` has ASCII letters only (appendix A.8). */
export function refused({ error, message, status, headers }) {
  return json({ error, error_description: message.replace(/[^\x20-\x7e]|["\\]/g, "?") }, { status, headers });
}

/** The parameters of a form. A body of another type has none. */
export async function formOf(request) {
  const type = (request.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") throw new Refusal("invalid_request", "The body must be a form: application/x-www-form-urlencoded.");
  if (Number(request.headers.get("content-length")) > MAX_BODY) throw new Refusal("invalid_request", "The body is too large.", { status: 413 });
  const text = await request.text();
  if (text.length > MAX_BODY) throw new Refusal("invalid_request", "The body is too large.", { status: 413 });
  return new URLSearchParams(text);
}

/** The parameters, each of which may come once (RFC 6749 section 3.1), but for those that may be many. An empty one counts as absent. */
export function single(params, many = []) {
  const found = new Map();
  for (const [name, value] of params) {
    if (found.has(name) && !many.includes(name)) throw new Refusal("invalid_request", "A parameter was sent twice.");
    if (value !== "" && !found.has(name)) found.set(name, value);
  }
  return (name) => found.get(name);
}

/** The bearer token of a request (RFC 6750 section 2.1). */
export function bearerOf(request) {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** The answer to a request whose token is missing or not good (RFC 6750 section 3). */
export function unauthorized(token, { error = "invalid_token", status = 401, description = "The access token is unknown, has ended, or was revoked." } = {}) {
  if (token === undefined) return json({ error: "missing_token" }, { status: 401, headers: { "www-authenticate": 'Bearer realm="provider"' } });
  return json({ error, error_description: description }, {
    status, headers: { "www-authenticate": `Bearer realm="provider", error="${error}", error_description="${description}"` },
  });
}

/** The headers by which a page of another origin may read the answer. */
export function sharing(request, { isPublic, mayAsk, methods }) {
  const origin = request.headers.get("origin");
  const headers = isPublic ? {} : { vary: "Origin" };
  if (origin === null || !(isPublic || mayAsk(origin))) return headers;
  headers["access-control-allow-origin"] = isPublic ? "*" : origin;
  headers["access-control-expose-headers"] = "WWW-Authenticate";
  if (request.method !== "OPTIONS") return headers;
  headers["access-control-allow-methods"] = methods.join(", ");
  headers["access-control-max-age"] = "600";
  const asked = request.headers.get("access-control-request-headers") ?? "";
  if (/^[\w\-, ]+$/.test(asked)) headers["access-control-allow-headers"] = asked;
  return headers;
}

/** The cookie of this name. */
export function cookieOf(request, name) {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim().split("="));
  return pairs.find(([found]) => found === name)?.[1];
}
