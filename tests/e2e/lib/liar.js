// A server that lies with its bytes: what it says may be true, how it says it is not. It stands between the page and the
// provider's endpoints that scripts ask, and writes to the socket itself, because no HTTP library would send such answers.

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { listen } from '../../../www-example/provider/listen.js';
import { alice } from './steps.js';

const endpoints = ['discovery', 'token', 'jwks', 'userinfo'];

/** What is said to a refresh. Made up, and so is userinfo: the provider's refresh token is not used up, and no token matters. */
const refreshed = { access_token: 'refreshed', token_type: 'Bearer', expires_in: 3600 };

/** @param {object} world whose provider tells the truth, and whose page may read what is said here */
export async function startLiar(world) {
  const { app, provider } = world;
  const requests = [];
  let lies = new Map();

  async function truth({ method, path, headers }, form) {
    if (new URLSearchParams(form).get('grant_type') === 'refresh_token') return Buffer.from(JSON.stringify(refreshed));
    if (path === provider.paths.userinfo) return Buffer.from(JSON.stringify({ sub: alice.sub }));
    const kept = ['content-type', 'origin'].filter((name) => name in headers).map((name) => [name, headers[name]]);
    const answer = await fetch(provider.issuer + path, { method, headers: kept, body: form || undefined });
    return Buffer.from(await answer.arrayBuffer());
  }

  const server = await listen((req, res) => {
    const { method, headers, socket } = req;
    const request = { method, path: new URL(req.url, 'http://localhost').pathname, headers, isOver: false };
    requests.push(request);
    socket.once('close', () => { request.isOver = true; });
    socket.on('error', () => {}); // a page that has heard enough
    if (method === 'OPTIONS') {
      res.writeHead(204, {
        'access-control-allow-origin': app.origin, 'access-control-allow-headers': 'authorization', 'content-length': 0, connection: 'close',
      }).end();
      return;
    }
    const lie = lies.get(request.path) ?? whole();
    const answer = async () => lie(new Answer({ app, origin, socket, body: await truth(request, await text(req)) }));
    answer().catch((error) => {
      if (!socket.destroyed) console.error('liar:', error);
      socket.destroy();
    });
  }, 0, 'localhost');
  const origin = `http://localhost:${server.port}`;

  return {
    origin,
    port: server.port,
    /** Everything that was asked: { method, path, headers, isOver }, the last whether the connection has ended. */
    requests,
    requestsTo: (path) => requests.filter((request) => request.path === path && request.method !== 'OPTIONS'),
    /** Settings of a client that asks its scripted questions here. */
    settings: (members = {}) => world.settings({
      serverMetadataUrl: origin + provider.paths.discovery,
      accessTokenUrl: origin + provider.paths.token,
      metadata: { jwks_uri: origin + provider.paths.jwks, userinfo_endpoint: origin + provider.paths.userinfo },
      ...members,
    }),
    /** From now on tells `lie` at one endpoint, or at all of them. */
    tell(lie, at = endpoints) { for (const name of [at].flat()) lies.set(provider.paths[name], lie); },
    reset() { lies = new Map(); },
    clearRequests() { requests.length = 0; },
    close: () => server.close(),
  };
}

/** One answer, to be written by hand. */
class Answer {
  constructor({ app, origin, socket, body }) {
    Object.assign(this, { app, origin, socket });
    /** What the provider says. */
    this.body = body;
  }

