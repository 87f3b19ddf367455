// `localhost` is two addresses. A server on one of them only can be shadowed by a stranger on the other, so both are taken.

import { createServer } from 'node:http';

const addressesOf = (host) => (host === 'localhost' ? ['127.0.0.1', '::1'] : [host]);
const absent = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND']);

const bind = (listener, port, address) => new Promise((resolve, reject) => {
  const server = createServer(listener);
  server.once('error', reject);
  server.listen(port, address, () => {
    server.removeListener('error', reject);
    resolve(server);
  });
});

const stop = (server) => new Promise((resolve) => {
  server.close(resolve);
  server.closeAllConnections();
});

/** Listens on every address of `host`. Port 0 takes any free one, the same on all of them. */
export async function listen(listener, port, host) {
  for (let attempt = 0; ; attempt += 1) {
    const servers = [];
    let taken = port;
    try {
      for (const address of addressesOf(host)) {
        try {
          servers.push(await bind(listener, taken, address));
        } catch (error) {
          if (servers.length && absent.has(error.code)) continue; // no IPv6 on this machine
          throw error;
        }
        taken = servers[0].address().port;
      }
      return {
        port: taken,
        closeIdleConnections: () => servers.forEach((server) => server.closeIdleConnections()),
        close: () => Promise.all(servers.map(stop)),
      };
    } catch (error) {
      await Promise.all(servers.map(stop));
      // A port that was free on the first address and taken on the second: only with port 0 may another be tried.
      if (port !== 0 || error.code !== 'EADDRINUSE' || attempt === 9) throw error;
    }
  }
}
