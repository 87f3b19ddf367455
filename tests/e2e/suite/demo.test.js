// The demo app, by what a visitor sees and clicks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useDemo } from '../lib/demo-world.js';
import * as pages from '../lib/pages.js';
import { alice } from '../lib/steps.js';

const { world, at, signIn, startSignedIn, untilSignedOut, assertQuiet } = useDemo();

test('demo: sign in, see the claims and the life of the token, reload, sign out', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await signIn();
  await driver.untilAt('the first view, cleaned', at('/'));
  await driver.untilText('#claims', (text) => text.includes(alice.login) && text.includes(demo.provider.issuer));
  await driver.untilText('#token-life', (text) => /\d/.test(text));

  demo.provider.clearRequests();
  await driver.reload();
  await driver.untilText('#user-name', (text) => text === alice.name);
  assert.deepEqual(demo.provider.requests.map(({ path }) => path), [], 'a reload asks the provider nothing');

  await driver.click('#sign-out');
  await driver.click('#logout-yes');
  await driver.untilShown('#sign-in');
  await driver.untilText('#notice', (text) => /signed out/i.test(text));
  assert.equal(await driver.isShown('#user-name'), false);
  await driver.untilAt('the first view, cleaned', at('/'));
  await assertQuiet();
});

test('demo: signing in on the orders page comes back to it, and the orders load by themselves', async () => {
  const { driver, demo } = world;
  await driver.goto(`${demo.origin}/orders`);
  await driver.untilShown('#sign-in');
  await signIn();
  await driver.untilAt('the orders', at('/orders'));
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
  const { orders } = demo.provider.paths;
  assert.equal(demo.provider.requestsTo(orders, 'GET').length, 1);
  await driver.click('#call-api');
  await driver.until('the second answer', () => demo.provider.requestsTo(orders, 'GET').length === 2);
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
  await assertQuiet();
});

test('demo: a person who says no reads what happened, and can try again', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#sign-in');
  await driver.untilAt('the provider', ({ origin }) => origin === demo.provider.issuer);
  await driver.click('#deny');
  await driver.untilShown('#error');
  assert.match(await driver.text('#error-code'), /^authorization_refused$/);
  assert.equal(await driver.isShown('#user-name'), false);
  await driver.click('#error-retry');
  await pages.signIn(world.driver, alice);
  await driver.untilText('#user-name', (text) => text === alice.name);
});

test('demo: a forged answer is explained', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#trouble-forged');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'mismatching_state');
});

test('demo: an unreachable provider is explained', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#trouble-unreachable');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'network');
});

// ---- the life of the token

test('demo: a new token on demand, told by an event, and never shown', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  await driver.click('#refresh-token');
  await driver.untilText('#token-events', (text) => /new access token, good until/i.test(text));
  assert.equal(demo.provider.tokenRequests('refresh_token').length, 1);
  const { value: shown } = await driver.run(() => {
    const [, record] = Object.entries(sessionStorage).find(([key]) => key.startsWith('oidc:session:'));
    const { token } = JSON.parse(record);
    return [token.access_token, token.refresh_token].map((secret) => [secret.length > 20, document.documentElement.outerHTML.includes(secret)]);
  });
  assert.deepEqual(shown, [[true, false], [true, false]]);
  await assertQuiet();
});

test('demo: a token that has run out is renewed when the API is called', async () => {
  const { driver, demo } = world;
  demo.provider.setTtl({ AccessToken: 2 });
  await startSignedIn();
  await driver.untilText('#token-life', (text) => text.includes('Expired'));
  assert.deepEqual(demo.provider.tokenRequests('refresh_token'), [], 'nothing is renewed that nobody needs');
  demo.provider.setTtl({ AccessToken: 3600 });
  await driver.click('nav a[href="/orders"]');
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
  assert.match(await driver.text('#api-status'), /^200 OK, with a new token/);
  assert.equal(demo.provider.tokenRequests('refresh_token').length, 1);
  await assertQuiet();
});

test('demo: a refused refresh signs out, and says so', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  demo.provider.revokeRefreshTokens();
  await driver.click('#refresh-token');
  await untilSignedOut(/signed out.*does not renew/i);
  assert.equal(await driver.isShown('#error'), false, 'said once');
  await driver.reload();
  await driver.untilShown('#sign-in');
});

test('demo: access that was withdrawn at the provider ends the session at the next call of the API', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  await driver.click('nav a[href="/orders"]');
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
  demo.provider.revokeGrants();
  await driver.click('#call-api');
  await untilSignedOut(/signed out.*does not renew/i);
  await driver.untilAt('the orders', at('/orders'));
});

test('demo: “your access is withdrawn” shows just that', async () => {
  const { driver } = world;
  await startSignedIn();
  await driver.click('#trouble-withdrawn');
  await untilSignedOut(/signed out.*does not renew/i);
});

// ---- the API and its absence

test('demo: an API that refuses even a new token offers a sign-in', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  demo.provider.tamper(demo.provider.paths.orders, (answer) => {
    answer.status = 401;
    answer.headers['www-authenticate'] = 'Bearer realm="orders", error="invalid_token"';
  });
  await driver.click('nav a[href="/orders"]');
  await driver.untilText('#api-result', (text) => text.includes('Your access has run out'));
  assert.match(await driver.text('#api-status'), /^401 refused/);
  assert.equal(await driver.text('#user-name'), alice.name, 'the session goes on');
  demo.provider.reset();
  await driver.click('#api-result button');
  await driver.untilAt('the orders again', at('/orders'));
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
});

