// Metadata of a provider, judged as src/protocol/metadata.rs does, and what a person has to know beyond.

import { listed, ok, problem, quoted, warning } from "./finding.js";
import { isOnlyHere, parse, parseEndpoint, parseIssuer } from "./url.js";

/** The algorithms of an id_token that the package accepts by default. */
export const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"];

/** What the client uses, and what is lost without it. */
const ENDPOINTS = {
  authorization_endpoint: "no login can begin (missing_authorize_url)",
  token_endpoint: "no login can end (missing_access_token_url)",
  jwks_uri: "no id_token can be checked (missing_jwks_uri)",
};
const FURTHER = ["userinfo_endpoint", "revocation_endpoint", "end_session_endpoint"];

const text = (value) => (typeof value === "string" && value !== "" ? value : undefined);
const isAbsent = (value) => value === undefined || value === null;
/** A list of texts; `undefined` where it is absent or is none. */
const strings = (value) => (Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined);

/** Whether the document names the issuer that it was asked for: OpenID Connect Discovery 4.3, RFC 8414 3.3. */
export function judgeIssuer(document, issuer) {
  const found = document.issuer;
  if (text(found) === undefined) {
    return problem(
      "issuer-mismatch",
      isAbsent(found) || found === "" ? "The metadata names no issuer." : "The issuer of the metadata is no text.",
      "provider",
      "Have the provider publish its issuer.",
    );
  }
  if (found === issuer) return ok("issuer", `The metadata names the issuer ${quoted(found)}, as asked.`);
  if (found.includes("{")) {
    return problem(
      "issuer-template",
      `The metadata names a template as its issuer: ${quoted(found)}.`,
      "app",
      "Give the issuer of one tenant, with its id in the place of the template. For several tenants, set serverMetadataUrl and expectedIssuer: docs/providers.md#microsoft-entra.",
    );
  }
  const cure = `Set issuer to ${quoted(found)}, to the letter`;
  const why = (() => {
    if (`${found}/` === issuer) return "yours has a slash at its end, and that of the provider has none";
    if (found === `${issuer}/`) return "that of the provider has a slash at its end, and yours has none";
    if (found.toLowerCase() === issuer.toLowerCase()) return "they differ in upper and lower case";
    if (found.replace(/^https?:/, "") === issuer.replace(/^https?:/, "")) return "one is http and the other https";
    if (parse(found).path === parse(issuer).path) return "the hosts or ports differ";
    return parse(found).site === parse(issuer).site ? "the paths differ" : "they have different hosts";
  })();
  const behindProxy = why === "one is http and the other https" && found.startsWith("http:");
  return problem("issuer-mismatch", `The metadata names the issuer ${quoted(found)}, and ${quoted(issuer)} was asked: ${why}. The client refuses that with issuer_mismatch.`, behindProxy ? "provider" : "app",
    behindProxy ? "Tell the provider its public address: behind a proxy that ends TLS it needs X-Forwarded-Proto, or its own setting for its host name." : `${cure}, if this is the provider that you mean.`);
}

/** The endpoints that may be asked, and the findings on all of them. */
export function judgeEndpoints(document, issuer, { isOpenid = true } = {}) {
  const [findings, usable] = [[], {}];
  const isLocalIssuer = isOnlyHere(issuer);
  for (const name of [...Object.keys(ENDPOINTS), ...FURTHER]) {
    const value = document[name];
    if (name === "jwks_uri" && !isOpenid && isAbsent(value)) continue;
    if (isAbsent(value) || value === "") {
      if (ENDPOINTS[name]) findings.push(problem(
        "endpoint-missing",
        `The metadata has no ${name}: ${ENDPOINTS[name]}.`,
        "provider",
        `Have the provider publish ${name}, or give it in the settings.`,
        name,
      ));
      else if (name !== "end_session_endpoint") findings.push(ok(
        "endpoint-missing",
        `The metadata has no ${name}: ${name === "userinfo_endpoint" ? "userinfo()" : "revokeToken()"} is not possible, and a login needs none.`,
        name,
      ));
      continue;
    }
    const fault = typeof value === "string" ? parseEndpoint(value).fault : "is no text";
    if (fault) {
      findings.push(problem(
        "endpoint-invalid",
        `The ${name} ${quoted(value)} ${fault}: the client refuses the metadata with invalid_metadata.`,
        "provider",
        "Have the provider publish an https URL. Behind a proxy it has to know its public address.",
        name,
      ));
    } else if (!isLocalIssuer && isOnlyHere(value)) {
      findings.push(problem(
        "endpoint-local",
        `The ${name} ${quoted(value)} is an address of whatever machine the browser runs on or stands beside, and was not asked.`,
        "provider",
        "Tell the provider its public address.",
        name,
      ));
    } else usable[name] = value;
  }
  const named = Object.keys(ENDPOINTS).filter((name) => usable[name]);
  if (named.length === 3) {
    const hosts = [...new Set(Object.values(usable).map((url) => new URL(url).host))];
    findings.unshift(ok("endpoints", `Authorization endpoint, token endpoint and keys are published, at ${listed(hosts)}.`));
  }
  return { findings, usable };
}

