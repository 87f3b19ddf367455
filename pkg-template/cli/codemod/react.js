// `useAuth()` of react-oidc-context: each member as the state, the verbs or the client of this package's `useAuth()`.

import { LOGIN, LOGOUT, renameMembers } from "./calls.js";
import { eventWords } from "./events.js";
import { REACT, isTaken, libraryRefs, need, settle } from "./imports.js";
import { keyName, isCall, isMember, literal, memberName } from "./code/source.js";
import { bare, functionAround } from "./code/scopes.js";
import { silentParams, silentVerbOf } from "./manager.js";
import { isAssigned, isSafe, isTested } from "./users.js";

const VERBS = { __proto__: null, signinRedirect: ["signIn", LOGIN], signoutRedirect: ["signOut", LOGOUT] };
const OF_CLIENT = { __proto__: null, signinPopup: ["authorizePopup", LOGIN], signinSilent: [], removeUser: ["clear"], revokeTokens: ["revokeToken"] };
const NOT_HERE = {
  __proto__: null,
  settings: "The settings cannot be read back: keep the object that createAuth gets.",
  signoutPopup: "A logout in a popup is not in this version: signOut() leaves the page.",
  signoutSilent: "A logout in a frame is not in this version: client.clear() forgets the session without the provider.",
  signinResourceOwnerCredentials: "The password grant has no counterpart, because the page would see the password: use signIn().",
  querySessionStatus: "monitorSession() of a client watches the session at the provider, and client.authorizeSilent() asks it once.",
  stopSilentRenew: "Renewal is the option autoRenew of createAuth.",
};

/** By a list, because a compiler would narrow a comparison by the comparisons before it. */
const isLoading = (status, not) => `${not ? "" : "!"}["signed-in", "signed-out"].includes(${status})`;
const isLeaving = (status, not) => `${not ? "!" : ""}["signing-in", "signing-out"].includes(${status})`;
const navigator = (status) => `${status} === "signing-in" ? "signinRedirect" : ${status} === "signing-out" ? "signoutRedirect" : undefined`;

export function rewriteReact(file, project) {
  rewriteFunctions(file, project);
  for (const node of file.nodes) {
    if (isMember(node)) {
      const kind = project.kinds.of(node.object, file);
      if (kind?.is === "react") member(node, file, project);
      if (kind?.is === "reactUser") userMember(node, file, project);
    }
    if (node.type === "VariableDeclarator" && node.id.type === "ObjectPattern" && node.init && project.kinds.of(node.init, file)?.is === "react") destructured(node, file, project);
  }
}

/** The list of a hook that says what it depends on. */
function dependencyOf(node) {
  const list = node.parent;
  return list.type === "ArrayExpression" && isCall(list.parent) && list.parent.arguments[1] === list && /^use[A-Z]/.test(list.parent.callee.name ?? list.parent.callee.property?.name ?? "") ? list : undefined;
}

/** Each dependency once. */
function depend(node, list, text, file) {
  list.seen ??= new Set(list.elements.filter((element) => element !== node).map((element) => element && file.textOf(element)));
  if (list.seen.has(text)) return file.takeOut(list.elements, node);
  list.seen.add(text);
  return file.edits.replace(node.start, node.end, text);
}

function put(node, text, file) {
  const isOne = /^!?\[[^\]]*\][\w$.()]*$/.test(text);
  const needsParentheses = !isOne && / /.test(text) && (!isSafe(node.parent, node) || (node.parent.type === "LogicalExpression" && / \? /.test(text)));
  file.edits.replace(node.start, node.end, file.q(needsParentheses ? `(${text})` : text));
}

function member(node, file, project) {
  const name = memberName(node);
  const object = file.head(node);
  const status = `${object}.status`;
  const list = dependencyOf(node);
  const not = node.parent.type === "UnaryExpression" && node.parent.operator === "!" ? node.parent : undefined;
  const call = isCall(node.parent) && node.parent.callee === node ? node.parent : undefined;
  if (["isLoading", "isAuthenticated", "activeNavigator"].includes(name) && list) return depend(node, list, status, file);
  if (name === "isLoading") return put(not ?? node, isLoading(status, not), file);
  if (name === "isAuthenticated") return put(not ?? node, `${status} ${not ? "!==" : "==="} "signed-in"`, file);
  if (name === "activeNavigator") return activeNavigator(node, status, not, file);
  if (name === "user") return user(node, file, list);
  if (name === "error") return undefined;
  if (name in VERBS) {
    const [verb, members] = VERBS[name];
    file.edits.replace(node.property.start, node.property.end, verb);
    if (call) renameMembers(file, project, call, members);
    return undefined;
  }
  if (name in OF_CLIENT) return ofClient(node, call, list, `${object}.client`, name, file, project);
  if ((name === "clearStaleState" || name === "startSilentRenew") && call) return file.todo(call, `${name} is not needed: take this call away.`);
  if (name === "events") return list ? file.takeOut(list.elements, node) : file.todo(node, eventWords(eventsAt(node), project, file), { section: "events" });
  return file.todo(node, NOT_HERE[name] ?? `${name} has no counterpart.`);
}

