// What came back from an address, before anybody reads its content: a failure of the network, of TLS, a redirect, HTML, no JSON. And what its headers tell of time.

import { ok, problem, quoted, shown, warning } from "./finding.js";
import { LIMITS, readObject } from "./json.js";

/**
 * An answer of HTTP, or why there is none. A page knows less: it has no `failure.code`.
 * @typedef {object} Answer
 * @property {string} url
 * @property {{ kind: "timeout" | "tls" | "network", code?: string }} [failure]
 * @property {number} [status]
 * @property {Record<string, string>} [headers] names in lower case; a header that came twice has both values with ", " between
 * @property {Uint8Array} [body]
 * @property {boolean} [isCut] the body is longer than what is read
 * @property {number} [ms]
 */

const names = {
  metadata: "the metadata",
  jwks_uri: "the keys",
  token_endpoint: "the token endpoint",
  userinfo_endpoint: "the userinfo endpoint",
  revocation_endpoint: "the revocation endpoint",
  authorization_endpoint: "the authorization endpoint",
  end_session_endpoint: "the logout endpoint",
};
/** The words for what was asked. */
export const nameOf = (subject) => names[subject] ?? subject;
export const capital = (text) => text[0].toUpperCase() + text.slice(1);

const tls = {
  __proto__: null,
  CERT_HAS_EXPIRED: ["the certificate has expired", "Renew the certificate of the provider."],
  CERT_NOT_YET_VALID: ["the certificate is not valid yet", "Correct the clock of this machine, or wait until the certificate begins."],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["the certificate is signed by itself", "Give the provider a certificate of an authority that browsers trust. For one of your own, trust it in the system and the browser; this program takes it by NODE_EXTRA_CA_CERTS=FILE."],
  SELF_SIGNED_CERT_IN_CHAIN: ["the authority of the certificate is not trusted here", "If the authority is that of your company, name its file in NODE_EXTRA_CA_CERTS and try again; browsers need it in the system. Otherwise give the provider a certificate of a public authority."],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["the server does not send the intermediate certificate", "Have the server send the whole chain (fullchain.pem). Some browsers find the missing part by themselves, others refuse."],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["the authority of the certificate is not known here", "Have the server send the whole chain (fullchain.pem). For an authority of your company, name its file in NODE_EXTRA_CA_CERTS."],
  ERR_TLS_CERT_ALTNAME_INVALID: ["the certificate is for another host", "Use the host that the certificate names, or get a certificate for this host."],
};
const network = {
  __proto__: null,
  ENOTFOUND: ["has a host that the name service does not know", "Correct the host, or ask from inside the network that knows it.", "app"],
  EAI_AGAIN: ["has a host whose name could not be looked up", "Check the connection of this machine. Behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1 (Node.js 22.21, 24.5 or newer).", null],
  ECONNREFUSED: ["cannot be reached: nothing listens at that port", "Start the provider, or correct the port."],
  ECONNRESET: ["cannot be reached: the connection was cut", "Look into the log of the provider or of the proxy before it. An http:// address of an https server does this, too."],
  EHOSTUNREACH: ["cannot be reached from this machine", "Ask from a network that reaches the provider."],
  ENETUNREACH: ["cannot be reached from this machine", "Ask from a network that reaches the provider."],
  EPROTO: ["does not speak TLS", "If the server speaks plain http, put TLS before it; only a loopback host may go without."],
  HTTP: ["does not speak HTTP as browsers do", "Look at what listens there; this may be another service, or a broken proxy."],
  POLICY: ["was not asked: the doctor asks no more addresses than its limit", "Run the doctor again once the problems above are solved.", null],
};

