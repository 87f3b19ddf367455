// Where everything listens, from the environment: read by Vite and by the provider, so that both mean the same.

import process from 'node:process';

function portFrom(name, fallback) {
  const text = process.env[name] || String(fallback);
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Error(`${name}=${text} is not a port: give a number from 1 to 65535.`);
}

/** The port after `port` that the application does not have. */
const beside = (port, app) => [port + 1, port + 2, port - 1].find((next) => next !== app && next < 65536);

export function ports() {
  const app = portFrom('DEMO_PORT', 5173);
  const provider = portFrom('PROVIDER_PORT', 9400);
  return { app, provider, codeHost: portFrom('CODE_HOST_PORT', beside(provider, app)) };
}
