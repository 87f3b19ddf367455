// The reference of the declarations: a page for each entry of the package, with a section for everything that the entry exports.

import path from 'node:path';
import ts from 'typescript';
import { escape, slug } from './markdown.js';
import { read, root } from './map.js';

/** The entries that have declarations, with the file of each. The URLs of files are no entries for a reader. */
function entries() {
  const { name, exports } = JSON.parse(read('pkg-template/package.json'));
  const declared = Object.entries(exports).filter(([key, value]) => value.types && !/\.\w+$/.test(key.slice(1)));
  return declared.map(([key, { types }]) => ({ name: key === '.' ? name : `${name}${key.slice(1)}`, page: key === '.' ? 'index' : key.slice(2).replace('/', '-'), file: types.slice(2) }));
}

/** The declarations as the compiler reads them. The declarations of frameworks are not here, and nothing asks for them. */
function program(files) {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [], noLib: true };
  return ts.createProgram(files.map((file) => path.join(root, 'pkg-template', file)), options);
}

/** The comment in front of everything says what the file is for. */
function introduction(source) {
  const comments = ts.getLeadingCommentRanges(source.text, source.getFullStart()) ?? [];
  const first = comments.map(({ pos, end }) => source.text.slice(pos, end)).find((comment) => comment.startsWith('/**'));
  if (!first || isOfFirstStatement(source, first)) return '';
  return first.slice(3, -2).split('\n').map((line) => line.replace(/^\s*\*? ?/, '')).join('\n').trim();
}

/** A comment at the head belongs to the first statement if that declares something. */
function isOfFirstStatement(source, comment) {
  const [first] = source.statements;
  const own = ts.getJSDocCommentsAndTags(first);
  return own.length > 0 && !ts.isImportDeclaration(first) && !ts.isExportDeclaration(first) && own.at(-1).getText(source) === comment && ts.getLeadingCommentRanges(source.text, 0).length === 1;
}

export class Reference {
  #checker;
  #entries;
  /** Where each exported symbol has its section: `{ entry, name }`. */
  #homes = new Map();

  /** The heading of each section. */
  #titles = new Map();
  #codes;
  #names;