test('demo: without a network the page says so, keeps the session, and goes on afterwards', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  const setOnline = (value) => driver.run((online) => {
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => online });
    dispatchEvent(new Event(online ? 'online' : 'offline'));
  }, value);
  await setOnline(false);
  demo.provider.setDown(true);
  await driver.untilText('#offline', (text) => /offline/i.test(text));
  await driver.click('#refresh-token');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'network');
  assert.equal(await driver.text('#user-name'), alice.name);
  await driver.click('nav a[href="/orders"]');
  await driver.untilText('#api-result', (text) => text.includes('You are offline'));

  demo.provider.setDown(false);
  await setOnline(true);
  await driver.until('the line to go', async () => !await driver.isShown('#offline'));
  await driver.click('#call-api');
  await driver.untilText('#api-result', (text) => text.includes('PC-20419'));
});

test('demo: the access token goes nowhere else', async () => {
  const { driver } = world;
  await startSignedIn();
  await driver.click('#trouble-origin');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'origin_not_allowed');
  await assertQuiet();
});

// ---- userinfo, and other tabs

test('demo: userinfo is asked on demand only', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  const { userinfo } = demo.provider.paths;
  assert.deepEqual(demo.provider.requestsTo(userinfo), []);
  await driver.click('#ask-userinfo');
  await driver.untilText('#userinfo-claims', (text) => text.includes(alice.name) && text.includes(alice.login));
  assert.equal(demo.provider.requestsTo(userinfo, 'GET').length, 1);
  await assertQuiet();
});

test('demo: a second tab is signed in, and a sign-out there signs the first tab out', async () => {
  const { driver, demo } = world;
  await startSignedIn();
  assert.equal(await driver.isShown('#second-tab'), true);
  const first = await driver.tab();
  await driver.newTab();
  await driver.goto(demo.origin); // the first tab shares its session
  await driver.untilText('#user-name', (text) => text === alice.name);
  await driver.click('#sign-out');
  await driver.click('#logout-yes');
  await driver.untilText('#notice', (text) => /signed out/i.test(text));
  await driver.to(first);
  await untilSignedOut(/another tab/i);
  await assertQuiet();
});

// ---- other providers

test('demo: plain OAuth 2.0, the profile from its API, and a sign-out that is local', async () => {
  const { driver, demo } = world;
  await driver.goto(`${demo.origin}/providers`);
  await driver.click('#codehost-sign-in');
  await driver.click('#approve');
  await driver.untilAt('the providers', at('/providers'));
  const hasProfile = (text) => text.includes('Robin Okafor') && text.includes('robin@codehost.example');
  await driver.untilText('#codehost-profile', hasProfile);
  assert.equal(await driver.isShown('#user-name'), false, 'this is no sign-in at Demo ID');
  await driver.reload();
  await driver.untilText('#codehost-profile', hasProfile);
  assert.equal(demo.codeHost.tokenRequests().length, 1);
  await driver.click('#codehost-sign-out');
  await driver.untilShown('#codehost-sign-in');
  await driver.reload();
  await driver.untilShown('#codehost-sign-in');
  assert.deepEqual(demo.provider.requests.filter(({ path }) => /auth|token/.test(path)), [], 'Demo ID has no part in it');
  await assertQuiet();
});

test('demo: plain OAuth 2.0, refused by the person, then by the API', async () => {
  const { driver, demo } = world;
  await driver.goto(`${demo.origin}/providers`);
  await driver.click('#codehost-sign-in');
  await driver.click('#deny');
  await driver.untilShown('#error');
  assert.equal(await driver.text('#error-code'), 'authorization_refused');
  await driver.click('#error-retry');
  await driver.click('#approve');
  await driver.untilText('#codehost-profile', (text) => text.includes('Robin Okafor'));
  demo.codeHost.revokeTokens();
  await driver.reload();
  await driver.untilText('#codehost-profile', (text) => text.includes('does not accept your access'));
});

const contentSecurityPolicy = async () => (await fetch(world.demo.origin)).headers.get('content-security-policy');

test('demo: Google sleeps until it is set up, and says what to do', async () => {
  const { driver, demo } = world;
  await driver.goto(`${demo.origin}/providers`);
  await driver.untilText('#google', (text) => /not set up/i.test(text) && text.includes('insecure_client_secret'));
  assert.equal(await driver.has('#google-sign-in'), false);
  assert.doesNotMatch(await contentSecurityPolicy(), /google/);
  const { value: contacted } = await driver.run(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).hostname));
  assert.deepEqual([...new Set(contacted)], ['localhost']);
  await assertQuiet();
});

test('demo: a client id in the file brings the entry to life, in the words of a server-side framework', async () => {
  const { driver, demo } = world;
  await demo.setClients({
    google: {
      client_id: 'from-a-file',
      insecure_client_secret: 'every visitor can read this',
      server_metadata_url: demo.provider.issuer + demo.provider.paths.discovery,
      client_kwargs: { scope: 'openid email profile' },
    },
  });
  assert.match(await contentSecurityPolicy(), /https:\/\/oauth2\.googleapis\.com/);
  await driver.goto(`${demo.origin}/providers`);
  await driver.click('#google-sign-in');
  await pages.signIn(world.driver, alice);
  await driver.untilText('#google-profile', (text) => text.includes(alice.name) && text.includes(alice.login));
  await driver.untilAt('the providers', at('/providers'));
  await driver.click('#google-sign-out');
  await driver.untilShown('#google-sign-in');
  await assertQuiet({ but: /insecureClientSecret is readable by every visitor/ });
});

test('demo: a client_secret in the file is refused, with the remedy', async () => {
  const { driver, demo } = world;
  await demo.setClients({ google: { client_id: 'x', client_secret: 'y', server_metadata_url: `${demo.provider.issuer}/.well-known/openid-configuration` } });
  await driver.goto(`${demo.origin}/providers`);
  await driver.untilText('#google-error', (text) => text.includes('client_secret_in_browser') && text.includes('insecureClientSecret'));
});
