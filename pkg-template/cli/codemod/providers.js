// `<AuthProvider>` of react-oidc-context: its settings become a `createAuth` in the module, which the provider of this package is given.

import { REACT, need, settle } from "./imports.js";
import { IS_CALLBACK, isWrittenOut, optionsOf, translateSettings } from "./settings.js";
import { bare, isFunction, nodesOf } from "./code/scopes.js";
import { Source, literal } from "./code/source.js";

/** The values of the attributes as members of an object, which is read as if the file had it. */
class Attributes extends Source {
  constructor(file, text, parse) {
    super(file.path, text, parse);
    this.home = file;
  }

  binding(ident) {
    return this.home.names.names().get(ident.name);
  }
}

export function findProviders(project) {
  for (const file of project.files.values()) {
    file.providers = file.nodes.filter((node) => node.type === "JSXOpeningElement" && project.kinds.library(node.name, file) === "AuthProvider");
    for (const node of file.providers) {
      const manager = node.attributes.find((attribute) => attribute.name?.name === "userManager");
      const site = manager && project.sites.get(project.kinds.of(manager.value?.expression, file)?.site);
      if (site?.isConverted) site.asAuth = true;
    }
  }
}

export function rewriteProviders(file, project, parse, name) {
  for (const node of file.providers) rewriteProvider(node, file, project, parse, name);
}

function rewriteProvider(node, file, project, parse, name) {
  const { attributes } = node;
  if (attributes.length === 0) return file.todo(node, "AuthProvider needs auth={createAuth({ app: settings })}, made in the module.", { section: "the-codemod" });
  const callbacks = attributes.filter((attribute) => IS_CALLBACK.test(attribute.name?.name));
  const own = attributes.filter((attribute) => !callbacks.includes(attribute));
  const list = `${own.map((attribute) => textOf(attribute, file)).map((text) => `    ${text},`).join("\n")}`;
  const manager = attributes.find((attribute) => attribute.name?.name === "userManager");
  if (manager) return withManager(node, manager, file, project);
  const text = `({\n${list}\n  })`;
  const fake = new Attributes(file, text, parse);
  const object = bare(fake.body[0].expression);
  const needs = [...nodesOf(object)].filter(({ type }) => type === "Identifier" || type === "JSXIdentifier");
  const inComponent = own.some((attribute) => [...nodesOf(attribute)].some((each) => ["Identifier", "JSXIdentifier"].includes(each.type) && isLocal(each, file)));
  if (inComponent || !isWrittenOut(object, fake, project)) {
    return file.todo(node, "The settings are not written out in the module. Make auth by createAuth({ app: { issuer, clientId, redirectUri, … } }) there, and give AuthProvider auth={auth}.", { section: "the-codemod" });
  }
  const plan = translateSettings(object, fake, project);
  (project.plans ??= []).push(plan);
  const single = object.properties.length === 1 && object.properties[0].type === "SpreadElement" ? object.properties[0].argument : undefined;
  const isDirect = object.properties.every(({ type }) => type !== "SpreadElement");
  const { text: options, left } = optionsOf(plan, undefined, isDirect);
  const creator = need(file, REACT, "createAuth");
  const auth = file.free("auth");
  (project.auths ??= []).push({ name: auth, file, isAuth: true });
  fake.finishLists();
  const rendered = fake.render(object).replace(/\{\s*\}/, "{}");
  const only = onlySpread(rendered);
  const settings = single ? fake.textOf(single) : only ?? rendered;
  const code = single || only ? `const ${auth} = ${creator}({ ${name}: ${settings} }${options});` : `const ${auth} = ${creator}({\n  ${name}: ${settings},\n}${options});`;
  place(node, needs, file.s(code).replaceAll("\n", file.newline), file);
  file.edits.replace(attributes[0].start, attributes.at(-1).end, `auth={${auth}}`);
  settle(file, node.name);
  const closing = node.parent.closingElement?.name;
  if (closing) settle(file, closing);
  need(file, REACT, "AuthProvider", { local: node.name.type === "JSXIdentifier" ? node.name.name : undefined });
  if (node.name.type === "JSXMemberExpression") for (const tag of [node.name, closing]) if (tag) file.edits.replace(tag.start, tag.end, "AuthProvider");
  file.dropped.push(...fake.dropped.map((each) => ({ ...each, line: file.line(node) })));
  file.todos.push(...fake.todos.map((each) => ({ ...each, line: file.line(node) })));
  if (left.length > 0) file.todo(node, `Give createAuth the options { ${left.join(", ")} }, which stood in the settings.`, { section: "settings" });
  props({ props: { ...plan.props, ...propsOf(callbacks, file) } }, node, file, project);
  return undefined;
}

const propsOf = (attributes, file) => Object.fromEntries(attributes.map((attribute) => [attribute.name.name, { value: attribute.value?.expression, file }]));

const onlySpread = (text) => /^\{\s*\.\.\.([\w$.]+),?\s*\}$/.exec(text)?.[1];

const textOf = (attribute, file) => {
  if (attribute.type === "JSXSpreadAttribute") return `...${file.textOf(attribute.argument)}`;
  const { value } = attribute;
  if (!value) return `${attribute.name.name}: true`;
  if (value.type === "JSXExpressionContainer") return file.textOf(value.expression) === attribute.name.name ? attribute.name.name : `${attribute.name.name}: ${file.textOf(value.expression)}`;
  return `${attribute.name.name}: ${JSON.stringify(value.value)}`;
};

