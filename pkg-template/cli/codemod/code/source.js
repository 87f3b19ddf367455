// One file of the app: its text, its tree, its names, the changes to it, and what is left for a person to do.

import { Edits } from "./edits.js";
import { bare, declareNames, nodesOf, statementAround } from "./scopes.js";

const MARK = "TODO(oidc-client-wasm)";
const PAGE = "docs/migrating-from-oidc-client-ts.md";

/** The scripts of a component, with spaces in the place of everything else, so that each position stays. */
function scriptsOf(text) {
  let isTypeScript = false;
  let masked = "";
  let at = 0;
  const blank = (part) => part.replace(/[^\r\n]/g, " ");
  for (const found of text.matchAll(/(<script\b(?:"[^"]*"|'[^']*'|[^>"'])*>)([\s\S]*?)<\/script\s*>/g)) {
    if (/\blang\s*=\s*["']?tsx?\b/.test(found[1])) isTypeScript = true;
    const start = found.index + found[1].length;
    masked += blank(text.slice(at, start)) + found[2];
    at = start + found[2].length;
  }
  return { masked: masked + blank(text.slice(at)), isTypeScript };
}

export class Source {
  constructor(path, text, parse) {
    this.path = path;
    this.text = text;
    this.edits = new Edits(text);
    this.todos = [];
    this.dropped = [];
    const isComponent = /\.(?:vue|svelte)$/.test(path);
    const { masked, isTypeScript } = isComponent ? scriptsOf(text) : { masked: text, isTypeScript: /\.[mc]?tsx?$/.test(path) };
    this.isTypeScript = isTypeScript;
    this.isComponent = isComponent;
    this.ast = parse(masked, isComponent ? (isTypeScript ? "script.ts" : "script.js") : path);
    this.names = declareNames(this.ast);
    this.nodes = [...nodesOf(this.ast.program)];
    this.newline = text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** Text that this program makes, with the quotes of the file. */
  q(text) {
    this.quote ??= /(?:\bfrom|\brequire\()\s*(["'])/.exec(this.text)?.[1] ?? '"';
    return this.quote === '"' ? text : text.replaceAll('"', this.quote);
  }

  /** A statement that this program makes, with a semicolon where the file has them. */
  s(line, at) {
    this.isBare ??= !/;[ \t]*\r?$/m.test(this.text);
    const isAlone = at === undefined || /^[ \t]*(?:\/\/|\r?\n|$)/.test(this.text.slice(at));
    return this.isBare && isAlone ? line.replace(/;$/, "") : line;
  }

  /** Where a statement ends, without a semicolon that stands before the code of a line below. */
  endOf(node) {
    const last = node.source ?? node.expression ?? node.declarations?.at(-1);
    if (!last || this.text[node.end - 1] !== ";") return node.end;
    const closing = /^(?:\s*\))*/.exec(this.text.slice(last.end, node.end))[0].length;
    return this.text.slice(last.end + closing, node.end).includes("\n") ? last.end + closing : node.end;
  }

  get body() {
    return this.ast.program.body;
  }

  textOf(node) {
    return this.text.slice(node.start, node.end);
  }

  render(node) {
    return this.edits.render(node.start, node.end);
  }

  /** Where the object of a member ends, with its parentheses. */
  after({ object, property }) {
    const closing = this.text.slice(object.end, property.start).lastIndexOf(")");
    return closing < 0 ? object.end : object.end + closing + 1;
  }

  /** The object of a member, with its parentheses and the changes inside it. */
  head(member) {
    return this.edits.render(member.start, this.after(member));
  }

  line(node) {
    return this.text.slice(0, node.start).split("\n").length;
  }

  binding(ident) {
    return this.names.lookUp(ident.name, ident);
  }

  /** The name, or one like it that this file does not use yet. */
  free(name, tries = 2) {
    this.words ??= new Set(this.text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
    let free = name;
    for (let count = tries; this.words.has(free); count += 1) free = `${name}${count}`;
    this.words.add(free);
    return free;
  }

  startOfLine(at) {
    return this.text.lastIndexOf("\n", at - 1) + 1;
  }

  indentAt(at) {
    return /^[ \t]*/.exec(this.text.slice(this.startOfLine(at), at))[0];
  }

  /** Leaves this to a person: by a comment above the place, and in the report. A comment that is there from an earlier run is enough. */
  todo(node, words, { section = "methods", own = false } = {}) {
    const place = own ? node : statementAround(commentable(node));
    const at = place.decorators?.[0]?.start ?? place.start;
    const start = this.startOfLine(at);
    const text = `${MARK}: ${words.replace(/\s+/g, " ").replaceAll("*/", "* /")} See ${PAGE}#${section}`;
    if (this.todos.some((todo) => todo.start === start && todo.text === text)) return;
    if (this.hasTodoAbove(start)) return;
    const before = this.text.slice(start, at);
    const isAlone = before.trim() === "";
    this.todos.push({ start, text, line: this.line(place) });
    if (isAlone) this.edits.insert(start, `${before}// ${text}${this.newline}`);
    else this.edits.insert(at, `/* ${text} */ `);
  }

  todoInMarkup(at, words) {
    const text = `${MARK}: ${words} See ${PAGE}#methods`;
    if (this.text.includes(`<!-- ${text} -->`)) return;
    this.todos.push({ start: at, text, line: this.line({ start: at }) });
    this.edits.insert(at, `<!-- ${text} -->${this.newline}`);
  }

  hasTodoAbove(start) {
    const above = this.text.slice(0, start).split(/\r?\n/).slice(0, -1);
    for (let at = above.length - 1; at >= 0 && /^\s*\/\//.test(above[at]); at -= 1) if (above[at].includes(MARK)) return true;
    const here = this.text.slice(start).split("\n", 1)[0];
    return here.includes(`/* ${MARK}`);
  }

  drop(node, what, reason) {
    this.dropped.push({ line: this.line(node), what, reason });
  }

  /** How many places of an earlier run are still there. */
  get leftBefore() {
    return this.text.split(MARK).length - 1;
  }

  /** A list without this member, once all that goes from the list is known. */
  takeOut(list, member) {
    this.goes ??= new Map();
    if (!this.goes.has(list)) this.goes.set(list, new Set());
    this.goes.get(list).add(member);
  }

  finishLists() {
    for (const [list, gone] of this.goes ?? []) {
      for (let first = 0; first < list.length; first += 1) {
        if (!gone.has(list[first])) continue;
        let last = first;
        while (gone.has(list[last + 1])) last += 1;
        this.#takeRun(list, first, last);
        first = last;
      }
    }
    this.goes = undefined;
  }

  #takeRun(list, first, last) {
    const lines = list.slice(first, last + 1).map((member) => {
      const start = this.startOfLine(member.start);
      const after = /^\s*?,?[ \t]*(?:\/\/[^\n]*)?(?:\r?\n|$)/.exec(this.text.slice(member.end));
      return this.text.slice(start, member.start).trim() === "" && after ? { start, end: member.end + after[0].length } : undefined;
    });
    if (lines.every(Boolean)) for (const { start, end } of lines) this.edits.replace(start, end, "");
    else if (last < list.length - 1) this.edits.replace(list[first].start, list[last + 1].start, "");
    else this.edits.replace(first > 0 ? list[first - 1].end : list[first].start, list[last].end, "");
  }

  /** Takes a whole statement away, with its line. */
  remove(node) {
    const isInList = ["Program", "BlockStatement", "StaticBlock", "TSModuleBlock", "SwitchCase"].includes(node.parent.type);
    if (!isInList) return this.edits.replace(node.start, node.end, "{}");
    const start = this.startOfLine(node.start);
    const last = this.endOf(node);
    if (last === node.end) this.#guard(node);
    const rest = /^[ \t]*;?[ \t]*(?:\r?\n|$)/.exec(this.text.slice(last));
    if (this.text.slice(start, node.start).trim() === "" && rest) {
      // Of two blank lines around it one stays.
      const end = last + rest[0].length;
      const blank = /\r?\n\r?\n$/.test(this.text.slice(0, start)) && /^\r?\n/.exec(this.text.slice(end));
      this.edits.replace(start, end + (blank ? blank[0].length : 0), "");
    } else this.edits.replace(node.start, last, "");
    return undefined;
  }

  /** Code that begins as these do would go on with the statement before the one that goes, where that has no semicolon of its own. */
  #guard(node) {
    const list = node.parent.body ?? node.parent.consequent;
    const at = list.indexOf(node);
    const next = list[at + 1];
    if (!next || !/^[([`+\-*/.,]/.test(this.text.slice(next.start))) return;
    const before = list.slice(0, at).findLast((each) => !this.edits.covers(each.start, each.end));
    if (before && ![";", "}"].includes(this.text[before.end - 1])) this.edits.insert(next.start, ";");
    else if (before && /^(?:Variable|Expression|Return|Throw|Export)/.test(before.type) && this.text[before.end - 1] === "}") this.edits.insert(next.start, ";");
  }
}

/** Inside a template literal or the text of JSX no comment can stand: the statement around is the place. */
function commentable(node) {
  let at = node;
  for (let up = node; up; up = up.parent) if (/^JSX/.test(up.type) || up.type === "TemplateLiteral") at = up;
  return at;
}

/** The name of a member that is written in the code, as `.name` or as `["name"]`. */
export const memberName = (node) => (!node.computed ? node.property.name ?? node.property.id?.name : node.property.type === "StringLiteral" ? node.property.value : undefined);
export const isMember = (node) => node?.type === "MemberExpression" || node?.type === "OptionalMemberExpression";
export const isCall = (node) => node?.type === "CallExpression" || node?.type === "OptionalCallExpression";
export const keyName = (property) => (property.computed ? undefined : property.key?.name ?? property.key?.value ?? property.key?.id?.name);
export const literal = (node) => {
  const value = bare(node);
  if (["StringLiteral", "BooleanLiteral", "NumericLiteral"].includes(value?.type)) return value.value;
  return value?.type === "TemplateLiteral" && value.expressions.length === 0 ? value.quasis[0].value.cooked : undefined;
};
