// What the authorization and logout endpoints do with a request, as far as it can be seen without a login: whether they send the browser back to the app.

import { isAboutClient, isRedirect, judgeFailure } from "./answers.js";
import { ok, problem, quoted, shown, unseen, warning } from "./finding.js";
import { readObject } from "./json.js";
import { isUrl } from "./url.js";

/** Errors with which a provider says that nobody is signed in, or that it would have to ask: OpenID Connect Core section 3.1.2.6. */
const NOBODY = ["login_required", "interaction_required", "consent_required", "account_selection_required"];
/** Words on a provider's page that tell what it refuses. */
const ABOUT_URI = /redirect[_ ]?ur[il]|redirect_mismatch|redirect_to|callback ur[il]|reply (url|address)|AADSTS(50011|500113|70004|900971)\b/i;

/** The parameters with which a URL comes back to the app, or `undefined` where it leads elsewhere. */
function returned(location, base, uri) {
  if (!isUrl(location, base) || !isUrl(uri)) return undefined;
  const [found, wanted] = [new URL(location, base), new URL(uri)];
  const isThere = found.origin === wanted.origin && found.pathname === wanted.pathname && [...wanted.searchParams].every(([name, value]) => found.searchParams.getAll(name).includes(value));
  return isThere ? new URLSearchParams([...found.searchParams, ...new URLSearchParams(found.hash.slice(1))]) : undefined;
}

/** The words of a page, without markup and without what was sent. */
function wordsOf(body, sent) {
  // Each step reads the text once, whatever the page is made of.
  const parts = new TextDecoder().decode(body.subarray(0, 65_536)).split(/<(?=(?:script|style)\b)/i);
  let text = parts.map((part, at) => (at === 0 ? part : part.slice(Math.max(0, part.search(/<\/(?:script|style)/i))))).join(" ").replace(/<[^<>]*>/g, " ");
  for (const value of sent) for (const form of [value, encodeURIComponent(value)]) text = text.replaceAll(form, " ");
  return text;
}

/** What of them stays the same when the page is asked for again: without numbers and random texts. */
const printOf = (words) => words.replace(/\S{20,}|\d+/g, " ").replace(/\s+/g, " ").trim().slice(0, 4000);

/**
 * Where the browser is led.
 * @param {import("./answers.js").Answer} answer the last one: redirects within the provider were followed
 * @param {{ uri: string, sent?: string[], trail?: string[] }} asked the URI of the app, texts of the request, and the addresses on the way
 * @returns {object} kind: "lost" | "returned" | "elsewhere" | "page"
 */
export function outcomeOf(answer, { uri, sent = [], trail = [] }) {
  if (answer.failure) return { kind: "lost", answer };
  if (isRedirect(answer)) {
    const location = answer.headers.location ?? "";
    const params = returned(location, answer.url, uri);
    if (params) return { kind: "returned", params };
    return { kind: "elsewhere", host: isUrl(location, answer.url) ? new URL(location, answer.url).host : "", answer };
  }
  const words = wordsOf(answer.body, sent);
  // Microsoft's pages have their text in a script.
  const codes = new TextDecoder().decode(answer.body.subarray(0, 65_536)).match(/\bAADSTS\d{4,7}\b/g) ?? [];
  const text = [words, ...trail.map(errorsOf), ...codes].join(" ");
  const { value } = readObject(answer.body);
  const said = typeof value?.error === "string" ? `: ${shown(value.error)}${typeof value.error_description === "string" ? ` (${shown(value.error_description)})` : ""}` : "";
  return { kind: "page", said, status: answer.status, isAboutUri: ABOUT_URI.test(text), isAboutClient: isAboutClient(text), isSorry: /error|invalid|mismatch|AADSTS/i.test(text), print: printOf(words), answer };
}

/** What an address on the way says of an error. The rest of its query may be the whole request. */
function errorsOf(url) {
  const { pathname, searchParams } = new URL(url);
  return [pathname, ...[...searchParams].filter(([name]) => /error/i.test(name)).map(([, value]) => value)].join(" ");
}

/** Whether two outcomes look alike to a person. What did not come differs from nothing. */
function isAlike(left, right) {
  if (right === undefined || right.kind === "lost") return true;
  if (left.kind !== right.kind) return false;
  if (left.kind === "page") return left.status === right.status && left.print === right.print;
  return left.kind !== "elsewhere" || left.host === right.host;
}

/** Whether the page says that it refuses. Some providers do so with status 200. A failure of the server refuses nothing. */
const isRefusal = (outcome) => outcome.kind === "page" && outcome.status < 500 && ![408, 425, 429].includes(outcome.status) && (outcome.status >= 400 || (outcome.isSorry && (outcome.isAboutUri || outcome.isAboutClient)));

/** Why a frame of the app's page may not show this page, or `undefined`. */
export function frameRefusal({ headers }) {
  const ancestors = /(?:^|[;,])\s*frame-ancestors\s+([^;,]*)/i.exec(headers["content-security-policy"] ?? "")?.[1].trim();
  if (ancestors !== undefined) return `Content-Security-Policy: frame-ancestors ${shown(ancestors)}`;
  const option = headers["x-frame-options"];
  return option === undefined ? undefined : `X-Frame-Options: ${shown(option)}`;
}

