// The questions of the doctor to a provider, in the order of a login. The judgments are those of pkg-template/doctor/.

import { createHash, randomBytes } from "node:crypto";
import { isElsewhere, isRedirect, judgeClock, judgeDocument, judgeFailure, judgeSpeed } from "../../doctor/answers.js";
import { judgeIssuerSpelling, judgeOrigin, judgeRedirectUris } from "../../doctor/app.js";
import { judgeCors, judgePreflight } from "../../doctor/cors.js";
import { listed, problem, shown, summaryOf, unseen } from "../../doctor/finding.js";
import { judgeAgeOfKeys, judgeKeys } from "../../doctor/keys.js";
import { judgeLogin, judgeLogout, outcomeOf } from "../../doctor/login.js";
import { ALGORITHMS, judgeIssuer, judgeMetadata } from "../../doctor/metadata.js";
import { judgeRefresh, judgeRevocation, judgeToken, judgeUserinfo } from "../../doctor/tokens.js";
import { isUrl, issuerOfDocument, metadataUrls, originOf, parse, parseIssuer, parseRedirectUri } from "../../doctor/url.js";

/** The most redirects within the provider that are followed for one login. */
const FOLLOWED = 2;
/** The most bytes of a page for people. */
const PAGE = 256 * 1024;
/** The members of which metadata has one at least. */
const MEMBERS = ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"];
const NOBODY = "oidc-client-wasm-doctor";

const random = () => randomBytes(32).toString("base64url");
/** A code, a token, a client id that nobody has. */
const made = () => `${NOBODY}-${random()}`;

const withQuery = (endpoint, fields) => `${endpoint}${endpoint.includes("?") ? "&" : "?"}${new URLSearchParams(fields)}`;

async function askForMetadata(ask, issuer, origin) {
  let first;
  for (const url of metadataUrls(issuer)) {
    const answer = await ask("metadata", url, { headers: { origin } });
    if (answer.failure || !isElsewhere(answer)) return answer;
    first ??= answer;
  }
  return first;
}

/** A navigation: no Origin, and redirects within the provider are followed. */
async function visit(ask, subject, url, { uri, sent }) {
  const trail = [];
  for (let at = url; ;) {
    const answer = await ask(subject, at, { headers: { accept: "text/html", "accept-language": "en" }, limit: PAGE });
    const outcome = outcomeOf(answer, { uri, sent, trail });
    if (outcome.kind !== "elsewhere" || trail.length === FOLLOWED) return outcome;
    const next = isUrl(answer.headers.location, at) ? new URL(answer.headers.location, at).href : "";
    // Another host is named, and not visited.
    if (originOf(next) !== originOf(url)) return outcome;
    trail.push(next);
    at = next;
  }
}

/** The redirect URI with a slash at the end of its path, or without. */
function otherSlash(uri) {
  const [, path, rest] = /^([^?]*)(.*)$/.exec(uri);
  return (path.endsWith("/") ? path.slice(0, -1) : `${path}/`) + rest;
}

class Examination {
  constructor(asked, ask) {
    Object.assign(this, asked, { ask });
  }

  isSameOrigin(url) {
    return originOf(url) === this.origin;
  }

  /** The CORS judgment of an answer, if there is one. A redirect has its own finding. */
  cors(subject, answer) {
    return answer.failure || isRedirect(answer) ? [] : [judgeCors(subject, answer, this.origin, { isSameOrigin: this.isSameOrigin(answer.url) })];
  }

  post(subject, url, fields) {
    return this.ask(subject, url, { method: "POST", headers: { origin: this.origin }, form: String(new URLSearchParams(fields)) });
  }

