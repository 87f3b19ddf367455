// The provider of each client as this page sees it, in the judgments of the doctor (../doctor/). A file of its own: a page loads it for a diagnosis.

import { isElsewhere, isRedirect, judgeClock, judgeDocument, judgeSpeed } from "../doctor/answers.js";
import { judgeIssuerSpelling, judgeOrigin, judgeRedirectUris } from "../doctor/app.js";
import { judgeCors, judgeLost, judgeUnreadable } from "../doctor/cors.js";
import { ok, unseen, warning } from "../doctor/finding.js";
import { LIMITS } from "../doctor/json.js";
import { judgeAgeOfKeys, judgeKeys } from "../doctor/keys.js";
import { ALGORITHMS, judgeIssuer, judgeMetadata } from "../doctor/metadata.js";
import { issuerOfDocument, isUrl, metadataUrls, originOf, parse } from "../doctor/url.js";
import { answerOf } from "./page.js";
import { place } from "./record/mask.js";

/** What a request of the record asked for, in the words of the doctor. Metadata and keys are asked for anew. */
const SUBJECTS = { __proto__: null, token: "token_endpoint", userinfo: "userinfo_endpoint", revocation: "revocation_endpoint" };
/** Seconds between two clocks that are worth a look. */
const CLOCK = 60;
/** The most clients that are judged. */
const MOST = 10;

const textOf = (value) => (typeof value === "string" ? value : value instanceof URL ? value.href : undefined);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** The bytes of an answer, as far as the client reads them. */
async function bodyOf(response) {
  const [chunks, reader] = [[], response.body?.getReader()];
  for (let length = 0; reader; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > LIMITS.bytes) {
      reader.cancel().catch(() => {});
      return { body: new Uint8Array(), isCut: true };
    }
    chunks.push(value);
  }
  return { body: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
}

/** Asks once for each address, as the client would. Where the browser gives no answer, a second request shows whether one came at all. */
function createAsker() {
  const asked = new Map();
  const samples = [];

  async function ask(subject, url) {
    const end = new AbortController();
    const send = (more) => fetch(url, { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: end.signal, ...more });
    const [sent, begun] = [Date.now(), performance.now()];
    const read = async () => {
      // A redirect that the page may see is told from an answer that it may not.
      const response = await send({ mode: "cors", redirect: "manual", headers: { accept: "application/json" } });
      if (response.type === "opaqueredirect") return { status: 302, headers: {}, body: new Uint8Array() };
      const headers = Object.fromEntries(response.headers);
      samples.push({ subject, headers, sent, received: Date.now(), ms: performance.now() - begun });
      return { status: response.status, headers, ...(await bodyOf(response)) };
    };
    let answer = await answerOf(() => read().catch(() => ({ failure: { kind: "network" } })));
    if (answer === null) answer = { failure: { kind: "timeout" } };
    else if (answer.failure) answer.isAnswering = (await answerOf(() => send({ mode: "no-cors" }))) !== null;
    end.abort();
    return { url, ...answer };
  }

  return {
    samples,
    ask(subject, url) {
      if (!asked.has(url)) asked.set(url, ask(subject, url));
      return asked.get(url);
    },
  };
}

/** What the settings say, under either of their names. */
function readSettings(settings) {
  const given = (...names) => names.map((name) => settings?.[name]).find((value) => value !== undefined && value !== null);
  const issuer = textOf(given("issuer"));
  const url = textOf(given("serverMetadataUrl", "server_metadata_url"));
  const scope = given("scope") ?? (issuer ?? url ?? (settings ? undefined : "unknown") ? "openid" : "");
  const accepted = given("idTokenSigningAlgs", "id_token_signing_algs");
  const explicit = { ...(isObject(given("metadata")) && given("metadata")) };
  for (const [member, ...names] of [["authorization_endpoint", "authorizeUrl", "authorize_url"], ["token_endpoint", "accessTokenUrl", "access_token_url"]]) {
    if (given(...names) !== undefined) explicit[member] = given(...names);
  }
  return {
    issuer,
    url,
    explicit,
    scope: Array.isArray(scope) ? scope.filter((word) => typeof word === "string") : String(scope).split(/\s+/).filter(Boolean),
    accepted: Array.isArray(accepted) ? accepted : ALGORITHMS,
    jwks: given("jwks"),
    redirectUri: textOf(given("redirectUri", "redirect_uri")),
    postLogoutRedirectUri: textOf(given("postLogoutRedirectUri", "post_logout_redirect_uri")),
    takesTemplate: typeof given("expectedIssuer", "expected_issuer") === "function",
  };
}

