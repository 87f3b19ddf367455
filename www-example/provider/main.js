// Starts what the demo signs in at: the OpenID provider with its API, and the plain OAuth 2.0 server «Demo Code Host».
// Ports: see ../ports.js.

import { ports } from '../ports.js';
import { startPlainProvider, startProvider, users } from './provider.js';

const started = [];

async function start(name, variable, port, startServer) {
  try {
    const server = await startServer({ port });
    started.push(server);
    return server;
  } catch (error) {
    throw new Error(error.code === 'EADDRINUSE'
      ? `Port ${port} is already in use: stop what listens there, or set ${variable} to a free port.`
      : `${name} could not start: ${error.message}`);
  }
}

const stop = () => {
  void Promise.all(started.map((server) => server.close())).then(() => process.exit());
};

try {
  const { app, provider: providerPort, codeHost: codeHostPort } = ports();
  const appOrigin = `http://localhost:${app}`;
  // Two minutes, so that a visitor sees a token run out and be renewed.
  const provider = await start('The provider', 'PROVIDER_PORT', providerPort, ({ port }) => (
    startProvider({ port, appOrigin, ttl: { AccessToken: 120 }, refreshTokens: 'always' })));
  const codeHost = await start('The code host', 'CODE_HOST_PORT', codeHostPort, ({ port }) => startPlainProvider({ port, appOrigin }));
  console.log(`OpenID provider: ${provider.issuer} (application: ${appOrigin})`);
  console.log(`Users: ${users.map(({ email, password }) => `${email} / ${password}`).join(', ')}`);
  console.log(`Plain OAuth 2.0: ${codeHost.origin}`);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
  stop();
}
