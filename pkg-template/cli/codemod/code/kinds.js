// What an expression is, as far as the code itself says it: a UserManager, a User, a promise of one, the state of `useAuth`, and so on.

import { isCall, isMember, keyName, memberName } from "./source.js";
import { bare, classAround, isFunction, nearest, nodesOf } from "./scopes.js";

export const LIBRARIES = ["oidc-client-ts", "react-oidc-context"];
export const promiseOf = (kind) => kind && (kind.is === "promise" ? kind : { is: "promise", of: kind });
const awaited = (kind) => (kind?.is === "promise" ? kind.of : kind);

const GIVES_USER = new Set(["getUser", "signinRedirectCallback", "signinCallback", "signinPopup", "signinSilent", "signinResourceOwnerCredentials"]);
const PASSES_ON = new Set(["useMemo", "useState", "useRef", "ref", "shallowRef", "signal", "useCallback", "memo", "lazy"]);

export class Kinds {
  #memo = new Map();

  constructor(project) {
    this.project = project;
  }

  #once(node, work) {
    if (!node) return undefined;
    if (this.#memo.has(node)) return this.#memo.get(node);
    this.#memo.set(node, undefined); // a circle ends here
    const kind = work();
    this.#memo.set(node, kind);
    return kind;
  }

  /** The name in one of the two libraries that an identifier or `Namespace.name` stands for. */
  library(node, file) {
    if (isMember(node) || node?.type === "TSQualifiedName" || node?.type === "JSXMemberExpression") {
      const object = node.type === "TSQualifiedName" ? node.left : node.object;
      const name = node.type === "TSQualifiedName" ? node.right.name : node.property.name;
      const space = ["Identifier", "JSXIdentifier"].includes(object.type) && this.project.imported(file.binding(object), file);
      return space?.name === "*" ? name : undefined;
    }
    if (node?.type !== "Identifier" && node?.type !== "JSXIdentifier") return undefined;
    const from = this.project.imported(file.binding(node), file);
    return from?.name === "*" ? undefined : from?.name;
  }

  of(given, file) {
    const node = bare(given);
    return this.#once(node, () => this.#of(node, file) ?? this.#asserted(given, file));
  }

