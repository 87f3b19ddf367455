// `oidc-client-wasm codemod`: rewrites an app that uses oidc-client-ts or react-oidc-context. What it cannot translate stays, with a comment that says what to do.

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Misuse, closest, flags } from "../args.js";
import { writeHelpers, writeListeners } from "./events.js";
import { rewriteImports, rewriteOthers } from "./imports.js";
import { LIBRARIES } from "./code/kinds.js";
import { findSites, notesOf, rewriteManagers, rewriteSite } from "./manager.js";
import { loadParser } from "./code/parser.js";
import { Project } from "./code/project.js";
import { Source } from "./code/source.js";
import { findProviders, rewriteProviders } from "./providers.js";
import { rewriteReact } from "./react.js";
import { rewriteReads } from "./settings.js";
import { rewriteNames } from "./types.js";
import { rewriteUsers } from "./users.js";

const HELP = `Usage: npx oidc-client-wasm codemod <${LIBRARIES.join(" | ")}> [flags] PATH…

Rewrites the source files at these paths (files and folders: .ts .tsx .js .jsx .mjs .cjs .mts .cts .vue .svelte) from the library to this package, and
package.json. react-oidc-context stands on oidc-client-ts: either name rewrites what is there of both. Give all of the app's source in one call. What cannot
be translated stays as it is, below a comment "TODO(oidc-client-wasm)" that says what to do.

  --dry          writes nothing, and tells what would change
  --print        writes nothing, and prints the changed files
  --name NAME    the name of the client in the settings (default app)
  --help

It ends with 0 if nothing is left to do, with 1 if places or unreadable files are left, and with 2 if it could not begin.
`;

const KNOWN = { dry: "yes", print: "yes", name: "NAME" };

function given(args) {
  const words = [];
  const rest = [];
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === "--name") rest.push(args[at], ...(at + 1 < args.length ? [args[(at += 1)]] : []));
    else if (args[at].startsWith("-")) rest.push(args[at]);
    else words.push(args[at]);
  }
  return { ...flags(rest, KNOWN, HELP), library: words[0], paths: words.slice(1) };
}

/** Rewrites the files of a project in memory. */
export function transform(paths, parse, name) {
  const project = new Project(paths, parse);
  findSites(project, name);
  findProviders(project);
  const files = [...project.files.values()];
  for (const site of project.sites.values()) rewriteSite(site, project);
  for (const file of files) rewriteProviders(file, project, parse, name);
  for (const file of files) rewriteManagers(file, project);
  for (const file of files) {
    rewriteUsers(file, project);
    rewriteReact(file, project);
    rewriteReads(file, project);
    templateOf(file);
    for (const work of file.later ?? []) work();
    file.finishLists();
    rewriteNames(file, project);
    rewriteOthers(file);
    writeListeners(file);
    rewriteImports(file);
    writeHelpers(file);
  }
  return project;
}

/** The code in the markup of a component is not read. */
function templateOf(file) {
  if (!file.isComponent) return;
  const markup = file.text.replace(/<script\b[\s\S]*?<\/script\s*>/g, (script) => " ".repeat(script.length));
  const found = /\.(?:profile|access_token|isAuthenticated|isLoading|signinRedirect|signoutRedirect|signinPopup)\b/.exec(markup);
  if (!found) return;
  const root = /^<template\b/m.exec(markup);
  file.todoInMarkup(root ? root.index : 0, `The codemod does not read the markup: look at ${found[0]} in it.`);
}

