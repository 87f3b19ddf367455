// Starts the provider for the demo: PROVIDER_PORT (default 9400) for itself, DEMO_PORT (default 5173) of the application.

import { startProvider, users } from './provider.js';

function portFrom(name, fallback) {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  console.error(`${name}=${text} is not a port: give a number from 1 to 65535.`);
  return process.exit(1);
}

const port = portFrom('PROVIDER_PORT', 9400);
const appOrigin = `http://localhost:${portFrom('DEMO_PORT', 5173)}`;

try {
  // Ten minutes, so that the countdown in the demo is worth watching.
  const provider = await startProvider({ port, appOrigin, ttl: { AccessToken: 600 } });
  console.log(`OpenID provider: ${provider.issuer} (application: ${appOrigin})`);
  console.log(`Users: ${users.map(({ email, password }) => `${email} / ${password}`).join(', ')}`);

  const stop = () => {
    void provider.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  console.error(error.code === 'EADDRINUSE'
    ? `Port ${port} is already in use: stop what listens there, or set PROVIDER_PORT to a free port.`
    : `The provider could not start: ${error.message}`);
  process.exit(1);
}