/** The lists that decide over a login. */
function judgeLists(document) {
  const findings = [];
  for (const name of ["response_types_supported", "code_challenge_methods_supported", "id_token_signing_alg_values_supported", "userinfo_signing_alg_values_supported"]) {
    if (!isAbsent(document[name]) && !strings(document[name])) findings.push(problem(
      "member-type",
      `${name} is no list of texts: the client refuses the metadata with invalid_metadata.`,
      "provider",
      "Have the provider publish a list of texts.",
      name,
    ));
  }
  const promise = document.authorization_response_iss_parameter_supported;
  if (!isAbsent(promise) && typeof promise !== "boolean") findings.push(problem(
    "member-type",
    "authorization_response_iss_parameter_supported is neither true nor false: the client refuses the metadata with invalid_metadata.",
    "provider",
    "Have the provider publish true or false.",
    "authorization_response_iss_parameter_supported",
  ));

  const types = strings(document.response_types_supported);
  if (types && !types.includes("code")) findings.push(problem(
    "response-type",
    `The provider lists the response types ${listed(types)}, and not code: the client refuses with not_supported_by_provider.`,
    "provider",
    "Turn the authorization code flow on for the provider or the client. The implicit flow is not what this package does.",
  ));
  const methods = strings(document.code_challenge_methods_supported);
  if (methods === undefined) {
    if (isAbsent(document.code_challenge_methods_supported)) findings.push(warning(
      "pkce",
      "The metadata does not say whether the provider checks PKCE; the client sends it in any case.",
      "provider",
      "Ask the provider whether it checks code_challenge with S256, and have it publish code_challenge_methods_supported.",
    ));
  } else if (methods.includes("S256")) findings.push(ok("pkce", "The provider supports PKCE with S256."));
  else findings.push(problem(
    "pkce-missing",
    `The provider lists the PKCE methods ${listed(methods)}, and not S256: the client refuses with not_supported_by_provider.`,
    "provider",
    "Turn PKCE with S256 on at the provider.",
  ));

  const modes = strings(document.response_modes_supported);
  if (modes && !modes.includes("query")) {
    findings.push(modes.includes("fragment")
      ? problem("response-mode", `The provider lists the response modes ${listed(modes)}, and not query.`, "app", 'Set responseMode: "fragment".')
      : problem("response-mode", `The provider lists the response modes ${listed(modes)}, and a page needs query or fragment.`, "provider", "Turn query or fragment on."));
  }
  return findings;
}

