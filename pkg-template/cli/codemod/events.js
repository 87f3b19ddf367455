// `manager.events`: each event of the library as the events of this package, by a function that is put into the file.

import { CORE, need } from "./imports.js";
import { reach } from "./reach.js";
import { isFunction, statementAround } from "./code/scopes.js";

/** The types of events, the member of `detail` that the listener gets, and a condition. */
const EVENTS = {
  __proto__: null,
  UserLoaded: { types: ["login", "tokenupdate"], member: "token" },
  UserUnloaded: { types: ["logout"] },
  AccessTokenExpiring: { types: ["expiring"] },
  // A login that a person has cancelled is an error, too.
  SilentRenewError: { types: ["error"], member: "error", phase: "refresh" },
  UserSignedOut: { types: ["logout"], only: "session-ended" },
};

const NOT_HERE = {
  __proto__: null,
  AccessTokenExpired: "No event tells that the access token has expired: getAccessToken() refreshes it, or throws token_expired.",
  UserSignedIn: "No event tells of a login at the provider; the event login tells of a login here.",
  UserSessionChanged: "The event logout with the reason session-ended tells that the session at the provider is over, or another person's.",
};

/** What takes the place of some of these events where the codemod cannot write it, with a sample. */
export function eventWords(names, project, file) {
  const told = names.map((name) => {
    const event = EVENTS[name.replace(/^(?:add|remove)/, "")];
    if (!event) return NOT_HERE[name.replace(/^(?:add|remove)/, "")] ?? `events.${name} has no counterpart.`;
    const when = event.only ? `, where detail.reason is "${event.only}"` : event.phase ? `, where detail.error.phase is "${event.phase}"` : "";
    return `${name} is ${event.types.length > 1 ? "the events" : "the event"} ${event.types.map((type) => `"${type}"`).join(" and ")} of the registry${when}.`;
  });
  const types = names.flatMap((name) => EVENTS[name.replace(/^(?:add|remove)/, "")]?.types ?? []);
  if (names.length > 0 && types.length === 0) return told.join(" ");
  const { oauth, how } = reach(project, file);
  const sample = `\`const ending = new AbortController(); ${oauth}.then((oauth) => oauth.addEventListener("${types[0] ?? "login"}", ({ detail }) => …, { signal: ending.signal })); return () => ending.abort();\``;
  return `${[...told, ...(names.length > 0 ? [] : ["The events are those of the registry."])].join(" ")} In an effect: ${sample} ${how}`;
}

export function listen(call, name, access, file) {
  const event = EVENTS[name.slice(3)];
  if (!event) return file.todo(call, NOT_HERE[name.slice(3)] ?? `events.${name} has no counterpart.`, { section: "events" });
  const [listener] = call.arguments;
  if (!listener) return undefined;
  if (listener.type === "SpreadElement") return file.todo(call, `Give addEventListener the listener for ${event.types.join(" and ")} by name.`, { section: "events" });
  helperOf(file);
  (file.listeners ??= []).push({ call, access, event, name: name.slice(3), node: listener, listener: file.textOf(listener) });
  return undefined;
}

function beginning({ call, access, event, node }, file) {
  const events = call.callee.object;
  const manager = `${file.head(events)}${access.promise}`;
  const types = file.q(event.types.map((type) => `"${type}"`).join(", "));
  return `${events.optional ? `${manager} && ` : ""}${helperOf(file)}(${manager}, [${types}], ${listening(node, event, file)})`;
}

function listening(node, event, file) {
  if (event.only) return onlyText(node, event, file);
  return event.phase ? phaseText(node, event, file) : listenerText(node, event, file);
}

/** A listener that gets the errors of one phase alone. */
function phaseText(listener, { member, phase }, file) {
  const test = (name, operator) => file.q(`${name}.phase ${operator} "${phase}"`);
  const wrapped = () => `({ ${member} }) => ${test(member, "===")} && ${isFunction(listener) ? `(${file.render(listener)})` : file.render(listener)}(${member})`;
  const [param, ...others] = isFunction(listener) ? listener.params : [];
  const isPlain = isFunction(listener) && listener.type !== "ObjectMethod" && !listener.generator && others.length === 0 && !listener.returnType
    && (param ? param.type === "Identifier" : !mentions(listener, member, file));
  if (!isPlain) return wrapped();
  const name = param?.name ?? member;
  const given = `({ ${name === member ? member : `${member}: ${name}`} })`;
  const isArrow = listener.type === "ArrowFunctionExpression";
  const head = `${listener.async ? "async " : ""}${isArrow ? "" : `function${listener.id ? ` ${listener.id.name}` : ""} `}${given}${isArrow ? " =>" : ""} `;
  if (listener.body.type !== "BlockStatement") {
    const from = file.text.indexOf("=>", param ? param.end : listener.start) + 2;
    return `${head}${test(name, "===")} && ${isOperand(listener.body) ? file.edits.render(from, listener.end).trim() : `(${file.edits.render(from, listener.end).trim()})`}`;
  }
  const { body } = listener;
  const guard = file.s(`if (${test(name, "!==")}) return;`);
  const isOneLine = !file.textOf(body).includes("\n");
  if (isOneLine) return `${head}{ if (${test(name, "!==")}) return;${file.edits.render(body.start + 1, listener.end)}`;
  return `${head}{${file.newline}${file.indentAt(statementAround(listener).start)}  ${guard}${file.edits.render(body.start + 1, listener.end)}`;
}