  async keys(url, document) {
    const answer = await this.ask("jwks_uri", url, { headers: { origin: this.origin } });
    const { document: keys, findings } = judgeDocument("jwks_uri", answer);
    const listed = document.id_token_signing_alg_values_supported;
    const algorithms = Array.isArray(listed) ? ALGORITHMS.filter((name) => listed.includes(name)) : ALGORITHMS;
    const judged = keys ? [...judgeKeys(keys, { algorithms: algorithms.length > 0 ? algorithms : ALGORITHMS }), judgeAgeOfKeys(answer)] : [];
    return [...findings, ...judged, ...this.cors("jwks_uri", answer)];
  }

  async tokens(url) {
    const { clientId, redirectUri, scope, issuer } = this;
    const answer = await this.post("token_endpoint", url, { grant_type: "authorization_code", code: made(), redirect_uri: redirectUri, client_id: clientId, code_verifier: random() });
    const findings = [...judgeToken(answer, { issuer, clientId }), ...this.cors("token_endpoint", answer)];
    const isPublic = findings.some(({ id, level }) => id === "client-public" && level === "ok");
    if (!isPublic || !scope.includes("offline_access")) return findings;
    return [...findings, judgeRefresh(await this.post("token_endpoint", url, { grant_type: "refresh_token", refresh_token: made(), client_id: clientId }))];
  }

  async userinfo(url) {
    const { origin } = this;
    const subject = "userinfo_endpoint";
    const isSameOrigin = this.isSameOrigin(url);
    const before = isSameOrigin ? { headers: {} } : await this.ask(subject, url, { method: "OPTIONS", headers: { accept: "*/*", origin, "access-control-request-method": "GET", "access-control-request-headers": "authorization" } });
    if (before.failure) return [{ ...judgeFailure(subject, before), level: "warning" }];
    const answer = await this.ask(subject, url, { headers: { origin, accept: "application/json, application/jwt", authorization: `Bearer ${made()}` } });
    return [judgePreflight(before, origin, { isSameOrigin }), judgeUserinfo(answer), ...this.cors(subject, answer)];
  }

  async revocation(url) {
    const answer = await this.post("revocation_endpoint", url, { token: made(), token_type_hint: "access_token", client_id: this.clientId });
    return [judgeRevocation(answer), ...this.cors("revocation_endpoint", answer)];
  }

  async login(url, document) {
    const { clientId, redirectUri, scope, origin } = this;
    const state = random();
    const visitWith = (changes, uri = redirectUri) => {
      const fields = {
        response_type: "code", client_id: clientId, redirect_uri: uri, scope: scope.join(" "), state, nonce: random(),
        code_challenge: createHash("sha256").update(random()).digest("base64url"), code_challenge_method: "S256", prompt: "none", ...changes,
      };
      return visit(this.ask, "authorization_endpoint", withQuery(url, fields), { uri, sent: Object.values(fields) });
    };
    const asked = await visitWith({});
    const outcomes = { asked };
    const otherUri = otherSlash(redirectUri);
    const nobodys = `${origin}/${NOBODY}-asks-for-a-path-that-nobody-registers`;
    if (asked.kind === "returned") {
      outcomes.elsewhere = await visitWith({}, nobodys);
    } else if (asked.kind !== "lost") {
      const others = [visitWith({}, otherUri), visitWith({ client_id: made() }), visitWith({}, nobodys), scope.length > 1 && scope.includes("openid") && visitWith({ scope: "openid" })];
      [outcomes.slash, outcomes.stranger, outcomes.elsewhere, outcomes.plain] = await Promise.all(others);
    }
    return judgeLogin(outcomes, {
      uri: redirectUri, otherUri, clientId, state, scope, origin, issuer: typeof document.issuer === "string" ? document.issuer : this.issuer,
      promisesIss: document.authorization_response_iss_parameter_supported === true, isLocalIssuer: !!parse(this.issuer).isLoopback,
    });
  }

  async logout(url) {
    const { clientId, postLogoutRedirectUri: uri } = this;
    const state = random();
    const fields = { post_logout_redirect_uri: uri, state, client_id: clientId };
    return judgeLogout(await visit(this.ask, "end_session_endpoint", withQuery(url, fields), { uri, sent: Object.values(fields) }), { uri, state });
  }