/** The method of `events` that is called. */
const eventsAt = (events) => [isMember(events.parent) && events.parent.object === events && memberName(events.parent)].filter(Boolean);

function ofClient(node, call, list, client, name, file, project) {
  const [known, members] = OF_CLIENT[name];
  if (list) return depend(node, list, client, file);
  const verb = known ?? silentVerbOf(project.plans ?? [], node, file);
  if (!call) return file.edits.replace(node.start, node.end, `() => ${client}.${verb}()`);
  file.edits.replace(node.start, node.end, `${client}.${verb}`);
  if (name === "signinSilent") silentParams(call, verb, file, project);
  else if (members) renameMembers(file, project, call, members);
  else if (call.arguments.length > 0) {
    const [given] = call.arguments;
    const types = given.type === "ArrayExpression" ? given.elements.map((element) => literal(element)) : [];
    if (types.length === 2 || types.length === 1) file.edits.replace(given.start, given.end, types.length === 1 ? JSON.stringify(types[0]) : "");
    else file.todo(call, 'revokeToken() takes one type, "access_token" or "refresh_token".');
  }
  return undefined;
}

function activeNavigator(node, status, not, file) {
  const { parent } = node;
  if (parent.type === "SwitchStatement" && parent.discriminant === node) {
    file.edits.replace(node.start, node.end, status);
    for (const { test } of parent.cases) if (test && literal(test)) file.edits.replace(test.start, test.end, file.q(`"${stateOf(literal(test))}"`));
    return undefined;
  }
  const other = parent.type === "BinaryExpression" && /^[!=]==?$/.test(parent.operator) && (parent.left === node ? parent.right : parent.left);
  if (other && literal(other)) {
    file.edits.replace(node.start, node.end, status);
    return file.edits.replace(other.start, other.end, file.q(`"${stateOf(literal(other))}"`));
  }
  if (not) return put(not, isLeaving(status, true), file);
  if (isTested(node)) return put(node, isLeaving(status), file);
  return put(node, navigator(status), file);
}

const stateOf = (old) => (/^signout/.test(old) ? "signing-out" : "signing-in");

/** `auth.user` is `auth.claims`: the person, without the token. */
function user(node, file, list) {
  if (list) return depend(node, list, `${file.head(node)}.claims`, file);
  // A member of the user that stays for a person to see keeps its user, so that the compiler sees it, too.
  if (file.kept?.has(node)) return undefined;
  file.edits.replace(node.property.start, node.property.end, "claims");
  return person(node, file);
}

/** Where the user is handed on as a whole, and where it is asked whether the library has looked for one already. */
function person(node, file) {
  let at = node;
  while (/^TS(?:NonNull|As)/.test(at.parent.type)) at = at.parent;
  const { parent } = at;
  if (parent.type === "BinaryExpression" && /^[!=]==$/.test(parent.operator) && [parent.left, parent.right].some(({ type, name }) => type === "Identifier" && name === "undefined")) {
    return file.todo(node, "claims are null where nobody is signed in, and while it is not known: status says which.");
  }
  if (isMember(parent) || isTested(at) || (parent.type === "VariableDeclarator" && parent.init === at) || parent.type === "BinaryExpression" || (parent.type === "LogicalExpression" && parent.left === at)) return undefined;
  return file.todo(node, "claims stand for the user: the claims that profile had are its members, and getAccessToken() of the client gives the token.");
}

/** What `auth.user` and `const { user } = useAuth()` are read for. */
function userMember(node, file, project) {
  const name = memberName(node);
  const source = sourceOf(bare(node.object), file, project);
  let whole = node;
  while (whole.parent.type === "TSNonNullExpression") whole = whole.parent;
  const list = dependencyOf(whole);
  if (name === "profile") {
    const outer = node.parent;
    const goesOn = isMember(outer) && outer.object === node;
    if (whole !== node && isMember(whole.parent)) file.edits.replace(whole.end - 1, whole.end, "");
    return file.edits.replace(file.after(node), node.end, goesOn && node.optional && !outer.optional ? (outer.computed ? "?." : "?") : "");
  }
  if (list && source && ["access_token", "expires_at", "expired"].includes(name)) return depend(whole, list, source.expiresAt(), file);
  if (name === "access_token" && source) return accessToken(node, source, file);
  if (name === "expired" && source) return put(node, `(${source.expiresAt()} ?? Infinity) * 1000 <= Date.now()`, file);
  if (name === "expires_at" && source) return file.edits.replace(node.start, node.end, source.expiresAt());
  keep(node, file);
  return file.todo(node, name === "state" ? "The state of a login is appState of the result that auth.redirect gives." : `${name} is not part of the state: client.getAccessToken() gives the token.`);
}

