// A UserManager: how it is made, and its methods. The promise of `createOAuth` takes its place, whose verbs may be called at once.

import { LOGIN, LOGOUT, renameMembers } from "./calls.js";
import { listen, stopListening } from "./events.js";
import { CORE, REACT, need, settle } from "./imports.js";
import { isCall, isMember, literal, memberName } from "./code/source.js";
import { statementAround } from "./code/scopes.js";
import { isWrittenOut, optionsOf, silentVerb, translateSettings } from "./settings.js";

/** The places where the app makes a UserManager. */
export function findSites(project, name) {
  project.clientName = name;
  for (const file of project.files.values()) {
    for (const node of file.nodes) {
      if (node.type !== "NewExpression" || project.kinds.library(node.callee, file) !== "UserManager") continue;
      const site = { node, file, name, isConverted: Boolean(node.arguments[0]) && isWrittenOut(node.arguments[0], file, project) };
      project.sites.set(node, site);
    }
  }
}

export function rewriteSite(site, project) {
  const { node, file } = site;
  const [settings] = node.arguments;
  if (!site.isConverted) {
    file.todo(node, "The settings are not written out in the app, so nothing of this UserManager was changed. Give createOAuth({ app: { issuer, clientId, redirectUri, … } }) the settings by their names here.", { section: "settings" });
    return;
  }
  const plan = translateSettings(settings, file, project);
  const found = project.objectOf(settings, file);
  site.plan = plan;
  const isDirect = settings.type === "ObjectExpression";
  const { text, left } = optionsOf(plan, site, isDirect);
  const creator = need(file, site.asAuth ? REACT : CORE, site.asAuth ? "createAuth" : "createOAuth");
  file.edits.replace(node.start, settings.start, `${creator}({ ${site.name}: `);
  file.edits.replace(settings.end, node.end, ` }${text})`);
  if (left.length > 0) file.todo(node, `Give ${creator} the options { ${left.join(", ")} }, which stood in the settings.`, { section: "settings" });
  const renews = plan.renew ? literal(plan.renew) !== false : plan.hasSilent;
  if (renews && !plan.isRenewalTold && plan.scope !== undefined && !/\boffline_access\b/.test(plan.scope)) {
    plan.isRenewalTold = true;
    file.todo(node, "Without a refresh token nothing renews the access token ahead of its end: ask for the scope offline_access, or call authorizeSilent() where getAccessToken() throws token_expired.", { section: "what-has-no-counterpart-here" });
  }
  if (plan.monitor !== undefined) monitor(site, plan.monitor);
  for (const prop of Object.keys(plan.props)) if (found) file.todo(node, `${prop} is not a setting of a client.`, { section: "settings" });
}

/** The watch over the session at the provider begins after the client is made, where a statement can stand. */
function monitor({ node, file, name, asAuth }, text) {
  const statement = statementAround(node);
  const declarator = node.parent.type === "VariableDeclarator" ? node.parent : undefined;
  const isOnly = declarator?.id.type === "Identifier" && declarator.parent.declarations.length === 1;
  if (!isOnly) return file.todo(node, `Call monitorSession(${text}) of the client once it is there, as the setting monitorSession did.`, { section: "settings" });
  const indent = file.indentAt(statement.start);
  const end = file.endOf(statement);
  file.edits.insert(end, `${file.newline}${indent}${file.isTypeScript ? "void " : ""}${declarator.id.name}${asAuth ? ".oauth" : ""}.${file.s(`then((oauth) => oauth.${name}.monitorSession(${text}), () => {});`, end)}`);
}

const VERBS = {
  __proto__: null,
  signinRedirect: { verb: "authorizeRedirect", members: LOGIN },
  signinPopup: { verb: "authorizePopup", members: LOGIN },
  signoutRedirect: { verb: "logoutRedirect", members: LOGOUT },
  removeUser: { verb: "clear" },
  revokeTokens: { verb: "revokeToken" },
};

const CALLBACKS = new Set(["signinRedirectCallback", "signinCallback", "signinPopupCallback", "signinSilentCallback", "signoutRedirectCallback", "signoutCallback"]);

