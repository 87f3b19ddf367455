// The files of the app, and what they give each other.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { Kinds, LIBRARIES } from "./kinds.js";
import { Source, isCall, keyName, literal } from "./source.js";
import { bare, isFunction, nearest } from "./scopes.js";

const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"];
const NOT_ENTERED = new Set(["node_modules", "bower_components", "dist", "build", "coverage", "vendor"]);
const TOO_LONG = 2_000_000;
const MENTION = /oidc-client-ts|react-oidc-context/;
/** The key of a session that oidc-client-ts has stored. */
const STORED = /oidc\.user:/;
const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["']([^"'\n]+)["']/g;

const isDeclaration = (name) => /\.d\.[mc]?ts$/.test(name);
const isSource = (name) => EXTENSIONS.some((extension) => name.endsWith(extension)) && !/\.min\.js$/.test(name);

/** The source files at these paths. A folder of other people's code, of output, or with a dot is not entered. A link is not followed. */
export function filesAt(paths) {
  const found = new Set();
  const enter = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NOT_ENTERED.has(entry.name) && !entry.name.startsWith(".")) enter(path);
      else if (entry.isFile() && isSource(entry.name)) found.add(path);
    }
  };
  for (const path of paths) {
    const whole = resolve(path);
    if (statSync(whole).isDirectory()) enter(whole);
    else if (isSource(whole)) found.add(whole);
  }
  return [...found].sort();
}

/** What has to be read: the files that name a library, what they import, and everything that imports one of them, near or far. */
function related(texts, resolveFrom) {
  const isUsed = [...texts.values()].some((text) => MENTION.test(text));
  const chosen = new Set([...texts].filter(([, text]) => MENTION.test(text) || (isUsed && STORED.test(text))).map(([path]) => path));
  const imports = new Map([...texts].map(([path, text]) => [path, [...text.matchAll(SPECIFIER)].map(([, name]) => resolveFrom(path, name)).filter(Boolean)]));
  const given = new Set([...chosen].flatMap((path) => imports.get(path)));
  for (let size = -1; size !== chosen.size;) {
    size = chosen.size;
    for (const [path, names] of imports) if (names.some((name) => chosen.has(name))) chosen.add(path);
  }
  return new Set([...chosen, ...given]);
}

export class Project {
  files = new Map();
  unreadable = [];
  /** Files of declarations that name a library. */
  declarations = [];
  #open = new Set();
  sites = new Map();

  constructor(paths, parse) {
    const texts = new Map();
    for (const path of filesAt(paths)) {
      if (statSync(path).size > TOO_LONG) {
        if (MENTION.test(readFileSync(path, "utf8"))) this.unreadable.push({ path, line: 1, reason: "The file is too long for the codemod." });
        continue;
      }
      if (isDeclaration(path)) {
        const text = readFileSync(path, "utf8");
        const at = text.search(MENTION);
        if (at < 0) continue;
        this.declarations.push(path);
        this.unreadable.push({ path, line: text.slice(0, at).split("\n").length, reason: "The codemod does not rewrite declarations: put Token in the place of User, and ClientSettings in that of UserManagerSettings." });
        continue;
      }
      texts.set(path, readFileSync(path, "utf8"));
    }
    this.paths = [...texts.keys()];
    const read = related(texts, (from, name) => this.resolve(from, name));
    for (const path of this.paths.filter((each) => read.has(each))) {
      try {
        this.files.set(path, new Source(path, texts.get(path), parse));
      } catch (error) {
        if (!(error instanceof SyntaxError) || !error.loc) throw error;
        // A file of the app that names no library is nobody's concern.
        if (MENTION.test(texts.get(path))) this.unreadable.push({ path, reason: error.message.replace(/ \(\d+:\d+\)$/, ""), line: error.loc.line });
      }
    }
    this.kinds = new Kinds(this);
  }

