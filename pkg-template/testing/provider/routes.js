// Which path is answered by whom, for programs (with CORS) and for people (with pages).

import { Refusal, empty, json, refused, sharing } from "./answers.js";
import { API, apiEndpoint } from "./api.js";
import { spoilt } from "./faults.js";
import { SIGNING_ALGS } from "./keys.js";
import { STYLE } from "./markup.js";
import { authorizationPage, consentAnswer, denyAnswer, errorPage, homePage, loginAnswer, logoutAnswer, logoutPage } from "./pages.js";
import { CLAIMS } from "./people.js";
import { revocationEndpoint, tokenEndpoint, userinfoEndpoint } from "./tokens.js";

/** The metadata of OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2. */
export function metadataOf({ issuer, base, refreshTokens }) {
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    userinfo_endpoint: `${base}/userinfo`,
    jwks_uri: `${base}/jwks`,
    revocation_endpoint: `${base}/revoke`,
    end_session_endpoint: `${base}/logout`,
    scopes_supported: ["openid", "profile", "email", "address", "phone", ...(refreshTokens === "never" ? [] : ["offline_access"])],
    response_types_supported: ["code"],
    response_modes_supported: ["query", "fragment"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: SIGNING_ALGS,
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
    prompt_values_supported: ["none", "login", "consent", "select_account"],
    claims_supported: CLAIMS,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
  };
}

const forProgram = (fault, methods, answer, isPublic = false) => ({ fault, methods, answer, isPublic });
const forPerson = (methods, answer) => ({ isPage: true, methods, answer });

const WELL_KNOWN = forProgram("discovery", ["GET", "HEAD"], (core) => json(metadataOf(core)), true);
const CSS = { "content-type": "text/css; charset=utf-8", "cache-control": "max-age=60", "x-content-type-options": "nosniff" };

const ROUTES = new Map(Object.entries({
  "/.well-known/openid-configuration": WELL_KNOWN,
  "/.well-known/oauth-authorization-server": WELL_KNOWN,
  "/jwks": forProgram("jwks", ["GET", "HEAD"], async (core) => json(await core.keys.jwks()), true),
  "/token": forProgram("token", ["POST"], tokenEndpoint),
  "/userinfo": forProgram("userinfo", ["GET", "HEAD", "POST"], userinfoEndpoint),
  "/revoke": forProgram("revocation", ["POST"], revocationEndpoint),
  "/authorize": forPerson(["GET", "HEAD", "POST"], authorizationPage),
  "/login": forPerson(["POST"], loginAnswer),
  "/consent": forPerson(["POST"], consentAnswer),
  "/deny": forPerson(["POST"], denyAnswer),
  "/logout": forPerson(["GET", "HEAD", "POST"], logoutPage),
  "/logout/answer": forPerson(["POST"], logoutAnswer),
  "/": forPerson(["GET", "HEAD"], homePage),
  "/style.css": forPerson(["GET", "HEAD"], () => new Response(STYLE, { headers: CSS })),
  "/favicon.ico": forPerson(["GET", "HEAD"], () => empty(204)),
}));
for (const [path, endpoint] of API) ROUTES.set(path, forProgram("api", endpoint.methods, (core, request, url) => apiEndpoint(core, request, url, endpoint)));

/** The path below the issuer, or undefined. RFC 8414 section 3.1 puts its well-known name before the path of the issuer. */
function pathOf(core, { origin, pathname }) {
  const { origin: own, pathname: above } = new URL(core.base);
  const prefix = above === "/" ? "" : above;
  if (origin !== own) return undefined;
  if (prefix !== "" && pathname === `/.well-known/oauth-authorization-server${prefix}`) return "/.well-known/oauth-authorization-server";
  if (pathname === prefix) return "/";
  return pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : undefined;
}

async function answerOf(core, request, url, route) {
  try {
    if (!route.methods.includes(request.method)) throw new Refusal("invalid_request", `This address answers ${route.methods.join(" and ")}.`, { status: 405, headers: { allow: route.methods.join(", ") } });
    const fault = route.fault && await spoilt(core.faults.take(route.fault), request.signal);
    return fault ?? await route.answer(core, request, url);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return route.isPage ? errorPage(core, error) : refused(error);
  }
}

function withHeaders(answer, headers) {
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}

/** Every page may read that there is nothing: a browser that keeps the answer back would speak of CORS alone. */
function notFound(core, request, path) {
  const shared = sharing(request, { isPublic: true, methods: ["GET", "HEAD", "POST"] });
  if (request.method === "OPTIONS") return empty(204, shared);
  const answer = path?.startsWith("/api/") ? json({ error: "not_found" }, { status: 404 }) : errorPage(core, { error: "not_found", message: "The provider has no page at this address.", status: 404 });
  return withHeaders(answer, shared);
}

/** The answer of the provider to any request. It fails where a fault cuts the connection, or where the signal of the request ends it. */
export async function route(core, request) {
  const url = new URL(request.url);
  const path = pathOf(core, url);
  const found = path === undefined ? undefined : ROUTES.get(path);
  if (!found) return notFound(core, request, path);
  const shared = found.isPage ? {} : sharing(request, { isPublic: found.isPublic, mayAsk: core.clients.mayAsk, methods: found.methods });
  if (!found.isPage && request.method === "OPTIONS") return empty(204, shared);
  const answer = withHeaders(await answerOf(core, request, url, found), shared);
  return request.method === "HEAD" ? new Response(null, { status: answer.status, headers: answer.headers }) : answer;
}