export async function codemod(args) {
  const options = given(args);
  if (options.help) return process.stdout.write(HELP);
  const { library, paths, name = "app" } = options;
  if (library === undefined) throw new Misuse("Say which library the app uses.", HELP);
  if (!LIBRARIES.includes(library)) throw new Misuse(`There is no codemod for "${library}".${closest(library, LIBRARIES)}`, HELP);
  if (paths.length === 0) throw new Misuse("Say which files or folders to rewrite.", `For example: npx oidc-client-wasm codemod ${library} src`);
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) throw new Misuse(`--name is "${name}".`, "Give a name that the code can use after a dot, such as app.");
  for (const path of paths) if (!existsSync(path)) throw new Misuse(`There is nothing at ${path}.`, "Give the files or folders that have the source of the app.");
  const isQuiet = options.dry || options.print;
  const parse = await loadParser(dirnameOf(paths[0]), (words) => console.error(words));
  if (!isQuiet) warnOfChanges(dirnameOf(paths[0]));
  const project = transform(paths, parse, name);
  const changed = [...project.files.values()].filter((file) => (file.result = file.render({ start: 0, end: file.text.length })) !== file.text && isCode(file, parse, project));
  if (!isQuiet) for (const file of changed) mayWrite(file.path, project);
  for (const file of changed) {
    const text = file.result;
    if (options.print) console.log(`--- ${shown(project.told(file))}\n${text}`);
    if (!isQuiet) write(file.path, text);
  }
  const manifests = changePackages(project, changed, isQuiet);
  process.exitCode = report(project, changed, manifests, isQuiet);
}

/** No file is written that the parser would not read: a mistake of this program leaves it as it is. */
function isCode(file, parse, project) {
  try {
    return Boolean(new Source(file.path, file.result, parse));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    project.unreadable.push({ path: file.path, line: error.loc?.line ?? 1, reason: `The codemod would have written no code here (${error.message}), which is a mistake of the codemod.` });
    Object.assign(file, { result: file.text, todos: [], dropped: [] });
    return false;
  }
}

const dirnameOf = (path) => (statSync(path).isDirectory() ? path : dirname(path));

/** All are asked before the first is written: half an app that is rewritten does not compile. */
function mayWrite(path, project) {
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new Misuse(`${shown(project.told(path))} may not be written (${error.code}). Nothing was changed.`, "Give the right to write it, and start the command again.");
  }
}

function write(path, text) {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new Misuse(`${shown(path)} could not be written (${error.code}). The files before it are changed.`, "Mend that, and start the command again: what is changed stays as it is.");
  }
}

/** People undo a codemod by git. */
function warnOfChanges(folder) {
  const { status, stdout } = spawnSync("git", ["status", "--porcelain", "--", "."], { cwd: folder, encoding: "utf8" });
  if (status !== 0) console.error("These files are not in a git repository, so git cannot undo what the codemod does.");
  else if (stdout.trim() !== "") console.error("The folder has changes that are not committed: the changes of the codemod come on top of them.");
}

/** The package.json files of the changed files. The package is added beside the old library, which an app takes away itself. */
function changePackages(project, changed, isQuiet) {
  const told = [];
  for (const path of new Set(changed.map((file) => manifestOf(file.path)).filter(Boolean))) {
    const text = readFileSync(path, "utf8");
    let manifest;
    try {
      manifest = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch {
      told.push(`${project.told(path)} is not JSON: add oidc-client-wasm to its dependencies yourself.`);
      continue;
    }
    if (typeof manifest !== "object" || manifest === null) continue;
    if (!["dependencies", "devDependencies", "peerDependencies"].some((kind) => manifest?.[kind]?.["oidc-client-wasm"])) {
      const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
      if (!isQuiet) write(path, withDependency(text, `^${version}`));
      told.push(isQuiet ? `${project.told(path)}: oidc-client-wasm would be added.` : `${project.told(path)}: oidc-client-wasm is added. Install it now, as you install the others.`);
    }
    const inside = [...project.paths, ...project.declarations].filter((each) => manifestOf(each) === path);
    for (const library of LIBRARIES) {
      if (![manifest?.dependencies, manifest?.devDependencies].some((list) => list?.[library])) continue;
      const still = inside.some((each) => {
        const file = project.files.get(each);
        return new RegExp(`["']${library}["']`).test(file ? file.result : readFileSync(each, "utf8"));
      });
      told.push(still ? `${library} is still imported, and stays in ${project.told(path)}.` : `Nothing at these paths ${isQuiet ? "would import" : "imports"} ${library} any more: npm uninstall ${library}${library === "oidc-client-ts" ? ", unless other files do" : ""}.`);
    }
  }
  return told;
}

function manifestOf(path) {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return join(folder, "package.json");
    if (folder === dirname(folder)) return undefined;
  }
}

