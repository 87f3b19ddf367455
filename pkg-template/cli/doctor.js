// `oidc-client-wasm doctor`: what stands against a login at a provider, seen from this machine and without signing in.

import { readFileSync } from "node:fs";
import { summaryOf } from "../doctor/finding.js";
import { Misuse, flags } from "./args.js";
import { createAsker } from "./doctor/ask.js";
import { examine } from "./doctor/examine.js";
import { print } from "./doctor/print.js";

/** The version of the report: it changes when a member goes or means something else. */
const VERSION = 1;
const SECONDS = 10;

const HELP = `Usage: npx oidc-client-wasm doctor ISSUER CLIENT_ID ORIGIN [flags]

Asks an OpenID Provider what a page at ORIGIN would ask, and says what stands against a login, and what to change where.
It signs nobody in, changes nothing at the provider, and sends no secret.

  --redirect-uri URL               default ORIGIN/callback
  --post-logout-redirect-uri URL   default ORIGIN/
  --scope "WORDS"                  default "openid profile email offline_access"
  --timeout SECONDS                how long one answer may take (default ${SECONDS})
  --json                           the report as JSON: docs/doctor.md has its members
  --help

Exit codes: 0 no problem, 1 problems, 2 the provider could not be asked, or a mistake in the call. With --json,
a mistake in the call prints an object with error.

  npx oidc-client-wasm doctor https://id.example.com my-spa https://app.example.com
`;

const KNOWN = { "redirect-uri": "URL", "post-logout-redirect-uri": "URL", scope: '"WORDS"', timeout: "SECONDS", json: "yes" };

/** The arguments without flags, and the rest. */
function sorted(args) {
  const [plain, rest] = [[], []];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (!arg.startsWith("-")) {
      plain.push(arg);
      continue;
    }
    rest.push(arg);
    const takes = KNOWN[arg.slice(2)];
    if (takes !== undefined && takes !== "yes" && at + 1 < args.length) rest.push(args[at += 1]);
  }
  return { plain, rest };
}

/** In CI an argument is empty where its variable is not set. */
const isGiven = (name, text) => {
  if (text.trim() === "") throw new Misuse(`${name} is empty.`, "If a variable gives it, look whether the variable is set here.");
};

const isWeb = (text) => /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);

/** A report is made to be shown to others: no password gets into it. */
function withoutPassword(name, text) {
  const { username, password } = new URL(text);
  if (username || password) throw new Misuse(`${name} has a user name or a password before its host.`, "Give it without them: the client refuses such a URL, and the report would show them.");
}

function readOrigin(text) {
  if (!isWeb(text)) throw new Misuse(`ORIGIN is "${text}".`, "Give the scheme, the host and the port of your app: https://app.example.com or http://localhost:5173");
  const { origin, pathname, search, hash } = new URL(text);
  withoutPassword("ORIGIN", text);
  if (pathname !== "/" || search || hash) throw new Misuse(`ORIGIN is "${text}", which has more than an origin.`, `Give ${origin}. A redirect URI goes into --redirect-uri.`);
  return origin;
}

function readUri(name, text, origin) {
  if (text === undefined) return undefined;
  if (text.startsWith("/") && !text.startsWith("//")) return origin + text;
  if (!isWeb(text)) throw new Misuse(`--${name} is "${text}".`, `Give a URL, or a path at ${origin}.`);
  withoutPassword(`--${name}`, text);
  return text;
}

function readAll(args) {
  const { plain, rest } = sorted(args);
  const given = flags(rest, KNOWN, HELP);
  if (given.help) return { help: true };
  const [issuer, clientId, from, ...more] = plain;
  if (from === undefined) throw new Misuse(`${["ISSUER", "CLIENT_ID", "ORIGIN"][plain.length]} is missing.`, HELP);
  if (more.length > 0) throw new Misuse(`"${more[0]}" was not expected here.`, HELP);
  isGiven("ISSUER", issuer);
  isGiven("CLIENT_ID", clientId);
  isGiven("ORIGIN", from);
  if (!isWeb(issuer)) throw new Misuse(`ISSUER is "${issuer}".`, "Give the URL of the provider, as https://id.example.com or https://sso.example.com/realms/my-realm");
  withoutPassword("ISSUER", issuer);
  if (!/^[\x20-\x7e]{1,512}$/.test(clientId)) throw new Misuse("CLIENT_ID is none.", "Give the client id as the provider shows it: ASCII letters, digits and signs.");
  const origin = readOrigin(from);
  const timeout = given.timeout === undefined ? SECONDS : Number(given.timeout);
  if (!(timeout >= 1 && timeout <= 120)) throw new Misuse(`--timeout is "${given.timeout}".`, "Give a number of seconds from 1 to 120.");
  return {
    asked: {
      issuer, clientId, origin,
      redirectUri: readUri("redirect-uri", given["redirect-uri"], origin) ?? `${origin}/callback`,
      postLogoutRedirectUri: readUri("post-logout-redirect-uri", given["post-logout-redirect-uri"], origin) ?? `${origin}/`,
      scope: (given.scope ?? "openid profile email offline_access").split(/[\s,]+/).filter(Boolean),
    },
    timeout: timeout * 1000,
    isJson: given.json === true,
  };
}

/** A mistake in the call, for a program that reads the report: stdout has JSON in any case. */
function printMistake({ message, cure, exitCode }, version) {
  const error = { message, cure: cure === HELP ? "See npx oidc-client-wasm doctor --help." : cure || null };
  process.stdout.write(`${JSON.stringify({ version: VERSION, package: version, exitCode, error }, null, 2)}\n`);
}

export async function doctor(args) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  let read;
  try {
    read = readAll(args);
  } catch (error) {
    if (error instanceof Misuse && args.some((arg) => /^--json(=|$)/.test(arg))) printMistake(error, version);
    throw error;
  }
  const { help, asked, timeout, isJson } = read;
  if (help) return process.stdout.write(HELP);
  const { isTTY, columns } = process.stdout;
  const isRich = !!isTTY && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  // A line for the time until the report, which goes away.
  const isPatient = isRich && !isJson;
  if (isPatient) process.stdout.write(`Asking ${new URL(asked.issuer).host} …`);
  const { findings, isUnasked, settings, requests, hosts } = await examine(asked, createAsker({ timeout, agent: `oidc-client-wasm-doctor/${version}` }));
  if (isPatient) process.stdout.write("\r\x1b[K");
  const summary = summaryOf(findings);
  const exitCode = isUnasked ? 2 : Number(summary.problems > 0);
  const report = { version: VERSION, package: version, time: new Date().toISOString(), ...asked, exitCode, summary, requests, hosts, findings, settings };
  process.exitCode = exitCode;
  process.stdout.write(isJson ? `${JSON.stringify(report, null, 2)}\n` : print(report, { isRich, columns: columns || 100 }));
}
