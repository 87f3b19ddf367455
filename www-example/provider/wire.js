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

/** Describes a request as it arrives; `body` is filled in once it has been read, `status` once it is answered. */
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
  return entry;
}

/** Holds the answer back until it is whole, lets `hook` change it, then sends it. */
function interceptAnswer(req, res, entry, hook) {
  const { end } = res;
  const chunks = [];
  const collect = (chunk, encoding) => {
    if (chunk && typeof chunk !== 'function') chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    return true;
  };
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
    requests,
    setDown(value) { down = Boolean(value); },
    setDelay(path, milliseconds) { setOrDelete(delays, path, milliseconds); },
    tamper(path, hook) {
      setOrDelete(hooks, path, hook);
      return () => hooks.delete(path);
    },
    reset() {
      down = false;
      delays.clear();
      hooks.clear();
    },
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
      const hook = [...hooks].find(([pattern]) => matches(pattern, entry.path))?.[1];
      if (hook) interceptAnswer(req, res, entry, hook);
      current()(req, res);
    },
  };
}
