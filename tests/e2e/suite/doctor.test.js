// `npx oidc-client-wasm doctor`, as the packed package has it, at the real providers: it says what each is known to need, and tells a client that nobody knows
// from a redirect URI that is not registered. No browser takes part.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { packageFolder } from '../app/server.js';
import { providers } from '../lib/providers.js';

const origin = 'http://localhost:5173';
const scope = 'openid profile email';

async function doctor(issuer, clientId, ...flags) {
  const child = spawn(process.execPath, [path.join(packageFolder, 'cli/main.js'), 'doctor', issuer, clientId, origin, '--json', '--timeout', '60', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const report = JSON.parse(said);
  assert.equal(report.exitCode, code);
  return report;
}

/** Level and id of what is wrong. The time of a busy machine is not at issue. */
const wrongOf = ({ findings }) => findings.filter(({ level, id }) => (level === 'problem' || level === 'warning') && id !== 'slow').map(({ level, id }) => `${level} ${id}`).sort();
const levelOf = ({ findings }, id) => findings.find((finding) => finding.id === id)?.level;

/** What is wrong with a good client, without and with the scope offline_access, and what a logout without a login shows. `isOpen`: any client and redirect URI is good. */
const known = {
  'oidc-provider': { needs: [], logout: 'not-seen', offline: [] },
  // The toolkit has public clients and does not list them. It fails at prompt=none without a login; its refusal of a scope lacks the iss that it promises.
  django: { needs: ['warning client-authentication', 'warning silent-login'], logout: 'ok', offline: ['problem login-error', 'warning client-authentication', 'warning login-iss', 'warning refresh'] },
  // Its userinfo refuses a wrong token with 400. For offline_access it demands prompt=consent.
  idpyoidc: { needs: ['warning logout-refused', 'warning userinfo'], offline: ['problem login-error', 'warning logout-refused', 'warning refresh', 'warning userinfo'] },
  // Its revocation endpoint takes no public client, and its refusals lack the iss that it promises.
  canaille: { needs: ['warning login-iss', 'warning revocation'], logout: 'not-seen', offline: ['warning login-iss', 'warning refresh', 'warning revocation'] },
  'dev-provider': { needs: [], logout: 'ok', offline: [], isOpen: true },
};

/** The providers, which are slow to start, each beside the others. */
const started = Object.fromEntries(Object.keys(known).map((name) => [name, providers[name].start({ appOrigin: origin })]));
for (const starting of Object.values(started)) starting.catch(() => {}); // its tests tell

after(() => Promise.all(Object.values(started).map(async (starting) => (await starting.catch(() => {}))?.close())));

for (const [name, { needs, logout, offline, isOpen }] of Object.entries(known)) {
  describe(`doctor at ${name}`, { concurrency: 2 }, () => {
    let provider;
    before(async () => { provider = await started[name]; });

    test('doctor: a good client, with what the provider is known to need', async () => {
      const report = await doctor(provider.issuer, provider.clientId, '--scope', scope);
      assert.deepEqual(wrongOf(report), needs);
      assert.equal(report.settings.issuer, provider.issuer);
      for (const id of ['issuer', 'pkce', 'keys', 'cors-metadata', 'cors-keys', 'cors-token', 'cors-userinfo-preflight', 'cors-userinfo', 'redirect-registered', 'client-public', 'clock']) {
        assert.equal(levelOf(report, id), 'ok', id);
      }
      if (logout) assert.equal(levelOf(report, logout === 'ok' ? 'logout' : 'logout-unseen'), logout);
      assert.ok(report.requests <= 15, `${report.requests} requests`);
    });

    test('doctor: the scope offline_access', async () => {
      assert.deepEqual(wrongOf(await doctor(provider.issuer, provider.clientId)), offline);
    });

    if (isOpen) return;
    test('doctor: a redirect URI that is not registered', async () => {
      const report = await doctor(provider.issuer, provider.clientId, '--scope', scope, '--redirect-uri', '/elsewhere');
      assert.deepEqual([levelOf(report, 'redirect-unregistered'), levelOf(report, 'redirect-registered')], ['problem', undefined]);
    });

    test('doctor: a redirect URI with a slash too many', async () => {
      const report = await doctor(provider.issuer, provider.clientId, '--scope', scope, '--redirect-uri', '/callback/');
      assert.equal(levelOf(report, 'redirect-slash'), 'problem');
    });

    test('doctor: a client that nobody knows', async () => {
      const report = await doctor(provider.issuer, 'stranger', '--scope', scope);
      assert.deepEqual([levelOf(report, 'client-unknown'), levelOf(report, 'redirect-registered'), report.exitCode], ['problem', undefined, 1]);
    });
  });
}

test('doctor: at oidc-provider, an origin that the provider does not know', async () => {
  const provider = await providers['oidc-provider'].start({ appOrigin: 'http://localhost:4000' });
  try {
    const report = await doctor(provider.issuer, provider.clientId, '--scope', scope, '--redirect-uri', 'http://localhost:4000/callback');
    assert.equal(levelOf(report, 'cors-token'), 'problem');
    assert.equal(levelOf(report, 'redirect-uri-other-origin'), 'problem');
  } finally {
    await provider.close();
  }
});