const keep = (node, file) => (file.kept ??= new Set()).add(bare(node.object));

/** How the state around a user is reached. */
function sourceOf(object, file, project) {
  if (isMember(object)) {
    const auth = file.head(object);
    return { claims: `${auth}.claims`, client: () => `${auth}.client`, expiresAt: () => `${auth}.expiresAt` };
  }
  const binding = object.type === "Identifier" && file.binding(object);
  const { declaration } = binding || {};
  if (declaration?.type !== "VariableDeclarator" || !declaration.init) return undefined;
  if (declaration.id === binding.ident) return isMember(bare(declaration.init)) ? sourceOf(bare(declaration.init), file, project) : undefined;
  const asked = (name) => askFor(declaration, name, file);
  return { claims: object.name, client: () => asked("client"), expiresAt: () => asked("expiresAt") };
}

function accessToken(node, source, file) {
  if (isTested(node)) return file.edits.replace(node.start, node.end, source.claims);
  if (isAssigned(node) || !functionAround(node)?.async) {
    keep(node, file);
    return file.todo(node, "The token is no part of the state. Where the request is made, in an async function, client.fetch() adds it, or await client.getAccessToken() gives it.");
  }
  const text = `await ${source.client()}.getAccessToken()`;
  const isOptional = node.optional || node.type === "OptionalMemberExpression";
  return put(node, isOptional ? `${source.claims} ? ${text} : undefined` : text, file);
}

/** What is taken from the state in this block, each name once: a second `useAuth()` beside the first needs no second `status`. */
function askedOf(declarator, file) {
  const block = declarator.parent.parent;
  const groups = (block.asked ??= new Map());
  const from = file.textOf(declarator.init);
  if (!groups.has(from)) groups.set(from, { owner: declarator, names: new Map() });
  return groups.get(from);
}

function askFor(declarator, name, file) {
  const { names } = askedOf(declarator, file);
  const isElsewhere = () => [...declarator.parent.parent.asked.values()].some((group) => group.names.has(name));
  return names.get(name) ?? names.set(name, isElsewhere() ? file.free(`${name}2`, 3) : isTaken(file, name) ? file.free(name) : name).get(name);
}

function destructured(declarator, file, project) {
  const { id } = declarator;
  const ask = (name) => askFor(declarator, name, file);
  const asked = askedOf(declarator, file);
  const parts = [];
  const lines = [];
  for (const property of id.properties) {
    const key = keyName(property);
    const local = property.value?.type === "Identifier" ? property.value.name : undefined;
    if (property.type === "RestElement" || local === undefined) {
      parts.push(file.textOf(property));
      file.todo(declarator, "The members of useAuth() have other names: status, claims, signIn, signOut, client.");
    } else if (key === "isLoading") lines.push(`const ${local} = ${isLoading(ask("status"))};`);
    else if (key === "isAuthenticated") lines.push(`const ${local} = ${ask("status")} === "signed-in";`);
    else if (key === "activeNavigator") lines.push(`const ${local} = ${navigator(ask("status"))};`);
    else if (key === "user") {
      parts.push(`claims: ${local}`);
      for (const ref of file.binding(property.value)?.refs ?? []) if (!dependencyOf(ref)) person(ref, file);
    }
    else if (key === "error") parts.push(file.textOf(property));
    else if (key in VERBS) {
      const [verb, members] = VERBS[key];
      parts.push(`${verb}: ${local}`);
      for (const ref of file.binding(property.value)?.refs ?? []) if (isCall(ref.parent) && ref.parent.callee === ref) renameMembers(file, project, ref.parent, members);
    } else if (key in OF_CLIENT) {
      for (const ref of file.binding(property.value)?.refs ?? []) ofClient(ref, isCall(ref.parent) && ref.parent.callee === ref ? ref.parent : undefined, dependencyOf(ref), ask("client"), key, file, project);
    } else {
      parts.push(file.textOf(property));
      if (key === "events") file.todo(declarator, eventWords([...new Set((file.binding(property.value)?.refs ?? []).flatMap(eventsAt))], project, file), { section: "events" });
      else file.todo(declarator, NOT_HERE[key] ?? `${key} has no counterpart.`);
    }
  }
  file.later ??= [];
  // What the code below asks of the state comes together before the pattern is written.
  file.later.push(() => {
    const all = [...[...(asked.owner === declarator ? asked.names : [])].map(([name, local]) => (name === local ? name : `${name}: ${local}`)), ...parts];
    file.edits.replace(id.start, id.typeAnnotation ? id.typeAnnotation.start : id.end, all.length > 0 ? `{ ${all.join(", ")} }` : "{}");
    const indent = file.indentAt(declarator.parent.start);
    const end = file.endOf(declarator.parent);
    if (lines.length > 0) file.edits.insert(end, lines.map((line) => `${file.newline}${indent}${file.q(file.s(line, end))}`).join(""));
  });
}

