// The authorization endpoint: what a request asks for, whether a person has to answer something, and the response (RFC 6749 section 4.1, RFC 7636,
// OpenID Connect Core 1.0 section 3.1.2).

import { Refusal, single } from "./answers.js";
import { now } from "./encoding.js";
import { urlOf } from "./options.js";
import { findUser } from "./people.js";

const PROMPTS = ["none", "login", "consent", "select_account"];
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** The URL at which the browser comes back to the app. The issuer is a member of every response (RFC 9207). */
function responseUrl(core, { redirectUri, responseMode, state }, members, fault) {
  const sent = { ...members, ...(state !== undefined && { state }), iss: core.issuer };
  if (fault === "wrong-state") sent.state = `${state}x`;
  if (fault === "wrong-issuer") sent.iss = "https://wrong.example";
  if (fault === "missing-issuer") delete sent.iss;
  const separator = responseMode === "fragment" ? "#" : redirectUri.includes("?") ? "&" : "?";
  return redirectUri + separator + new URLSearchParams(sent);
}

export function refusalUrl(core, request, error, description) {
  return responseUrl(core, request, { error, error_description: description }, core.faults.take("authorization")?.response);
}

function codeUrl(core, request, session, fault) {
  const { clientId, redirectUri, challenge, nonce, scope, resource, acr } = request;
  const { sub, sid, authTime } = session;
  return responseUrl(core, request, { code: core.store.newCode({ clientId, redirectUri, challenge, nonce, scope, resource, acr, sub, sid, authTime }) }, fault);
}

function scopesOf(core, scope) {
  const kept = (name) => name !== "offline_access" || core.refreshTokens !== "never";
  return scope.split(" ").filter(kept).join(" ");
}

/** The faults of a request whose redirect URI is good: the app hears of them. */
function faultOf(read, request) {
  const { responseMode, prompts, maxAge } = request;
  if (read("request") !== undefined) return ["request_not_supported", "The parameter request is not supported."];
  if (read("request_uri") !== undefined) return ["request_uri_not_supported", "The parameter request_uri is not supported."];
  if (read("response_type") === undefined) return ["invalid_request", "response_type is missing."];
  if (read("response_type") !== "code") return ["unsupported_response_type", "response_type must be code."];
  if (!["query", "fragment"].includes(responseMode)) return ["invalid_request", "response_mode must be query or fragment."];
  if (request.scope !== "" && !SCOPE.test(request.scope)) return ["invalid_scope", "scope is not a list of words with a space between them."];
  if (!/^[\w-]{43}$/.test(request.challenge ?? "")) return ["invalid_request", "code_challenge is missing, or no SHA-256 in base64url: PKCE is required."];
  if (read("code_challenge_method") !== "S256") return ["invalid_request", "code_challenge_method must be S256."];
  if (prompts.some((prompt) => !PROMPTS.includes(prompt))) return ["invalid_request", "prompt must be of none, login, consent and select_account."];
  if (prompts.includes("none") && prompts.length > 1) return ["invalid_request", "prompt=none stands alone."];
  if (request.resource !== undefined && !urlOf(request.resource)) return ["invalid_target", "resource must be an absolute URI."];
  if (maxAge !== undefined && !/^\d{1,10}$/.test(maxAge)) return ["invalid_request", "max_age must be whole seconds."];
  return undefined;
}

/** The claims of the id_token in `id_token_hint`, if it is one of this provider, whose keys sign access tokens, too, and those of the providers beside it. */
export async function hintOf(core, read) {
  const claims = read("id_token_hint") === undefined ? undefined : await core.keys.verify(read("id_token_hint"));
  return claims?.iss === core.issuer && claims.client_id === undefined ? claims : undefined;
}

/**
 * What the parameters ask for. `response` is there where the answer is known already, which is then a refusal.
 * @throws Refusal where the app must not hear of it, because nothing says that the redirect URI is its own
 */
export async function readRequest(core, params) {
  const read = single(params, ["resource"]);
  const clientId = read("client_id");
  if (clientId === undefined) throw new Refusal("invalid_request", "client_id is missing.");
  const client = core.clients.find(clientId);
  if (!client) throw new Refusal("invalid_client", `There is no client "${clientId}". Add it to the clients of the provider, or correct clientId of the app.`);
  const redirectUri = read("redirect_uri");
  if (redirectUri === undefined) throw new Refusal("invalid_request", "redirect_uri is missing.");
  if (!client.mayRedirectTo(redirectUri)) {
    const rule = client.isLocal ? "Use one on http://localhost, http://127.0.0.1 or http://[::1], at any port and path." : "Add it to the redirectUris of the client, to the letter.";
    throw new Refusal("invalid_request", `The redirect URI ${redirectUri} is not allowed here. ${rule}`);
  }
  const hint = await hintOf(core, read);
  const request = {
    clientId,
    redirectUri,
    state: read("state"),
    responseMode: read("response_mode") ?? "query",
    scope: scopesOf(core, read("scope") ?? ""),
    challenge: read("code_challenge"),
    nonce: read("nonce"),
    resource: read("resource"),
    acr: read("acr_values")?.split(" ")[0],
    prompts: (read("prompt") ?? "").split(" ").filter(Boolean),
    maxAge: read("max_age"),
    loginHint: findUser(core.users, read("login_hint"))?.sub,
    /** The person that the app means, if it has said so in a way that cannot be guessed. */
    wantedSub: hint?.sub,
  };
  const fault = faultOf(read, request) ?? (read("id_token_hint") !== undefined && !hint ? ["invalid_request", "id_token_hint is not an id_token of this provider."] : undefined);
  if (fault) request.response = refusalUrl(core, { ...request, responseMode: request.responseMode === "fragment" ? "fragment" : "query" }, ...fault);
  return request;
}

/** What a person has to answer before there is a code: `login`, `consent`, or nothing. */
export function questionOf({ prompts, maxAge, wantedSub }, session, answered = []) {
  // 0 asks for a new login, as prompt=login does, also in the second of the last one.
  const isTooOld = session && maxAge !== undefined && (Number(maxAge) === 0 || now() - session.authTime > Number(maxAge));
  const isAnother = session && wantedSub !== undefined && session.sub !== wantedSub;
  const isAsked = prompts.includes("login") || prompts.includes("select_account");
  // The session may have ended while the person was asked.
  if (!session || (!answered.includes("login") && (isTooOld || isAnother || isAsked))) return "login";
  if (!answered.includes("consent") && prompts.includes("consent")) return "consent";
  return undefined;
}

/**
 * The response to a request, or the question that a person has to answer before.
 * @returns {{ url: string } | { question: "login" | "consent" }}
 */
export function respond(core, request, session, answered) {
  if (request.response !== undefined) return { url: request.response };
  const { error } = core.faults.of("authorization") ?? {};
  if (error !== undefined) return { url: refusalUrl(core, request, error, "A fault that the test has asked for.") };
  const question = questionOf(request, session, answered);
  if (question === undefined) return { url: codeUrl(core, request, session, core.faults.take("authorization")?.response) };
  if (request.prompts.includes("none")) return { url: refusalUrl(core, request, "login_required", "The person would have to sign in, and prompt is none.") };
  return { question };
}