/** The finding for an answer that did not come, or `undefined`. */
export function judgeFailure(subject, { url, failure }) {
  if (failure === undefined) return undefined;
  const place = `${capital(nameOf(subject))} at ${shown(url)}`;
  if (failure.kind === "timeout") {
    return problem(
      "timeout",
      `${place} gave no whole answer in time.`,
      "provider",
      "Look why the provider is slow. The client waits requestTimeout seconds (30); this program takes --timeout SECONDS.",
      subject,
    );
  }
  if (failure.kind === "tls") {
    const [what, cure] = tls[failure.code] ?? [`TLS failed (${shown(failure.code)})`, "Mend the certificate or the TLS settings of the provider: a browser refuses it, too."];
    return problem("tls", `${place} cannot be trusted: ${what}.`, "provider", cure, subject);
  }
  const [what, cure, where = "provider"] = network[failure.code] ?? [`cannot be reached (${shown(failure.code ?? "no reason is known")})`, "Check the address and the connection."];
  return problem("unreachable", `${place} ${what}.`, where, cure, subject);
}

export const mediaType = ({ headers }) => (headers["content-type"] ?? "").split(";")[0].trim().toLowerCase();

const beginning = (body) => new TextDecoder().decode(body.subarray(0, 400)).replace(/^\ufeff/, "").trimStart();
/** Whether the body is a page for people. */
export const isHtml = (answer) => mediaType(answer) === "text/html" || /^<(!doctype|html|head|body|\?xml|script)/i.test(beginning(answer.body));
/** The hosts of Microsoft Entra at which apps of every tenant sign in. */
export const isEntra = (url) => /^https:\/\/(login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)|[a-z\d-]+\.(ciamlogin|b2clogin)\.com)(:\d+)?(\/|$)/i.test(url);
/** Whether a page speaks of a client that the provider does not know. */
export const isAboutClient = (text) => /client[_ ]?id(entifier)?[^.<]{0,30}(invalid|missing|error)|(invalid|unknown) value[^.<]{0,20}client_id|invalid[_ ]client\b|(invalid|unknown|unrecogni[sz]ed|no such) client|client[^.<]{0,40}(not found|doesn't exist|does not exist|unknown|not registered|not known)|application[^.<]{0,40}(not found|does not exist)|\bApp\.NotFound\b|deleted_client|AADSTS(70001|700011|700016|700038)\b/i.test(text);
export const isRedirect = ({ status }) => [301, 302, 303, 307, 308].includes(status);

/** Whether the metadata may be at the next place: 5xx, 408, 425 and 429 may pass; another 4xx says that the document is elsewhere. */
export const isElsewhere = ({ status }) => status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** The finding for a redirect where the client takes none, or `undefined`. */
export function judgeRedirect(subject, answer) {
  if (!isRedirect(answer)) return undefined;
  // A page does not see where to.
  const target = answer.headers.location === undefined ? "" : ` to ${quoted(answer.headers.location)}`;
  const cure = subject === "metadata"
    ? "Set issuer to what the document at the end of the redirect names as its issuer, to the letter; or have the provider answer at this address itself."
    : "Have the provider publish the address at which it answers.";
  return problem(
    "redirect",
    `${capital(nameOf(subject))} at ${shown(answer.url)} redirects${target}, and the client follows no redirect.`,
    subject === "metadata" ? "app" : "provider",
    cure,
    subject,
  );
}

/**
 * A document of JSON that the client reads with status 200: metadata or keys.
 * @returns {{ document?: object, findings: object[] }}
 */
export function judgeDocument(subject, answer) {
  const { url, status } = answer;
  const place = `${capital(nameOf(subject))} at ${shown(url)}`;
  const lost = judgeFailure(subject, answer) ?? judgeRedirect(subject, answer);
  if (lost) return { findings: [lost] };
  const isMetadata = subject === "metadata";
  if (status !== 200) {
    const words = Object.values(readObject(answer.body).value ?? {}).filter((value) => typeof value === "string" && value.length > 2 && value.length < 200).slice(0, 2);
    const said = words.length > 0 ? ` It says: ${words.map(shown).join("; ")}` : "";
    const cure = isMetadata ? "Compare issuer with the address in the documentation of the provider, path included: a realm or tenant is often missing. If the metadata is elsewhere, set serverMetadataUrl." : "Look into the log of the provider.";
    return { findings: [problem("status", `${place} answers with HTTP ${status} instead of 200.${said}`, isMetadata && status < 500 ? "app" : "provider", cure, subject)] };
  }
  if (answer.isCut) return { findings: [problem(
    "too-large",
    `${place} is larger than ${LIMITS.bytes} bytes, and the client reads no more.`,
    "provider",
    "Have the provider publish a smaller document.",
    subject,
  )] };
  if (isHtml(answer) && readObject(answer.body).fault) {
    return { findings: [problem(
      "html",
      `${place} is a page in HTML, and JSON was expected.`,
      isMetadata ? "app" : "provider",
      isMetadata ? "Correct issuer: this is the address of a web page, perhaps of an app that answers every path with its own page, or of a login or a firewall before the provider." : "Have the provider answer with JSON, without a login or a firewall before it.",
      subject,
    )] };
  }
  const { value, fault } = readObject(answer.body);
  if (fault) return { findings: [problem("not-json", `${place} ${fault}.`, "provider", "Have the provider send one JSON object in UTF-8, without a name twice.", subject)] };
  const type = mediaType(answer);
  if (type === "application/json" || type.endsWith("+json")) return { document: value, findings: [] };
  const named = type === "" ? "no Content-Type" : `the Content-Type ${quoted(type)}`;
  return { document: value, findings: [warning(
    "content-type",
    `${place} has ${named}; the client reads it all the same.`,
    "provider",
    "Send Content-Type: application/json. Under X-Content-Type-Options or a strict proxy, another type may be refused.",
    subject,
  )] };
}

/** Seconds between two clocks that spoil a login, and that are worth a look: clockTolerance of docs/settings.md. */
const CLOCK = { most: 60, noticed: 10 };

/**
 * The provider's clock against this one.
 * @param {{ headers: Record<string, string>, sent: number, received: number }[]} samples times in milliseconds
 */
export function judgeClock(samples) {
  const readings = [];
  for (const { headers, sent, received } of samples) {
    const stated = Date.parse(headers?.date ?? "");
    const age = /^\d{1,9}$/.test(headers?.age ?? "") ? Number(headers.age) : 0;
    // An answer out of a cache has the date at which it was made. Of a date, only the whole second is known.
    if (Number.isFinite(stated)) readings.push({ off: (stated + 500 + age * 1000 - (sent + received) / 2) / 1000, latency: received - sent, isOld: age > 0 });
  }
  readings.sort((left, right) => left.isOld - right.isOld || left.latency - right.latency);
  if (readings.length === 0) return warning("clock", "No answer of the provider has a Date, so its clock cannot be compared.", "provider", "Have the provider send the header Date.");
  const { off } = readings[0];
  const seconds = Math.round(Math.abs(off));
  const text = `The clock of the provider is ${seconds} s ${off < 0 ? "behind" : "ahead of"} that of this machine`;
  const cure = "Set both clocks by NTP. If this machine is right, the provider is wrong for every user; clockTolerance (60) can be raised to 300.";
  if (seconds > CLOCK.most) return problem("clock", `${text}; the client refuses tokens beyond ${CLOCK.most} s.`, "provider", cure);
  if (seconds > CLOCK.noticed) return warning("clock", `${text}; the client refuses tokens beyond ${CLOCK.most} s.`, "provider", cure);
  return ok("clock", `The clocks of the provider and of this machine agree${seconds > 1 ? ` within ${seconds} s` : ""}.`);
}

/** Milliseconds after which an answer is called slow. */
export const SLOW = 3000;

/** @param {{ subject: string, ms: number }[]} answers */
export function judgeSpeed(answers) {
  const slow = answers.filter(({ ms }) => ms > SLOW);
  const times = answers.map(({ ms }) => ms).sort((left, right) => left - right);
  if (times.length === 0) return undefined;
  const middle = Math.round(times[Math.floor(times.length / 2)]);
  if (slow.length === 0) return ok("slow", answers.length === 1 ? `One answer came, within ${middle} ms.` : `${answers.length} answers came, half of them within ${middle} ms.`);
  const named = [...new Set(slow.map(({ subject }) => nameOf(subject)))].join(", ");
  return warning("slow", `Slower than ${SLOW / 1000} s: ${named}. A person waits for each of them in a login.`, "provider", "Look why the provider is slow, from where your users are.");
}