/** package.json with one dependency more, in its order and with its indentation. */
function withDependency(text, version) {
  const list = /^([ \t]*)"dependencies"\s*:\s*\{([^{}]*)\}/m.exec(text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  if (list?.[2].includes("\n")) {
    const [whole, indent, inner] = list;
    const deeper = /\n([ \t]+)"/.exec(inner)?.[1] ?? `${indent}${indent || "  "}`;
    const entries = [...inner.matchAll(/"([^"]+)"\s*:\s*"([^"]*)"/g)].map(([entry, name]) => ({ entry, name }));
    const at = entries.findIndex(({ name }) => name > "oidc-client-wasm");
    entries.splice(at < 0 ? entries.length : at, 0, { entry: `"oidc-client-wasm": "${version}"` });
    return text.replace(whole, () => `${indent}"dependencies": {${newline}${entries.map(({ entry }) => deeper + entry).join(`,${newline}`)}${newline}${indent}}`);
  }
  // As npm itself writes it.
  const [mark] = /^\uFEFF?/.exec(text);
  const manifest = JSON.parse(text.slice(mark.length));
  manifest.dependencies = { ...manifest.dependencies, "oidc-client-wasm": version };
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  return `${mark}${JSON.stringify(manifest, null, indent)}\n`.replaceAll("\n", newline);
}

/** A line for a terminal: a name of a file may have characters that move its cursor. */
const shown = (line) => line.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");

function report(project, changed, manifests, isQuiet) {
  const lines = [];
  const files = [...project.files.values()];
  for (const file of changed) lines.push(`${isQuiet ? "would change" : "changed"}  ${project.told(file)}`);
  const dropped = files.flatMap((file) => file.dropped.map(({ line, what, reason }) => `${project.told(file)}:${line}  ${what}: ${reason}`));
  if (dropped.length > 0) lines.push("", "Taken away, because it is not needed:", ...dropped.map((each) => `  ${each}`));
  const left = files.flatMap((file) => file.todos.map(({ line, text }) => `${project.told(file)}:${line}  ${text}`));
  const before = files.reduce((count, file) => count + file.leftBefore, 0);
  if (left.length > 0) lines.push("", "Left for you, at the lines of the old files:", ...left.map((each) => `  ${each}`));
  if (before > 0) lines.push("", `${before} comment${before > 1 ? "s" : ""} TODO(oidc-client-wasm) of an earlier run ${before > 1 ? "are" : "is"} still there.`);
  if (project.unreadable.length > 0) lines.push("", "Not read or not written, and left as they are:", ...project.unreadable.map(({ path, line, reason }) => `  ${project.told(path)}:${line}  ${reason}`));
  const notes = notesOf(project);
  if (notes.length > 0) lines.push("", "To be done beside, which the codemod cannot see:", ...notes.map((each) => `  ${each}`));
  if (manifests.length > 0) lines.push("", ...manifests);
  const count = left.length + before;
  lines.push("", `${changed.length} file${changed.length === 1 ? "" : "s"} ${isQuiet ? "would change" : "changed"}, ${count} place${count === 1 ? "" : "s"} left${project.unreadable.length > 0 ? `, ${project.unreadable.length} not read` : ""}.`);
  if (changed.length > 0 && !isQuiet) lines.push("Run your formatter and your compiler now, then a login. docs/migrating-from-oidc-client-ts.md tells what behaves differently.");
  console.log(lines.map(shown).join("\n").trimStart());
  return count + project.unreadable.length > 0 ? 1 : 0;
}

