// Everything between the socket and the provider: the log of requests, and the ways in which tests make a provider
// slow, absent or dishonest. Nothing here knows OpenID Connect.

import { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const matches = (pattern, path) => (
  pattern instanceof RegExp ? pattern.test(path) : typeof pattern === 'function' ? pattern(path) : pattern === path
);

const parseBody = (text, type = '') => {
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (type.startsWith('application/json')) {
    try {
      return JSON.parse(text);
    } catch { /* logged as it came */ }
  }
  return text;
};

/**
 * Describes a request as it arrives; `body` is filled in once it has been read, `status` once it is answered, `aborted` once
 * the exchange is over: whether the answer did not get through whole, as when the page gave up.
 */
function describe(req, res) {
  const url = new URL(req.url, 'http://localhost');
  const { authorization, cookie, ...headers } = req.headers;
  const entry = {
    method: req.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    url: req.url,
    // Credentials are recorded by their presence only.
    headers: { ...headers, authorization: authorization?.split(' ', 1)[0], cookie: cookie !== undefined },
    preflight: req.method === 'OPTIONS' && 'access-control-request-method' in headers,
    time: Date.now(),
    body: {},
    rawBody: '',
    status: undefined,
    aborted: undefined,
  };
  // The body belongs to the provider. Reading it here would take it away, so the parser's chunks are copied on their way in.
  const chunks = [];
  req.push = function push(chunk, ...rest) {
    if (chunk) {
      chunks.push(Buffer.from(chunk));
      entry.rawBody = Buffer.concat(chunks).toString();
      entry.body = parseBody(entry.rawBody, headers['content-type']);
    }
    return IncomingMessage.prototype.push.call(this, chunk, ...rest);
  };
  res.on('finish', () => { entry.status = res.statusCode; });
  res.on('close', () => { entry.aborted = !res.writableFinished; });
  return entry;
}

/** Holds the answer back until it is whole, lets `hook` change it, then sends it. */
function interceptAnswer(req, res, entry, hook) {
  const { end, writeHead } = res;
  const chunks = [];
  const collect = (chunk, encoding) => {
    if (chunk && typeof chunk !== 'function') chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    return true;
  };
  res.writeHead = (status, ...rest) => {
    res.statusCode = status;
    for (const [name, value] of Object.entries(rest.find((value) => typeof value === 'object') ?? {})) res.setHeader(name, value);
    return res;
  };
  res.flushHeaders = () => {};
  res.write = collect;
  res.end = (chunk, encoding) => {
    collect(chunk, encoding);
    void send();
    return res;
  };

  async function send() {
    const text = Buffer.concat(chunks).toString();
    const isJson = /\bjson\b/.test(String(res.getHeader('content-type') ?? ''));
    const answer = { status: res.statusCode, headers: { ...res.getHeaders() }, body: isJson && text ? JSON.parse(text) : text, request: entry };
    let changed;
    try {
      changed = (await hook(answer)) ?? answer;
    } catch (error) {
      console.error('tamper hook failed:', error);
      changed = { destroy: true };
    }
    if (changed.destroy) {
      req.socket.destroy();
      return;
    }
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    const { status, headers, body = '' } = changed;
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && name !== 'content-length') res.setHeader(name, value);
    }
    res.statusCode = status;
    res.writeHead = writeHead; // which `end` calls
    end.call(res, typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  }
}

/** Wraps a request handler in the log and the knobs. `current()` gives the handler, so it can be replaced while running. */
export function createWire(current) {
  const requests = [];
  const delays = new Map();
  const hooks = new Map();
  let down = false;

  const setOrDelete = (map, key, value) => (value ? map.set(key, value) : map.delete(key));

  return {
    async listener(req, res) {
      const entry = describe(req, res);
      requests.push(entry);
      if (down) {
        req.socket.destroy();
        return;
      }
      for (const [pattern, milliseconds] of delays) {
        if (matches(pattern, entry.path)) await sleep(milliseconds);
      }
      const hook = !entry.preflight && [...hooks].find(([pattern]) => matches(pattern, entry.path))?.[1];
      if (hook) interceptAnswer(req, res, entry, hook);
      current()(req, res);
    },

    /** What a test may see and do: part of every server here. */
    controls: (server) => ({
      /** Every request that arrived: { method, path, query, url, headers, preflight, time, body, rawBody, status, aborted }. */
      requests,
      /** Those of one path, optionally of one method. */
      requestsTo: (path, method) => requests.filter((entry) => entry.path === path && (!method || entry.method === method)),
      clearRequests() { requests.length = 0; },

      /** While true, every connection is cut without an answer. */
      setDown(value) {
        down = Boolean(value);
        if (down) server.closeIdleConnections();
      },
      /** Waits so many milliseconds before answering at `path` (string, RegExp or predicate); 0 ends it. */
      setDelay(path, milliseconds) { setOrDelete(delays, path, milliseconds); },
      /**
       * Lets `hook` change the answers at `path` (string, RegExp or predicate). It gets { status, headers, body, request },
       * `body` parsed where it is JSON, and changes it in place or returns another; `{ destroy: true }` cuts the connection.
       * Preflights are left alone. Returns a function that ends it; so does a hook of `null`.
       */
      tamper(path, hook) {
        setOrDelete(hooks, path, hook);
        return () => hooks.delete(path);
      },
      /** Ends setDown, setDelay and tamper. */
      reset() {
        down = false;
        delays.clear();
        hooks.clear();
      },
    }),
  };
}
