// `oidc-client-wasm dev-provider`: the provider of `oidc-client-wasm/testing/provider` on a port of this machine, until Ctrl-C.

import { readFileSync } from "node:fs";
import { createProvider } from "../testing/provider.js";
import { Misuse, flags } from "./args.js";
import { listen, listenerOf } from "./serve.js";

const PORT = 9400;
const MAX_FILE = 1 << 20;

const HELP = `Usage: npx oidc-client-wasm dev-provider [flags]

Starts an OpenID Provider on this machine, for development. Every client id is good, and so is every redirect URI on localhost, 127.0.0.1 and [::1].
It asks for no password, and forgets everything when it ends.

  --port N                 the port (default ${PORT}; 0: a free one)
  --users FILE             people, as a JSON list: [{ "sub": "carol", "name": "Carol", "email": "carol@example.com" }]
  --issuer URL             the issuer, where it is not http://localhost:PORT, as http://localhost:${PORT}/realm
  --client-id ID           the only client that the provider knows (default: every id is good)
  --signing-alg ALG        ES256 (default) or RS256
  --access-token-seconds N how long an access token is good (default 3600)
  --help
`;

const KNOWN = { port: "N", users: "FILE", issuer: "URL", "client-id": "ID", "signing-alg": "ALG", "access-token-seconds": "N" };

function number(text, name, least, most) {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Misuse(`--${name} is "${text}".`, `Give a whole number from ${least} to ${most}.`);
}

/** The users of a file. */
function usersOf(file) {
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch ({ code }) {
    const why = { ENOENT: "There is no such file", EISDIR: "It is a folder", EACCES: "It may not be read" }[code] ?? `It cannot be read (${code})`;
    throw new Misuse(`--users ${file}: ${why}.`, "Give the path of a JSON file with a list of people.");
  }
  if (text.length > MAX_FILE) throw new Misuse(`--users ${file}: the file is larger than 1 MiB.`, "Give fewer people.");
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Misuse(`--users ${file}: ${error.message}`, 'The file must be JSON: [{ "sub": "carol", "name": "Carol" }].');
  }
}

/** The issuer and its port, which is that of `--port` if both are given. */
function placeOf({ issuer, port }) {
  const wanted = port === undefined ? undefined : number(port, "port", 0, 65_535);
  if (issuer === undefined) return { wanted: wanted ?? PORT, issuerAt: (taken) => `http://localhost:${taken}` };
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol !== "http:" || !["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)) {
    throw new Misuse(`--issuer is "${issuer}".`, "The provider answers on this machine only: give a URL that begins with http://localhost:, http://127.0.0.1: or http://[::1]:.");
  }
  const own = Number(url.port || 80);
  if (own === 0) throw new Misuse(`--issuer is "${issuer}".`, "Give it a port. For a free port: --port 0, without --issuer.");
  if (wanted !== undefined && wanted !== own) throw new Misuse(`--port is ${wanted}, and --issuer has the port ${own}.`, "Give one of them, or the same port in both.");
  return { wanted: own, issuerAt: () => issuer };
}

/** The provider. What its options say is wrong, the person has written. */
function make(options, users) {
  try {
    return createProvider(options);
  } catch (error) {
    if (error.constructor !== TypeError) throw error;
    throw new Misuse(users === undefined ? error.message : `--users ${users}: ${error.message}`);
  }
}

function refusalOf(error, port) {
  if (error.code === "EADDRINUSE") return new Misuse(`Port ${port} is taken.`, `Stop what listens there, perhaps another dev-provider, or choose another port: --port ${port === 65_535 ? 9401 : port + 1}`, { exitCode: 1 });
  if (error.code === "EACCES") return new Misuse(`Port ${port} is not allowed for this account.`, `Choose a port of 1024 or more: --port ${PORT}`, { exitCode: 1 });
  return error;
}

const snippet = (issuer, clientId) => `  issuer: "${issuer}",
  clientId: ${clientId === undefined ? '"my-spa",                                // any text' : `${JSON.stringify(clientId)},`}
  redirectUri: \`\${location.origin}/callback\`,
  postLogoutRedirectUri: \`\${location.origin}/\`,
  scope: "openid profile email offline_access",
  apiBaseUrl: "${issuer.replace(/\/$/, "")}/api/",   // client.get("orders")`;

export async function devProvider(args) {
  const given = flags(args, KNOWN, HELP);
  if (given.help) return process.stdout.write(HELP);
  const { wanted, issuerAt } = placeOf(given);
  const users = given.users === undefined ? undefined : usersOf(given.users);
  const accessToken = given["access-token-seconds"] === undefined ? undefined : number(given["access-token-seconds"], "access-token-seconds", 1, 2 ** 31);
  const alg = given["signing-alg"];
  if (alg !== undefined && !["ES256", "RS256"].includes(alg)) throw new Misuse(`--signing-alg is "${alg}".`, "Give ES256 or RS256.");
  const clientId = given["client-id"];
  if (clientId !== undefined && !/^[\x20-\x7e]{1,255}$/.test(clientId)) throw new Misuse("--client-id is not one.", "Give up to 255 ASCII letters, digits and signs.");
  const options = { ...(clientId !== undefined && { clients: [{ clientId, redirectUris: "local" }] }), ...(users !== undefined && { users }), ...(alg && { signingAlg: alg }), ...(accessToken && { lifetimes: { accessToken } }) };
  // A mistake in a file is told before a port is taken.
  make({ ...options, issuer: issuerAt(wanted) }, given.users);
  let listener;
  const server = await listen((request, response) => listener(request, response), wanted).catch((error) => { throw refusalOf(error, wanted); });
  const provider = make({ ...options, issuer: issuerAt(server.port) }, given.users);
  listener = listenerOf(provider);
  const end = () => void server.close().then(() => process.exit(0));
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  console.log(`The provider is running, on this machine only. Ctrl-C ends it.

Issuer:  ${provider.issuer}
People:  ${provider.users.slice(0, 20).map(({ sub, name }) => (name === undefined ? sub : `${sub} (${printable(name)})`)).join(", ")}${provider.users.length > 20 ? ", …" : ""}. The page of the provider asks who signs in; there are no passwords.

The settings of your app:

${snippet(provider.issuer, clientId)}

It keeps everything in memory: after a restart it has new keys, and people sign in once more.`);
}

/** Without what would act on a terminal. */
function printable(text) {
  return String(text).replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
}
