// An app in one page: who is signed in, an API, a logout.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const installed = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/oidc-client-wasm');
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

const page = (issuer) => `<!DOCTYPE html>
<html lang="en">
<title>App</title>
<script type="importmap">{ "imports": { "oidc-client-wasm": "/package/index.js", "oidc-client-wasm/store": "/package/frameworks/store.js" } }</script>
<p id="status"></p>
<button id="sign-in" hidden>Sign in</button>
<button id="sign-out" hidden>Sign out</button>
<button id="load" hidden>My orders</button>
<pre></pre>
<script type="module">
  import { createAuth, returnTo } from "oidc-client-wasm/store";

  const auth = createAuth({
    demo: {
      issuer: ${JSON.stringify(issuer)},
      clientId: "web",
      redirectUri: location.origin + "/callback",
      postLogoutRedirectUri: location.origin + "/",
      scope: "openid profile offline_access",
      apiBaseUrl: ${JSON.stringify(`${issuer}/api/`)},
    },
  }, JSON.parse(localStorage.getItem("options") ?? "{}"));
  const client = auth.client("demo");
  const $ = (name) => document.querySelector(name);
  function show() {
    const { status, claims } = client.snapshot;
    $("#status").textContent = status + " " + (claims?.name ?? "");
    $("#sign-in").hidden = status !== "signed-out";
    $("#sign-out").hidden = $("#load").hidden = status !== "signed-in";
  }
  client.subscribe(show);
  show();
  auth.answered.then(returnTo, returnTo);
  $("#sign-in").onclick = () => client.authorizeRedirect();
  $("#sign-out").onclick = () => client.logoutRedirect();
  $("#load").onclick = async () => $("pre").textContent = await (await client.get("orders")).text();
</script>
</html>
`;

export async function startApp(issuer) {
  const server = createServer(async ({ url, headers }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    if (pathname === '/secret' && headers.authorization !== `Basic ${btoa('alice:staging')}`) return response.writeHead(401, { 'www-authenticate': 'Basic realm="staging"' }).end();
    if (!pathname.startsWith('/package/')) return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(issuer));
    const file = path.join(installed, path.normalize(pathname.slice('/package/'.length)));
    const body = await readFile(file).catch(() => undefined);
    return response.writeHead(body ? 200 : 404, { 'content-type': types[path.extname(file)] ?? 'text/plain' }).end(body);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${server.address().port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
