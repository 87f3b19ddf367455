// `npm run dev -- --port 5173`: the site at localhost, with `index.html` for every address of a page, and the settings of the client.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";

const { port } = parseArgs({ options: { port: { type: "string", default: "5173" } } }).values;
const origin = `http://localhost:${port}`;
const issuer = process.env.ISSUER ?? "http://localhost:9400";
const settings = {
  demo: {
    issuer,
    clientId: "demo-spa",
    redirectUri: `${origin}/callback`,
    postLogoutRedirectUri: `${origin}/`,
    scope: "openid profile email offline_access",
    apiBaseUrl: `${issuer}/api/`,
  },
};
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json", ".map": "application/json", ".wasm": "application/wasm" };

/** The file of an address: of the package below `/oidc-client-wasm/`, else of `src`. `normalize` keeps the path below its folder. */
function fileOf(pathname) {
  const name = path.extname(pathname) ? path.posix.normalize(decodeURIComponent(pathname)) : "/index.html";
  return path.join(import.meta.dirname, name.startsWith("/oidc-client-wasm/") ? "node_modules" : "src", name);
}

createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, origin);
    const isSettings = pathname === "/settings.json";
    const file = fileOf(pathname);
    const body = isSettings ? JSON.stringify(settings) : await readFile(file);
    response.writeHead(200, { "content-type": types[isSettings ? ".json" : path.extname(file)] ?? "application/octet-stream", "cache-control": "no-cache" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(Number(port), "localhost", () => console.log(`${origin}/protected`));
