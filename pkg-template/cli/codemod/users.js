// A User: the stored token takes its place, and its `profile` is `userinfo`, the validated claims.

import { accessTo } from "./manager.js";
import { isCall, isMember, keyName, memberName } from "./code/source.js";
import { bare, functionAround } from "./code/scopes.js";

/** Claims that every id_token has. */
const ALWAYS = new Set(["sub", "iss", "aud", "exp", "iat"]);

const NOT_HERE = {
  __proto__: null,
  state: "The state of a login is appState of the result of handleRedirect().",
  url_state: "url_state has no counterpart.",
  toStorageString: "The client stores the session itself.",
};

export function rewriteUsers(file, project) {
  for (const node of file.nodes) {
    if (isMember(node)) {
      const kind = project.kinds.of(node.object, file);
      if (kind?.is === "user") userMember(node, file, project);
      if (kind?.is === "profile" && bare(node.object).type === "Identifier") optional(node, file);
    }
    if (node.type === "ObjectPattern") pattern(node, file, project);
    if (node.type === "SpreadElement" && project.kinds.of(node.argument, file)?.is === "user") file.todo(node, "These are the members of a token: userinfo has what profile had, and expired and scopes are none.");
  }
}

function userMember(node, file, project) {
  if (file.edits.covers(node.start, node.end) || file.settled?.has(node)) return;
  const name = memberName(node);
  const object = () => file.head(node);
  const chain = node.optional || node.type === "OptionalMemberExpression" ? "?." : ".";
  const put = (text) => file.edits.replace(node.start, node.end, text);
  if (name === "profile") profile(node, file);
  else if (name === "access_token") accessToken(node, file, project);
  else if (name === "expired") {
    const isNot = node.parent.type === "UnaryExpression" && node.parent.operator === "!";
    const outer = isNot ? node.parent : node;
    const text = `(${object()}${chain}expires_at ?? Infinity) * 1000 ${isNot ? ">" : "<="} Date.now()`;
    file.edits.replace(outer.start, outer.end, isSafe(outer.parent, outer) ? text : `(${text})`);
  } else if (name === "expires_in") put(`(${object()}${chain}expires_at && ${object()}.expires_at - Math.floor(Date.now() / 1000))`);
  else if (name === "scopes") put(`(${object()}${chain}scope?.split(" ") ?? [])`);
  else if (name in NOT_HERE) file.todo(node, NOT_HERE[name]);
}

/** Where a comparison needs no parentheses. */
export const isSafe = ({ type, operator }, node) => ["IfStatement", "VariableDeclarator", "ReturnStatement", "ArrowFunctionExpression", "ObjectProperty", "JSXExpressionContainer", "TemplateLiteral"].includes(type)
  || (type === "ConditionalExpression" && node.parent.test === node) || (type === "LogicalExpression" && operator !== "??") || (isCall({ type }) && node.parent.arguments.includes(node));

function profile(node, file) {
  file.edits.replace(node.property.start, node.property.end, node.computed ? file.q('"userinfo"') : "userinfo");
  let at = node;
  while (at.parent.type === "TSNonNullExpression" || at.parent.type === "TSAsExpression") at = at.parent;
  const outer = at.parent;
  if (at !== node || !isMember(outer) || outer.object !== at || outer.optional) return;
  const isKnown = file.isTypeScript && ALWAYS.has(memberName(outer));
  file.edits.insert(node.end, isKnown ? "!" : outer.computed ? "?." : "?");
}

/** A member of claims that may be missing. */
function optional(node, file) {
  if (node.optional || node.object.type === "TSNonNullExpression") return;
  file.edits.insert(file.after(node), file.isTypeScript && ALWAYS.has(memberName(node)) ? "!" : node.computed ? "?." : "?");
}

/** In an async function, the token of `const user = await manager.getUser()` is that of `getAccessToken()`, which refreshes it. */
function accessToken(node, file, project) {
  const object = bare(node.object);
  const binding = object.type === "Identifier" && file.binding(object);
  const declarator = binding && binding.declaration.type === "VariableDeclarator" && binding.declaration.id === binding.ident ? binding.declaration : undefined;
  const awaits = declarator && bare(declarator.init)?.type === "AwaitExpression" ? bare(declarator.init) : undefined;
  const call = awaits && bare(awaits.argument);
  if (!isCall(call) || !isMember(call.callee) || memberName(call.callee) !== "getUser" || call.callee.optional) return;
  const around = functionAround(node);
  if (around !== functionAround(declarator) || (around && !around.async) || isTested(node) || isAssigned(node)) return;
  if (project.kinds.of(call.callee.object, file)?.is !== "manager") return;
  const access = accessTo(call.callee.object, file, project);
  if (!access) return;
  const text = `await ${file.head(call.callee)}.${access.client}.getAccessToken()`;
  const isOptional = node.optional || node.type === "OptionalMemberExpression";
  const plain = ["TemplateLiteral", "ReturnStatement", "VariableDeclarator", "ObjectProperty", "AssignmentExpression", "JSXExpressionContainer", "ConditionalExpression"].includes(node.parent.type) || (isCall(node.parent) && node.parent.arguments.includes(node));
  file.edits.replace(node.start, node.end, isOptional ? `(${object.name} ? ${text} : undefined)` : plain ? text : `(${text})`);
}

export function isTested(node) {
  let at = node;
  while (at.parent && (at.parent.type === "LogicalExpression" || (at.parent.type === "UnaryExpression" && at.parent.operator === "!") || /^TS(?:NonNull|As)/.test(at.parent.type))) {
    if (at.parent.type === "LogicalExpression" && at.parent.left === at) return at.parent.operator !== "??";
    at = at.parent;
  }
  const { parent } = at;
  return at.type === "UnaryExpression" || parent.test === at || (isCall(parent) && parent.callee.name === "Boolean");
}

export const isAssigned = ({ parent, start }) => (parent.type === "AssignmentExpression" && parent.left.start === start) || parent.type === "UpdateExpression" || (parent.type === "UnaryExpression" && parent.operator === "delete");

function pattern(node, file, project) {
  const declarator = node.parent.type === "VariableDeclarator" && node.parent.id === node ? node.parent : undefined;
  const kind = declarator ? declarator.init && project.kinds.of(declarator.init, file) : undefined;
  if (kind?.is !== "user") return;
  for (const property of node.properties) {
    const key = keyName(property);
    if (key === "profile") {
      if (property.shorthand) file.edits.insert(property.start, "userinfo: ");
      else file.edits.replace(property.key.start, property.key.end, "userinfo");
    } else if (["expired", "expires_in", "scopes"].includes(key) || key in NOT_HERE) {
      file.todo(property, NOT_HERE[key] ?? `${key} is not a member of a token: expires_at and scope are.`);
    }
  }
}
