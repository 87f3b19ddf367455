// The provider on a port of this machine: node:http on one side, Request and Response on the other.

import { createServer } from "node:http";

/** The most bytes of a body. */
const MAX_BODY = 1 << 20;
/** Milliseconds in which a request has to arrive. */
const PATIENCE = 30_000;
const LOCAL = ["localhost", "127.0.0.1", "[::1]"];
/** `localhost` is two addresses. A server on one of them only can be shadowed by a stranger on the other. */
const ADDRESSES = ["127.0.0.1", "::1"];
const ABSENT = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function bind(listener, port, address) {
  return new Promise((resolve, reject) => {
    const server = createServer({ requestTimeout: PATIENCE, headersTimeout: PATIENCE }, listener);
    server.once("error", reject);
    server.listen({ port, host: address, exclusive: true }, () => {
      server.removeListener("error", reject);
      resolve(server);
    });
  });
}

function stop(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

/** Listens on the loopback addresses alone. Port 0 takes a free one. */
export async function listen(listener, port) {
  for (let attempt = 0; ; attempt += 1) {
    const servers = [];
    try {
      for (const address of ADDRESSES) {
        try {
          servers.push(await bind(listener, servers[0]?.address().port ?? port, address));
        } catch (error) {
          // A machine may have no IPv6.
          if (servers.length === 0 || !ABSENT.has(error.code)) throw error;
        }
      }
      return { port: servers[0].address().port, close: () => Promise.all(servers.map(stop)) };
    } catch (error) {
      await Promise.all(servers.map(stop));
      if (port !== 0 || error.code !== "EADDRINUSE" || attempt === 9) throw error;
    }
  }
}

function say(response, status, text, headers = {}) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff", ...headers }).end(`${text}\n`);
}

async function bodyOf(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The request, unless it has what no Request may have: a method that `fetch` forbids, or a header that is none. */
function requestOf(url, init) {
  try {
    return new Request(url, init);
  } catch {
    return undefined;
  }
}

/** The listener of node:http for a provider. Only names of this machine are its own: another name is that of a site that has pointed its name here. */
export function listenerOf(provider) {
  const { origin, host } = new URL(provider.issuer);
  const told = new Set();

  /** A page that uses another name than the issuer's shows a refusal, and not its cause. */
  function tell(asked) {
    if (told.has(asked)) return;
    told.add(asked);
    console.log(`Asked as ${asked}; the issuer is ${provider.issuer}. Give the app this issuer, to the letter.`);
  }

  async function answer(request, response) {
    const { host: asked = "", ...headers } = request.headers;
    if (asked !== host) {
      const { port } = new URL(origin);
      const isLocal = LOCAL.some((name) => asked === `${name}:${port || 80}` || (!port && asked === name));
      if (!isLocal) return say(response, 421, `This server answers for ${origin} and for no other name.`);
      tell(asked);
      // Another name of this machine has cookies of its own.
      if (!["GET", "HEAD"].includes(request.method) || !request.url.startsWith("/")) return say(response, 421, `Use ${origin}.`);
      return say(response, 307, `Use ${origin}.`, { location: origin + request.url, "access-control-allow-origin": "*" });
    }
    // A proxy asks for a whole URL, and `//name` would be the name of another server.
    if (!request.url.startsWith("/") || request.url.startsWith("//")) return say(response, 400, "This is no path.");
    const body = ["GET", "HEAD"].includes(request.method) ? undefined : await bodyOf(request);
    if (body === undefined && !["GET", "HEAD"].includes(request.method)) {
      return say(response, 413, "The body is too large.", { connection: "close" });
    }
    const asRequest = requestOf(origin + request.url, { method: request.method, headers: Object.entries(headers).map(([name, value]) => [name, String(value)]), body });
    if (asRequest === undefined) return say(response, 400, "This request cannot be read.");
    const given = await provider.handle(asRequest);
    response.statusCode = given.status;
    for (const [name, value] of given.headers) response.setHeader(name, value);
    response.end(Buffer.from(await given.arrayBuffer()));
  }

  return (request, response) => {
    request.on("error", () => {});
    answer(request, response).catch((error) => {
      // The person has gone, or this program has a mistake.
      if (!request.destroyed || request.complete) console.error("dev-provider:", error);
      if (response.headersSent) response.destroy();
      else say(response, 500, "The provider has failed.");
    });
  };
}
