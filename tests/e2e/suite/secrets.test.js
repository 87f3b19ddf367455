// No code, token, verifier, nonce or state in anything that others can read: console, errors, URLs, referrers, history.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  enterPassword, handle, logoutAtProvider, redirectToProvider, reloadAndHandle, session, signInAtProvider, untilAnswered,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';
import { Witness } from '../lib/witness.js';

const world = useWorld();
const ofTheAnswer = ['code', 'state'];

const failing = (promise) => promise.then(
  () => { throw new Error('this should have failed'); },
  (error) => {
    assert.equal(error.isOAuthError, true, `${error}`);
    return error;
  },
);

/** A login in the session that the provider has by now, up to the callback URL. */
async function answerAgain(params = {}) {
  await world.startAtHome();
  await redirectToProvider(world, params);
  return untilAnswered(world);
}

test('secrets: a login, a reload, a logout and logins that fail let none of them out', async (t) => {
  for (const feature of ['console', 'history']) if (!world.driver.can(feature)) t.diagnostic(`not looked at: ${world.driver.lacks(feature)}`);
  const witness = new Witness(world);

  // A login that gives every kind of token.
  await world.startAtHome();
  await witness.look('the first page');
  await redirectToProvider(world, { scope: 'openid profile email offline_access', prompt: 'consent', appState: { from: '/' } });
  await world.driver.untilShown('#sign-in');
  await witness.look('the provider');
  await enterPassword(world);
  await world.driver.click('#allow');
  await untilAnswered(world);
  await witness.look('the callback before it was handled', ofTheAnswer);
  const { token } = await handle(world);
  assert.ok(token.refresh_token && token.id_token);
  await witness.look('the callback after it was handled');
  await witness.lookAtHistory('the callback');

  await reloadAndHandle(world);
  assert.equal((await session(world)).isAuthenticated, true);
  await witness.look('the page after a reload');

  // Logins that fail, each at a later check than the one before.
  await answerAgain();
  world.provider.setDown(true);
  witness.note('error of an unreachable provider', await failing(handle(world)));
  await witness.look('the callback without a provider');
  world.provider.setDown(false);

  witness.watchTokens((answer) => {
    answer.status = 400;
    answer.body = { error: 'invalid_grant' };
  });
  await answerAgain();
  witness.note('error of a refused code', await failing(handle(world)));
  await witness.look('the callback whose code was refused');

  witness.watchTokens((answer) => {
    const { claims } = world.provider.decodeJwt(answer.body.id_token);
    answer.body.id_token = world.provider.signJwt({ ...claims, nonce: `${claims.nonce}1` });
  });
  await answerAgain();
  witness.note('error of a wrong nonce', await failing(handle(world)));
  await witness.look('the callback with a wrong nonce');

  witness.watchTokens((answer) => {
    answer.body.id_token = `${answer.body.id_token.slice(0, -40)}${'A'.repeat(40)}`;
  });
  await answerAgain();
  witness.note('error of a damaged signature', await failing(handle(world)));
  await witness.look('the callback with a damaged signature');
  await witness.lookAtHistory('the last callback');

  // From here on the test itself puts answers into the history, so that is not looked at any more.
  let url = await answerAgain();
  url.searchParams.set('iss', 'https://attacker.example');
  await world.visit(url.href);
  witness.note('error of a wrong issuer', await failing(handle(world)));
  await witness.look('the callback with a wrong issuer');

  url = await answerAgain();
  url.searchParams.set('state', 'B'.repeat(43));
  await world.visit(url.href);
  await world.start();
  witness.note('error of a wrong state', await failing(world.call(() => window.oauth.demo.authorizeAccessToken())));
  await witness.look('the callback with a wrong state', ofTheAnswer);

  witness.watchTokens();
  await world.startAtHome();
  assert.equal((await session(world)).isAuthenticated, true, 'the first login still holds');
  await logoutAtProvider(world);
  await witness.look('the return from the logout', ['logout state']);
  assert.equal((await handle(world)).kind, 'logout');
  await witness.look('the page after the logout');

  assert.deepEqual(witness.kinds(), ['access token', 'code', 'id_token', 'logout state', 'nonce', 'refresh token', 'state', 'verifier']);
  assert.deepEqual(witness.leaks(), []);
});

test('the witness sees a leak where there is one', async () => {
  const witness = new Witness(world);
  world.app.before(`
    window.leakyError = (secret) => new Error('outer', { cause: new Error('middle', { cause: Object.assign(new Error('inner'), { secret }) }) });`);
  await world.startAtHome();
  await redirectToProvider(world);
  const url = await signInAtProvider(world);
  const { token } = await handle(world);
  await world.call(async (code, accessToken) => {
    console.info(`finishing with ${code}`);
    history.replaceState({ accessToken }, '');
    document.body.append(accessToken);
    document.cookie = `token=${accessToken}`;
    window.name = accessToken;
    localStorage.setItem('token', accessToken);
    localStorage.removeItem('token');
    new BroadcastChannel('oidc').postMessage(JSON.stringify({ accessToken }));
    window.postMessage({ code }, location.origin);
    performance.mark(code);
    await fetch('/beacon', { headers: {}, referrer: `/?leak=${code}` });
  }, url.searchParams.get('code'), token.access_token);
  await world.driver.until('what was said to be heard', () => world.call(() => (
    ['broadcast', 'message heard'].every((how) => window.overheard.some((what) => what.startsWith(how)))
  )));
  const reported = await world.call((secret) => window.describe(window.leakyError(secret)).reported, token.access_token);
  witness.note('error of a page', Object.assign(new Error('outer'), { reported }));
  await witness.look('the page');
  const found = witness.leaks();
  for (const leak of [
    'code in the recorded of the page', 'access token in the historyState of the page', 'code in the referrer of /beacon',
    'access token in the document of the page', 'access token in the cookie of the page', 'access token in the windowName of the page',
    'access token in the overheard of the page', 'code in the overheard of the page', 'code in the loads of the page', 'access token in the error of a page',
  ]) {
    assert.ok(found.includes(leak), `${leak} is not in ${found}`);
  }
});
