// The token endpoint and what tokens open: codes and refresh tokens are redeemed (RFC 6749, RFC 7636), id_tokens and access tokens are signed (OpenID Connect
// Core 1.0 section 2, RFC 9068), userinfo answers, and tokens are revoked (RFC 7009).

import { Refusal, bearerOf, empty, formOf, json, single, unauthorized } from "./answers.js";
import { base64url, now, secret, sha256 } from "./encoding.js";
import { spoiltClaims } from "./faults.js";
import { urlOf } from "./options.js";
import { claimsOf } from "./people.js";

const has = (scope, name) => scope.split(" ").includes(name);

/** The client that asks. A public client has its id and nothing else. */
function clientOf(core, request, read) {
  const refusal = (description) => new Refusal("invalid_client", description, { status: 401, headers: { "www-authenticate": 'Basic realm="provider"' } });
  if (request.headers.get("authorization") !== null || read("client_secret") !== undefined || read("client_assertion") !== undefined) {
    throw refusal("The clients of this provider are public: send client_id in the body, and no secret.");
  }
  const clientId = read("client_id");
  if (clientId === undefined) throw new Refusal("invalid_request", "client_id is missing.");
  const client = core.clients.find(clientId);
  if (!client) throw refusal("There is no client of this id.");
  return client;
}

async function accessTokenOf(core, { clientId, sub, sid, resource }, scope) {
  const iat = now();
  const claims = { iss: core.issuer, sub, aud: resource ?? core.audience, client_id: clientId, scope, sid, iat, exp: iat + core.lifetimes.accessToken, jti: secret(12) };
  return core.keys.sign(claims, { alg: core.signingAlg, header: { typ: "at+jwt" } });
}

async function idTokenOf(core, grant, { nonce, accessToken, scope }) {
  const fault = core.faults.take("idToken")?.kind;
  if (fault === "missing") return undefined;
  const { clientId, sub, sid, authTime, acr } = grant;
  const iat = now();
  const atHash = base64url((await sha256(accessToken)).slice(0, 16));
  const person = core.users.find((user) => user.sub === sub);
  const claims = {
    ...claimsOf(person, scope), iss: core.issuer, aud: clientId, iat, exp: iat + core.lifetimes.idToken, auth_time: authTime, at_hash: atHash, sid,
    ...(nonce !== undefined && { nonce }), ...(acr !== undefined && { acr }),
  };
  if (fault === "unsigned") return `${base64url('{"alg":"none"}')}.${base64url(JSON.stringify(claims))}.`;
  const jwt = await core.keys.sign(spoiltClaims(fault, claims), { alg: core.signingAlg, isUnknownKey: fault === "unknown-key" });
  if (fault !== "wrong-signature") return jwt;
  const at = jwt.length - 20;
  return `${jwt.slice(0, at)}${jwt[at] === "A" ? "B" : "A"}${jwt.slice(at + 1)}`;
}

/** The resource that an access token is asked for (RFC 8707 section 2.2). */
function resourceOf(read) {
  const resource = read("resource");
  if (resource !== undefined && (!urlOf(resource) || resource.includes("#"))) throw new Refusal("invalid_target", "resource must be an absolute URI without a fragment.");
  return resource;
}

/** A token response for a grant. `fullScope` is that of the refresh token, `scope` that of the access token. */
async function tokensOf(core, grant, { nonce, scope = grant.scope, fullScope = grant.scope, resource = grant.resource, wantsIdToken }) {
  const accessToken = await accessTokenOf(core, { ...grant, resource }, scope);
  const hasRefreshToken = core.refreshTokens === "always" || (core.refreshTokens === "offline_access" && has(fullScope, "offline_access"));
  const refreshToken = core.store.newTokens(grant.id, { accessToken, scope, audience: resource ?? core.audience, hasRefreshToken, fullScope });
  const idToken = wantsIdToken ? await idTokenOf(core, grant, { nonce, accessToken, scope }) : undefined;
  return json({ access_token: accessToken, token_type: "Bearer", expires_in: core.lifetimes.accessToken, scope, refresh_token: refreshToken, id_token: idToken });
}

async function redeemCode(core, client, read) {
  const refusal = (why) => new Refusal("invalid_grant", why);
  const resource = resourceOf(read);
  if (read("code") === undefined) throw new Refusal("invalid_request", "code is missing.");
  const code = core.store.takeCode(read("code"));
  if (!code) throw refusal("The code is unknown, was used before, or is too old.");
  if (code.clientId !== client.clientId) throw refusal("The code is of another client.");
  if (read("redirect_uri") !== code.redirectUri) throw refusal("redirect_uri is not that of the login, to the letter.");
  const verifier = read("code_verifier");
  if (verifier === undefined) throw new Refusal("invalid_request", "code_verifier is missing: PKCE is required.");
  if (!/^[\w.~-]{43,128}$/.test(verifier) || base64url(await sha256(verifier)) !== code.challenge) throw refusal("code_verifier does not fit the code_challenge of the login.");
  // The session may have ended while the verifier was read.
  if (code.expires <= now()) throw refusal("The code is too old.");
  return tokensOf(core, core.store.newGrant(code), { nonce: code.nonce, resource, wantsIdToken: has(code.scope, "openid") });
}

async function refresh(core, client, read) {
  if (read("refresh_token") === undefined) throw new Refusal("invalid_request", "refresh_token is missing.");
  const token = core.store.takeRefreshToken(read("refresh_token"), client.clientId);
  if (!token) throw new Refusal("invalid_grant", "The refresh token is unknown, was used before, has ended, or is of another client.");
  const scope = read("scope") ?? token.scope;
  if (scope.split(" ").some((name) => !has(token.scope, name))) throw new Refusal("invalid_scope", "scope has more than the login was given.");
  const resource = resourceOf(read);
  token.spend();
  return tokensOf(core, token.grant, { scope, resource, fullScope: token.scope, wantsIdToken: has(token.scope, "openid") });
}

const GRANTS = new Map([["authorization_code", redeemCode], ["refresh_token", refresh]]);

export async function tokenEndpoint(core, request) {
  const read = single(await formOf(request), ["resource"]);
  const client = clientOf(core, request, read);
  const type = read("grant_type");
  if (type === undefined) throw new Refusal("invalid_request", "grant_type is missing.");
  const redeem = GRANTS.get(type);
  if (!redeem) throw new Refusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
  return redeem(core, client, read);
}

/** Whose access token this is: the person with the claims that its scope opens, or undefined. */
export function holderOf(core, accessToken) {
  const token = core.store.accessToken(accessToken);
  const person = token && core.users.find(({ sub }) => sub === token.grant.sub);
  if (!person) return undefined;
  const { scope, audience, expires } = token;
  return { ...claimsOf(person, scope), scope, client_id: token.grant.clientId, aud: audience, exp: expires };
}

export async function userinfoEndpoint(core, request) {
  const accessToken = bearerOf(request);
  const holder = accessToken && holderOf(core, accessToken);
  if (!holder) return unauthorized(accessToken);
  if (!has(holder.scope, "openid")) return unauthorized(accessToken, { error: "insufficient_scope", status: 403, description: "The access token lacks the scope openid." });
  const { scope, client_id: _client, aud: _audience, exp: _end, ...claims } = holder;
  return json(claims);
}

export async function revocationEndpoint(core, request) {
  const read = single(await formOf(request));
  const client = clientOf(core, request, read);
  if (read("token") === undefined) throw new Refusal("invalid_request", "token is missing.");
  if (!core.store.revoke(read("token"), client.clientId)) throw new Refusal("invalid_grant", "The token is of another client.");
  return empty(200);
}
