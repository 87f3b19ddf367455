// The imports of a file: which names of the two libraries are still there, and which names of this package take their place.

import { LIBRARIES } from "./code/kinds.js";
import { isMember, keyName, literal } from "./code/source.js";
import { bare } from "./code/scopes.js";

export const CORE = "oidc-client-wasm";
export const REACT = "oidc-client-wasm/react";

/** The types that have a counterpart of the same use. */
export const TYPES = {
  __proto__: null,
  User: [CORE, "Token"],
  UserManagerSettings: [CORE, "ClientSettings"],
  OidcClientSettings: [CORE, "ClientSettings"],
  AuthProviderProps: [CORE, "ClientSettings"],
  AuthProviderNoUserManagerProps: [CORE, "ClientSettings"],
  UserProfile: [CORE, "IdTokenClaims"],
  IdTokenClaims: [CORE, "IdTokenClaims"],
  SigninRedirectArgs: [CORE, "AuthorizeParams"],
  SigninSilentArgs: [CORE, "AuthorizeParams"],
  SigninPopupArgs: [CORE, "AuthorizeParams"],
  SignoutRedirectArgs: [CORE, "LogoutParams"],
  ErrorResponse: [CORE, "OAuthError"],
  ErrorContext: [CORE, "OAuthError"],
  AuthContextProps: [REACT, "UseAuth"],
};

/** The local name of something of this package, which the file will import. */
export function need(file, module, name, { isType = false, local } = {}) {
  file.needs ??= new Map();
  const key = `${module} ${name}`;
  const found = file.needs.get(key);
  if (found) {
    found.isType &&= isType;
    return found.local;
  }
  const there = ownImport(file, module, name, isType);
  const chosen = there ?? local ?? (isTaken(file, name) ? file.free(`oauth${name[0].toUpperCase()}${name.slice(1)}`) : name);
  file.needs.set(key, { module, name, local: chosen, isType, isThere: there !== undefined });
  return chosen;
}

/** The name under which a file, half of which is rewritten already, imports this. */
function ownImport(file, module, name, isType) {
  const specifiers = file.body.filter((node) => node.type === "ImportDeclaration" && node.source.value === module && (isType || node.importKind !== "type")).flatMap((node) => node.specifiers);
  return specifiers.find((each) => each.type === "ImportSpecifier" && (each.imported.name ?? each.imported.value) === name && (isType || each.importKind !== "type"))?.local.name;
}

/** Whether the file declares this name itself, anywhere. An import that goes is no declaration. */
export function isTaken(file, name) {
  for (const node of file.nodes) {
    const binding = node.type === "Identifier" && node.name === name && file.binding(node);
    if (binding && !isOfLibrary(binding)) return true;
  }
  return false;
}

const isOfLibrary = ({ declaration }) => (declaration.type === "VariableDeclarator" ? isRequire(declaration) : /^Import/.test(declaration.type) && LIBRARIES.includes(declaration.parent?.source?.value));
const isRequire = ({ init }) => bare(init)?.type === "CallExpression" && bare(init).callee.name === "require" && LIBRARIES.includes(literal(bare(init).arguments[0]));

/** Whether an identifier stands in a type. */
export const isInType = ({ parent }) => /^TS(?:TypeReference|ExpressionWithTypeArguments|InterfaceHeritage|ClassImplements|QualifiedName|TypeQuery)$/.test(parent?.type ?? "");

const isGone = (file, node) => file.edits.covers(node.start, node.end) || file.settled?.has(node);

/** A reference that needs no change, because its import gets the new name. */
export function settle(file, node) {
  (file.settled ??= new Set()).add(node);
}

