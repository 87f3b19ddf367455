// What the token, userinfo and revocation endpoints say to a code and to tokens that cannot exist. No answer is shown whole: none of these texts has a token.

import { capital, isEntra, isHtml, isRedirect, judgeFailure, judgeRedirect, nameOf } from "./answers.js";
import { ok, problem, quoted, shown, unseen, warning } from "./finding.js";
import { readObject } from "./json.js";

/** Hosts of Google, whose clients of the type "Web application" want a secret that is none. */
const isGoogle = (url) => /^https:\/\/(accounts\.google\.com|oauth2\.googleapis\.com)(\/|$)/.test(url);

/** The OAuth error of an answer: RFC 6749 section 5.2. */
function errorOf(answer) {
  const { value } = readObject(answer.body);
  if (typeof value?.error !== "string") return undefined;
  return { error: value.error, description: typeof value.error_description === "string" ? value.error_description : "" };
}

const words = ({ error, description }) => `${shown(error)}${description ? ` (${shown(description)})` : ""}`;
const wantsSecret = ({ error, description }) => /client_secret|client_assertion|client secret|AADSTS7000218/i.test(description) && error !== "invalid_grant";

/** Words that say that nobody has this client id. Many providers say the same of a client without its secret, and then speak of credentials. */
const isUnknown = (text) => /(unknown|no such) client|(client|application)[^.]{0,60}(not found|does not exist|doesn't exist|not registered|not known|unknown)|\bApp\.NotFound\b|AADSTS(70001|700011|700016|700038)\b/i.test(text) && !/credential|secret|authenticat/i.test(text);

const SECRET = "Register the app as a public client: the type single-page app, “client authentication” off, or token_endpoint_auth_method none.";
const SECRET_AT_GOOGLE = 'A client of the type "Web application" has a client_secret that Google demands even with PKCE: set insecureClientSecret, and use this client for one app only (docs/providers.md#google).';

/** What no endpoint for tokens should answer. */
function judgeAnswer(answer, subject) {
  const place = `${capital(nameOf(subject))} at ${shown(answer.url)}`;
  const lost = judgeFailure(subject, answer) ?? judgeRedirect(subject, answer);
  if (lost) return lost;
  const { status } = answer;
  if ([404, 405, 410].includes(status)) return problem(
    "token-answer",
    `${place} answers with HTTP ${status}: there is nothing that takes such a request.`,
    "provider",
    "Have the provider publish the endpoint that it has.",
    subject,
  );
  if (status >= 500 || status === 429 || status === 408) return warning(
    "token-answer",
    `${place} answers with HTTP ${status} to a request that it should refuse.`,
    "provider",
    status === 429 ? "Wait, and run the doctor again." : "Look into the log of the provider: the client takes this for a passing fault, and the person sees no reason.",
    subject,
  );
  if (isHtml(answer)) return problem(
    "token-answer",
    `${place} answers with a page in HTML (HTTP ${status}), and JSON was expected.`,
    "provider",
    "Look whether a firewall, a login or a check against forged forms (CSRF) stands before the endpoint.",
    subject,
  );
  return undefined;
}

/** The answer to a code that cannot exist. */
export function judgeToken(answer, { issuer, clientId }) {
  const subject = "token_endpoint";
  const wrong = judgeAnswer(answer, subject);
  if (wrong) return [wrong];
  const google = isGoogle(issuer) || isGoogle(answer.url);
  if (answer.status >= 200 && answer.status < 300) {
    const { value } = readObject(answer.body);
    if (typeof value?.access_token === "string") return [problem(
      "token-given",
      "The token endpoint gave a token for a code that cannot exist.",
      "provider",
      "Do not use this provider before it checks codes.",
    )];
  }
  const refusal = errorOf(answer);
  if (!refusal) return [warning(
    "token-answer",
    `The token endpoint answers with HTTP ${answer.status} and no OAuth error to a code that cannot exist.`,
    "provider",
    "Have it answer with 400 and the error invalid_grant.",
    subject,
  )];
  const { error, description } = refusal;
  if (/AADSTS9002326/.test(description)) return [problem(
    "token-refused",
    `The token endpoint refuses requests of pages: ${words(refusal)}.`,
    "provider",
    "Move the redirect URI to the platform Single-page application: docs/providers.md#microsoft-entra.",
  )];
  // Reported: without a code of its own form it looks at no secret, and answers even a wrong one with this.
  if (isEntra(answer.url) && (error === "invalid_grant" || /AADSTS9002313\b/.test(description))) return [unseen(
    "client-public",
    `The token endpoint refuses a code that cannot exist with ${shown(error)}. Microsoft Entra looks at the code before it looks at the client: whether it wants a secret cannot be seen from here.`,
    "Look into the registration of the app: the redirect URI has to be of the platform Single-page application (docs/providers.md#microsoft-entra). Then sign in once.",
    subject,
  )];
  if (wantsSecret(refusal)) return [problem(
    "client-secret",
    `The token endpoint wants a secret of the client: ${words(refusal)}.`,
    "provider",
    google ? SECRET_AT_GOOGLE : `${SECRET} A page cannot keep a secret.`,
  )];
  if (error !== "invalid_grant" && isUnknown(description)) {
    return [problem(
      "client-unknown",
      `The token endpoint does not know the client ${quoted(clientId)}: ${words(refusal)}.`,
      "provider",
      "Compare the client id with the registration, to the letter; look at the tenant or realm in issuer, too.",
    )];
  }
  switch (error) {
    case "invalid_grant":
      return google
        ? [warning("client-secret", "The token endpoint takes the client without a secret so far. Google looks at the code first, and then at the secret.", "provider", SECRET_AT_GOOGLE)]
        : [ok("client-public", `The token endpoint refuses a code that cannot exist with invalid_grant, and asks the client for no secret.`)];
    case "invalid_client":
      return [problem(
        "client-secret",
        `The token endpoint does not take the client ${quoted(clientId)} without a secret, or does not know it: ${words(refusal)}.`,
        "provider",
        google ? SECRET_AT_GOOGLE : `Compare the client id with the registration, to the letter. ${SECRET}`,
      )];
    case "unauthorized_client":
      return [problem("token-refused", `The client ${quoted(clientId)} may not redeem codes: ${words(refusal)}.`, "provider", `Allow this client the authorization code grant. ${SECRET}`)];
    case "unsupported_grant_type":
      return [problem("token-refused", `The token endpoint does not know the grant authorization_code: ${words(refusal)}.`, "provider", "Turn the authorization code grant on.")];
    default:
      return [warning(
        "token-refused",
        `The token endpoint refuses a code that cannot exist with ${words(refusal)}, where invalid_grant was expected.`,
        "provider",
        "Read the words of the provider: they may name the registration of the client, or the redirect URI. Where it means the code alone, nothing is to do.",
      )];
  }
}

/** The answer to a refresh token that cannot exist. */
export function judgeRefresh(answer) {
  if (answer.failure || isRedirect(answer) || isHtml(answer)) return undefined;
  const refusal = errorOf(answer);
  if (refusal?.error === "invalid_grant") return ok("refresh-grant", "The token endpoint takes refreshes of this client: it refuses a refresh token that cannot exist with invalid_grant.");
  if (["unauthorized_client", "unsupported_grant_type"].includes(refusal?.error)) {
    return warning(
      "refresh-grant",
      `The client may not refresh: ${words(refusal)}. The access token cannot be renewed.`,
      "provider",
      "Allow this client the grant refresh_token, or leave offline_access out of scope.",
    );
  }
  return undefined;
}

/** The answer to an access token that cannot exist. */
export function judgeUserinfo(answer) {
  const subject = "userinfo_endpoint";
  const wrong = judgeAnswer(answer, subject);
  if (wrong && wrong.id !== "token-answer") return { ...wrong, level: "warning" };
  if (answer.status === 401) return ok("userinfo", "The userinfo endpoint refuses an access token that cannot exist with 401.");
  return warning(
    "userinfo",
    `The userinfo endpoint answers with HTTP ${answer.status} to an access token that cannot exist, where 401 was expected.`,
    "provider",
    "Have it answer with 401 and WWW-Authenticate: Bearer error=\"invalid_token\" (RFC 6750 section 3.1). From another status a page does not see that the token is at fault.",
  );
}

/** The answer to the revocation of a token that cannot exist: RFC 7009 section 2.2 wants 200. */
export function judgeRevocation(answer) {
  const subject = "revocation_endpoint";
  const wrong = judgeAnswer(answer, subject);
  if (wrong) return { ...wrong, level: "warning" };
  if (answer.status >= 200 && answer.status < 300) return ok("revocation", `The revocation endpoint takes the client without a secret (HTTP ${answer.status}).`);
  const refusal = errorOf(answer);
  const said = refusal ? words(refusal) : `HTTP ${answer.status}`;
  return warning(
    "revocation",
    `The revocation endpoint refuses the client: ${said}. revokeToken() fails; a logout works.`,
    "provider",
    refusal?.error === "invalid_client" ? "Allow public clients (token_endpoint_auth_method none) to revoke their tokens." : "Read the words of the provider. A token that it does not know is to be answered with 200.",
  );
}