/** A guess: which domains are registered by whom is not known here. */
const isSameSite = (left, right) => {
  const site = (url) => new URL(url).hostname.split(".").slice(-2).join(".");
  return isUrl(left) && isUrl(right) && site(left) === site(right);
};

function judgeReturn({ params }, { state, issuer, promisesIss, origin, uri }) {
  const findings = [];
  const [error, description] = [params.get("error"), params.get("error_description")];
  const said = `${shown(error ?? "no error")}${description ? ` (${shown(description)})` : ""}`;
  if (NOBODY.includes(error)) {
    findings.push(ok("redirect-registered", `The provider knows the client and takes the redirect URI ${shown(uri)}: it sends the browser back with ${shown(error)}, as it should where nobody is signed in.`));
    findings.push(isSameSite(issuer, origin)
      ? ok("silent-login", "A login with prompt=none is answered without a page.")
      : unseen(
        "silent-login",
        "A login with prompt=none is answered without a page. Provider and app seem to be of two sites: whether a browser gives a hidden frame the cookies of the provider cannot be seen from here, and many do not.",
        "Where authorizeSilent() ends with login_required, use authorizeRedirect({ prompt: \"none\" }): docs/popup.md.",
      ));
  } else if (error === "temporarily_unavailable" || error === "server_error") {
    findings.push(warning("login-error", `The provider sends the browser back with ${said}.`, "provider", "Look into the log of the provider, and run the doctor again."));
  } else if (error !== null) {
    const cures = {
      invalid_scope: "Set scope (here: --scope) to what the client may have, or allow more at the provider. Often offline_access is the word too many.",
      unauthorized_client: "Allow this client the authorization code flow.",
      unsupported_response_type: "Turn the response type code on for this client.",
      access_denied: "The provider refuses everybody, or does not know prompt=none: sign in once by hand.",
    };
    const cure = Object.hasOwn(cures, error) ? cures[error] : "Read the words of the provider; the log of the provider has more.";
    const text = `The provider knows the client and the redirect URI, and refuses the login with ${said}.`;
    findings.push(error === "access_denied" ? warning("login-error", text, "provider", cure) : problem("login-error", text, error === "invalid_scope" ? "app" : "provider", cure));
  } else {
    findings.push(warning(
      "login-error",
      `The provider sends the browser back to ${shown(uri)} without an error, to a request with prompt=none of a browser that is not signed in.`,
      "provider",
      "Sign in once by hand.",
    ));
  }
  const back = params.getAll("state");
  if (back.length !== 1 || back[0] !== state) findings.push(problem(
    "login-state",
    back.length === 0 ? "The provider sends the browser back without the state." : "The provider sends the browser back with another state, or with two.",
    "provider",
    "Have the provider return state unchanged: the client finds the login by it.",
  ));
  const iss = params.get("iss");
  if (iss !== null && iss !== issuer) findings.push(problem(
    "login-iss",
    `The answer has the iss ${quoted(iss)}, and the issuer is ${quoted(issuer)}: the client refuses that with issuer_mismatch.`,
    "provider",
    "Have the provider send its issuer as iss, to the letter.",
  ));
  else if (iss === null && promisesIss) findings.push(warning(
    "login-iss",
    "The metadata promises iss, and this answer has none. A login without it fails with missing_issuer.",
    "provider",
    "Have the provider send iss, or promise none (authorization_response_iss_parameter_supported).",
  ));
  else if (iss !== null) findings.push(ok("login-iss", "The answer has iss, and it is that of the issuer."));
  return findings;
}

/**
 * @param {object} outcomes of `outcomeOf`: `asked`; then, where they were asked for, `elsewhere` (a redirect URI that nobody registers), `stranger` (a client id that
 * nobody has), `slash` (the redirect URI with or without a slash at its end), `plain` (the scope openid alone)
 */