const NOT_HERE = {
  __proto__: null,
  signoutPopup: "A logout in a popup is not in this version: logoutRedirect() leaves the page.",
  signoutPopupCallback: "A logout in a popup is not in this version: logoutRedirect() leaves the page.",
  signoutSilent: "A logout in a frame is not in this version: logoutRedirect() leaves the page, and clear() forgets the session without the provider.",
  signoutSilentCallback: "A logout in a frame is not in this version.",
  signinResourceOwnerCredentials: "The password grant has no counterpart, because the page would see the password: use authorizeRedirect().",
  storeUser: "Only a verified login makes a session. clear() takes the place of storeUser(null).",
  querySessionStatus: "monitorSession() watches the session at the provider, and authorizeSilent() asks it once.",
  stopSilentRenew: "Renewal is the option autoRenew of createOAuth, which is not turned off later.",
  dpopProof: "DPoP is not in this version.",
  generateDPoPJkt: "DPoP is not in this version.",
  settings: "The settings of a client cannot be read back: keep the object that createOAuth gets.",
};

/** What stands for the manager in the code of this file: its text, and how its promise and its client are reached. */
export function accessTo(object, file, project) {
  const kind = project.kinds.of(object, file);
  const site = project.sites.get(kind?.site);
  if (site && !site.isConverted) return undefined;
  const { clientName: name } = project;
  return { name, client: file.q(`client("${name}")`), promise: site?.asAuth ? ".oauth" : "", plan: site?.plan, site };
}

/** Every use of a manager in a file. */
export function rewriteManagers(file, project) {
  for (const node of file.nodes) {
    if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern" && node.init && project.kinds.of(node.init, file)?.is === "manager") {
      file.todo(node, "The promise that createOAuth returns has no methods of a UserManager: call those of its client(…) in their place.");
    }
    if (!isMember(node)) continue;
    const kind = project.kinds.of(node.object, file);
    if (kind?.is === "events") events(node, file, project);
    if (kind?.is === "manager") method(node, file, project);
    if (kind === undefined && memberName(node) === "profile" && isMember(node.parent) && node.parent.object === node && project.speaks(file)) {
      file.todo(node, `Where ${shortly(node.object, file)} is a User: its profile is userinfo here, the claims of the id_token.`);
    }
    // Where a compiler reads the code, it finds what is left of a manager in a file that only imports other files of the app.
    if (kind === undefined && SPEAKING.has(memberName(node)) && (project.speaks(file) || !file.isTypeScript)) {
      file.todo(node, `The codemod cannot tell what ${shortly(node.object, file)} is. Where it is a UserManager, the migration page has the counterpart of ${memberName(node)}.`);
    }
  }
}

const shortly = (node, file) => file.textOf(node).split("\n")[0].slice(0, 60);

/** Names that no other library has. */
const SPEAKING = new Set(["signinRedirect", "signinRedirectCallback", "signinSilent", "signinSilentCallback", "signinPopup", "signinPopupCallback", "signoutRedirect", "signoutRedirectCallback", "startSilentRenew", "addUserLoaded", "addSilentRenewError"]);

function events(node, file, project) {
  const access = accessTo(node.object.object ?? node.object, file, project);
  if (!access) return;
  const call = node.parent;
  if (!isCall(call) || call.callee !== node || !isMember(node.object)) return file.todo(node, "The events are those of the registry: (await promise of createOAuth).addEventListener(…).", { section: "events" });
  const name = memberName(node);
  if (/^add/.test(name)) listen(call, name, access, file);
  else if (/^remove/.test(name)) stopListening(call, name, file);
  else file.todo(call, `events.${name} has no counterpart.`, { section: "events" });
}

function method(node, file, project) {
  const access = accessTo(node.object, file, project);
  if (!access) return;
  const name = memberName(node);
  const call = isCall(node.parent) && node.parent.callee === node ? node.parent : undefined;
  const dot = node.optional ? "?." : ".";
  const put = (text) => file.edits.replace(file.after(node), node.end, text);
  if (name === "events") return undefined;
  if (name === "metadataService") {
    const outer = node.parent;
    if (isMember(outer) && memberName(outer) === "getMetadata") return file.edits.replace(file.after(node), outer.end, `${dot}${access.client}.loadServerMetadata`);
    return file.todo(node, "loadServerMetadata() of the client gives the whole document.");
  }
  if (!call) return file.todo(node, NOT_HERE[name] ?? `Hand on a function that calls ${VERBS[name]?.verb ?? "the counterpart"} of the client, in place of the method ${name}.`);
  if (name in VERBS) {
    const { verb, members } = VERBS[name];
    put(`${dot}${access.client}.${verb}`);
    if (members) renameMembers(file, project, call, members);
    if (name === "signoutRedirect" && (access.plan?.hasReturn || /\bpost_logout_redirect_uri\b/.test(call.arguments.map((given) => file.textOf(given)).join()))) project.returnsOfLogout = true;
    if (name === "signoutRedirect" && access.plan?.revoke) addRevoke(call, file);
    if (name === "revokeTokens") revokeTypes(call, file);
    return undefined;
  }
  if (name === "signinSilent") return silent(call, node, access, file, project);
  if (name === "getUser") return getUser(call, node, access, file);
  if (CALLBACKS.has(name)) return callback(call, node, name, access, file, project);
  if (name === "startSilentRenew" || name === "clearStaleState") return needless(call, name, access, file);
  return file.todo(call, NOT_HERE[name] ?? `${name} has no counterpart.`);
}