/** Puts new imports into the place of old ones. */
export function rewriteImports(file) {
  const olds = [];
  for (const node of file.body) {
    if (node.type === "ImportDeclaration" && LIBRARIES.includes(node.source.value)) olds.push({ node, specifiers: node.specifiers, nameOf: ({ local }) => local });
    if (node.type === "VariableDeclaration" && node.declarations.length === 1 && isRequire(node.declarations[0])) {
      const { id } = node.declarations[0];
      olds.push({ node, isRequire: true, specifiers: id.type === "ObjectPattern" ? id.properties : [id], nameOf: (specifier) => specifier.value ?? specifier });
    }
  }
  const needs = [...(file.needs?.values() ?? [])].filter(({ isThere }) => !isThere);
  const [model] = olds;
  const text = model ? file.text.slice(model.node.start, file.endOf(model.node)) : firstImport(file) ? file.textOf(firstImport(file)) : 'import "";';
  const style = { quote: /["']/.exec(text)?.[0] ?? '"', end: /;\s*$/.test(text) ? ";" : "", isRequire: model?.isRequire, isTypeScript: file.isTypeScript };
  const lines = linesOf(needs, style);
  for (const [index, old] of olds.entries()) {
    const kept = old.specifiers.filter((specifier) => isKept(file, old.nameOf(specifier)));
    const added = index === 0 ? lines : [];
    if (kept.length === old.specifiers.length && old.specifiers.length > 0) {
      if (added.length > 0) file.edits.insert(old.node.start, added.map((line) => `${line}${file.newline}${file.indentAt(old.node.start)}`).join(""));
      continue;
    }
    if (kept.length > 0) added.push(rest(file, old, kept, style));
    if (added.length === 0) file.remove(old.node);
    else file.edits.replace(old.node.start, file.endOf(old.node), added.join(`${file.newline}${file.indentAt(old.node.start)}`));
  }
  if (olds.length === 0 && lines.length > 0) {
    const place = firstImport(file) ?? file.body[0];
    const at = place ? place.start : 0;
    file.edits.insert(at, lines.map((line) => `${line}${file.newline}${file.indentAt(at)}`).join(""));
  }
}

const firstImport = (file) => file.body.find(({ type }) => type === "ImportDeclaration");

function isKept(file, ident) {
  const binding = file.names.names().get(ident.name);
  if (!binding) return true;
  // A name that the file never used, or that a declaration beside it has, goes with the others.
  return binding.refs.some((ref) => !isGone(file, ref));
}

function linesOf(needs, { quote, end, isRequire: requires, isTypeScript }) {
  return [...new Set(needs.map(({ module }) => module))].sort().map((module) => {
    const own = needs.filter((each) => each.module === module).sort((left, right) => (left.name < right.name ? -1 : 1));
    if (requires) return `const { ${own.map(({ name, local }) => (name === local ? name : `${name}: ${local}`)).join(", ")} } = require(${quote}${module}${quote})${end}`;
    const isAllTypes = own.every(({ isType }) => isType);
    const names = own.map(({ name, local, isType }) => `${isType && !isAllTypes && isTypeScript ? "type " : ""}${name === local ? name : `${name} as ${local}`}`);
    return `import ${isAllTypes && isTypeScript ? "type " : ""}{ ${names.join(", ")} } from ${quote}${module}${quote}${end}`;
  });
}

function rest(file, { node, isRequire: requires }, kept, { quote, end }) {
  const names = kept.map((specifier) => file.textOf(specifier)).join(", ");
  if (requires) return `const { ${names} } = require(${file.textOf(bare(node.declarations[0].init).arguments[0])})${end}`;
  return `import ${node.importKind === "type" ? "type " : ""}{ ${names} } from ${quote}${node.source.value}${quote}${end}`;
}

/** `export { User } from "oidc-client-ts"`, and what else speaks of a library by its name. */
export function rewriteOthers(file) {
  for (const node of file.nodes) {
    if (node.type === "ExportNamedDeclaration" && LIBRARIES.includes(node.source?.value)) rewriteExport(file, node);
    if (node.type === "ExportAllDeclaration" && LIBRARIES.includes(node.source.value)) {
      file.todo(node, `Export what the app uses of ${CORE} by name.`, { section: "the-codemod" });
    }
    const isDynamic = node.type === "ImportExpression" ? node.source : node.type === "CallExpression" && node.callee.type === "Import" && node.arguments[0];
    if (isDynamic && LIBRARIES.includes(literal(isDynamic))) {
      file.todo(node, "Import oidc-client-wasm in its place. It loads its WebAssembly when createOAuth is called, so an import that waits is mostly not needed.", { section: "the-codemod" });
    }
    if (node.type === "CallExpression" && isMember(node.callee) && ["vi", "jest", "vitest"].includes(node.callee.object.name) && /mock/i.test(node.callee.property.name ?? "") && LIBRARIES.includes(literal(node.arguments[0]))) {
      file.todo(node, "Give the test createTestAuth of oidc-client-wasm/testing in place of this mock: docs/testing-components.md.", { section: "the-codemod" });
    }
  }
}

function rewriteExport(file, node) {
  const moved = node.specifiers.filter(({ local }) => local && TYPES[local.name] && local.name !== "ErrorResponse");
  const stay = node.specifiers.filter((specifier) => !moved.includes(specifier));
  const end = file.endOf(node);
  const semicolon = file.text[end - 1] === ";" ? ";" : "";
  const [quote] = file.textOf(node.source);
  const lines = [...new Set(moved.map(({ local }) => TYPES[local.name][0]))].map((module) => {
    const names = moved.filter(({ local }) => TYPES[local.name][0] === module).map(({ local, exported }) => {
      const [, name] = TYPES[local.name];
      const outside = exported.name ?? exported.value;
      return name === outside ? name : `${name} as ${outside}`;
    });
    return `export type { ${names.join(", ")} } from ${quote}${module}${quote}${semicolon}`;
  });
  if (stay.length > 0) {
    file.todo(node, `${stay.map((each) => each.local?.name ?? "*").join(" and ")} ${stay.length > 1 ? "have" : "has"} no counterpart of the same shape: export what the app uses of ${CORE}.`, { section: "the-codemod" });
    lines.unshift(`export ${node.exportKind === "type" ? "type " : ""}{ ${stay.map((each) => file.textOf(each)).join(", ")} } from ${file.textOf(node.source)}${semicolon}`);
  }
  if (moved.length > 0) file.edits.replace(node.start, end, lines.join(`${file.newline}${file.indentAt(node.start)}`));
}

/** The references to names of the libraries in this file, each with the name. */
export function* libraryRefs(file, project) {
  for (const binding of file.names.names().values()) {
    const from = project.imported(binding, file);
    if (!from) continue;
    const isOwn = isOfLibrary(binding);
    for (const ref of binding.refs) {
      if (from.name !== "*") yield { ref, whole: ref, name: from.name, binding, isOwn };
      else {
        const { parent } = ref;
        if (parent.type === "TSQualifiedName") yield { ref, whole: parent, name: parent.right.name, binding, isOwn, isSpace: true };
        else if (isMember(parent) && parent.object === ref) yield { ref, whole: parent, name: keyName({ key: parent.property, computed: parent.computed }), binding, isOwn, isSpace: true };
        else yield { ref, whole: ref, name: "*", binding, isOwn, isSpace: true };
      }
    }
  }
}
