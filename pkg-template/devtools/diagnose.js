// The report: JSON that a person may paste into the description of a bug. It has no token, no code and no personal data: mask.js has seen each value.

import { explainClaims } from "./claims.js";
import { judge, ofStart, sorted } from "./findings.js";
import { factsOf, masked, place, shown } from "./record/mask.js";
import { answerOf, pageFacts, violationsSeen } from "./page.js";
import { callUnwatched } from "./record/requests.js";
import { lastLogin, loginSteps, sentence } from "./record/steps.js";
import { storageRecords } from "./storage.js";

/** The settings and options whose values are no secret and no program. */
const TOLD = (
  "clientId client_id issuer scope redirectUri redirect_uri popupRedirectUri silentRedirectUri postLogoutRedirectUri serverMetadataUrl server_metadata_url authorizeUrl authorize_url " +
  "accessTokenUrl access_token_url refreshTokenUrl apiBaseUrl api_base_url apiOrigins responseMode allowMissingNonce idTokenSigningAlgs tokenStorage shareSession autoRenew " +
  "sessionLifetime storagePrefix clockTolerance requestTimeout verifier"
).split(" ");
const ENDPOINTS = /_endpoint$|^jwks_uri$|^check_session_iframe$/;

/** A setting, also within a list or an object. An address may be a URL object, or relative, and may have a key in its query. */
function toldValue(name, value) {
  const tell = (_, each) => {
    if (typeof each === "bigint") return String(each);
    if (typeof each !== "string") return each;
    if (name === "issuer") return shown(name, each);
    return /ur[il]$/i.test(name) || /^https?:/i.test(each) ? place(each) : each.slice(0, 200);
  };
  return JSON.parse(JSON.stringify(value, tell) ?? "null");
}

function toldSettings(given) {
  if (Object(given) !== given) return null;
  const tell = ([name, value]) => {
    try {
      if (["clientId", "client_id"].includes(name)) return [name, shown("client_id", String(value))];
      if (TOLD.includes(name)) return [name, toldValue(name, value)];
    } catch {
      // What is no JSON is told by its type.
    }
    return [name, typeof value === "string" ? masked(name, value) : `‹${typeof value}›`];
  };
  try {
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined).map(tell));
  } catch {
    // A getter may throw.
    return null;
  }
}

function sessionOf(client) {
  const { token, claims, isAuthenticated } = client;
  if (!isAuthenticated) return null;
  const members = Object.entries(token ?? {}).map(([name, value]) => [name, name === "expires_at" ? value : name === "userinfo" ? "‹claims›" : shown(name, value)]);
  return { token: Object.fromEntries(members), claims: explainClaims(claims, client.clientId), expiresAt: token?.expires_at ?? null };
}

/** A client, and its metadata if `mayAsk` or if they are there: facts for the report, and the metadata whole for the judgments. */
async function clientFacts(client, settings, mayAsk, entries) {
  const facts = { name: client.name, clientId: client.clientId, settings: toldSettings(settings), isMetadataCached: client.supportsRpLogout !== undefined, endpoints: null, error: null, status: client.snapshot?.status ?? null, session: null };
  let whole;
  try {
    facts.session = sessionOf(client);
    const login = entries.filter(({ kind, type, client: of, reason }) => kind === "event" && type === "login" && of === client.name && reason === "response").at(-1);
    // The id_token is made just before the login ends. That of another login says nothing.
    if (facts.session && login && typeof client.claims?.iat === "number") facts.session.clockDifference = Math.round(login.at / 1000 - client.claims.iat);
    if (!mayAsk && !facts.isMetadataCached) return { facts };
    const metadata = await answerOf(() => callUnwatched(client, "loadServerMetadata").catch((error) => ({ thrown: error })));
    if (metadata?.thrown) facts.error = factsOf(metadata.thrown);
    else if (metadata) {
      whole = metadata;
      facts.endpoints = Object.fromEntries([["issuer", metadata.issuer], ...Object.entries(metadata).filter(([name]) => ENDPOINTS.test(name))].filter(([, url]) => typeof url === "string").map(([name, url]) => [name, name === "issuer" ? shown(name, url) : place(url)]));
    }
  } catch (error) {
    facts.error = factsOf(error);
  }
  return { facts, metadata: whole };
}

/** The judgments of the doctor on each client's provider. They are a file of their own. */
async function providerFindings(judged, more, notSeen) {
  try {
    const { judgeProviders } = await import("./provider.js");
    const { findings, unjudged } = await judgeProviders(judged, more);
    notSeen.push(...unjudged.map((name) => `The provider of ${name}: it was not judged.`));
    return findings;
  } catch {
    notSeen.push("The provider: the judgments on it (devtools/provider.js of the package) could not be loaded or made.");
    return [];
  }
}

/**
 * Looks at the page, the clients, storage and the record. Without `network: false` it asks for the public documents of the provider. It never throws: what
 * could not be had is in the report.
 */
export async function diagnose(oauth, { log, settings, options, network = true } = {}) {
  const prefix = options?.storagePrefix ?? log?.storagePrefix ?? "oidc";
  const entries = log?.entries ?? [];
  let registry = null;
  let failure = null;
  await answerOf(async () => {
    try {
      registry = await oauth;
    } catch (error) {
      failure = factsOf(error);
    }
  });
  const names = registry ? [...registry.names] : [];
  const isPlain = Object(settings) === settings && settings.nodeType === undefined && !(settings instanceof URL);
  const ofClient = (name) => (isPlain && Object.hasOwn(settings, name) ? settings[name] : undefined);
  const [page, ...known] = await Promise.all([pageFacts(), ...names.map((name) => clientFacts(registry.client(name), ofClient(name), network, entries))]);
  const clients = known.map(({ facts }) => facts);
  const notSeen = [];
  // Where createOAuth has failed, the settings may show why.
  const judged = registry ? known.map(({ facts, metadata }) => ({ name: facts.name, settings: ofClient(facts.name), metadata, clockDifference: facts.session?.clockDifference })) : Object.keys(isPlain ? settings : {}).map((name) => ({ name, settings: ofClient(name) }));
  const onProviders = await providerFindings(judged, { entries, mayAsk: network }, notSeen);
  // A browser tells a violation after the request has failed.
  await new Promise((resolve) => setTimeout(resolve));
  page.violations = violationsSeen();
  const findings = sorted([...onProviders, ...judge({ page, clients, entries, tokenStorage: options?.tokenStorage })]);
  if (failure) findings.unshift(ofStart(failure));
  const of = (kind) => entries.filter((entry) => entry.kind === kind).slice(-30);
  return {
    report: "oidc-client-wasm",
    version: typeof __VERSION__ === "string" ? __VERSION__ : "unknown",
    at: new Date().toISOString(),
    findings,
    page,
    options: toldSettings(options),
    clients,
    storage: storageRecords(prefix, names),
    record: log ? { lastLogin: loginSteps(entries).map(sentence), isComplete: lastLogin(entries).length > 0, requests: of("request"), events: of("event"), errors: of("error"), verbs: of("verb") } : null,
    notSeen: [
      ...notSeen,
      ...(network ? [] : ["The provider: it was not asked."]),
      ...(log ? [] : ["Requests, events and errors: no record was given. Begin one with recordRequests() before createOAuth."]),
      ...(options?.tokenStorage === "worker" ? ["Requests with tokens: they go out in a worker."] : []),
      ...(isPlain ? [] : ["The settings: they were not given to diagnose()."]),
    ],
  };
}