function silent(call, node, access, file, project) {
  const verb = silentVerbOf(access.plan ? [access.plan] : [...[...project.sites.values()].map(({ plan }) => plan), ...(project.plans ?? [])], call, file);
  file.edits.replace(file.after(node), node.end, `${node.optional ? "?." : "."}${access.client}.${verb}`);
  silentParams(call, verb, file, project);
}

/** The verb that all these settings call for. Where they differ, or none are known, a person chooses. */
export function silentVerbOf(plans, call, file) {
  const verbs = new Set(plans.map((plan) => plan && silentVerb(plan)));
  const [verb] = verbs;
  if (verbs.size === 1 && verb) return verb;
  file.todo(call, "signinSilent() took the refresh token where there was one: that is refreshToken() of the client. authorizeSilent() is the login in a frame, without one.");
  return "authorizeSilent";
}

export function silentParams(call, verb, file, project) {
  if (verb === "authorizeSilent") return renameMembers(file, project, call, LOGIN);
  if (call.arguments.length === 0) return undefined;
  file.drop(call, file.textOf(call.arguments[0]), "a refresh takes no parameters of a login");
  return file.edits.replace(call.arguments[0].start, call.arguments.at(-1).end, "");
}

function addRevoke(call, file) {
  const [given] = call.arguments;
  if (!given) file.edits.insert(call.end - 1, "{ revoke: true }");
  else if (given.type === "ObjectExpression") file.edits.insert(given.start + 1, given.properties.length > 0 ? " revoke: true," : " revoke: true ");
  else file.todo(call, "Give logoutRedirect({ revoke: true }), as the setting revokeTokensOnSignout did.");
}

function revokeTypes(call, file) {
  const [given] = call.arguments;
  if (!given) return;
  const names = given.type === "ArrayExpression" ? given.elements.map((element) => literal(element)) : [];
  if (names.length === 1 && names[0]) file.edits.replace(given.start, given.end, JSON.stringify(names[0]));
  else if (names.length === 2) file.edits.replace(given.start, given.end, "");
  else file.todo(call, 'revokeToken() takes one type, "access_token" or "refresh_token".');
}

/** `await M.x()` becomes `(await M).y`; the promise of M.x() becomes `M.then((oauth) => oauth.y)`. */
function promised(call, node, access, text, file) {
  const awaits = call.parent.type === "AwaitExpression" && !node.optional ? call.parent : undefined;
  const object = file.head(node);
  const isWrapped = awaits?.extra?.parenStart === awaits?.start - 1 && file.text[awaits?.end] === ")" ? 1 : 0;
  if (awaits) file.edits.replace(awaits.start - isWrapped, awaits.end + isWrapped, `(await ${object}${access.promise})${text}`);
  else file.edits.replace(file.after(node), call.end, `${access.promise}${node.optional ? "?." : "."}then((oauth) => oauth${text})`);
}

function getUser(call, node, access, file) {
  promised(call, node, access, `.${access.name}.token`, file);
}

function needless(call, name, access, file) {
  const whole = call.parent.type === "AwaitExpression" || (call.parent.type === "UnaryExpression" && call.parent.operator === "void") ? call.parent : call;
  if (name === "startSilentRenew" && access.plan?.renew && literal(access.plan.renew) === false) return file.todo(call, "Renewal is the option autoRenew of createOAuth: give it there.", { section: "settings" });
  if (whole.parent.type !== "ExpressionStatement") return file.todo(call, `${name} is not needed.`);
  file.drop(whole, name, name === "startSilentRenew" ? "the option autoRenew renews" : "nothing stale stays");
  return file.remove(whole.parent);
}

/** An app that takes the responses to logins alone, on a page of its own, leaves the state of a logout in the address. */
export function notesOf(project) {
  if (!project.returnsOfLogout || project.takesLogouts || !project.takesLogins) return [];
  const { file, line } = project.takesLogins;
  return [
    `${project.told(file)}:${line} takes the response to a login. A logout comes back with a response, too, the state in /?state=… at post_logout_redirect_uri: call handleRedirect() on every page, before the router, so that it ends the logout and cleans the address. See step 3 of docs/migrating-from-oidc-client-ts.md#steps`,
  ];
}

