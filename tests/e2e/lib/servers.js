// Servers beside the provider: APIs, providers without OpenID Connect.

import { after, beforeEach } from 'node:test';

/**
 * Starts them before the first test of the calling file (hooks of the world may still be at work in `before`), and makes them as
 * new before each. The page's own policy lets it talk to all of them: what is not sent was held back by the package.
 * @param {() => Promise<object[]>} start
 */
export function useServers(world, start) {
  let servers;
  beforeEach(async () => {
    if (!servers) {
      servers = await start();
      world.app.allow(world.provider.issuer, ...servers.flatMap(({ port }) => ['localhost', '127.0.0.1'].map((host) => `http://${host}:${port}`)));
    }
    for (const server of servers) {
      server.reset();
      server.clearRequests();
    }
  });
  after(() => Promise.all((servers ?? []).map((server) => server.close())));
}
