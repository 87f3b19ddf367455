// The jsdom of Jest as it is: without TextDecoder, fetch, Request, WebCrypto and BroadcastChannel.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as api from 'oidc-client-wasm';
import * as inline from 'oidc-client-wasm/inline';
import { settingsOfThePage } from '../real.js';

const plain = { clientId: 'c', authorizeUrl: 'https://id.example.com/authorize', accessTokenUrl: 'https://id.example.com/token', redirectUri: 'https://app.example/cb' };

test('the environment lacks what the package does not need', () => {
  assert.deepEqual([typeof TextDecoder, typeof TextEncoder, typeof fetch, typeof Request], Array(4).fill('undefined'));
});

test('inline: texts of every kind pass, and nobody is signed in', async () => {
  const oauth = await inline.createOAuth({ demo: plain });
  const { url } = await oauth.demo.createAuthorizationUrl({ params: { text: 'ü€😀' } });
  assert.equal(new URL(url).searchParams.get('text'), 'ü€😀');
  assert.equal(oauth.demo.isAuthenticated, false);
  assert.equal(await oauth.demo.getAccessToken().catch(({ code }) => code), 'missing_token');
});

test('inline: a request is network, and settles', async () => {
  const oauth = await inline.createOAuth({ demo: { clientId: 'c', issuer: 'https://id.example.com', redirectUri: 'https://app.example/cb' } });
  assert.equal(await oauth.demo.authorizeRedirect().catch(({ code }) => code), 'network');
});

test('the settings are in a script element', () => settingsOfThePage(inline));

test('the default entry takes the bytes of the file', async () => {
  await api.createOAuth({}, { wasm: readFileSync('node_modules/oidc-client-wasm/oidc_client_wasm_bg.wasm') });
});
