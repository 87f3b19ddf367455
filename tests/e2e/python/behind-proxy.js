// A provider in Python, behind a recording proxy that is its origin. The proxy adds nothing: every header is the provider's own.

import { request } from 'node:http';
import { listen } from '../../../www-example/provider/listen.js';
import { createWire } from '../../../www-example/provider/wire.js';
import { serve } from './process.js';

const ofOneConnection = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** Hands a request on as it came, `Host` included: providers turn away those for another host than their own. */
function forwardTo(port) {
  return (req, res) => {
    const { method, url, headers } = req;
    const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, (answer) => {
      res.statusCode = answer.statusCode;
      for (const [name, value] of Object.entries(answer.headers)) {
        if (!ofOneConnection.has(name)) res.setHeader(name, value);
      }
      answer.pipe(res);
    });
    onward.on('error', () => res.destroy());
    // A page that is left breaks its requests off. Each provider does one thing at a time and would wait for the rest of one for ever.
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  };
}

/**
 * Starts `serve.py` of `folder`: { issuer, controls, tell, close }.
 * @param {string} folder of tests/e2e
 * @param {(issuer: string) => object} describe what the script is told to be
 */
export async function startBehindProxy(folder, describe) {
  let handler;
  const wire = createWire(() => handler);
  const server = await listen((req, res) => void wire.listener(req, res), 0, 'localhost');
  const issuer = `http://localhost:${server.port}`;
  let provider;
  try {
    provider = await serve(folder, describe(issuer));
  } catch (error) {
    await server.close();
    throw error;
  }
  handler = forwardTo(provider.port);
  return {
    issuer,
    controls: wire.controls(server),
    tell: provider.tell,
    async close() {
      await provider.close();
      await server.close();
    },
  };
}
