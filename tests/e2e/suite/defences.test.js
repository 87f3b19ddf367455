// A page with every defence that a server can put into headers: the package needs no exception from any of them, and where a
// policy forbids what it does need, the error says what.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { packageFolder } from '../app/server.js';
import { fails } from '../lib/failure.js';
import { makeCookiesLax, takesPosts } from '../lib/posts.js';
import { handle, logoutAtProvider, reachCallback, session, storedKeys, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always', ...takesPosts });

/** Everything a person and a page do between two sign-ins; on every page of it nothing may be violated or complained of. */
async function useEverything() {
  makeCookiesLax(world);
  const settings = world.settings({ apiBaseUrl: world.provider.issuer });
  const noTroubles = async (where) => assert.deepEqual(await troubles(world), [], where);
  for (const method of ['get', 'post']) {
    await reachCallback(world, { settings, params: method === 'post' ? { prompt: 'login' } : {} });
    assert.equal((await handle(world, settings)).kind, 'login');
    await noTroubles(`the callback (${method})`);
    const { token, claims, orders } = await world.call(async () => {
      const { demo } = window.oauth;
      await demo.preload();
      await demo.parseIdToken(demo.token.id_token);
      return { token: await demo.refreshToken(), claims: await demo.userinfo(), orders: (await demo.get('/api/orders')).status };
    });
    assert.ok(token.refresh_token);
    assert.equal(claims.sub, token.userinfo.sub);
    assert.equal(orders, 200);
    await noTroubles(`the signed-in page (${method})`);
    await world.reload();
    await handle(world, settings);
    assert.equal((await session(world)).isAuthenticated, true);
    await logoutAtProvider(world, { method });
    assert.equal((await handle(world, settings)).kind, 'logout');
    await noTroubles(`the return from the logout (${method})`);
  }
  assert.deepEqual(world.requestsTo('endSession').filter(({ path: at }) => at.endsWith('/end')).map(({ method }) => method), ['GET', 'POST']);
}

const strict = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'x-frame-options': 'DENY',
  'permissions-policy': [
    'accelerometer', 'camera', 'display-capture', 'fullscreen', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi', 'payment',
    'publickey-credentials-get', 'screen-wake-lock', 'sync-xhr', 'usb', 'xr-spatial-tracking',
  ].map((feature) => `${feature}=()`).join(', '),
};

// ---- nothing is needed that a strict page forbids

test('under every defence at once, all of it works and nothing is violated', async () => {
  world.app.restrict({ 'trusted-types': "'none'" });
  world.app.defend({ ...strict, 'referrer-policy': 'no-referrer' });
  await useEverything();
  assert.equal(await world.call(() => window.crossOriginIsolated), true);
});

for (const policy of ['unsafe-url', 'same-origin', 'strict-origin-when-cross-origin']) {
  test(`under the referrer policy ${policy} of the page, no request of a script has a referrer`, async () => {
    world.app.defend({ 'referrer-policy': policy });
    await useEverything();
    const scripted = world.scriptedRequests();
    assert.ok(['/token', '/me', '/api/orders'].every((at) => scripted.some((request) => request.path === at)));
    const isOfPackage = ({ path: at }) => at !== '/api/orders'; // an API request is the app's own, with the referrer that the app wants
    assert.deepEqual(scripted.filter(isOfPackage).filter(({ headers }) => headers.referer).map(({ path: at }) => at), []);
    const wasm = world.app.requests.filter(({ path: at }) => at.endsWith('.wasm'));
    assert.ok(wasm.length > 0);
    assert.deepEqual(wasm.filter(({ headers }) => headers.referer), []);
  });
}

// ---- what is forbidden and needed is named

test('a policy without wasm-unsafe-eval: wasm_load_failed, whose remedy names it', async () => {
  world.app.restrict({ 'script-src': "'self'" });
  await world.visit('/');
  await assert.rejects(world.start(), (error) => {
    assert.equal(error.code, 'wasm_load_failed');
    assert.match(error.remedy, /'wasm-unsafe-eval'.*script-src/);
    return true;
  });
});