/** The issuer that the document must name: src/protocol/metadata.rs, `check_issuer`. */
function expectedIssuer({ issuer: found }, { issuer, url }) {
  if (issuer !== undefined) return issuer;
  const isAnyGood = typeof found === "string" && (!url.split("/").includes(".well-known") || (!parse(found).fault && metadataUrls(found).includes(url)));
  return isAnyGood ? found : (issuerOfDocument(url) ?? String(found));
}

class Examination {
  constructor({ settings, metadata }, { asker, origin, mayAsk }) {
    Object.assign(this, readSettings(settings), { known: metadata, isUnset: settings === undefined, asker, origin, mayAsk });
  }

  /** An answer, and what is to be said of the answer itself. */
  async read(subject, urls) {
    let first;
    for (const url of urls) {
      const answer = await this.asker.ask(subject, url);
      if (answer.failure?.kind === "timeout" || !answer.isAnswering && answer.failure) return { findings: [judgeLost(subject, answer, this.origin)] };
      if (answer.failure) return { findings: [judgeUnreadable(subject, answer, this.origin)] };
      first ??= answer;
      if (isElsewhere(answer) && url !== urls.at(-1)) continue;
      return this.judged(subject, isElsewhere(answer) ? first : answer);
    }
    return { findings: [] };
  }

  judged(subject, answer) {
    // The browser has made the CORS check itself: what the page holds it may read.
    const readable = { ...answer, headers: { ...answer.headers, "access-control-allow-origin": this.origin } };
    const { document, findings } = judgeDocument(subject, answer);
    return { answer, document, findings: isRedirect(answer) ? findings : [...findings, judgeCors(subject, readable, this.origin, { isSameOrigin: originOf(answer.url) === this.origin })] };
  }

  /** Where the metadata are, if they are anywhere. */
  places() {
    if (this.url !== undefined) return isUrl(this.url) ? [this.url] : [];
    const issuer = this.issuer ?? (this.isUnset ? textOf(this.known?.issuer) : undefined);
    if (issuer === undefined || parse(issuer).fault) return [];
    this.issuer = issuer;
    return metadataUrls(issuer);
  }

  async keys(url, document) {
    const listed = document?.id_token_signing_alg_values_supported;
    const common = this.accepted.filter((name) => !Array.isArray(listed) || listed.includes(name));
    const algorithms = common.length > 0 ? common : ALGORITHMS;
    if (isObject(this.jwks)) return judgeKeys(this.jwks, { algorithms });
    if (!this.mayAsk || typeof url !== "string" || !isUrl(url)) return [];
    const { answer, document: keys, findings } = await this.read("jwks_uri", [url]);
    return [...findings, ...(keys ? [...judgeKeys(keys, { algorithms }), judgeAgeOfKeys(answer)] : [])];
  }

  async run() {
    const { origin, scope, accepted } = this;
    const findings = this.redirectUri === undefined ? [] : judgeRedirectUris({ origin, redirectUri: this.redirectUri, postLogoutRedirectUri: this.postLogoutRedirectUri ?? `${origin}/` });
    if (this.issuer !== undefined) {
      findings.push(judgeIssuerSpelling(this.issuer), ...judgeOrigin({ origin, issuer: this.issuer }).filter(({ id }) => id === "origin-mixed"));
      this.issuer = issuerOfDocument(this.issuer) ?? this.issuer;
    }
    const places = this.places();
    let document = this.known;
    if (this.mayAsk && places.length > 0) {
      const read = await this.read("metadata", places);
      findings.push(...read.findings);
      document = read.document;
    }
    const isOpenid = scope.includes("openid");
    // Without discovery there is no document to judge.
    if (places.length === 0 || !document) return [...findings, ...(isOpenid ? await this.keys(this.known?.jwks_uri, this.known) : [])];
    const issuer = expectedIssuer(document, this);
    const isTemplate = this.takesTemplate && typeof document.issuer === "string" && document.issuer.includes("{");
    findings.push(isTemplate ? ok("issuer", "The metadata names a template as its issuer, and the setting expectedIssuer says what follows from it.") : judgeIssuer(document, issuer));
    const whole = Object.fromEntries(Object.entries({ ...document, ...this.explicit }).filter(([, value]) => value !== null));
    const { findings: onMetadata, usable } = judgeMetadata(whole, { issuer: isTemplate ? this.issuer : issuer, scope, accepted });
    return [...findings, ...onMetadata, ...(isOpenid ? await this.keys(usable.jwks_uri, whole) : [])];
  }
}

