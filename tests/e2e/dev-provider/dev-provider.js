// startDevProvider(): `npx oidc-client-wasm dev-provider` as the packed package has it. A program of its own: what it was asked is not known here.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { packageFolder } from '../app/server.js';

const patience = 20_000;

/**
 * @param {object} [options]
 * @param {string[]} [options.flags] default: a free port
 * @param {string} [options.folder] the installed package
 */
export async function startDevProvider({ flags = ['--port', '0'], folder = packageFolder } = {}) {
  const child = spawn(process.execPath, [path.join(folder, 'cli/main.js'), 'dev-provider', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  let said = '';
  const issuer = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`dev-provider does not say its issuer:\n${said}`)), patience);
    child.once('exit', (code) => reject(new Error(`dev-provider has ended with ${code}:\n${said}`)));
    child.stdout.on('data', (text) => {
      said += text;
      const found = /^Issuer: +(\S+)$/m.exec(said);
      if (found) resolve(found[1]);
    }).on('close', () => clearTimeout(timer));
  });
  return {
    issuer,
    clientId: 'any-client',
    paths: { authorization: '/authorize', token: '/token', userinfo: '/userinfo' },
    reset() {},
    setConsent() {},
    clearRequests() {},
    /** Ends as by Ctrl-C. */
    async close() {
      process.off('exit', end);
      if (child.exitCode !== null) return;
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}