/** Whether a name in an attribute is one that only the component knows. */
function isLocal(ident, file) {
  if (ident.parent?.type === "JSXAttribute" || (ident.parent?.type.endsWith("MemberExpression") && ident.parent.property === ident && !ident.parent.computed)) return false;
  const binding = file.binding(ident);
  if (!binding || binding.scope === file.names.scopeOf(file.ast.program)) return false;
  // What a function in the attribute declares itself goes with it.
  for (let at = ident.parent; at && at.type !== "JSXAttribute" && at.type !== "JSXSpreadAttribute"; at = at.parent) if (binding.scope.node === at) return false;
  return true;
}

/** The statement stands before the one that has the provider, and after all that it reads. */
function place(node, idents, code, file) {
  let statement = node;
  while (statement.parent.type !== "Program") statement = statement.parent;
  const declared = idents.map(({ name }) => file.names.names().get(name)?.declaration).filter(Boolean).map((declaration) => {
    let at = declaration;
    while (at.parent.type !== "Program") at = at.parent;
    return at;
  }).filter((at) => at.type !== "ImportDeclaration" && !/^(?:Export\w+|)FunctionDeclaration$/.test(at.type) && at.start > statement.start);
  const last = declared.sort((left, right) => right.end - left.end)[0];
  if (last) return file.edits.insertBelow(file.endOf(last), code, file.newline);
  const at = statement.leadingComments?.find((comment) => /^\s*$/.test(file.text.slice(file.startOfLine(comment.start), comment.start)))?.start ?? statement.start;
  return file.edits.insert(at, `${code}${file.newline}${file.newline}`);
}

function withManager(node, manager, file, project) {
  const site = project.sites.get(project.kinds.of(manager.value?.expression, file)?.site);
  if (!site?.isConverted) return file.todo(node, "Make auth by createAuth({ app: settings }) of oidc-client-wasm/react, and give AuthProvider auth={auth}.", { section: "the-codemod" });
  (project.plans ??= []).push(site.plan);
  const others = propsOf(node.attributes.filter((attribute) => attribute !== manager && attribute.name), file);
  file.edits.replace(node.attributes[0].start, node.attributes.at(-1).end, `auth={${file.textOf(manager.value.expression)}}`);
  for (const tag of [node.name, node.parent.closingElement?.name]) if (tag) settle(file, tag);
  need(file, REACT, "AuthProvider", { local: node.name.name });
  return props({ props: others }, node, file, project);
}

const CALLBACKS = {
  __proto__: null,
  onSigninCallback: "AuthProvider cleans the address and goes to the place where the login began, by its prop navigate. The promise auth.redirect gives the result.",
  skipSigninCallback: "A code and a state that belong to another library are left alone: this is mostly not needed.",
  onSignoutCallback: 'The promise auth.redirect gives { kind: "logout" } after a logout has come back.',
  onRemoveUser: 'Call what was given as onRemoveUser after client.clear(), or at the event "logout".',
};

function props({ props: given }, node, file, project) {
  for (const [prop, { value, file: home }] of Object.entries(given)) {
    if (prop === "matchSignoutCallback") {
      file.drop(node, prop, "the return of a logout is known by its state");
      continue;
    }
    const found = value && functionOf(value, home, project);
    const body = found && found.node.body;
    const single = body?.type === "BlockStatement" ? (body.body.length === 1 ? body.body[0].expression : undefined) : body;
    const isCleaning = prop === "onSigninCallback" && single?.type === "CallExpression" && /\bhistory\.replaceState$/.test(found.file.textOf(single.callee));
    const isNothing = (prop === "skipSigninCallback" && value && literal(value) === false) || (body?.type === "BlockStatement" && body.body.length === 0);
    if (!isCleaning && !isNothing) {
      file.todo(node, `${CALLBACKS[prop] ?? `${prop} has no counterpart.`} It was: ${prop}={${value ? home.textOf(value).replace(/\s+/g, " ").slice(0, 120) : "true"}}`, { section: "the-codemod" });
      continue;
    }
    file.drop(node, prop, "AuthProvider cleans the address itself");
    if (found?.statement && found.binding.refs.length === 1) found.file.remove(found.statement);
  }
}

/** The function that a prop is, here or in the module. */
function functionOf(value, file, project) {
  const node = bare(value);
  if (isFunction(node)) return { node, file };
  if (node?.type !== "Identifier") return undefined;
  const found = project.behind(file.binding(node), file);
  const declaration = found?.binding?.declaration;
  if (isFunction(declaration)) return { node: declaration, file: found.file, binding: found.binding, statement: ["Program", "BlockStatement"].includes(declaration.parent.type) ? declaration : undefined };
  if (!isFunction(bare(declaration?.init))) return undefined;
  const statement = declaration.parent.declarations.length === 1 && ["Program", "BlockStatement"].includes(declaration.parent.parent.type) ? declaration.parent : undefined;
  return { node: bare(declaration.init), file: found.file, binding: found.binding, statement };
}
