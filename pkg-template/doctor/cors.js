// Whether a browser lets a page of an origin read an answer: the CORS check of the Fetch Standard, for requests without credentials, as the package sends them.

import { capital, isEntra, judgeRedirect, nameOf } from "./answers.js";
import { ok, problem, quoted, shown, warning } from "./finding.js";

const ids = { metadata: "cors-metadata", jwks_uri: "cors-keys", token_endpoint: "cors-token", userinfo_endpoint: "cors-userinfo", revocation_endpoint: "cors-revocation" };

/** What is lost without it. */
const loss = {
  metadata: "no login begins: the code is network in phase metadata",
  jwks_uri: "no id_token can be checked: the code is network in phase id_token",
  token_endpoint: "no code is redeemed: the code is network in phase token",
  userinfo_endpoint: "userinfo() fails: the code is network",
  revocation_endpoint: "revokeToken() fails: the code is network",
};

/** Why Access-Control-Allow-Origin does not let this origin in, or `undefined`. */
export function faultOfOrigin(headers, origin) {
  const allowed = headers["access-control-allow-origin"];
  if (allowed === origin || allowed === "*") return undefined;
  if (allowed === undefined) return "has no Access-Control-Allow-Origin";
  const named = `has Access-Control-Allow-Origin: ${shown(allowed)}`;
  if (allowed.includes(",")) return `${named}, which is more than one value: browsers refuse that`;
  if (allowed === `${origin}/`) return `${named}, and an origin has no slash at its end`;
  if (allowed.toLowerCase() === origin.toLowerCase()) return `${named}, and browsers compare to the letter`;
  if (allowed.includes("*")) return `${named}, and browsers know no pattern but * alone`;
  return `${named}, which is another origin`;
}

/** Whether the header lists this word. `*` lists every header, save Authorization. */
const lists = (value = "", word) => value.split(",").some((item) => item.trim().toLowerCase() === word);

const isServed = (origin, headers) => (headers["access-control-allow-origin"] === "*" ? "any origin" : origin);

/** The cure that fits the endpoint. */
function cureOf(subject, origin, { status } = {}) {
  const allow = `Allow the origin ${origin} at the provider (“web origins”, “allowed origins”, “trusted origins”), or have the server send Access-Control-Allow-Origin: ${origin}`;
  if (subject === "token_endpoint") {
    return `${allow}, with errors too: ${status === undefined ? "" : `this answer has the status ${status}, and `}a page that cannot read a refusal sees only network. At Microsoft Entra the redirect URI must be of the type single-page application.`;
  }
  if (subject === "jwks_uri") return `${allow}. Until then, give the keys in the setting jwks.`;
  if (subject === "metadata") return `${allow}. Until then, give the endpoints in the settings authorizeUrl, accessTokenUrl and metadata.`;
  return `${allow}.`;
}

/**
 * An answer to a request that needs no preflight: metadata, keys, tokens, revocation. Or the answer after a preflight: userinfo.
 * @param {import("./answers.js").Answer} answer with a status
 */
export function judgeCors(subject, answer, origin, { isSameOrigin = false } = {}) {
  const id = ids[subject];
  if (isSameOrigin) return ok(id, `${capital(nameOf(subject))} is at your origin: no CORS is needed.`, subject);
  const fault = faultOfOrigin(answer.headers, origin);
  if (fault === undefined) {
    const hint = subject === "userinfo_endpoint" && answer.headers["www-authenticate"] !== undefined && !lists(answer.headers["access-control-expose-headers"], "www-authenticate") && !lists(answer.headers["access-control-expose-headers"], "*")
      ? " It does not expose WWW-Authenticate, so a page sees the status of a refusal and not its words." : "";
    return ok(id, `${capital(nameOf(subject))} (HTTP ${answer.status}) may be read by ${isServed(origin, answer.headers)}.${hint}`, subject);
  }
  if (subject === "token_endpoint" && answer.status >= 400 && answer.headers["access-control-allow-origin"] === undefined && isEntra(answer.url)) return warning(
    id,
    `The token endpoint answers with HTTP ${answer.status} and no Access-Control-Allow-Origin to a code that cannot exist. Microsoft Entra sends this header by the type of the redirect URI to which a code belongs: what a real code gets cannot be seen from here.`,
    "provider",
    "Look into the registration of the app: the redirect URI has to be listed under the platform Single-page application, and under no other (docs/providers.md#microsoft-entra). Then sign in once: a wrong type shows as network in phase token.",
    subject,
  );
  return problem(id, `${capital(nameOf(subject))} may not be read by ${origin}: the answer (HTTP ${answer.status}) ${fault}. So ${loss[subject]}.`, "provider", cureOf(subject, origin, answer), subject);
}

/** What a page knows where the browser gives it no answer, and a request without CORS gets one. */
export function judgeUnreadable(subject, { url }, origin) {
  return problem(ids[subject], `${capital(nameOf(subject))} at ${shown(url)} may not be read by ${origin}: an answer comes, and the browser keeps it from the page. So ${loss[subject]}.`, "provider", cureOf(subject, origin), subject);
}

/** What a page knows where no request gets an answer: it may be the network, CORS, the policy of the page, or an extension. */
export function judgeLost(subject, { url, failure }, origin) {
  const place = `${capital(nameOf(subject))} at ${shown(url)}`;
  if (failure?.kind === "timeout") return problem("timeout", `${place} gave this page no whole answer in time.`, "provider", "Look why the provider is slow. The client waits requestTimeout seconds (30); this report waits less.", subject);
  const seen = "If it answers in a tab of its own, look at connect-src in the Content-Security-Policy of the page, at browser extensions, and at CORS";
  if (subject === "metadata" || subject === "jwks_uri") return problem("unreachable", `${place} gave this page no answer. So ${loss[subject]}.`, null, `Check the address and the network. ${seen}: npx oidc-client-wasm doctor shows the headers.`, subject);
  return problem(ids[subject], `${place} gave the last request of this page no answer that it may read. So ${loss[subject]}.`, "provider", `${cureOf(subject, origin)} A preflight that is refused looks the same: npx oidc-client-wasm doctor shows which.`, subject);
}

/** The preflight of userinfo, the one request of the package to the provider with the header Authorization. */
export function judgePreflight(answer, origin, { isSameOrigin = false } = {}) {
  const [id, subject] = ["cors-userinfo-preflight", "userinfo_endpoint"];
  if (isSameOrigin) return ok(id, "The userinfo endpoint is at your origin: no preflight is sent.", subject);
  const cure = `Have the endpoint answer OPTIONS with 204, Access-Control-Allow-Origin: ${origin} and Access-Control-Allow-Headers: authorization, without asking for a token.`;
  const refuse = (why) => problem(id, `The preflight of the userinfo endpoint fails: ${why}. So ${loss[subject]}.`, "provider", cure, subject);
  if (judgeRedirect(subject, answer)) return refuse(`it is redirected to ${quoted(answer.headers.location ?? "")}`);
  if (answer.status < 200 || answer.status > 299) return refuse(`it is answered with HTTP ${answer.status}, and a browser demands 200 to 299`);
  const fault = faultOfOrigin(answer.headers, origin);
  if (fault !== undefined) return refuse(`the answer ${fault}`);
  const allowed = answer.headers["access-control-allow-headers"];
  if (lists(allowed, "authorization")) return ok(id, `The userinfo endpoint takes the preflight of ${isServed(origin, answer.headers)}.`, subject);
  return refuse(lists(allowed, "*") ? "Access-Control-Allow-Headers is *, which does not cover Authorization" : "Access-Control-Allow-Headers does not list authorization");
}