function judgeClient(document, scope) {
  const findings = [];
  const authentication = strings(document.token_endpoint_auth_methods_supported);
  if (authentication?.includes("none")) findings.push(ok("client-authentication", "The provider has public clients (token_endpoint_auth_methods_supported has none)."));
  else if (authentication) findings.push(warning(
    "client-authentication",
    `token_endpoint_auth_methods_supported lists ${listed(authentication)}, and not none. Some providers have public clients all the same.`,
    "provider",
    "What the token endpoint says counts more (client-public, client-secret). Register the app as a public client (single-page app), and have the provider list none.",
  ));
  if (document.require_pushed_authorization_requests === true) findings.push(problem(
    "pushed-requests",
    "The provider takes pushed authorization requests only, and this client pushes none: a login fails with not_supported_by_provider.",
    "provider",
    "Do not require pushed requests of this client.",
  ));
  if (document.require_signed_request_object === true) findings.push(problem(
    "request-objects",
    "The provider takes signed request objects only, and a public client has no key to sign with.",
    "provider",
    "Do not require request objects of this client.",
  ));
  const grants = strings(document.grant_types_supported);
  if (grants && !grants.includes("authorization_code")) findings.push(problem(
    "response-type",
    `The provider lists the grants ${listed(grants)}, and not authorization_code.`,
    "provider",
    "Turn the authorization code grant on.",
  ));

  const scopes = strings(document.scopes_supported);
  const wanted = scope.filter((word) => word !== "offline_access");
  const missing = scopes ? wanted.filter((word) => !scopes.includes(word)) : [];
  if (missing.length > 0) findings.push(warning(
    "scopes",
    `scopes_supported does not list ${listed(missing)}. A provider may leave scopes out of the list.`,
    "app",
    "Compare scope with the scopes that the provider documents.",
  ));
  else if (scopes && wanted.length > 0) findings.push(ok("scopes", `The provider lists the scopes ${listed(wanted)}.`));

  const offline = scope.includes("offline_access");
  if (grants && !grants.includes("refresh_token")) {
    findings.push(offline
      ? warning(
        "refresh",
        "The provider does not list the grant refresh_token: the session is signed in, and the access token cannot be renewed.",
        "provider",
        "Turn refresh tokens on for the client, or leave offline_access out.",
      )
      : ok("refresh", "The provider gives no refresh tokens (grant_types_supported). The access token cannot be renewed; a silent login may."));
  } else if (offline && scopes && !scopes.includes("offline_access")) {
    findings.push(warning(
      "refresh",
      "The provider does not list the scope offline_access.",
      "app",
      "Look how this provider gives refresh tokens: docs/providers.md, docs/refresh.md#getting-a-refresh-token.",
    ));
  } else if (offline) findings.push(ok("refresh", "Nothing in the metadata stands against refresh tokens."));
  else if (scopes?.includes("offline_access")) findings.push(ok("refresh", "The provider has refresh tokens; the scope asked for has no offline_access. Add it if access tokens are to be renewed."));
  return findings;
}

function judgeAlgorithms(document, accepted) {
  const algorithms = strings(document.id_token_signing_alg_values_supported);
  if (!algorithms) {
    return isAbsent(document.id_token_signing_alg_values_supported)
      ? [warning(
        "id-token-algorithms",
        "The metadata has no id_token_signing_alg_values_supported, which is required. The client accepts any algorithm of its own list.",
        "provider",
        "Have the provider publish the list.",
      )] : [];
  }
  const common = algorithms.filter((name) => accepted.includes(name));
  if (common.length > 0) return [ok("id-token-algorithms", `The provider signs id_tokens with ${listed(common)}, which the client accepts.`)];
  return [problem(
    "id-token-algorithms",
    `The provider signs id_tokens with ${listed(algorithms)}, and the client accepts none of these: no login begins (unsupported_algorithm).`,
    "provider",
    "Set the signature algorithm of the id_token to RS256 or ES256, for the provider or for this client. HS256 needs a secret, and none proves nothing.",
  )];
}

/**
 * @param {object} document
 * @param {{ issuer: string, scope?: string[], accepted?: string[] }} asked
 * @returns {{ findings: object[], usable: Record<string, string> }} `usable` has the endpoints that may be asked
 */
export function judgeMetadata(document, { issuer, scope = ["openid"], accepted = ALGORITHMS }) {
  const isOpenid = scope.includes("openid");
  const { findings, usable } = judgeEndpoints(document, issuer, { isOpenid });
  const own = text(document.issuer);
  const fault = own !== undefined && own === issuer ? parseIssuer(own).fault : undefined;
  const further = [
    document.authorization_response_iss_parameter_supported === true
      ? ok("iss", "The provider promises iss in its authorization responses, and the client checks it.")
      : ok("iss", "The provider does not promise iss in its authorization responses: of no weight with one provider, and a defence less with several."),
  ];
  if (document.frontchannel_logout_supported === true) further.push(ok("front-channel-logout", `The provider can tell the app of a logout elsewhere (front channel${document.frontchannel_logout_session_supported === true ? ", with sid" : ""}).`));
  if (text(document.check_session_iframe) !== undefined) further.push(ok("session-monitor", "The provider has a check_session_iframe: monitorSession() works where the browser gives its frame cookies."));
  if (!usable.end_session_endpoint && isAbsent(document.end_session_endpoint)) further.push(warning(
    "logout-missing",
    "The provider has no end_session_endpoint: its session goes on after a sign-out of the app.",
    "app",
    'Call logoutRedirect({ fallback: "local" }), and see docs/logout.md#a-provider-without-logout.',
  ));
  return { findings: [...findings, ...(fault ? [problem(
    "issuer-invalid",
    `The issuer of the metadata ${fault}.`,
    "provider",
    "Give the provider an https address.",
  )] : []), ...judgeLists(document), ...(isOpenid ? judgeAlgorithms(document, accepted) : []), ...judgeClient(document, scope), ...further], usable };
}
