// `oidc-client-wasm init`: writes the first files of an app, and nothing else. A file that is there is never touched.

import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readFileSync, realpathSync, rmSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { createInterface } from "node:readline/promises";
import { Misuse, closest, flags } from "./args.js";
import { FRAMEWORKS, WITHOUT_FILES, inJavaScript, withValues, withoutTypes } from "./templates.js";

const DEFAULTS = { issuer: "http://localhost:9400", "client-id": "my-spa" };

const HELP = `Usage: npx oidc-client-wasm init [flags]

Writes the files with which an app signs people in: its settings and an example. It changes no file, and writes nothing where one of them is there already.

  --framework NAME   ${Object.keys(FRAMEWORKS).join(", ")} (default: by package.json)
  --issuer URL       the provider (default ${DEFAULTS.issuer}, which npx oidc-client-wasm dev-provider starts)
  --client-id ID     the id that the provider has given the app (default ${DEFAULTS["client-id"]}, which is as good as any at dev-provider)
  --dir DIR          the folder of the app (default: this one)
  --dry-run          writes and asks nothing, and prints the files
  --yes              asks nothing, and takes the defaults
  --help

On a terminal it asks for what the flags do not say.
`;

const KNOWN = { framework: "NAME", issuer: "URL", "client-id": "ID", dir: "DIR", "dry-run": "yes", yes: "yes" };

/** The packages of an app that say what it is made with. The framework of a framework comes first. */
const SIGNS = [["next", "next"], ["nuxt", "nuxt"], ["@angular/core", "angular"], ["svelte", "svelte"], ["solid-js", "solid"], ["vue", "vue"], ["react", "react"]];

function readApp(dir) {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new Misuse(`--dir ${dir} is no folder.`, "Give the folder that has the package.json of the app.");
  const manifest = join(dir, "package.json");
  let packages = [];
  if (existsSync(manifest)) {
    let read;
    try {
      read = JSON.parse(readFileSync(manifest, "utf8").replace(/^\uFEFF/, ""));
    } catch (error) {
      throw new Misuse(`${manifest} is not JSON: ${error.message}`, "Mend package.json first.");
    }
    packages = Object.keys({ ...read?.dependencies, ...read?.devDependencies });
  }
  const hasTypes = existsSync(join(dir, "tsconfig.json")) || packages.includes("typescript");
  return { dir, has: (name) => existsSync(join(dir, name)), packages, hasTypes, hasManifest: existsSync(manifest) };
}

function frameworkOf(given, { packages, hasManifest, dir }) {
  const known = Object.keys(FRAMEWORKS);
  const found = given ?? SIGNS.find(([name]) => packages.includes(name))?.[1];
  if (found === undefined) {
    if (hasManifest) return "plain";
    throw new Misuse(`${dir} has no package.json.`, "Go to the folder of the app or give --dir. For a page without tools: --framework plain");
  }
  if (Object.hasOwn(FRAMEWORKS, found)) return found;
  if (Object.hasOwn(WITHOUT_FILES, found)) throw new Misuse(`init has no files for ${found} yet.`, WITHOUT_FILES[found], { exitCode: 1 });
  throw new Misuse(`There is no framework "${found}".${closest(found, known)}`, `There are: ${known.join(", ")}.`);
}

function checkIssuer(issuer) {
  const url = URL.canParse(issuer) && !/[\s"'`\\<>]/.test(issuer) ? new URL(issuer) : undefined;
  const isLocal = url && ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!url || !(url.protocol === "https:" || (url.protocol === "http:" && isLocal)) || url.username || url.password || /[?#]/.test(issuer)) {
    throw new Misuse(`--issuer is "${issuer}".`, "Give an https URL as the provider names itself, or http://localhost:9400 for dev-provider.");
  }
  if (/\/\.well-known\//.test(issuer)) throw new Misuse(`--issuer is "${issuer}".`, "Give the issuer itself, as the metadata at this URL name it: mostly what stands before /.well-known/.");
  return issuer;
}

function checkClientId(clientId) {
  if (!/^[\x20-\x7e]{1,255}$/.test(clientId)) throw new Misuse("--client-id is not one.", "Give the id that the provider has given the app: up to 255 letters, digits and signs.");
  return clientId;
}

const QUESTIONS = {
  framework: "The framework",
  issuer: "The issuer: the URL of your provider",
  "client-id": "The client id of the app at the provider",
};

/** The answers of the person on a terminal. An answer that is wrong is asked for again. */
async function ask(missing, defaults, checks) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input leave nothing behind.
  const leave = () => {
    process.stdout.write("\nNothing was written.\n");
    process.exit(130);
  };
  terminal.on("SIGINT", leave);
  terminal.on("close", leave);
  const answers = {};
  for (const name of missing) {
    while (answers[name] === undefined) {
      try {
        answers[name] = checks[name]((await terminal.question(`${QUESTIONS[name]} [${defaults[name]}]: `)).trim() || defaults[name]);
      } catch (error) {
        if (!(error instanceof Misuse)) throw error;
        console.log(`${error.message} ${error.cure}`);
      }
    }
  }
  terminal.off("close", leave);
  terminal.close();
  return answers;
}

/** What the flags say, and the answers to what they do not say: of the person on a terminal, else the defaults, which `--yes` has agreed to. */
async function answersTo(given, app) {
  const framework = frameworkOf(given.framework, app);
  const checks = { framework: (name) => frameworkOf(name, app), issuer: checkIssuer, "client-id": checkClientId };
  for (const name of Object.keys(DEFAULTS)) if (given[name] !== undefined) checks[name](given[name]);
  // A file that is in the way is told before a person answers questions.
  if (!given["dry-run"]) refuseWhereThere(plan({ framework, app, issuer: DEFAULTS.issuer, clientId: DEFAULTS["client-id"] }));
  const defaults = { framework, ...DEFAULTS };
  const missing = Object.keys(DEFAULTS).filter((name) => given[name] === undefined);
  if (given.yes || given["dry-run"] || missing.length === 0) return { ...defaults, ...given, framework };
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Misuse(`${missing.map((name) => `--${name}`).join(" and ")} ${missing.length > 1 ? "are" : "is"} missing.`, `Give it, or --yes for the defaults: ${missing.map((name) => DEFAULTS[name]).join(" and ")}.`);
  }
  return { ...defaults, ...given, ...await ask(given.framework === undefined ? ["framework", ...missing] : missing, defaults, checks) };
}

