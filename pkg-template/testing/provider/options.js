// The options of `createProvider`, judged before anything else happens. Each mistake is a TypeError that names the option and its cure.

import { SIGNING_ALGS } from "./keys.js";
import { USERS } from "./people.js";

const KNOWN = ["issuer", "users", "clients", "signingAlg", "refreshTokens", "lifetimes", "audience", "faults", "fetch"];
const LIFETIMES = { code: 60, accessToken: 3600, idToken: 3600, refreshToken: 14 * 24 * 3600, session: 14 * 24 * 3600 };
/** Claims that the provider itself makes, and a name by which an object would lose its own prototype. */
const RESERVED = ["iss", "aud", "exp", "iat", "nbf", "nonce", "at_hash", "c_hash", "s_hash", "auth_time", "sid", "azp", "acr", "amr", "jti", "client_id", "scope", "__proto__"];
const MAX_USERS = 1000;

export function wrong(message, cure) {
  return new TypeError(`${message} ${cure}`);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function list(names) {
  return names.map((name) => `"${name}"`).join(", ");
}

function checkKeys(given, known, what) {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw wrong(`${what} has no "${unknown}".`, `It has: ${known.join(", ")}.`);
}

/** Whether the text is a URL as it stands: a parser of URLs takes away line breaks, and takes a backslash for a slash. */
export function urlOf(text) {
  if (typeof text !== "string" || /[\x00-\x20\x7f\\]/.test(text)) return undefined;
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether a URL leads to the machine of the person who opens it. */
export function isLoopback({ protocol, hostname }) {
  return ["http:", "https:"].includes(protocol) && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

function checkIssuer(issuer) {
  const url = urlOf(issuer);
  const isIssuer = url && ["http:", "https:"].includes(url.protocol) && !url.username && !url.password && !issuer.includes("?") && !issuer.includes("#");
  if (!isIssuer) throw wrong(`The issuer ${JSON.stringify(issuer) ?? String(issuer)} is not one.`, 'Give a URL without a query and a fragment, as "http://localhost:9400".');
  return issuer;
}

/** What JSON makes of the user. */
function asJson(user, what) {
  try {
    return JSON.parse(JSON.stringify(user) ?? "null");
  } catch {
    throw wrong(`${what} is not JSON.`, "Use texts, numbers, true, false, null, lists and plain objects.");
  }
}

function checkUser(given, at) {
  const what = `users[${at}]`;
  const user = asJson(given, what);
  if (!isObject(user)) throw wrong(`${what} is not an object.`, 'Give the claims of a person, as { "sub": "carol", "name": "Carol" }.');
  const { sub } = user;
  if (typeof sub !== "string" || !/^[\x21-\x7e]{1,255}$/.test(sub)) {
    throw wrong(`${what} has no usable "sub".`, "Give each user a text of 1 to 255 ASCII letters, digits and signs, without spaces.");
  }
  const reserved = Object.keys(user).find((name) => RESERVED.includes(name));
  if (reserved !== undefined) throw wrong(`${what} (${sub}) has "${reserved}".`, "Leave it out: the provider makes this claim.");
  return Object.freeze(user);
}

export function checkUsers(users) {
  if (!Array.isArray(users) || users.length === 0) throw wrong("There are no users.", 'Give a list of one or more, as [{ "sub": "carol", "name": "Carol" }].');
  if (users.length > MAX_USERS) throw wrong(`There are ${users.length} users.`, `Give ${MAX_USERS} at most.`);
  const checked = users.map(checkUser);
  const subs = checked.map(({ sub }) => sub);
  const twice = subs.find((sub, at) => subs.indexOf(sub) !== at);
  if (twice !== undefined) throw wrong(`Two users have the sub "${twice}".`, "Give each user one of their own.");
  return Object.freeze(checked);
}

function checkUris(uris, what) {
  if (!Array.isArray(uris)) throw wrong(`${what} is not a list.`, 'Give a list of URLs, as ["https://app.example/callback"].');
  for (const uri of uris) {
    if (!urlOf(uri) || uri.includes("#")) throw wrong(`${what} has ${JSON.stringify(uri) ?? String(uri)}.`, "Give absolute URLs without a fragment.");
  }
  return Object.freeze([...uris]);
}

function checkClient(client, at) {
  const what = `clients[${at}]`;
  if (!isObject(client)) throw wrong(`${what} is not an object.`, 'Give { clientId: "my-spa", redirectUris: ["https://app.example/callback"] }.');
  checkKeys(client, ["clientId", "redirectUris", "postLogoutRedirectUris"], what);
  const { clientId, redirectUris, postLogoutRedirectUris = [] } = client;
  if (typeof clientId !== "string" || clientId === "") throw wrong(`${what} has no clientId.`, "Give a text.");
  // Internal, and not in the declarations: for dev-provider, which knows no port of an app.
  if (redirectUris === "local") return { ...localClient(clientId), mayAsk: isLocalOrigin };
  const uris = checkUris(redirectUris, `${what}.redirectUris`);
  const endings = checkUris(postLogoutRedirectUris, `${what}.postLogoutRedirectUris`);
  const origins = uris.map((uri) => new URL(uri).origin);
  return { clientId, mayRedirectTo: (uri) => uris.includes(uri), mayEndAt: (uri) => endings.includes(uri), mayAsk: (origin) => origins.includes(origin) };
}

/** Whether a page of this machine may get an answer there: the rule for clients that nobody has registered. */
function isLocalPage(uri) {
  const url = urlOf(uri);
  return Boolean(url) && isLoopback(url) && !url.username && !url.password && !uri.includes("#");
}

function isLocalOrigin(origin) {
  const url = urlOf(origin);
  return Boolean(url) && isLoopback(url);
}

const localClient = (clientId) => ({ clientId, isLocal: true, mayRedirectTo: isLocalPage, mayEndAt: isLocalPage });

/** Finds the client of an id. Without a list, every id is a client, whose pages are on this machine. */
function checkClients(clients) {
  if (clients === undefined) {
    return { areAny: true, find: localClient, mayAsk: isLocalOrigin };
  }
  if (!Array.isArray(clients)) throw wrong("clients is not a list.", "Give a list, or leave it out: then every client id is good, with redirect URIs on localhost.");
  const checked = clients.map(checkClient);
  return { areAny: false, find: (id) => checked.find(({ clientId }) => clientId === id), mayAsk: (origin) => checked.some((client) => client.mayAsk(origin)) };
}

function checkLifetimes(lifetimes = {}) {
  if (!isObject(lifetimes)) throw wrong("lifetimes is not an object.", "Give seconds, as { accessToken: 60 }.");
  checkKeys(lifetimes, Object.keys(LIFETIMES), "lifetimes");
  for (const [name, seconds] of Object.entries(lifetimes)) {
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 2 ** 31) throw wrong(`lifetimes.${name} is ${String(seconds)}.`, "Give whole seconds, 1 or more.");
  }
  return { ...LIFETIMES, ...lifetimes };
}

function oneOf(value, values, name) {
  if (!values.includes(value)) throw wrong(`${name} is ${JSON.stringify(value) ?? String(value)}.`, `Give one of ${list(values)}.`);
  return value;
}

export function checkOptions(given = {}) {
  if (!isObject(given)) throw wrong("The options are not an object.", "Call createProvider({ issuer, users }), or createProvider().");
  checkKeys(given, KNOWN, "createProvider");
  const { issuer = "http://localhost:9400", users = USERS, clients, signingAlg = "ES256", refreshTokens = "offline_access", lifetimes, audience, faults = {}, fetch } = given;
  if (fetch !== undefined && typeof fetch !== "function") throw wrong("fetch is not a function.", "Give what answers requests to other origins, or leave it out.");
  if (audience !== undefined && (typeof audience !== "string" || audience === "")) throw wrong("audience is not a text.", 'Give the "aud" of access tokens, or leave it out.');
  const base = checkIssuer(issuer).replace(/\/$/, "");
  return {
    issuer,
    /** The URL that the paths of the endpoints are put behind. */
    base,
    users: checkUsers(users),
    clients: checkClients(clients),
    signingAlg: oneOf(signingAlg, SIGNING_ALGS, "signingAlg"),
    refreshTokens: oneOf(refreshTokens, ["offline_access", "always", "never"], "refreshTokens"),
    lifetimes: checkLifetimes(lifetimes),
    audience: audience ?? `${base}/api/`,
    faults,
    fetch,
  };
}
