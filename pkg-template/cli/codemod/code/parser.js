// The parser is not part of the package, which has no dependencies. It is the one of the project, or is fetched into npm's cache for this run.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Misuse } from "../../args.js";

const NAME = "@babel/parser";
export const VERSION = "7.29.15";
const SEEN = "oidc-client-wasm-path:";

/** The parser that the project has, where it is one of the versions that this program knows. */
function ownOf(folder) {
  try {
    const require = createRequire(join(resolve(folder), "package.json"));
    const [major, minor] = require(`${NAME}/package.json`).version.split(".").map(Number);
    return major === 7 && minor >= 24 ? require.resolve(NAME) : undefined;
  } catch {
    return undefined;
  }
}

/** Where npm has put it: the first folder of PATH in its child process that has the package beside its programs. */
function fetched() {
  const script = `console.log(${JSON.stringify(SEEN)} + (process.env.PATH || process.env.Path))`;
  const args = ["exec", "--yes", "--ignore-scripts", `--package=${NAME}@${VERSION}`, "--", "node", "-e", script];
  const cli = npmScript();
  const [command, first] = cli === undefined ? ["npm", []] : [process.execPath, [cli]];
  const { stdout, stderr, status, error } = spawnSync(command, [...first, ...args], { encoding: "utf8", timeout: 120_000 });
  const said = stdout?.split(/\r?\n/).find((line) => line.startsWith(SEEN));
  const folder = said?.slice(SEEN.length).split(delimiter).map((bin) => join(dirname(bin), NAME)).find((place) => existsSync(join(place, "package.json")));
  if (status === 0 && folder !== undefined) return createRequire(join(folder, "package.json")).resolve(NAME);
  const complaints = (stderr ?? "").split("\n").filter((line) => /^npm (?:error|ERR!) /.test(line));
  const reason = error?.message ?? complaints.find((line) => /failed|not found|no matching/i.test(line)) ?? complaints[0] ?? "npm said nothing";
  throw new Misuse(
    `${NAME} ${VERSION}, which reads the code, could not be fetched: ${reason.replace(/^npm (?:error|ERR!) /, "").trim()}`,
    `Nothing was changed. Where npm reaches no registry, install the parser in the project, in the folder of its package.json, and start this command again there:\n\n  npm install --save-dev --save-exact ${NAME}@${VERSION}`,
  );
}

/** npm as a file of JavaScript: that which has started this program, or that beside Node.js. On Windows npm itself is a script, whose words a shell would read. */
function npmScript() {
  const started = process.env.npm_execpath?.replace(/npx-cli\.js$/, "npm-cli.js") ?? "";
  const home = dirname(process.execPath);
  const places = [join(home, "node_modules/npm/bin/npm-cli.js"), join(home, "../lib/node_modules/npm/bin/npm-cli.js")];
  return [...(started.endsWith("npm-cli.js") ? [started] : []), ...places].find((place) => existsSync(place));
}

/** @returns {Promise<(text: string, name: string) => object>} a function that reads a text, and throws `SyntaxError` for one that is none */
export async function loadParser(folder, announce) {
  let place = ownOf(folder);
  if (place === undefined) {
    announce(`The codemod reads the code with ${NAME} ${VERSION}, which this project does not have. npm now fetches it into its cache; nothing is added to the project.`);
    place = fetched();
  }
  const { default: imported, parse = imported.parse } = await import(pathToFileURL(place));
  return (text, name) => read(parse, text, name);
}

function read(parse, text, name) {
  const isTypeScript = /\.[mc]?tsx?$/.test(name);
  const dialects = isTypeScript ? [["typescript", ...(/x$/.test(name) ? ["jsx"] : [])]] : [["jsx"], ["jsx", "flow"]];
  let reason;
  for (const dialect of dialects) {
    try {
      return parse(text, { sourceType: "unambiguous", allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true, plugins: [...dialect, "decorators-legacy"] });
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}