  async run() {
    const findings = [...judgeOrigin(this), ...judgeRedirectUris(this)];
    const spelling = judgeIssuerSpelling(this.issuer);
    if (spelling) findings.push(spelling);
    this.issuer = issuerOfDocument(this.issuer) ?? this.issuer;
    const { fault } = parseIssuer(this.issuer);
    // Plain http is a problem that the provider can be asked about.
    const isOnPlainHttp = fault !== undefined && !parse(this.issuer).fault && !parse(this.issuer).isSecure && parse(this.issuer).query === undefined && parse(this.issuer).fragment === undefined;
    if (fault && !isOnPlainHttp) return { findings };
    const answer = await askForMetadata(this.ask, this.issuer, this.origin);
    const read = judgeDocument("metadata", answer);
    findings.push(...read.findings);
    if (!read.document) return { findings, isUnasked: answer.failure !== undefined };
    const { document } = read;
    if (!MEMBERS.some((name) => Object.hasOwn(document, name))) return { findings: [...findings, problem(
      "not-metadata",
      `This is no provider metadata: the JSON at ${shown(answer.url)} has neither issuer nor an endpoint. Its members are ${listed(Object.keys(document))}.`,
      "app",
      "Correct issuer: another service answers at this address. If the metadata is elsewhere, set serverMetadataUrl.",
      "metadata",
    )] };
    const metadata = judgeMetadata(document, this);
    findings.push(judgeIssuer(document, this.issuer), ...metadata.findings, ...this.cors("metadata", answer));
    const { usable } = metadata;
    const parts = await Promise.all([
      usable.jwks_uri && this.keys(usable.jwks_uri, document),
      usable.token_endpoint && this.tokens(usable.token_endpoint),
      usable.userinfo_endpoint && this.userinfo(usable.userinfo_endpoint),
      usable.revocation_endpoint && this.revocation(usable.revocation_endpoint),
      usable.authorization_endpoint && !parseRedirectUri(this.redirectUri).fault && this.login(usable.authorization_endpoint, document),
      usable.end_session_endpoint && !parseRedirectUri(this.postLogoutRedirectUri).fault && this.logout(usable.end_session_endpoint),
    ]);
    findings.push(...parts.flat().filter(Boolean));
    return { findings, document };
  }
}

/** The settings of the app, ready to paste. */
function settingsOf({ issuer, clientId, redirectUri, postLogoutRedirectUri, scope }, document) {
  if (!document) return null;
  const published = typeof document.issuer === "string" && !parseIssuer(document.issuer).fault ? document.issuer : issuer;
  const modes = document.response_modes_supported;
  return {
    issuer: published,
    clientId,
    redirectUri,
    ...(typeof document.end_session_endpoint === "string" && { postLogoutRedirectUri }),
    scope: scope.join(" "),
    ...(Array.isArray(modes) && !modes.includes("query") && modes.includes("fragment") && { responseMode: "fragment" }),
  };
}

/**
 * @param {{ issuer: string, clientId: string, origin: string, redirectUri: string, postLogoutRedirectUri: string, scope: string[] }} asked
 * @param {{ ask: Function, seen: object }} asker
 */
export async function examine(asked, { ask, seen }) {
  const examination = new Examination(asked, ask);
  const { findings, document, isUnasked = false } = await examination.run();
  if (document) {
    findings.push(judgeClock(seen.samples), judgeSpeed(seen.samples) ?? unseen("slow", "No answer came.", "Run the doctor again."));
    const cure = summaryOf(findings).problems > 0 ? "Solve the problems first. Then sign in once with the settings below." : "Sign in once with the settings below.";
    findings.push(unseen("sign-in", "The id_token, and what a browser and its cookies do, show only where a person signs in.", cure));
  }
  return { findings, isUnasked, settings: settingsOf(examination, document), requests: seen.requests, hosts: [...seen.hosts] };
}