  /**
   * @param {Set<string>} codes the codes of errors, which a comment may name
   * @param {Set<string>} names those of the pages, which a comment may name as `docs/x.md`
   */
  constructor(codes, names) {
    this.#codes = codes;
    this.#names = names;
    const all = entries();
    const compiled = program(all.map(({ file }) => file));
    this.#checker = compiled.getTypeChecker();
    this.#entries = all.map((entry) => {
      const source = compiled.getSourceFile(path.join(root, 'pkg-template', entry.file));
      const module = this.#checker.getSymbolAtLocation(source);
      const exported = module ? this.#checker.getExportsOfModule(module) : [];
      return { ...entry, source, exported: exported.map((symbol) => ({ name: symbol.name, symbol: this.#real(symbol) })) };
    });
    for (const entry of this.#entries) {
      for (const { name, symbol } of entry.exported) if (!this.#homes.has(symbol)) this.#homes.set(symbol, { entry, name });
      // An anchor has no capitals: `UseAuth` beside `useAuth` needs another one.
      for (const { name, symbol } of entry.exported) {
        const isType = !(symbol.flags & ts.SymbolFlags.Value);
        const hasNamesake = entry.exported.some((other) => other.name !== name && slug(other.name) === slug(name));
        if (this.#homes.get(symbol).entry === entry) this.#titles.set(symbol, isType && hasNamesake ? `${name} (type)` : name);
      }
    }
  }

  #real(symbol) { return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol; }

  /** `{ page, title, text }` of each entry. */
  pages() { return this.#entries.map((entry) => ({ page: entry.page, title: entry.name, text: this.#page(entry) })); }

  #page(entry) {
    const own = entry.exported.filter(({ symbol }) => this.#homes.get(symbol).entry === entry);
    const foreign = entry.exported.filter((one) => !own.includes(one));
    const order = (one) => one.symbol.declarations?.[0]?.pos ?? 0;
    const files = [...new Set(own.map(({ symbol }) => symbol.declarations?.[0]?.getSourceFile()))];
    own.sort((a, b) => files.indexOf(a.symbol.declarations?.[0]?.getSourceFile()) - files.indexOf(b.symbol.declarations?.[0]?.getSourceFile()) || order(a) - order(b));
    const again = foreign.map(({ name, symbol }) => `[\`${name}\`](${this.#place(symbol, entry)})`);
    return [
      `# ${entry.name}`,
      this.#text(introduction(entry.source), entry),
      own.length > 0 && `\`\`\`ts\n${importOf(own, entry.name)}\n\`\`\``,
      foreign.length > 0 && `This entry also exports ${again.join(', ')}.`,
      ...own.flatMap(({ name, symbol }) => this.#section(name, symbol, entry)),
    ].filter(Boolean).join('\n\n') + '\n';
  }

  #section(name, symbol, entry) {
    const declarations = (symbol.declarations ?? []).map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node));
    const [first] = declarations;
    if (!first) throw new Error(`${entry.name} exports ${name}, and the compiler does not find it`);
    const hasMembers = ts.isInterfaceDeclaration(first) || ts.isClassDeclaration(first);
    const signature = declarations.map((node) => (hasMembers ? head(node) : code(node))).join('\n');
    const members = hasMembers ? declarations.flatMap((node) => [...node.members]) : [];
    return [`## ${this.#titles.get(symbol)}`, `\`\`\`ts\n${signature}\n\`\`\``, ...this.#comment(declarations, entry), ...this.#members(name, members, entry)];
  }

  /** One section for each name: overloads stand together. */
  #members(owner, members, entry) {
    const byName = new Map();
    for (const member of members) {
      const name = nameOf(member);
      byName.set(name, [...(byName.get(name) ?? []), member]);
    }
    return [...byName].flatMap(([name, nodes]) => [
      `### ${name.startsWith('[') || name === 'constructor' || name === 'call' ? `${owner} ${name}` : `${owner}.${name}`}`,
      `\`\`\`ts\n${nodes.map(code).join('\n')}\n\`\`\``,
      ...this.#comment(nodes, entry),
    ]);
  }

  /** The comment of a declaration, with its parameters and what it throws. */
  #comment(nodes, entry) {
    const documented = nodes.flatMap((node) => node.jsDoc?.slice(-1) ?? []);
    return documented.flatMap((doc) => {
      const tags = (doc.tags ?? []).map((tag) => this.#tag(tag, entry));
      return [this.#text(doc.comment, entry), tags.filter(([, isItem]) => isItem).map(([text]) => text).join('\n'), ...tags.filter(([, isItem]) => !isItem).map(([text]) => text)].filter(Boolean);
    });
  }

  #tag(tag, entry) {
    const name = tag.tagName.text;
    const text = this.#text(tag.comment, entry).replace(/^-\s*/, '');
    if (name === 'param') return [`- \`${tag.name.getText()}\`: ${text.replaceAll('\n', '\n  ')}`, true];
    const lead = { throws: 'Throws', returns: 'Returns', deprecated: 'Deprecated:' }[name] ?? `${name}:`;
    return [`**${lead}** ${text}`, false];
  }

  /** The text of a comment, its links and codes as links. */
  #text(comment, entry) {
    if (!comment) return '';
    const parts = typeof comment === 'string' ? [comment] : comment.map((part) => this.#part(part, entry));
    const given = parts.map((part) => (typeof part === 'string' ? escape(part.replace(/\{@link (\w+)\}/g, '`$1`')) : part.link)).join('');
    const linked = given.replace(/(?<!\[)`docs\/([\w-]+)\.md`/g, (whole, name) => (this.#names.has(name) ? `[${name}](../${name}.md)` : whole));
    return linked.replace(/(?<!\[)`(\w+)`(?!\])/g, (whole, code) => (this.#codes.has(code) ? `[${whole}](../errors.md#${code})` : whole));
  }

  #part(part, entry) {
    if (!ts.isJSDocLink(part)) return part.text;
    const name = `${part.name?.getText() ?? ''}${part.text}`.trim();
    const symbol = part.name && this.#checker.getSymbolAtLocation(part.name);
    const found = symbol && this.#real(symbol);
    const owner = found && this.#homes.has(found) ? found : this.#checker.getSymbolAtLocation(part.name?.left ?? part.name);
    const known = owner && this.#homes.has(this.#real(owner)) ? this.#real(owner) : [...this.#homes].find(([, home]) => home.name === name.split('.')[0])?.[0];
    if (!known) return { link: `\`${name}\`` };
    const member = name.includes('.') ? `#${slug(name)}` : undefined;
    const place = this.#place(known, entry);
    return { link: `[\`${name}\`](${member ? place.replace(/#.*/, member) : place})` };
  }

  #place(symbol, from) {
    const { entry } = this.#homes.get(symbol);
    return `${entry === from ? '' : `${entry.page}.md`}#${slug(this.#titles.get(symbol))}`;
  }
}

/** How a reader imports the functions and classes; what is a type alone is left out. */
function importOf(own, name) {
  const values = own.filter(({ symbol }) => symbol.flags & (ts.SymbolFlags.Value & ~ts.SymbolFlags.Property)).map((one) => one.name);
  return values.length > 0 ? `import { ${values.join(', ')} } from "${name}";` : `import type { ${own.map((one) => one.name).join(', ')} } from "${name}";`;
}

const nameOf = (member) => member.name?.getText() ?? (ts.isConstructorDeclaration(member) ? 'constructor' : ts.isCallSignatureDeclaration(member) ? 'call' : `[${member.parameters?.[0]?.getText() ?? ''}]`);

/** The declaration without its comments. */
function code(node) {
  const text = node.getText().replace(/^(export |declare )+/, '');
  const column = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).character;
  return text.split('\n').map((line, at) => (at > 0 && line.slice(0, column).trim() === '' ? line.slice(column) : line)).join('\n');
}

/** `interface X extends Y` without what stands in its brackets. */
function head(node) {
  const start = node.getStart();
  const { text } = node.getSourceFile();
  return text.slice(start, node.members.pos - 1).replace(/^(export |declare )+/, '').trim() + (node.members.length > 0 ? ' { … }' : ' {}');
}