  /** The file that a specifier means: by its path, or by `@/`, `~/` and `src/`, where one file alone has that end. */
  resolve(from, name) {
    const ends = ["", ...EXTENSIONS, ...EXTENSIONS.map((extension) => `/index${extension}`)];
    const known = (this.known ??= new Set(this.paths));
    if (name.startsWith(".")) {
      const place = resolve(dirname(from), name);
      return ends.map((end) => place + end).find((path) => known.has(path)) ?? ends.map((end) => place.replace(/\.[mc]?jsx?$/, "") + end).find((path) => known.has(path));
    }
    const rest = /^(?:@|~|src|@app|@src|\$lib)\/(.+)$/.exec(name)?.[1];
    if (rest === undefined) return undefined;
    const found = ends.flatMap((end) => {
      const tail = `${rest}${end}`.split("/").join(sep);
      return (this.#byName.get(basename(tail)) ?? []).filter((path) => path.endsWith(sep + tail));
    });
    return found.length === 1 ? found[0] : undefined;
  }

  /** The files by the last part of their paths. */
  get #byName() {
    if (this.named) return this.named;
    this.named = new Map();
    for (const path of this.paths) this.named.set(basename(path), [...(this.named.get(basename(path)) ?? []), path]);
    return this.named;
  }

  get onlySite() {
    return this.sites.size === 1 ? [...this.sites.keys()][0] : undefined;
  }

  /** Whether no UserManager of the app can be translated. */
  get isLeftAlone() {
    return this.sites.size > 0 && [...this.sites.values()].every((site) => !site.isConverted);
  }

  /** The library and the name in it that a binding stands for: `*` is the whole of it. */
  imported(binding, file) {
    const declaration = binding?.declaration;
    if (declaration?.type === "VariableDeclarator") {
      const call = bare(declaration.init);
      if (call?.type !== "CallExpression" || call.callee.name !== "require" || !LIBRARIES.includes(literal(call.arguments[0]))) return undefined;
      if (declaration.id === binding.ident) return { module: literal(call.arguments[0]), name: "*" };
      const property = declaration.id.properties?.find(({ value }) => value === binding.ident);
      return property && { module: literal(call.arguments[0]), name: keyName(property) };
    }
    if (!declaration || !/^Import/.test(declaration.type) || !declaration.parent?.source) return undefined;
    const module = declaration.parent.source.value;
    const name = declaration.type === "ImportSpecifier" ? declaration.imported.name ?? declaration.imported.value : "*";
    if (LIBRARIES.includes(module)) return { module, name };
    if (name === "*" || this.#open.has(binding)) return undefined;
    // Files may hand a name on in a circle.
    this.#open.add(binding);
    const path = this.resolve(file.path, module);
    const found = path && this.exportOf(this.files.get(path), name)?.library;
    this.#open.delete(binding);
    return found;
  }

  /** What a file exports under a name: a binding of a file, an expression, or a name of a library. */
  exportOf(file, name, seen = new Set()) {
    if (!file || seen.has(file)) return undefined;
    seen.add(file);
    const onwards = (source, wanted) => {
      if (LIBRARIES.includes(source)) return { library: { module: source, name: wanted } };
      const path = this.resolve(file.path, source);
      return path && this.exportOf(this.files.get(path), wanted, seen);
    };
    for (const node of file.body) {
      if (node.type === "ExportDefaultDeclaration" && name === "default") {
        const { declaration } = node;
        if (declaration.type === "Identifier" || declaration.id) return this.#bound(file, (declaration.id ?? declaration).name);
        return { file, node: declaration };
      }
      if (node.type === "ExportNamedDeclaration") {
        const specifier = node.specifiers.find(({ exported }) => (exported.name ?? exported.value) === name);
        if (specifier) return node.source ? onwards(node.source.value, specifier.local?.name ?? "*") : this.#bound(file, specifier.local.name);
        const declared = node.declaration && [node.declaration, ...(node.declaration.declarations ?? [])].some((each) => each.id?.name === name || each.id?.type?.endsWith("Pattern"));
        if (declared && file.names.names().has(name)) return this.#bound(file, name);
      }
    }
    for (const node of file.body) {
      const found = node.type === "ExportAllDeclaration" && !LIBRARIES.includes(node.source.value) && onwards(node.source.value, name);
      if (found) return found;
    }
    return undefined;
  }

  #bound(file, name) {
    const binding = file.names.names().get(name);
    const library = this.imported(binding, file);
    return library ? { library } : binding && { file, binding };
  }