test('a policy whose connect-src lacks the provider: network, whose remedy names connect-src, and the page is not left', async () => {
  world.app.restrict({ 'connect-src': "'self'" });
  await world.startAtHome();
  const error = await fails(world, 'network', { phase: 'metadata' }, () => window.oauth.demo.authorizeRedirect());
  assert.match(error.remedy, /connect-src/);
  assert.equal((await world.driver.url()).href, world.app.url('/'));
  assert.deepEqual(world.provider.requests, []);
});

test('a policy whose connect-src lacks the API: network, and no token was sent', async () => {
  const settings = world.settings({ apiBaseUrl: 'http://127.0.0.1:9' });
  await reachCallback(world, { settings });
  await handle(world, settings);
  const error = await fails(world, 'network', { phase: 'request' }, () => window.oauth.demo.get('/orders'));
  assert.match(error.remedy, /connect-src/);
});

test('a policy whose form-action lacks the provider: a logout by POST says so, and the session is ended all the same', async () => {
  world.app.restrict({ 'form-action': "'self'" });
  await reachCallback(world);
  await handle(world);
  await fails(world, 'config_invalid', { phase: 'logout', message: /form-action/ }, () => window.oauth.demo.logoutRedirect({ method: 'post' }));
  assert.deepEqual(world.requestsTo('endSession'), []);
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
  // GET is no form, and needs no such permission.
  await world.leave(() => window.oauth.demo.logoutRedirect());
});

// ---- the files themselves

/** The provider of tests and the program are no part of an app: their pages have cookies of their own. */
const ofApps = (name) => !/^(?:testing\/provider\b|testing\/playwright\b|cli\/)/.test(name);
const scripts = readdirSync(packageFolder, { recursive: true }).filter((name) => /\.m?js$/.test(name) && ofApps(name));
const forbidden = {
  'eval': /\beval\s*\(/,
  'the Function constructor': /\bFunction\s*\(/,
  'markup made of text': /\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|createContextualFragment|parseFromString|setHTMLUnsafe)\b/,
  'document.write': /\bdocument\s*\.\s*write/,
  'a timer of text': /\bset(?:Timeout|Interval)\s*\(\s*["'`]/,
  'an import of what is no literal': /\bimport\s*\(\s*(?!["'][^"'`]*["']\s*\))/,
  'importScripts': /\bimportScripts\b/,
  'a javascript: URL': /javascript:/i,
  'the opener of the window': /\bopener\b(?!-policy)/,
  'the window\'s name': /\bwindow\s*\.\s*name\b/,
  'cookies': /\bcookie\b/i,
};

test('no file of the package has what a strict policy forbids', async () => {
  assert.ok(scripts.includes('index.js') && scripts.length >= 2);
  const found = [];
  for (const name of scripts) {
    const text = await readFile(path.join(packageFolder, name), 'utf8');
    for (const [what, pattern] of Object.entries(forbidden)) {
      const [at] = pattern.exec(text) ?? [];
      if (at) found.push(`${what} in ${name}: ${text.slice(pattern.exec(text).index, pattern.exec(text).index + 60)}`);
    }
  }
  assert.deepEqual(found, []);
});

test('every pattern of what is forbidden finds an example of it', () => {
  const examples = {
    'eval': 'eval("1")', 'the Function constructor': 'new Function(text)', 'markup made of text': 'x.innerHTML = y',
    'document.write': 'document.write(x)', 'a timer of text': 'setTimeout("x()", 1)', 'an import of what is no literal': 'import(name)',
    'importScripts': 'importScripts(a)', 'a javascript: URL': 'location = "javascript:x"', 'the opener of the window': 'window.opener.x',
    'the window\'s name': 'window.name = x', 'cookies': 'document.cookie',
  };
  for (const [what, pattern] of Object.entries(forbidden)) assert.match(examples[what], pattern, what);
  assert.doesNotMatch('import("./verifier.js")', forbidden['an import of what is no literal']);
});