/** The last request to each endpoint, if it got no answer. */
function judgeRecord(entries, origin) {
  const last = new Map();
  for (const { kind, what, url, failed } of entries) if (kind === "request" && SUBJECTS[what]) last.set(`${what} ${url}`, { what, url, failed });
  return [...last.values()].filter(({ failed }) => failed).slice(0, 5).map(({ what, url }) => judgeLost(SUBJECTS[what], { url }, origin));
}

/** By the header Date where the page may read it, else by the id_token of a login of this page. */
function judgeClocks(clients, samples) {
  const dated = samples.filter(({ headers }) => headers.date !== undefined);
  if (dated.length > 0) return [[judgeClock(dated)]];
  const told = clients.filter(({ clockDifference }) => clockDifference !== undefined).map(({ name, clockDifference: off }) => {
    const seconds = Math.abs(off);
    if (seconds <= CLOCK) return [ok("clock", "The id_token of the last login was made at the time of this device, to a minute."), name];
    return [warning("clock", `The clock of the provider is about ${seconds} s ${off > 0 ? "behind" : "ahead of"} that of this device, by the id_token of the last login; the client refuses tokens beyond ${CLOCK} s.`, null, "Set both clocks by NTP. clockTolerance (60) can be raised to 300."), name];
  });
  if (told.length > 0 || samples.length === 0) return told;
  return [[unseen("clock", "The provider does not let this page read the time of its answers (header Date).", "After a login, this report compares the id_token with the clock of this device. npx oidc-client-wasm doctor compares without a login.")]];
}

/** Of an address, neither a user nor the values of a query are told, and nothing of one that no browser would ask. */
function masked(text) {
  const told = text?.replace(/https?:\/\/[^\s"“”<>]+/gi, (url) => (/[@?#]/.test(url) ? place(url) : url));
  return told?.replace(/"([^"]*)"/g, (all, value) => (/^https?:\/\//i.test(value) || !/[@?#]|^[a-z][\w+.-]*:/i.test(value) ? all : `‹a value, ${value.length} characters›`)) ?? null;
}

/**
 * @param {{ name: string, settings?: object, metadata?: object, clockDifference?: number }[]} clients with the metadata that the client has, if it has some
 * @param {{ entries: object[], mayAsk: boolean }} more
 * @returns {Promise<{ findings: object[], unjudged: string[] }>} each finding with the names of its clients; and the clients that were too many, or whose settings cannot be read
 */
export async function judgeProviders(clients, { entries, mayAsk }) {
  const { origin } = location;
  const asker = createAsker();
  const found = new Map();
  const add = (finding, name) => {
    if (!finding) return;
    const one = { ...finding, text: masked(finding.text), cure: masked(finding.cure) };
    const key = JSON.stringify(one);
    if (!found.has(key)) found.set(key, { ...one, clients: [] });
    if (name !== undefined) found.get(key).clients.push(name);
  };
  const unjudged = clients.slice(MOST).map(({ name }) => name);
  const judged = await Promise.all(clients.slice(0, MOST).map(async (client) => {
    try {
      return { name: client.name, findings: await new Examination(client, { asker, origin, mayAsk }).run() };
    } catch {
      // A setting may throw at a look.
      unjudged.push(client.name);
      return { name: client.name, findings: [] };
    }
  }));
  for (const { name, findings } of judged) for (const finding of findings) add(finding, name);
  for (const finding of judgeRecord(entries, origin)) add(finding);
  for (const [finding, name] of judgeClocks(clients, asker.samples)) add(finding, name);
  add(judgeSpeed(asker.samples));
  return { findings: [...found.values()], unjudged };
}