  /** The binding behind an import of another file of the app. */
  behind(binding, file, depth = 0) {
    const { declaration } = binding ?? {};
    if (!declaration || !/^Import/.test(declaration.type) || !declaration.parent?.source) return binding && { file: file.home ?? file, binding };
    if (declaration.type === "ImportNamespaceSpecifier") return undefined;
    const path = this.resolve(file.path, declaration.parent.source.value);
    const found = path && this.exportOf(this.files.get(path), declaration.type === "ImportDefaultSpecifier" ? "default" : declaration.imported.name ?? declaration.imported.value);
    if (!found?.binding || found.binding === binding || depth > 20) return found;
    return this.behind(found.binding, found.file, depth + 1);
  }

  declarationOf(binding, file) {
    const found = this.behind(binding, file);
    return found?.binding && { declaration: found.binding.declaration, file: found.file };
  }

  exported(declaration, file, kinds) {
    if (declaration.type === "ImportNamespaceSpecifier") {
      const path = this.resolve(file.path, declaration.parent.source.value);
      return path && { is: "object", member: (name) => {
        const found = this.exportOf(this.files.get(path), name);
        return found?.binding ? kinds.binding(found.binding, found.file) : found?.node && kinds.of(found.node, found.file);
      } };
    }
    const found = this.behind({ declaration }, file);
    if (found?.node) return kinds.of(found.node, found.file);
    return found?.binding && found.binding.declaration !== declaration ? kinds.binding(found.binding, found.file) : undefined;
  }

  /** The object that an expression is, as it is written somewhere in the app. */
  objectOf(node, file, depth = 0) {
    const value = bare(node);
    if (!value || depth > 8) return undefined;
    if (value.type === "ObjectExpression") return { node: value, file };
    if (value.type === "Identifier") {
      const found = this.behind(file.binding(value), file);
      if (found?.node) return this.objectOf(found.node, found.file, depth + 1);
      const declaration = found?.binding?.declaration;
      if (declaration?.type !== "VariableDeclarator" || declaration.id !== found.binding.ident) return undefined;
      if (found.binding.refs.some((ref) => ref.parent.type === "AssignmentExpression" && ref.parent.left === ref)) return undefined;
      return this.objectOf(declaration.init, found.file, depth + 1);
    }
    if (value.type === "MemberExpression" && !value.computed) {
      if (value.object.type === "ThisExpression") {
        const owner = nearest(value, ({ type }) => type === "ClassDeclaration" || type === "ClassExpression");
        const field = owner?.body.body.find((member) => keyName(member) === value.property.name);
        return field?.value && this.objectOf(field.value, file, depth + 1);
      }
      const object = this.objectOf(value.object, file, depth + 1);
      const property = object?.node.properties.find((each) => keyName(each) === value.property.name);
      return property?.value && this.objectOf(property.value, object.file, depth + 1);
    }
    if (isCall(value) && value.callee.type === "Identifier") {
      const found = this.behind(file.binding(value.callee), file);
      const declaration = found?.binding?.declaration;
      const called = isFunction(declaration) ? declaration : isFunction(declaration?.init) ? declaration.init : undefined;
      if (!called?.body || called.async) return undefined;
      const returned = called.body.type !== "BlockStatement" ? [called.body] : found.file.nodes.filter((each) => each.type === "ReturnStatement" && nearest(each, isFunction) === called).map(({ argument }) => argument);
      return returned.length === 1 ? this.objectOf(returned[0], found.file, depth + 1) : undefined;
    }
    return undefined;
  }

  /** Whether a file imports one of the libraries itself. */
  speaks(file) {
    return [...file.names.names().values()].some((binding) => this.imported(binding, file));
  }

  told(file) {
    return relative(process.cwd(), typeof file === "string" ? file : file.path);
  }
}