  /** `headers` over the usual ones; `undefined` leaves one out. */
  head(headers = {}, statusLine = 'HTTP/1.1 200 OK') {
    const all = {
      'content-type': 'application/json', 'access-control-allow-origin': this.app.origin, connection: 'close', ...headers,
    };
    const lines = Object.entries(all).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}: ${value}\r\n`);
    this.write(`${statusLine}\r\n${lines.join('')}\r\n`);
    return this;
  }

  write(bytes) { return this.socket.write(bytes); }
  chunk(bytes) { return this.write(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')])); }
  end(bytes) { this.socket.end(bytes); }

  /** Ends with a reset (RST), not with the end of the stream, once what was written has arrived. */
  reset() { setImmediate(() => this.socket.resetAndDestroy()); }

  /** Calls `write` again and again, as fast as it is read, until the other side has gone. */
  async forEver(write) {
    while (!this.socket.destroyed) {
      if (!write()) await Promise.race([once(this.socket, 'drain'), once(this.socket, 'close')]).catch(() => {});
    }
  }
}

// ---- ways of answering. `change` makes of the true body the one that is sent.

const same = (body) => body;
const lengthOf = (body) => ({ 'content-length': body.length });

/** A whole answer. */
export const whole = ({ change = same, headers = {}, statusLine } = {}) => (answer) => {
  const body = Buffer.from(change(answer.body, answer));
  const own = typeof headers === 'function' ? headers(answer) : headers;
  answer.head({ ...lengthOf(body), ...own }, statusLine).end(body);
};

export const redirect = (status, to) => (answer) => (
  answer.head({ location: to(answer), 'content-length': 0 }, `HTTP/1.1 ${status} Elsewhere`).end()
);

/** Nothing at all. */
export const silence = () => () => {};

/** A byte of `of` at a time, which never comes to an end. */
const drip = (answer, byte) => {
  const timer = setInterval(() => answer.write(byte), 50);
  answer.socket.once('close', () => clearInterval(timer));
};
export const drippingHead = () => (answer) => {
  answer.write('HTTP/1.1 200 OK\r\nx-slow: ');
  drip(answer, 'x');
};
export const drippingBody = () => (answer) => {
  answer.head({ 'content-length': 1 << 20 }).write(answer.body.subarray(0, 20));
  drip(answer, ' ');
};

const halfOf = (body) => body.subarray(0, body.length / 2);

export const cutByReset = () => (answer) => {
  answer.head(lengthOf(answer.body)).write(halfOf(answer.body));
  answer.reset();
};
/** Its Content-Length announces `more` bytes than come. */
export const announced = (more) => (answer) => answer.head({ 'content-length': answer.body.length + more }).end(answer.body);
/** All of the body, but not the end of its last chunk. */
export const cutInChunk = () => (answer) => {
  answer.head({ 'transfer-encoding': 'chunked' }).write(`${(answer.body.length + 10).toString(16)}\r\n`);
  answer.end(answer.body);
};
/** All of the body, but not the chunk that says so. */
export const withoutLastChunk = () => (answer) => {
  answer.head({ 'transfer-encoding': 'chunked' }).chunk(answer.body);
  answer.end();
};
/** As a server of 1996: its body ends where the connection does. */
export const untilClosed = () => (answer) => answer.head({ connection: undefined }, 'HTTP/1.0 200 OK').end(answer.body);

const blanks = Buffer.alloc(1 << 16, ' ');
/** True JSON, after blanks that never end. */
export const endless = () => (answer) => {
  answer.head({ 'transfer-encoding': 'chunked' });
  return answer.forEver(() => answer.chunk(blanks));
};

const gzipHead = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** A megabyte of blanks in a kilobyte. It is not the last block of its stream: any number of them may follow. */
const megabyte = deflateRawSync(Buffer.alloc(1 << 20, ' '), { finishFlush: constants.Z_SYNC_FLUSH });
/** The same, compressed to the thousandth part. */
export const endlessGzip = () => (answer) => {
  answer.head({ 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' }).chunk(gzipHead);
  return answer.forEver(() => answer.chunk(megabyte));
};
/** True JSON after so many megabytes of blanks, all of it compressed. */
export const gzipBomb = (megabytes) => whole({
  change: (body) => gzipSync(Buffer.concat([Buffer.alloc(megabytes << 20, ' '), body])),
  headers: { 'content-encoding': 'gzip' },
});