export function judgeLogin({ asked, elsewhere, stranger, slash, plain }, expected) {
  const { uri, otherUri, clientId, issuer, isLocalIssuer, scope = [] } = expected;
  const subject = "authorization_endpoint";
  if (asked.kind === "lost") return [judgeFailure(subject, asked.answer)];
  if (asked.kind === "returned") {
    const findings = judgeReturn(asked, expected);
    if (elsewhere?.kind !== "returned") return findings;
    const text = "The provider takes a redirect URI that nobody can have registered";
    findings.push(isLocalIssuer ? ok("redirect-any", `${text}, as a provider for development does.`) : warning("redirect-any", `${text}: anybody can have codes sent to another path of the origin.`, "provider", "Register redirect URIs to the letter, without a pattern."));
    return findings;
  }
  if (plain?.kind === "returned" && isRefusal(asked)) {
    return [
      problem(
        "login-error",
        `The provider refuses the scope ${quoted(scope.join(" "))} (HTTP ${asked.status})${asked.said}. With openid alone it sends the browser back.`,
        "app",
        "Leave words out of scope, offline_access first: some providers want prompt=consent with it (docs/refresh.md#getting-a-refresh-token). Or allow the client these scopes at the provider.",
      ),
      ...judgeReturn(plain, expected),
    ];
  }
  const goesOn = (outcome) => outcome?.kind === "returned" || (outcome !== undefined && outcome.kind !== "lost" && !isRefusal(outcome) && !isAlike(outcome, elsewhere));
  if (isRefusal(asked) && goesOn(slash)) {
    return [problem("redirect-slash", `The redirect URI ${quoted(uri)} is not registered, and ${quoted(otherUri)} is.`, "app", `Set redirectUri to ${quoted(otherUri)}, or register ${quoted(uri)}.`)];
  }
  if (isRefusal(asked)) {
    const said = `The provider does not send the browser back (HTTP ${asked.status}${asked.said})`;
    if (asked.isAboutClient && !asked.isAboutUri) return [problem(
      "client-unknown",
      `${said}: the page speaks of the client ${quoted(clientId)}.`,
      "provider",
      "Compare the client id with the registration, to the letter; look at the tenant or realm in issuer, too.",
    )];
    const isOfClient = isAlike(asked, stranger);
    const isAboutUri = (asked.isAboutUri && !asked.isAboutClient) || (!isOfClient && isAlike(asked, elsewhere));
    if (isAboutUri) return [problem(
      "redirect-unregistered",
      `${said}: the client id is known, and the redirect URI ${quoted(uri)} is not registered.`,
      "provider",
      `Register ${uri} as a redirect URI, to the letter.`,
    )];
    if (!isOfClient) {
      return [problem(
        "login-refused",
        `${said}. Its page is neither the one for a redirect URI that is not registered nor the one for a client that nobody knows.`,
        "provider",
        "Read the page: start a login in a browser. The registration of the client may forbid the code flow, PKCE without a secret, or the scope.",
      )];
    }
    return [problem(
      "login-refused",
      `${said}: the redirect URI ${quoted(uri)} or the client id ${quoted(clientId)} is not registered; the page is the same for both.`,
      "provider",
      "Compare both with the registration, to the letter: http or https, port, path, slash at the end.",
    )];
  }
  const how = asked.kind === "elsewhere" ? `leads on to ${quoted(asked.host)}` : `${asked.status >= 500 ? "fails" : "shows a page"} (HTTP ${asked.status}${asked.said})`;
  const refusal = frameRefusal(asked.answer);
  const framed = refusal ? `, which no frame of the app may show (${refusal})` : "";
  const silent = warning(
    "silent-login",
    `The provider ${how} at a request with prompt=none, which is to be answered without a page${framed}: authorizeSilent() ends with timeout, and prompt: "none" leaves people at the provider.`,
    "provider",
    "Have the provider answer prompt=none with login_required, or use neither.",
  );
  if (!isAlike(asked, elsewhere)) return [ok("redirect-registered", `The provider takes the redirect URI ${shown(uri)}: it goes on with it, and not with another.`), silent];
  return [unseen(
    "login-unseen",
    `The provider ${how}, whatever the redirect URI is: whether ${shown(uri)} and the client ${quoted(clientId)} are registered shows only after a login.`,
    `Sign in once. Where the provider then shows an error, compare both with the registration, to the letter. The issuer is ${shown(issuer)}.`,
  ), silent];
}

/** What the logout endpoint does with a browser that is not signed in. */
export function judgeLogout(outcome, { uri, state }) {
  const subject = "end_session_endpoint";
  if (outcome.kind === "lost") return [{ ...judgeFailure(subject, outcome.answer), level: "warning" }];
  const register = `Register ${uri} as a post-logout redirect URI, to the letter.`;
  if (outcome.kind === "returned") {
    const back = outcome.params.get("state");
    if (back === state) return [ok("logout", `The logout endpoint sends the browser back to ${shown(uri)} with the state.`)];
    return [warning(
      "logout",
      `The logout endpoint sends the browser back to ${shown(uri)} ${back === null ? "without the state" : "with another state"}: handleRedirect() does not tell the app of the logout.`,
      "provider",
      "Have the provider return state unchanged.",
    )];
  }
  if (isRefusal(outcome)) {
    return [outcome.isAboutUri
      ? problem("logout-refused", `The logout endpoint refuses (HTTP ${outcome.status}), and its page speaks of the redirect URI ${quoted(uri)}.`, "provider", register, subject)
      : warning(
        "logout-refused",
        `The logout endpoint refuses (HTTP ${outcome.status}) a logout without an id_token. A logout of a person has one; whether ${shown(uri)} is registered cannot be seen from here.`,
        "provider",
        `${register} Sign out once.`,
        subject,
      )];
  }
  const how = outcome.kind === "elsewhere" ? `leads on to ${quoted(outcome.host)}` : `${outcome.status >= 500 ? "fails" : "shows a page"} (HTTP ${outcome.status})`;
  return [unseen("logout-unseen", `The logout endpoint ${how} to a browser that is not signed in: whether ${shown(uri)} is registered shows only in a logout.`, `${register} Sign out once.`, subject)];
}