function callback(call, node, name, access, file, project) {
  if (name === "signinRedirectCallback" || name === "signinCallback") project.takesLogins ??= { file, line: file.line(call) };
  if (name === "signoutRedirectCallback" || name === "signoutCallback") project.takesLogouts = true;
  const url = call.arguments[0] ? file.render(call.arguments[0]) : "";
  if (call.arguments.length > 1) return file.todo(call, "handleRedirect() closes the window of a login by itself: call it without keepOpen.");
  const handle = `.handleRedirect(${url})`;
  const awaited = call.parent.type === "AwaitExpression" ? call.parent : undefined;
  const outer = awaited ?? call;
  const isUnused = outer.parent.type === "ExpressionStatement" || (outer.parent.type === "UnaryExpression" && outer.parent.operator === "void");
  const then = !awaited && isMember(call.parent) && memberName(call.parent) === "then" && isCall(call.parent.parent) ? call.parent.parent.arguments[0] : undefined;
  const givesUser = name === "signinRedirectCallback" || name === "signinCallback";
  const mustBe = name === "signinRedirectCallback";
  if (!givesUser && !isUnused && (then?.params ? then.params.length > 0 : outer.parent.type === "VariableDeclarator" || isMember(outer.parent))) {
    file.todo(call, "handleRedirect() gives { kind, appState }, or null where the address has no response: the state is appState.");
  }
  if (isUnused || !givesUser || (then?.params && then.params.length === 0) || (isMember(call.parent) && ["catch", "finally"].includes(memberName(call.parent)))) {
    return awaited && !node.optional
      ? file.edits.replace(call.start, call.end, `(await ${file.head(node)}${access.promise})${handle}`)
      : promised(call, node, access, handle, file);
  }
  if (awaited && outer.parent.type === "VariableDeclarator" && outer.parent.id.type === "Identifier" && usesState(outer.parent.id, file)) return withState(call, node, mustBe, access, handle, file);
  if (then?.params?.[0]?.type === "Identifier" && usesState(then.params[0], file)) {
    const refs = file.binding(then.params[0]).refs;
    if (!refs.every(isState)) return file.todo(call, "handleRedirect() gives { kind, client, token, appState }: take the state from appState and the rest from token.");
    if (then.params[0].typeAnnotation) file.edits.replace(then.params[0].typeAnnotation.start, then.params[0].typeAnnotation.end, "");
    for (const { parent } of refs) {
      settle(file, parent);
      file.edits.replace(file.after(parent), parent.end, "?.appState");
    }
    return promised(call, node, access, handle, file);
  }
  if (mustBe) return file.edits.replace(file.after(node), node.end, `${node.optional ? "?." : "."}${access.client}.authorizeAccessToken`);
  const give = file.q(`.then((result) => (result?.kind === "login" ? result.token : undefined))`);
  return file.edits.replace(file.after(node), call.end, `${access.promise}${node.optional ? "?." : "."}then((oauth) => oauth${handle})${give}`);
}

const isState = ({ parent }) => isMember(parent) && memberName(parent) === "state";
const usesState = (ident, file) => file.binding(ident)?.refs.some((ref) => isState(ref) && ref.parent.object === ref) ?? false;

/** `user.state` is the `appState` of the result, and the rest of the user is its token. */
function withState(call, node, mustBe, access, handle, file) {
  const declarator = call.parent.parent;
  const declaration = declarator.parent;
  const { refs } = file.binding(declarator.id);
  const result = file.free("result");
  const rest = refs.some((ref) => !isState(ref));
  const narrowed = mustBe ? "" : "?";
  const lines = mustBe ? [`if (${result}?.kind !== "login") throw new Error("This address has no response to a login.");`] : [];
  if (rest) lines.push(`const ${declarator.id.name} = ${mustBe ? `${result}.token` : `${result}?.kind === "login" ? ${result}.token : undefined`};`);
  const indent = file.indentAt(declaration.start);
  file.edits.replace(declarator.id.start, declarator.id.end, result);
  file.edits.replace(call.start, call.end, `(await ${file.head(node)}${access.promise})${handle}`);
  if (declaration.kind !== "const") file.edits.replace(declaration.start, declaration.start + declaration.kind.length, "const");
  const end = file.endOf(declaration);
  file.edits.insert(end, lines.map((line) => `${file.newline}${indent}${file.q(file.s(line, end))}`).join(""));
  for (const ref of refs.filter(isState)) file.edits.replace(ref.start, ref.parent.end, `${result}${narrowed}.appState`);
}