const isThere = (path) => {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
};

/** The path without links, or undefined for a link to nowhere. */
function realOf(path) {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The nearest folder above a path that is there, whatever it is. */
function nearest(path) {
  let folder = dirname(path);
  while (!isThere(folder)) folder = dirname(folder);
  return folder;
}

/** The files with their texts. Nothing has been written yet. `there`: the files that are in the way. */
function plan({ framework, app, issuer, clientId }) {
  const own = realpathSync(app.dir);
  const { files: filesOf, hasTypes = app.hasTypes } = FRAMEWORKS[framework];
  const files = Object.entries(filesOf(app)).map(([template, name]) => {
    const text = withValues(readFileSync(new URL(`templates/${framework}/${template}`, import.meta.url), "utf8"), { issuer, clientId });
    const file = hasTypes ? { name, text } : { name: inJavaScript(name), text: withoutTypes(text) };
    // An import without an extension would find the file of the other language.
    const others = [...new Set([name, inJavaScript(name), name.replace(/\.tsx?$/, ".js")])];
    return { ...file, path: join(own, file.name), there: others.filter((other) => isThere(join(own, other))) };
  });
  for (const { path } of files) {
    const folder = nearest(path);
    const real = realOf(folder);
    if (real === undefined || !statSync(real).isDirectory()) throw new Misuse(`${relative(own, folder)} is no folder.`, "Move what has its name away.", { exitCode: 1 });
    if (real !== own && !real.startsWith(own + sep)) throw new Misuse(`${relative(own, folder)} leads out of ${app.dir}.`, "Give the folder that the files are to be in by --dir.", { exitCode: 1 });
  }
  return files;
}

function refuseWhereThere(files) {
  const there = files.flatMap((file) => file.there);
  if (there.length === 0) return;
  throw new Misuse(
    `${there.join(" and ")} ${there.length > 1 ? "are" : "is"} there already, so nothing was written. It would have been: ${files.map(({ name }) => name).join(", ")}.`,
    "init changes no file. See what it would write by --dry-run; move what is there away, or give another folder by --dir.",
    { exitCode: 1 },
  );
}

/** The folders on the way to this path that are not there yet, the outermost first. */
function missingFolders(path) {
  const missing = [];
  for (let folder = dirname(path); !isThere(folder); folder = dirname(folder)) missing.unshift(folder);
  return missing;
}

/** Writes all of the files, or none. */
function write(files) {
  const undo = [];
  let name;
  try {
    // The settings come last: an app that has them has the other files, too.
    for (const file of files.toReversed()) {
      ({ name } = file);
      for (const folder of missingFolders(file.path)) {
        mkdirSync(folder);
        undo.unshift(() => rmdirSync(folder));
      }
      // Fails where a file, or a link to nowhere, has come meanwhile.
      const opened = openSync(file.path, "wx");
      undo.unshift(() => rmSync(file.path));
      try {
        writeFileSync(opened, file.text);
      } finally {
        closeSync(opened);
      }
    }
  } catch (error) {
    if (error.code === undefined) throw error;
    for (const step of undo) step();
    throw new Misuse(`${name} could not be written (${error.code}), so nothing was.`, "Check that the folder may be written to, and that the disk has room.", { exitCode: 1 });
  }
}

const afterwards = ({ framework, app, issuer }) => `${FRAMEWORKS[framework].next(app)}
${app.packages.includes("oidc-client-wasm") ? "" : "Install oidc-client-wasm in the app: it is not in its package.json yet.\n"}${issuer.startsWith("http:")
  ? `Start the provider beside the app: npx oidc-client-wasm dev-provider${issuer === DEFAULTS.issuer ? "" : ` --issuer ${issuer}`}`
  : "Register at the provider, to the letter: the redirect URI <origin of the app>/callback, and the post-logout redirect URI <origin of the app>/. Set apiBaseUrl to your API, or leave it out."}`;

export async function init(args) {
  const given = flags(args, KNOWN, HELP);
  if (given.help) return process.stdout.write(HELP);
  const app = readApp(given.dir ?? ".");
  const { framework, issuer, "client-id": clientId } = await answersTo(given, app);
  const files = plan({ framework, app, issuer, clientId });
  if (given["dry-run"]) {
    const told = files.map(({ name, text, there }) => `--- ${name}${there.length > 0 ? ` (${there.join(" and ")} is there already: init would write nothing)` : ""}\n\n${text}`);
    return console.log(`This is what init would write, for ${framework}:\n\n${told.join("\n")}`);
  }
  refuseWhereThere(files);
  write(files);
  console.log(`Wrote, for ${framework}:\n\n${files.map(({ name }) => `  ${name}`).join("\n")}\n\n${afterwards({ framework, app, issuer })}`);
}
