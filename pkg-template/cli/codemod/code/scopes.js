// The names of a file: where each is declared, and what an identifier refers to.

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "ObjectMethod", "ClassMethod", "ClassPrivateMethod", "TSDeclareFunction", "TSDeclareMethod"]);
const BLOCKS = new Set(["Program", "BlockStatement", "ForStatement", "ForInStatement", "ForOfStatement", "SwitchStatement", "CatchClause", "StaticBlock", "TSModuleBlock", "ClassExpression",
  "ClassDeclaration", "TSTypeAliasDeclaration", "TSInterfaceDeclaration", "TSFunctionType"]);
const SKIPPED = new Set(["loc", "leadingComments", "trailingComments", "innerComments", "extra", "tokens", "comments", "errors", "parent"]);

export const isFunction = (node) => FUNCTIONS.has(node?.type);

export function* childrenOf(node) {
  for (const [key, value] of Object.entries(node)) {
    if (SKIPPED.has(key) || value === null || typeof value !== "object") continue;
    for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === "string") yield child;
  }
}

/** Every node, those outside before those inside. */
export function* nodesOf(root) {
  const open = [root];
  while (open.length > 0) {
    const node = open.pop();
    yield node;
    open.push(...[...childrenOf(node)].reverse());
  }
}

export function nearest(node, test) {
  let at = node.parent;
  while (at && !test(at)) at = at.parent;
  return at;
}

export const functionAround = (node) => nearest(node, isFunction);
export const classAround = (node) => nearest(node, ({ type }) => type === "ClassDeclaration" || type === "ClassExpression");
export const statementAround = (node) => {
  let at = node;
  while (at.parent && !(Array.isArray(at.parent.body) && at.parent.body.includes(at)) && !at.parent.consequent?.includes?.(at)) at = at.parent;
  return at;
};

/** The expression without what says nothing about its value: types, `!`, and so on. */
export function bare(node) {
  let at = node;
  while (["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSTypeAssertion", "ParenthesizedExpression", "TypeCastExpression"].includes(at?.type)) at = at.expression;
  return at;
}

/** The identifiers that a pattern declares, each with the pattern. */
export function* namesIn(pattern) {
  if (!pattern) return;
  if (pattern.type === "Identifier") yield pattern;
  else if (pattern.type === "ObjectPattern") for (const each of pattern.properties) yield* namesIn(each.type === "RestElement" ? each.argument : each.value);
  else if (pattern.type === "ArrayPattern") for (const each of pattern.elements) yield* namesIn(each);
  else if (pattern.type === "AssignmentPattern") yield* namesIn(pattern.left);
  else if (pattern.type === "RestElement") yield* namesIn(pattern.argument);
  else if (pattern.type === "TSParameterProperty") yield* namesIn(pattern.parameter);
}

export function declareNames(ast) {
  const scopes = new Map();
  const scopeOf = (node) => {
    let at = node;
    while (at && !scopes.has(at)) at = at.parent;
    return scopes.get(at);
  };
  for (const node of nodesOf(ast.program)) {
    for (const child of childrenOf(node)) child.parent = node;
    if (BLOCKS.has(node.type) || isFunction(node)) scopes.set(node, { node, names: new Map(), parent: node.parent && scopeOf(node.parent) });
  }
  const declared = new Set();
  const declare = (ident, declaration, scope) => {
    declared.add(ident);
    if (ident && !scope.names.has(ident.name)) scope.names.set(ident.name, { name: ident.name, ident, declaration, scope, refs: [] });
  };
  for (const node of nodesOf(ast.program)) {
    const outside = node.parent && scopeOf(node.parent);
    if (node.type === "VariableDeclarator") {
      let scope = outside;
      if (node.parent.kind === "var") while (scope.parent && !isFunction(scope.node)) scope = scope.parent;
      for (const ident of namesIn(node.id)) declare(ident, node, scope);
    }
    if (["FunctionDeclaration", "ClassDeclaration", "TSInterfaceDeclaration", "TSTypeAliasDeclaration", "TSEnumDeclaration", "TSModuleDeclaration", "TSDeclareFunction", "TSImportEqualsDeclaration"].includes(node.type) && node.id?.type === "Identifier") declare(node.id, node, outside);
    if (["FunctionExpression", "ClassExpression"].includes(node.type)) declare(node.id, node, scopes.get(node));
    if (isFunction(node)) for (const param of node.params) for (const ident of namesIn(param)) declare(ident, param, scopes.get(node));
    if (node.type === "CatchClause") for (const ident of namesIn(node.param)) declare(ident, node, scopes.get(node));
    if (node.type === "TSTypeParameter") declare(typeof node.name === "string" ? { name: node.name } : node.name, node, outside);
    if (["ImportSpecifier", "ImportDefaultSpecifier", "ImportNamespaceSpecifier"].includes(node.type)) declare(node.local, node, outside);
  }
  const lookUp = (name, from) => {
    for (let scope = scopeOf(from); scope; scope = scope.parent) if (scope.names.has(name)) return scope.names.get(name);
    return undefined;
  };
  for (const node of nodesOf(ast.program)) if (isReference(node) && !declared.has(node)) lookUp(node.name, node)?.refs.push(node);
  return { lookUp, scopeOf, names: (scope = scopes.get(ast.program)) => scope.names };
}

/** Whether an identifier stands for what was declared under its name. */
export function isReference(node) {
  const { parent } = node;
  if (node.type === "JSXIdentifier") return (parent.type === "JSXOpeningElement" || parent.type === "JSXClosingElement") ? /^[A-Z]/.test(node.name) : parent.type === "JSXMemberExpression" && parent.object === node;
  if (node.type !== "Identifier" || !parent) return false;
  if (["MemberExpression", "OptionalMemberExpression"].includes(parent.type)) return parent.object === node || parent.computed;
  if (["ObjectProperty", "ObjectMethod", "ClassMethod", "ClassProperty", "ClassAccessorProperty", "TSPropertySignature", "TSMethodSignature", "TSDeclareMethod"].includes(parent.type) && parent.key === node && !parent.computed) {
    return parent.shorthand === true && parent.parent.type === "ObjectExpression" && parent.value === node;
  }
  if (["ImportSpecifier", "ImportDefaultSpecifier", "ImportNamespaceSpecifier", "LabeledStatement", "BreakStatement", "ContinueStatement", "TSEnumMember", "MetaProperty"].includes(parent.type)) return false;
  if (parent.type === "ExportSpecifier") return parent.local === node && !parent.parent.source;
  if (parent.type === "TSQualifiedName") return parent.left === node;
  if (parent.type === "VariableDeclarator" && parent.id === node) return false;
  if (isFunction(parent) && (parent.params.includes(node) || parent.id === node)) return false;
  return parent.id !== node;
}