  /** `x as User` says what x is where nothing else does. */
  #asserted(node, file) {
    for (let at = node; at && at !== bare(node); at = at.expression) {
      const kind = at.typeAnnotation && this.type(at.typeAnnotation, file);
      if (kind) return kind;
    }
    return undefined;
  }

  #of(node, file) {
    switch (node?.type) {
      case "Identifier": return this.binding(file.binding(node), file);
      case "AwaitExpression": return awaited(this.of(node.argument, file));
      case "ConditionalExpression": return this.of(node.consequent, file) ?? this.of(node.alternate, file);
      case "LogicalExpression": return this.of(node.right, file) ?? this.of(node.left, file);
      case "AssignmentExpression": return this.of(node.right, file);
      case "SequenceExpression": return this.of(node.expressions.at(-1), file);
      case "NewExpression": return this.#constructed(node, file);
      case "CallExpression": case "OptionalCallExpression": return this.#called(node, file);
      case "MemberExpression": case "OptionalMemberExpression": return this.#member(node, file);
      case "ObjectExpression": return { is: "object", member: (name) => {
        const found = node.properties.find((property) => keyName(property) === name);
        return found && (found.type === "ObjectMethod" ? { is: "function", node: found, file } : this.of(found.value, file));
      } };
      case "ThisExpression": {
        const owner = classAround(node);
        return owner && { is: "instance", node: owner, file };
      }
      default: return isFunction(node) ? { is: "function", node, file } : undefined;
    }
  }

  #constructed(node, file) {
    if (this.library(node.callee, file) === "UserManager") return this.project.sites.get(node)?.isConverted === false ? { is: "other" } : { is: "manager", site: node };
    const found = node.callee.type === "Identifier" && this.binding(file.binding(node.callee), file);
    return found?.is === "class" ? { ...found, is: "instance" } : undefined;
  }

  #called(node, file) {
    const { callee } = node;
    const name = this.library(callee, file);
    if (name === "useAuth") return { is: "react" };
    if (isMember(callee)) {
      const member = memberName(callee);
      const object = this.of(callee.object, file);
      if (object?.is === "manager") return GIVES_USER.has(member) ? promiseOf({ is: "user", from: node, file }) : undefined;
      if (object?.is === "other" && GIVES_USER.has(member)) return promiseOf(object);
      if (object?.is === "promise") return member === "then" ? promiseOf(awaited(this.#returned(node.arguments[0], file))) : ["catch", "finally"].includes(member) ? object : undefined;
    }
    const type = node.typeParameters?.params?.[0] ?? node.typeArguments?.params?.[0];
    if (callee.type === "Identifier" || isMember(callee)) {
      const called = callee.type === "Identifier" ? callee.name : memberName(callee);
      const inner = () => (type && this.type(type, file)) ?? (isFunction(node.arguments[0]) ? this.#returned(node.arguments[0], file) : this.of(node.arguments[0], file));
      if (called === "createContext") return { is: "context", of: inner() };
      if (called === "useContext") return this.of(node.arguments[0], file)?.of;
      if (called === "inject") {
        const given = this.of(node.arguments[0], file);
        return given?.is === "class" ? { ...given, is: "instance" } : undefined;
      }
      if (PASSES_ON.has(called)) {
        const kind = inner();
        if (called === "useState") return kind && { is: "array", at: (index) => (index === 0 ? kind : undefined) };
        if (called === "useMemo") return kind;
        if (called === "signal") return kind && { is: "function", gives: kind };
        return kind && { is: "object", member: (member) => (["current", "value"].includes(member) ? kind : undefined) };
      }
    }
    const kind = this.of(callee, file);
    return kind?.is === "function" ? this.gives(kind) : undefined;
  }

  /** What a call of this function gives. */
  gives(kind) {
    if (kind.gives) return kind.gives;
    const { node, file } = kind;
    return this.#once(node.params, () => {
      const declared = node.returnType && this.type(node.returnType, file);
      if (declared && declared.is !== "manager") return declared;
      const values = node.body?.type === "BlockStatement" ? file.nodes.filter((each) => each.type === "ReturnStatement" && nearest(each, isFunction) === node).map((each) => each.argument) : [node.body];
      const found = values.map((value) => value && this.of(value, file)).find(Boolean) ?? declared;
      return node.async ? promiseOf(found) : found;
    });
  }

  #returned(node, file) {
    const kind = node && (isFunction(node) ? { is: "function", node, file } : this.of(node, file));
    return kind?.is === "function" ? this.gives(kind) : undefined;
  }

  #member(node, file) {
    const name = memberName(node);
    const object = this.of(node.object, file);
    if (object?.is === "array") return object.at(node.property.value);
    return this.member(object, name);
  }

  member(object, name) {
    if (!object || name === undefined) return undefined;
    if (object.is === "manager") return name === "events" ? { is: "events", site: object.site } : undefined;
    if (object.is === "other") return object;
    if (object.is === "user") return name === "profile" ? { is: "profile" } : undefined;
    if (object.is === "react") return name === "user" ? { is: "reactUser" } : name === "events" ? { is: "reactEvents" } : undefined;
    if (object.is === "reactUser") return name === "profile" ? { is: "claims" } : undefined;
    if (object.is === "object") return object.member(name);
    if (object.is === "instance" || object.is === "class") return this.#field(object, name);
    return undefined;
  }

  #field({ node: owner, file }, name) {
    for (const member of owner.body.body) {
      if (keyName(member) === name) {
        if (member.type === "ClassMethod" || member.type === "ClassPrivateMethod") return member.kind === "get" ? this.gives({ node: member, file }) : { is: "function", node: member, file };
        const kind = (member.typeAnnotation && this.type(member.typeAnnotation, file)) ?? (member.value && this.of(member.value, file));
        if (kind && (kind.is !== "manager" || kind.site)) return kind;
      }
      const property = member.params?.find((param) => param.type === "TSParameterProperty" && [...[param.parameter.left ?? param.parameter]].some((ident) => ident.name === name));
      if (property) {
        const { left = property.parameter, right } = property.parameter;
        const kind = this.type(left.typeAnnotation, file);
        return kind && (kind.is !== "manager" || kind.site) ? kind : (right && this.of(right, file)) ?? kind;
      }
    }
    for (const node of nodesOf(owner)) {
      if (node.type === "AssignmentExpression" && isMember(node.left) && node.left.object.type === "ThisExpression" && memberName(node.left) === name && classAround(node) === owner) {
        const kind = this.of(node.right, file);
        if (kind) return kind;
      }
    }
    const own = (owner.superTypeParameters ?? owner.superTypeArguments)?.params[0];
    if (name === "props" && own) return this.type(own, file);
    const declared = owner.body.body.find((member) => keyName(member) === name)?.typeAnnotation;
    return declared && this.type(declared, file);
  }

  /** What was declared under a name. */
  binding(binding, file) {
    if (!binding) return undefined;
    return this.#once(binding, () => this.#binding(binding, file));
  }

  #binding({ declaration, ident, refs }, file) {
    if (declaration.type === "VariableDeclarator") {
      const known = ident === declaration.id
        ? (declaration.id.typeAnnotation && this.#sited(declaration.id.typeAnnotation, declaration.init, file)) ?? this.of(declaration.init, file)
        : this.#inPattern(declaration.id, ident, declaration.init && this.of(declaration.init, file), file);
      if (known && (known.is !== "manager" || known.site)) return known;
      const assigned = refs.find((ref) => ref.parent.type === "AssignmentExpression" && ref.parent.left === ref && ref.parent.operator === "=");
      return (assigned && this.of(assigned.parent.right, file)) ?? known;
    }
    if (declaration.type === "ClassDeclaration" || declaration.type === "ClassExpression") return { is: "class", node: declaration, file };
    if (isFunction(declaration)) return { is: "function", node: declaration, file };
    if (/^Import/.test(declaration.type)) return this.project.exported(declaration, file, this);
    if (isFunction(ident.parent) || isFunction(declaration.parent)) return this.#parameter(declaration, ident, file);
    return undefined;
  }

  /** A type says `UserManager`; the value says which one. */
  #sited(annotation, value, file) {
    const kind = this.type(annotation, file);
    const given = kind?.is === "manager" && value ? this.of(value, file) : undefined;
    return given ?? kind;
  }

  #parameter(declaration, ident, file) {
    const pattern = declaration.type === "TSParameterProperty" ? declaration.parameter : declaration;
    const inner = pattern.type === "AssignmentPattern" ? pattern.left : pattern;
    const owner = declaration.parent;
    const kind = (inner.typeAnnotation && this.type(inner.typeAnnotation, file)) ?? this.#context(owner, owner.params.indexOf(declaration), file) ?? this.#named(owner, owner.params.indexOf(declaration), file) ?? (inner === pattern ? undefined : this.of(pattern.right, file));
    return inner === ident ? kind : this.#inPattern(inner, ident, kind, file);
  }

  /** What a function is called with, by the place where it stands. */
  #context(owner, index, file) {
    const call = owner.parent;
    if (!isCall(call) || call.arguments[0] !== (owner.isIn ?? owner) || index !== 0 || !isMember(call.callee)) return undefined;
    const name = memberName(call.callee);
    const object = this.of(call.callee.object, file);
    if (name === "then" && object?.is === "promise") return object.of;
    if (name === "addUserLoaded" && object?.is === "events") return { is: "user" };
    return undefined;
  }

  /** What a function with a name is called with: by the first call that says so, or by the place where it is handed on. */
  #named(owner, index, file) {
    const ident = owner.type === "FunctionDeclaration" ? owner.id : owner.parent.type === "VariableDeclarator" && owner.parent.init === owner ? owner.parent.id : undefined;
    const binding = ident?.type === "Identifier" ? file.names.lookUp(ident.name, owner.parent) : undefined;
    for (const ref of binding?.refs ?? []) {
      const call = ref.parent;
      if (!isCall(call)) continue;
      const kind = call.callee === ref ? call.arguments[index] && this.of(call.arguments[index], file) : this.#context({ parent: call, isIn: ref }, index, file);
      if (kind) return kind;
    }
    return undefined;
  }

  #inPattern(pattern, ident, kind, file) {
    if (!kind) return undefined;
    if (pattern === ident) return kind;
    if (pattern.type === "AssignmentPattern") return this.#inPattern(pattern.left, ident, kind, file);
    if (pattern.type === "ObjectPattern") {
      for (const property of pattern.properties) {
        if (property.type === "RestElement") continue;
        const found = this.#inPattern(property.value, ident, this.member(kind, keyName(property)) ?? (kind.is === "react" ? { is: "reactMember", name: keyName(property) } : undefined), file);
        if (found) return found;
      }
    }
    if (pattern.type === "ArrayPattern" && kind.is === "array") {
      for (const [index, element] of pattern.elements.entries()) {
        const found = element && this.#inPattern(element, ident, kind.at(index), file);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** What a value of this type is. */
  type(annotation, file) {
    const node = annotation?.type === "TSTypeAnnotation" ? annotation.typeAnnotation : annotation;
    return this.#once(node, () => this.#type(node, file));
  }

  #type(node, file) {
    if (node?.type === "TSUnionType" || node?.type === "TSIntersectionType") return node.types.map((each) => this.type(each, file)).find(Boolean);
    if (node?.type === "TSParenthesizedType") return this.type(node.typeAnnotation, file);
    if (node?.type === "TSTypeLiteral") return this.#shape(node.members, [], file);
    if (node?.type === "TSTypeQuery") return this.of(node.exprName, file);
    if (node?.type !== "TSTypeReference") return undefined;
    const inner = (node.typeParameters ?? node.typeArguments)?.params ?? [];
    if (node.typeName.name === "Promise") return promiseOf(this.type(inner[0], file));
    if (["Readonly", "NonNullable", "Partial", "Required"].includes(node.typeName.name)) return this.type(inner[0], file);
    if (node.typeName.name === "ReturnType") return this.#returned(inner[0]?.exprName, file) ?? (inner[0]?.exprName && this.library(inner[0].exprName, file) === "useAuth" ? { is: "react" } : undefined);
    const name = this.library(node.typeName, file);
    if (name === "User") return { is: "user" };
    if (name === "UserManager") return this.project.isLeftAlone ? { is: "other" } : { is: "manager", site: this.project.onlySite };
    if (name === "AuthContextProps") return { is: "react" };
    if (node.typeName.type !== "Identifier") return undefined;
    const { declaration, file: home } = this.project.declarationOf(file.binding(node.typeName), file) ?? {};
    if (declaration?.type === "TSInterfaceDeclaration") return this.#shape(declaration.body.body, declaration.extends ?? [], home);
    if (declaration?.type === "TSTypeAliasDeclaration") return this.type(declaration.typeAnnotation, home);
    if (declaration?.type === "ClassDeclaration") return { is: "instance", node: declaration, file: home };
    return undefined;
  }

  #shape(members, _bases, file) {
    return { is: "object", member: (name) => {
      const found = members.find((member) => keyName(member) === name);
      if (found?.type === "TSMethodSignature") return { is: "function", gives: this.type(found.typeAnnotation ?? found.returnType, file) };
      const type = found?.typeAnnotation?.typeAnnotation;
      if (type?.type === "TSFunctionType") return { is: "function", gives: this.type(type.typeAnnotation ?? type.returnType, file) };
      return type && this.type(type, file);
    } };
  }
}
