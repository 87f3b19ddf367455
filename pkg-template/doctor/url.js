// URLs, as strictly as src/protocol/uri.rs takes them, and the places of metadata as src/protocol/metadata.rs has them.

const LOOPBACK = /^(localhost|.+\.localhost|\[::1\]|127(\.(0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])){3})$/;
const HOST = /^(?:\[[0-9a-f:.]*:[0-9a-f:.]*\]|(?![.-])(?!.*\.\.)[a-z0-9._-]+)$/i;

/** Whether a browser takes it for a URL, relative to the base if there is one. */
export function isUrl(text, base) {
  try {
    return new URL(text, base) instanceof URL;
  } catch {
    return false;
  }
}

/** The parts of a URL, or `{ fault }`, which says what it is or has. */
export function parse(text) {
  if (typeof text !== "string" || !/^[\x21-\x7e]+$/.test(text) || text.includes("\\")) return { fault: "is no absolute URL" };
  const [, scheme, rest] = /^([^:]*):([\s\S]*)$/.exec(text) ?? [];
  if (scheme === undefined) return { fault: "is no absolute URL" };
  const isSecure = scheme.toLowerCase() === "https";
  if (!isSecure && scheme.toLowerCase() !== "http") return { fault: "does not begin with https:// or http://" };
  const [, authority, tail] = /^\/\/([^/?#]*)([\s\S]*)$/.exec(rest) ?? [];
  if (authority === undefined) return { fault: "is no absolute URL" };
  if (authority.includes("@")) return { fault: "has a user name before its host" };
  const [, host, , port] = /^(\[[^\]]*\]|[^:]*)(:(.*))?$/.exec(authority) ?? [];
  // An address as 1.2.3.4.5 has the letters of a host and is none.
  if (!host || !HOST.test(host) || !isUrl(text) || (port !== undefined && !(/^\d+$/.test(port) && Number(port) <= 65_535))) return { fault: "is no absolute URL" };
  const [beforeFragment, ...fragment] = tail.split("#");
  const [path, ...query] = beforeFragment.split("?");
  return {
    isSecure,
    path,
    query: query.length > 0 ? query.join("?") : undefined,
    fragment: fragment.length > 0 ? fragment.join("#") : undefined,
    /** Scheme, host and port, as they are written. */
    site: text.slice(0, scheme.length + 3 + authority.length),
    isLoopback: LOOPBACK.test(host.toLowerCase().replace(/\.$/, "")),
  };
}

/** Whether it leads to the machine that asks, or to what only that machine can ask: the loopback in each of its spellings, and link-local addresses, where clouds have their metadata. */
export function isOnlyHere(text) {
  const { fault, isLoopback } = parse(text);
  if (fault) return false;
  return isLoopback || /^(?:localhost|.+\.localhost|127\.[\d.]+|0\.0\.0\.0|169\.254\.[\d.]+|\[::1?\]|\[::ffff:(?:7f[\da-f]{2}|a9fe|0):[\da-f]+\]|\[fe[89ab][\da-f]:.*\])$/.test(new URL(text).hostname.replace(/\.$/, ""));
}

/** An endpoint: https, or http on loopback, without a fragment. */
export function parseEndpoint(text) {
  const url = parse(text);
  if (url.fault) return url;
  if (!url.isSecure && !url.isLoopback) return { fault: "uses http, and only a loopback host may" };
  return url.fragment === undefined ? url : { fault: "has a fragment" };
}

/** An issuer: an endpoint without a query. */
export function parseIssuer(text) {
  const url = parseEndpoint(text);
  return url.fault || url.query === undefined ? url : { fault: "has a query" };
}

/** A redirect URI of the page. */
export function parseRedirectUri(text) {
  const url = parse(text);
  return url.fault || url.fragment === undefined ? url : { fault: "has a fragment" };
}

const withoutSlash = (text) => text.replace(/\/$/, "");

/** The places where metadata may be, in the order of the requests: OpenID Connect Discovery section 4.1, RFC 8414 section 3.1. */
export function metadataUrls(issuer) {
  const { site, path } = parse(issuer);
  return [`${withoutSlash(issuer)}/.well-known/openid-configuration`, `${site}/.well-known/oauth-authorization-server${withoutSlash(path)}`];
}

/** The issuer whose metadata is at this URL, if it is at a well-known place. */
export function issuerOfDocument(url) {
  const { fault, site, path } = parse(url);
  if (fault) return undefined;
  if (path.endsWith("/.well-known/openid-configuration")) return site + path.slice(0, -"/.well-known/openid-configuration".length);
  const [, after] = /^\/\.well-known\/(?:oauth-authorization-server|openid-configuration)(\/.*)?$/.exec(path) ?? [];
  return path.startsWith("/.well-known/") ? site + (after ?? "") : undefined;
}

/** The origin as a browser writes it, or `undefined`. */
export function originOf(text) {
  return isUrl(text) ? new URL(text).origin : undefined;
}