const mentions = (node, name, file) => new RegExp(`(?<![.\\w$])${name}\\b`).test(file.textOf(node));
const isOperand = ({ type, extra }) => Boolean(extra?.parenthesized) || ["CallExpression", "OptionalCallExpression", "MemberExpression", "Identifier", "AwaitExpression", "UnaryExpression", "NewExpression"].includes(type);

/** A listener that gets the member of `detail` as its parameter. */
function listenerText(listener, { member }, file) {
  const text = file.render(listener);
  if (!isFunction(listener)) return member ? `({ ${member} }) => ${text}(${member})` : `() => ${text}()`;
  const [param] = listener.params;
  if (!param || !member) return text;
  const named = param.type === "Identifier" ? param.name : file.text.slice(param.start, param.typeAnnotation?.start ?? param.end);
  const replaced = `{ ${named === member ? member : `${member}: ${named}`} }`;
  const hasParens = file.text.slice(listener.start, param.start).includes("(");
  return file.edits.render(listener.start, param.start) + (hasParens ? replaced : `(${replaced})`) + file.edits.render(param.end, listener.end);
}

/** A listener that is called for one reason alone. */
function onlyText(listener, { only }, file) {
  const head = isFunction(listener) && listener.params.length === 0 && listener.body.type === "BlockStatement" ? file.text.slice(listener.start, listener.body.start) : "";
  if (!head.includes("()")) {
    const text = file.render(listener);
    return `({ reason }) => reason === ${file.q(`"${only}"`)} && ${isFunction(listener) ? `(${text})` : text}()`;
  }
  const indent = `${file.newline}${file.indentAt(statementAround(listener).start)}  `;
  return `${head.replace("()", "({ reason })")}{${indent}${file.s(file.q(`if (reason !== "${only}") return;`))}${file.edits.render(listener.body.start + 1, listener.end)}`;
}

export function stopListening(call, name, file) {
  (file.stops ??= []).push({ call, name: name.slice(6), listener: call.arguments[0] && file.textOf(call.arguments[0]) });
}

/** Brings each `removeX(listener)` together with its `addX(listener)`, whose function ends it. */
export function writeListeners(file) {
  const listeners = file.listeners ?? [];
  for (const stop of file.stops ?? []) {
    const added = listeners.filter(({ name, listener }) => name === stop.name && listener === stop.listener);
    const [begun] = added;
    const statement = begun && statementAround(begun.call);
    const isAlone = statement?.type === "ExpressionStatement" && [begun.call, begun.call.parent].includes(statement.expression);
    const reaches = isAlone && stop.call.start > begun.call.end && stop.call.end <= statement.parent.end;
    if (added.length !== 1 || !reaches) {
      file.todo(stop.call, `${helperOf(file)}(…) returns the function that ends it: keep it where the listener is added, and call it here.`, { section: "events" });
      continue;
    }
    begun.variable ??= file.free(`stop${stop.name}`);
    file.edits.replace(stop.call.start, stop.call.end, `${begun.variable}()`);
  }
  // A listener inside another one is written first, as a part of the other one.
  for (const each of listeners.toSorted((left, right) => right.call.start - left.call.start)) {
    file.edits.replace(each.call.start, each.call.end, `${each.variable ? `const ${each.variable} = ` : ""}${beginning(each, file)}`);
  }
}

const NAME = "onAuthEvent";

function helperOf(file) {
  if (file.helper) return file.helper;
  const name = file.free(NAME);
  file.helper = name;
  const oauth = file.isTypeScript && need(file, CORE, "OAuth", { isType: true });
  const map = file.isTypeScript && need(file, CORE, "OAuthEventMap", { isType: true });
  const head = file.isTypeScript
    ? [
        `function ${name}<Type extends keyof ${map}>(starting: Promise<${oauth}>, types: Type[], listener: (detail: ${map}[Type]) => unknown): () => void {`,
        "  const ending = new AbortController();",
      ]
    : [`function ${name}(starting, types, listener) {`, "  const ending = new AbortController();"];
  (file.helpers ??= []).push([
    "/** Calls the listener at each of these events. Returns the function that ends it. */",
    ...head,
    "  const listen = (event" + (file.isTypeScript ? `: CustomEvent<${map}[Type]>` : "") + ") => listener(event.detail);",
    "  starting.then((oauth) => types.forEach((type) => oauth.addEventListener(type, listen, { signal: ending.signal })), () => {});",
    "  return () => ending.abort();",
    "}",
  ]);
  return name;
}

/** Puts the functions that the new code needs below the imports. */
export function writeHelpers(file) {
  if (!file.helpers) return;
  const last = file.body.filter((node) => node.type === "ImportDeclaration" || isRequire(node)).at(-1);
  const indent = last ? file.indentAt(last.start) : "";
  const text = file.helpers.map((lines) => lines.map((line) => indent + file.q(file.s(line))).join(file.newline)).join(file.newline + file.newline);
  if (last) file.edits.insertBelow(file.endOf(last), text, file.newline);
  else file.edits.insert(file.body[0]?.start ?? 0, `${text}${file.newline}${file.newline}`);
}

const isRequire = (node) => node.type === "VariableDeclaration" && node.declarations.every(({ init }) => init?.type === "CallExpression" && init.callee.name === "require");