const HAS_AUTH_PARAMS = (file) => [
  "/** Whether an address has the response of a provider. */",
  `function hasAuthParams(location${file.isTypeScript ? ": Location" : ""} = window.location) {`,
  '  return [location.search, location.hash.replace("#", "?")].map((part) => new URLSearchParams(part)).some((part) => (part.has("code") || part.has("error")) && part.has("state"));',
  "}",
];

const USE_AUTO_SIGNIN = (file, useAuth, useEffect) => [
  "/** Begins a login where no user is signed in. RequireAuth of oidc-client-wasm/react guards a part of the page. */",
  `function useAutoSignin(${file.isTypeScript ? '_options?: { signinMethod?: "signinRedirect" }' : ""}) {`,
  `  const { status, error, client, signIn } = ${useAuth}();`,
  "  const { needsLogin } = client;",
  `  ${useEffect}(() => {`,
  "    if (needsLogin) signIn();",
  "  }, [needsLogin, signIn]);",
  `  return { isLoading: ${isLoading("status")}, isAuthenticated: status === "signed-in", error };`,
  "}",
];

/** The functions of the library. */
function rewriteFunctions(file, project) {
  for (const { ref, whole, name, binding, isOwn, isSpace } of [...libraryRefs(file, project)]) {
    if (!isOwn || file.edits.covers(ref.start, ref.end)) continue;
    const local = isSpace ? undefined : binding.name;
    if (name === "useAuth") {
      const used = need(file, REACT, "useAuth", { local });
      if (isSpace) file.edits.replace(whole.start, whole.end, used);
      else settle(file, ref);
    } else if (name === "withAuthenticationRequired") guard(ref, whole, file, project);
    else if (name === "hasAuthParams" || name === "useAutoSignin") helper(name, whole, file, local);
  }
}

function helper(name, whole, file, local) {
  if (local !== undefined && local !== name) return file.todo(whole, `Import ${name} by its own name, and start the codemod again.`, { section: "the-codemod" });
  if (name === "useAutoSignin" && isCall(whole.parent) && whole.parent.arguments.some((given) => /signinPopup/.test(file.textOf(given)))) {
    return file.todo(whole, "A popup that no click has opened is blocked: show a button that calls client.authorizePopup().");
  }
  settle(file, whole);
  file.replaced ??= new Set();
  if (file.replaced.has(name)) return undefined;
  file.replaced.add(name);
  if (name === "useAutoSignin") {
    const useEffect = need(file, "react", "useEffect", { local: file.names.names().has("useEffect") ? "useEffect" : undefined });
    if (file.names.names().has("useEffect")) file.needs.delete("react useEffect");
    (file.helpers ??= []).push(USE_AUTO_SIGNIN(file, need(file, REACT, "useAuth"), useEffect));
  } else (file.helpers ??= []).push(HAS_AUTH_PARAMS(file));
  return undefined;
}

function guard(ref, whole, file, project) {
  file.edits.replace(whole.start, whole.end, need(file, REACT, "withAuth"));
  const call = isCall(whole.parent) && whole.parent.callee === whole ? whole.parent : undefined;
  const options = call && bare(call.arguments[1]);
  if (!options) return;
  if (options.type !== "ObjectExpression") return file.todo(call, "The options of withAuth are { fallback, params }.");
  for (const property of options.properties) {
    const key = keyName(property);
    const name = { __proto__: null, OnRedirecting: "fallback", signinRedirectArgs: "params" }[key];
    if (name === undefined) file.todo(property, `${key} has no counterpart: withAuth takes fallback and params.`, { own: file.text.slice(file.startOfLine(property.start), property.start).trim() === "" });
    else if (property.shorthand) file.edits.insert(property.start, `${name}: `);
    else file.edits.replace(property.key.start, property.key.end, name);
    if (key === "signinRedirectArgs") renameMembers(file, project, { ...call, arguments: [property.value] }, LOGIN);
  }
}
