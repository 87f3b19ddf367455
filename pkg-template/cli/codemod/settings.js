// The settings of a UserManager, one by one: the setting or the option of this package, or the reason that there is none.

import { isMember, keyName, literal, memberName } from "./code/source.js";
import { bare } from "./code/scopes.js";

/** Another name, and the same value. */
export const RENAMED = {
  __proto__: null,
  authority: "issuer", client_id: "clientId", redirect_uri: "redirectUri", post_logout_redirect_uri: "postLogoutRedirectUri", popup_redirect_uri: "popupRedirectUri",
  silent_redirect_uri: "silentRedirectUri", scope: "scope", resource: "resource", response_mode: "responseMode", metadataUrl: "serverMetadataUrl", metadataSeed: "metadata",
};

const DROPPED = {
  __proto__: null,
  client_authentication: "a public client sends no secret",
  loadUserInfo: "userinfo() asks for it where you need it",
  filterProtocolClaims: "claims are all claims of the id_token",
  mergeClaimsStrategy: "claims are all claims of the id_token",
  stateStore: "the state of a login is in sessionStorage",
  staleStateAgeInSeconds: "a login may take ten minutes",
  accessTokenExpiringNotificationTimeInSeconds: "the event expiring comes 60 s ahead of the end",
  revokeTokenTypes: "revokeToken() takes the type",
  refreshTokenAllowedScope: "getAccessToken({ scope }) narrows the scope",
  includeIdTokenInSilentRenew: "authorizeSilent() sends the id_token as the hint",
  includeIdTokenInSilentSignout: "logoutRedirect() sends the id_token as the hint",
  validateSubOnSilentRenew: "the sub is always compared",
  checkSessionIntervalInSeconds: "monitorSession({ interval }) takes it",
  monitorAnonymousSession: "only the session of a signed-in person is watched",
  query_status_response_type: "the response type is always code",
  silentRequestTimeoutInSeconds: "authorizeSilent() takes as long as requestTimeout",
  maxSilentRenewTimeoutRetries: "autoRenew tries again by itself",
  popupWindowFeatures: "authorizePopup({ features }) takes them",
  popupWindowTarget: "each login in a popup has a window of its own",
  iframeScriptOrigin: "the frame has the origin of the page",
  iframeNotifyParentOrigin: "the frame has the origin of the page",
  redirectMethod: "the page leaves by location.assign",
  redirectTarget: "the page itself leaves",
  fetchRequestCredentials: "requests to the provider carry no cookies",
  refreshTokenCredentials: "requests to the provider carry no cookies",
  omitScopeWhenRequesting: "a login sends its scope",
  popup_post_logout_redirect_uri: "logoutRedirect() leaves the page",
};

const LEFT = {
  __proto__: null,
  client_secret: "A page keeps no secret: register a public client and take this line away. For a provider that demands the value all the same the setting is insecureClientSecret.",
  extraHeaders: "No header is added to the requests to the provider. Take this line away, or let the provider do without.",
  dpop: "DPoP is not in this version. Take this line away where the provider does not demand it.",
  max_age: "The client enforces maxAge, so it is given to each call: authorizeRedirect({ maxAge }). Take this line away.",
  disablePKCE: "PKCE is always on. Take this line away, and let the provider allow PKCE with S256.",
};

const IN_REQUEST = new Set(["prompt", "display", "ui_locales", "login_hint", "acr_values"]);

/** The props of `AuthProvider` that are not settings. */
export const IS_CALLBACK = /^(?:on(?:SigninCallback|SignoutCallback|RemoveUser)|skipSigninCallback|matchSignoutCallback)$/;

/** Whether each part of the settings is written out in the app, so that each can be translated. */
export function isWrittenOut(given, file, project, depth = 0) {
  const found = project.objectOf(given, file);
  return Boolean(found && depth < 8 && found.node.properties.every((property) => (property.type === "SpreadElement" ? isWrittenOut(property.argument, found.file, project, depth + 1) : !property.computed && (property.type === "ObjectProperty" || IS_CALLBACK.test(keyName(property))))));
}

/** The value of `new WebStorageStateStore({ store: window.localStorage })` as `tokenStorage`. */
function storageOf(value, kinds, file) {
  const made = bare(value);
  if (made?.type !== "NewExpression") return undefined;
  const name = kinds.library(made.callee, file);
  if (name === "InMemoryWebStorage") return "memory";
  if (name !== "WebStorageStateStore") return undefined;
  const store = made.arguments[0]?.properties?.find((property) => keyName(property) === "store");
  if (!store) return "local";
  const given = bare(store.value);
  const where = isMember(given) ? memberName(given) : given.name;
  return { localStorage: "local", sessionStorage: "session" }[where] ?? storageOf(given, kinds, file);
}

