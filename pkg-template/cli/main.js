#!/usr/bin/env node
// The program `oidc-client-wasm`: a provider for local work, the first files of an app, the doctor, and the way from another library.

import { readFileSync } from "node:fs";
import { Misuse, closest } from "./args.js";

const HELP = `Usage: npx oidc-client-wasm <command>

  dev-provider   starts an OpenID Provider on this machine, for development
  init           writes the files with which an app signs people in
  doctor         says what stands against a login at a provider, and what to change
  codemod        rewrites an app that uses oidc-client-ts or react-oidc-context

  <command> --help   says what a command takes
  --version          prints the version of the package
`;

const COMMANDS = {
  __proto__: null,
  "dev-provider": async () => (await import("./dev-provider.js")).devProvider,
  init: async () => (await import("./init.js")).init,
  doctor: async () => (await import("./doctor.js")).doctor,
  codemod: async () => (await import("./codemod/codemod.js")).codemod,
};

async function main([command, ...args]) {
  if (command === "--help" || command === "-h" || command === "help") return process.stdout.write(HELP);
  if (command === "--version" || command === "-v") {
    return console.log(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version);
  }
  if (command === undefined) throw new Misuse("Say what to do.", HELP);
  if (!COMMANDS[command]) throw new Misuse(`There is no command "${command}".${closest(command, Object.keys(COMMANDS))}`, HELP);
  return (await COMMANDS[command]())(args);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  // A mistake of the person has words of its own. Anything else is a mistake of this program, and is told whole.
  if (!(error instanceof Misuse)) throw error;
  console.error(error.cure ? `${error.message}\n\n${error.cure.trimEnd()}` : error.message);
  process.exitCode = error.exitCode;
}
