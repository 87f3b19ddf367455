// The demo's API: a resource server that knows people by their access token alone. The provider has one beside it, at
// `/api/…`; startApi() opens another with the same endpoints, at an origin of its own.

import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from './listen.js';
import { bearerToken, crossOrigin, handling, readBody, refuseToken, sendJson } from './resource-server.js';
import { createWire } from './wire.js';

// Dates are counted back from today, so the demo never looks abandoned.
const orders = {
  alice: [
    { id: 'PC-20419', item: 'Ceramic teapot, 0.8 l', status: 'Out for delivery', daysAgo: 2, total: 48.5 },
    { id: 'PC-20377', item: 'Linen tablecloth, sage', status: 'Delivered', daysAgo: 11, total: 64 },
    { id: 'PC-20258', item: 'Set of four espresso cups', status: 'Delivered', daysAgo: 25, total: 36.9 },
  ],
  bob: [
    { id: 'PC-20433', item: 'Oak cutting board', status: 'Packed', daysAgo: 1, total: 41 },
    { id: 'PC-20102', item: 'Cast-iron pan, 26 cm', status: 'Delivered', daysAgo: 51, total: 89.9 },
  ],
};

const ordersOf = (sub) => (orders[sub] ?? []).map(({ daysAgo, ...order }) => ({
  ...order,
  date: new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10),
}));

export const apiPaths = { orders: '/api/orders', echo: '/api/echo', stream: '/api/stream', redirect: '/api/redirect' };
export const isApi = ({ url }) => url.startsWith('/api/');

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const number = (text, fallback, highest) => Math.min(highest, Math.max(0, Number(text ?? fallback) || 0));

const endpoints = {
  [apiPaths.orders]: {
    methods: ['GET', 'HEAD'],
    needsToken: true,
    answer: async (_req, res, { person }) => sendJson(res, 200, { sub: person.sub, name: person.name, orders: ordersOf(person.sub) }),
  },

  // What arrived, so that a test can read in the page what the page sent. Never the token.
  [apiPaths.echo]: {
    methods,
    async answer(req, res, { url, person }) {
      const body = await readBody(req);
      const { authorization } = req.headers;
      sendJson(res, 200, {
        sub: person?.sub ?? null,
        method: req.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headerNames: Object.keys(req.headers).sort(),
        authorization: authorization === undefined ? null : authorization.split(' ', 1)[0],
        contentType: req.headers['content-type'] ?? null,
        bodyLength: body.length,
        body: body.toString(),
      });
    },
  },

  // `chunks` lines (default 5), `interval` milliseconds apart (default 200).
  [apiPaths.stream]: {
    methods: ['GET', 'POST'],
    async answer(_req, res, { url }) {
      const chunks = number(url.searchParams.get('chunks'), 5, 1000);
      const interval = number(url.searchParams.get('interval'), 200, 60_000);
      res.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
      res.flushHeaders();
      for (let n = 1; n <= chunks && !res.destroyed; n += 1) {
        if (n > 1) await sleep(interval);
        res.write(`chunk ${n}\n`);
      }
      res.end();
    },
  },

  // Leads to `to`, another origin perhaps, with `status` (default 307).
  [apiPaths.redirect]: {
    methods,
    async answer(_req, res, { url }) {
      const status = number(url.searchParams.get('status'), 307, 308);
      res.writeHead(status, { location: new URL(url.searchParams.get('to') ?? apiPaths.echo, url).href, 'cache-control': 'no-store' }).end();
    },
  },
};

/**
 * The handler of `/api/…` for node:http, open to the pages of `appOrigins`. `verify(token)` gives `{ sub, name }`, or
 * `{ refused }` with the reason.
 */
export function createApi({ verify, appOrigins, origin }) {
  return handling('api', async (req, res) => {
    const url = new URL(req.url, origin);
    if (crossOrigin(req, res, appOrigins, methods)) return;
    const endpoint = endpoints[url.pathname];
    if (!endpoint) {
      sendJson(res, 404, { error: 'not_found' });
      return;
    }
    if (!endpoint.methods.includes(req.method)) {
      sendJson(res, 405, { error: 'method_not_allowed' }, { allow: [...endpoint.methods, 'OPTIONS'].join(', ') });
      return;
    }
    const token = bearerToken(req);
    const person = token && await verify(token);
    if (person?.refused || (endpoint.needsToken && !person)) {
      refuseToken(res, 'orders', person?.refused);
      return;
    }
    await endpoint.answer(req, res, { url, person });
  });
}

/**
 * The same API at another origin, with its own log and knobs (see `controls` in `wire.js`).
 * @param {object} options
 * @param {object} options.provider what `startProvider` gave: whose tokens are good here, and whose pages may call
 * @param {number} [options.port] 0 (default): any free one
 * @param {string} [options.host] default `localhost`
 * @param {string | string[]} [options.appOrigin] origin(s) of the application; default those of the provider
 */
export async function startApi({ provider, port = 0, host = 'localhost', appOrigin = provider.appOrigins }) {
  let handler;
  const wire = createWire(() => handler);
  const server = await listen((req, res) => void wire.listener(req, res), port, host);
  const origin = `http://${host}:${server.port}`;
  handler = createApi({ verify: provider.verifyAccessToken, appOrigins: [appOrigin].flat().map((value) => new URL(value).origin), origin });
  return { origin, url: origin, port: server.port, paths: apiPaths, ...wire.controls(server), close: () => server.close() };
}
