// The types and classes of the library where the code names them.

import { CORE, REACT, TYPES, isInType, libraryRefs, need, settle } from "./imports.js";
import { isCall, isMember, memberName } from "./code/source.js";
import { reach } from "./reach.js";
import { bare, functionAround } from "./code/scopes.js";

const SECTIONS = { __proto__: null, Log: "what-has-no-counterpart-here" };

/** Where the app reads the session that the library has stored, each function once. */
function rewriteStorage(file, project) {
  file.readers = new Set();
  for (const node of file.nodes) {
    const text = node.type === "StringLiteral" ? node.value : node.type === "TemplateLiteral" ? node.quasis[0].value.raw : "";
    const { parent } = node;
    if (!text.startsWith("oidc.user:") || isInType(node) || parent.type === "TSLiteralType") continue;
    if (isCall(parent) && isMember(parent.callee) && ["removeItem", "startsWith", "includes"].includes(memberName(parent.callee))) continue;
    stored(node, file, project);
  }
}

function stored(node, file, project) {
  const around = functionAround(node);
  if (file.readers.has(around)) return;
  file.readers.add(around);
  const { name, oauth, how } = reach(project, file);
  const { clientName: client } = project;
  file.todo(node, `The session that the client stores is its own. In its place, await ${name}.client("${client}").getAccessToken() gives the access token, also where no component is, and refreshes it; (await ${oauth}).${client}.claims are what profile had. ${how}`, { section: "the-user" });
}

export function rewriteNames(file, project) {
  rewriteStorage(file, project);
  for (const found of libraryRefs(file, project)) {
    const { ref, whole, name, isOwn } = found;
    if (file.edits.covers(ref.start, ref.end) || file.settled?.has(ref)) continue;
    const inType = isInType(whole) || isInType(ref);
    // A name that another file of the app hands on keeps the name it has there.
    if (!isOwn) continue;
    if (name === "UserManager" && inType) managerType(file, project, found);
    else if (name === "UserManagerSettings" && [...project.sites.values()].some((site) => site.file === file && !site.isConverted)) continue;
    else if (TYPES[name] && (inType || whole.parent.type === "ExportSpecifier" || name === "ErrorResponse")) rename(file, found, inType);
    else if (name === "Log") log(file, whole);
    else if (name === "User" && isMember(whole.parent) && memberName(whole.parent) === "fromStorageString") stored(whole, file, project);
    else if (name === "UserManager" && whole.parent.type === "NewExpression" && whole.parent.callee === whole) continue; // told where the settings are
    else file.todo(whole, wordsFor(name), { section: SECTIONS[name] ?? "methods" });
  }
}

function wordsFor(name) {
  if (name === "*") return `The library as a whole is used here: name what is used of ${CORE}.`;
  if (name === "UserManager") return "The promise that createOAuth returns takes the place of a UserManager; it is made by a call, and no class extends it.";
  if (name === "OidcClient") return "createAuthorizationUrl, saveAuthorizeData and authorizeAccessToken of a client do what an OidcClient does.";
  if (name === "User") return "Only a verified login makes a session. A test makes one by createTestAuth of oidc-client-wasm/testing.";
  if (name === "ErrorTimeout") return 'This is an OAuthError whose code is "timeout".';
  if (name === "withAuth") return "Call useAuth() in the component. withAuth of oidc-client-wasm/react is a guard.";
  if (name === "AuthContext") return "useAuth() reads the context, which is not exported.";
  return `${name} has no counterpart.`;
}

function managerType(file, project, { whole }) {
  const site = project.sites.get(project.onlySite) ?? [...project.sites.values()].find((each) => each.file === file);
  if (site && !site.isConverted) return;
  const name = project.clientName;
  const creator = site?.asAuth ? "createAuth" : "createOAuth";
  const local = need(file, site?.asAuth ? REACT : CORE, creator, { isType: !site || site.file !== file });
  const text = `ReturnType<typeof ${local}<"${name}">>`;
  const target = whole.parent.type === "TSTypeReference" ? whole.parent : whole;
  file.edits.replace(target.start, target.end, text);
}

function rename(file, { ref, whole, name, binding, isSpace }, inType) {
  const [module, wanted] = TYPES[name];
  const isType = inType || name !== "ErrorResponse";
  const isAliased = !isSpace && binding.name !== name;
  const local = need(file, module, wanted, { isType, local: isAliased ? binding.name : undefined });
  const { parent } = whole;
  if (parent.type === "ExportSpecifier") {
    const outside = parent.exported.name ?? parent.exported.value;
    const mark = file.isTypeScript && parent.parent.exportKind !== "type" && isType ? "type " : "";
    file.edits.replace(parent.start, parent.end, `${mark}${local === outside ? local : `${local} as ${outside}`}`);
  } else if (local === binding.name && !isSpace) settle(file, ref);
  else file.edits.replace(whole.start, whole.end, local);
}

/** What the library writes to the console is set by calls of `Log`, which stand alone. */
function log(file, whole) {
  let at = whole.parent;
  while (at && at.type !== "ExpressionStatement") at = at.parent;
  const expression = at && bare(at.expression);
  const target = expression?.type === "CallExpression" ? expression.callee : expression?.left;
  const isAlone = target?.type === "MemberExpression" && (target.object === whole || target === whole || (target.object.type === "MemberExpression" && target.object === whole));
  const isDirect = isAlone || (target?.type === "MemberExpression" && target.start === whole.start);
  if (!isDirect) return file.todo(whole, "The package logs nothing unless createOAuth is given the option log: take this away.", { section: "the-codemod" });
  file.drop(at, file.text.slice(at.start, file.endOf(at)).replace(/;$/, ""), "the package logs nothing unless the option log is given");
  file.remove(at);
}