/**
 * Translates an object of settings where it is written. Returns what moves elsewhere: the options of the registry, and what calls are told.
 * @returns {{ options: Map<string, { text: string, isLiteral: boolean }>, scope?: string, revoke: boolean, monitor?: string, props: object }}
 */
export function translateSettings(given, file, project) {
  const { node, file: home } = project.objectOf(given, file);
  project.translated ??= new Map();
  const done = project.translated.get(node);
  if (done) return done;
  const plan = { options: new Map(), revoke: false, props: {} };
  project.translated.set(node, plan);
  const inRequest = [];
  const list = node.properties;
  const valueOf = (key) => list.find((property) => keyName(property) === key)?.value;
  const option = (name, value) => plan.options.set(name, { text: home.render(value), isLiteral: literal(value) !== undefined });
  for (const property of list) {
    if (property.type === "SpreadElement") {
      const inner = translateSettings(property.argument, home, project);
      for (const [name, value] of inner.options) plan.options.set(name, value);
      Object.assign(plan, { revoke: plan.revoke || inner.revoke, monitor: plan.monitor ?? inner.monitor, scope: inner.scope ?? plan.scope, hasSilent: plan.hasSilent || inner.hasSilent, hasReturn: plan.hasReturn || inner.hasReturn, renew: inner.renew ?? plan.renew });
      Object.assign(plan.props, inner.props);
      continue;
    }
    const key = keyName(property);
    const { value } = property;
    const drop = (reason) => {
      home.drop(property, key, reason);
      home.takeOut(list, property);
    };
    if (key === "scope") plan.scope = literal(value) ?? (/\boffline_access\b/.exec(home.textOf(value)) ?? [])[0];
    if (key === "silent_redirect_uri") plan.hasSilent = true;
    if (key === "post_logout_redirect_uri") plan.hasReturn = true;
    if (key === "authority" && valueOf("metadata") && endpointsOf(valueOf("metadata"))) {
      drop("the provider's metadata stand in the settings");
    } else if (key in RENAMED) {
      if (RENAMED[key] === key) continue;
      if (property.shorthand) home.edits.insert(property.start, `${RENAMED[key]}: `);
      else home.edits.replace(property.key.start, property.key.end, RENAMED[key]);
    } else if (key === "metadata") {
      const endpoints = endpointsOf(value);
      if (endpoints) home.edits.insert(property.start, `authorizeUrl: ${home.textOf(endpoints[0])}, accessTokenUrl: ${home.textOf(endpoints[1])}, `);
      else home.todo(property, "Beside issuer these members are put over the provider's document. Without a document give authorizeUrl and accessTokenUrl here, and no issuer.", { section: "settings", own: true });
    } else if (key === "signingKeys") {
      home.edits.replace(property.start, property.end, `jwks: { keys: ${home.render(value)} }`);
    } else if (key === "response_type") {
      if (literal(value) === "code") home.takeOut(list, property);
      else {
        home.todo(property, "The flow is the authorization code flow with PKCE: allow it for this client at the provider, and take this line away.", { section: "settings", own: true });
      }
    } else if (key === "extraQueryParams") {
      inRequest.push({ property, text: home.render(value), whole: value });
    } else if (IN_REQUEST.has(key)) {
      const text = literal(value) === undefined ? home.render(value) : home.textOf(value).match(/^["']/) ? home.textOf(value) : home.q(JSON.stringify(String(literal(value))));
      inRequest.push({ property, text: `${key}: ${text}` });
    } else if (key === "extraTokenParams") {
      const text = home.render(value);
      home.edits.replace(property.start, property.end, `accessTokenParams: ${text},${separator(home, property)}refreshTokenParams: ${text}`);
    } else if (key === "userStore") {
      const storage = storageOf(value, project.kinds, home);
      if (storage && storage !== "session") plan.options.set("tokenStorage", { text: home.q(`"${storage}"`), isLiteral: true });
      if (storage) home.takeOut(list, property);
      else home.todo(property, "The option tokenStorage of createOAuth says where the session is: \"session\", \"local\", \"memory\" or \"worker\". Give it, and take this line away.", { section: "settings", own: true });
    } else if (key === "automaticSilentRenew") {
      plan.renew = value;
      if (literal(value) !== false) option("autoRenew", value);
      home.takeOut(list, property);
    } else if (key === "requestTimeoutInSeconds" || key === "clockSkewInSeconds") {
      option(key === "requestTimeoutInSeconds" ? "requestTimeout" : "clockTolerance", value);
      home.takeOut(list, property);
    } else if (key === "monitorSession") {
      const interval = valueOf("checkSessionIntervalInSeconds");
      if (literal(value) === true) plan.monitor = interval ? `{ interval: ${home.textOf(interval)} }` : "";
      else if (literal(value) === undefined) home.todo(property, "Call monitorSession() of the client where this is true, and take this line away.", { section: "settings", own: true });
      if (literal(value) !== undefined) home.takeOut(list, property);
    } else if (key === "revokeTokensOnSignout") {
      if (literal(value) === undefined) home.todo(property, "Give logoutRedirect({ revoke: true }) where this is true, and take this line away.", { section: "settings", own: true });
      else home.takeOut(list, property);
      plan.revoke = literal(value) === true;
    } else if (key in LEFT && !(key === "disablePKCE" && literal(value) === false)) {
      home.todo(property, LEFT[key], { section: "settings", own: true });
    } else if (IS_CALLBACK.test(key)) {
      plan.props[key] = { value: value ?? property, file: home };
      home.takeOut(list, property);
    } else if (key === "loadUserInfo" && literal(value) === true) {
      drop("the claims are those of the id_token; userinfo() of the client asks for the others");
    } else if (key in DROPPED || key === "disablePKCE") {
      drop(DROPPED[key] ?? "PKCE is always on");
    } else {
      home.todo(property, `${key} is no setting here. Take this line away.`, { section: "settings", own: true });
    }
  }
  if (inRequest.length > 0) placeParams(home, list, inRequest);
  return plan;
}

function endpointsOf(metadata) {
  const members = bare(metadata)?.properties;
  const found = ["authorization_endpoint", "token_endpoint"].map((name) => members?.find((member) => keyName(member) === name && !member.shorthand)?.value);
  return found.every(Boolean) ? found : undefined;
}

const separator = (file, property) => (file.text.slice(file.startOfLine(property.start), property.start).trim() === "" ? `${file.newline}${file.indentAt(property.start)}` : " ");

/** Settings of the request, and extra parameters, become one object. */
function placeParams(file, list, parts) {
  const [first, ...others] = parts;
  const texts = parts.map(({ text, whole }) => {
    if (whole === undefined) return text;
    if (parts.length === 1) return text;
    const object = bare(whole);
    if (object.type !== "ObjectExpression") return `...${text}`;
    return file.textOf(object).slice(1, -1).trim().replace(/,$/, "");
  });
  const text = parts.length === 1 && first.whole ? texts[0] : `{ ${texts.filter(Boolean).join(", ")} }`;
  file.edits.replace(first.property.start, first.property.end, `authorizeParams: ${text}`);
  for (const { property } of others) file.takeOut(list, property);
}

/** What `signinSilent()` is: oidc-client-ts takes the refresh token where there is one, and a frame where there is none. */
export const silentVerb = (plan) => (/\boffline_access\b/.test(plan?.scope ?? "") || !plan?.hasSilent ? "refreshToken" : "authorizeSilent");

/** Whether the access token is renewed as before: by a refresh token, which the scope asks for. */
export function optionsOf(plan, site, direct) {
  const left = [];
  const options = [];
  if (plan.renew === undefined) plan.options.set("autoRenew", { text: "true", isLiteral: true });
  for (const [name, { text, isLiteral }] of plan.options) {
    if (isLiteral || direct) options.push(name === text ? name : `${name}: ${text}`);
    else left.push(`${name}: ${text}`);
  }
  return { text: options.length > 0 ? `, { ${options.join(", ")} }` : "", left };
}

/** The members of settings where the code reads them. */
export function rewriteReads(file, project) {
  for (const node of file.nodes) {
    const key = isMember(node) && memberName(node);
    if (!key || !(key in RENAMED) || RENAMED[key] === key || node.computed) continue;
    const object = bare(node.object);
    if (!["Identifier", "MemberExpression"].includes(object.type)) continue;
    if (project.translated?.has(project.objectOf(object, file)?.node)) file.edits.replace(node.property.start, node.property.end, RENAMED[key]);
  }
}
