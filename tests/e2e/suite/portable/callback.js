// Coming back from any provider: once, twice, by reload, by Back, in several tabs, and with what is not an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alice, handle, login, reachCallback, redirectToProvider, session, signInAtProvider, skewClock, storedKeys, troubles, untilAnswered,
} from '../../lib/steps.js';

const withParameter = (url, name, value) => {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
};

export function callbackScenarios(world) {
  const tokenRequests = () => world.requestsTo('token').length;
  const here = async () => (await world.driver.url()).href;

  test('the address bar is cleaned, and every other part of the URL kept byte for byte', async () => {
    const { searchParams } = await reachCallback(world);
    const [code, state, iss] = ['code', 'state', 'iss'].map((name) => encodeURIComponent(searchParams.get(name)));
    await world.visit(`/callback?a=%7e+b&code=${code}&flag&empty=&a=2%20&state=${state}&name=J%C3%BCrg&iss=${iss}&z=(1)*#/tab?x=%20~'1`);
    assert.equal((await handle(world)).kind, 'login');
    assert.equal(await here(), world.app.url("/callback?a=%7e+b&flag&empty=&a=2%20&name=J%C3%BCrg&z=(1)*#/tab?x=%20~'1"));
  });

  test('wrong state: handleRedirect is not concerned, authorizeAccessToken refuses, the pending login completes', async () => {
    const genuine = await reachCallback(world, { params: { appState: 'mine' } });
    const forged = withParameter(genuine, 'state', 'A'.repeat(43));
    await world.visit(forged);
    assert.equal(await handle(world), null);
    assert.equal(await here(), forged);
    await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), {
      isOAuthError: true, code: 'mismatching_state', kind: 'rejected', phase: 'callback', retryable: false,
    });
    assert.equal(tokenRequests(), 0);

    await world.visit(genuine.href);
    const result = await handle(world);
    assert.equal(result.kind, 'login');
    assert.equal(result.appState, 'mine');
    assert.equal(tokenRequests(), 1);
  });

  test('missing state: no login, no token request', async () => {
    const url = await reachCallback(world);
    url.searchParams.delete('state');
    await world.visit(url.href);
    assert.equal(await handle(world), null);
    await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), { code: 'missing_state', kind: 'rejected' });
    assert.equal(tokenRequests(), 0);
  });

  test('an answer that another issuer claims to have given: issuer_mismatch, no token request', async () => {
    const url = await reachCallback(world);
    await world.visit(withParameter(url, 'iss', 'https://attacker.example'));
    await assert.rejects(handle(world), { code: 'issuer_mismatch', kind: 'rejected' });
    assert.equal(tokenRequests(), 0);
  });

  test('an answer without the issuer that the provider promised: missing_issuer, no token request', async () => {
    const url = await reachCallback(world);
    url.searchParams.delete('iss');
    await world.visit(url.href);
    await assert.rejects(handle(world), { code: 'missing_issuer', kind: 'rejected' });
    assert.equal(tokenRequests(), 0);
  });

  test('a repeated parameter: duplicate_parameter, no token request', async () => {
    const url = await reachCallback(world);
    await world.visit(`${url.href}&code=another`);
    await assert.rejects(handle(world), { code: 'duplicate_parameter', kind: 'rejected' });
    assert.equal(tokenRequests(), 0);
  });

  test('expired transaction: expired_state, no token request', async () => {
    const url = await reachCallback(world, { params: { appState: { from: '/cart' } } });
    skewClock(world, 11 * 60);
    await world.visit(url.href);
    await assert.rejects(handle(world), {
      isOAuthError: true, code: 'expired_state', kind: 'rejected', phase: 'callback', appState: { from: '/cart' },
    });
    assert.equal(tokenRequests(), 0);
    assert.equal((await session(world)).isAuthenticated, false);
  });

  test('authorizeAccessToken finishes a login, and says of which URL', async () => {
    const url = await reachCallback(world);
    await world.visit('/elsewhere');
    await world.start();
    const token = await world.call((href) => window.oauth.demo.authorizeAccessToken(href), url.href);
    assert.equal(token.userinfo.sub, alice.sub);
    assert.equal((await session(world)).isAuthenticated, true);
  });

  test('handleRedirect twice in one tick: one result, one token request', async () => {
    await reachCallback(world, { params: { appState: 1 } });
    await world.start();
    const [first, second] = await world.call(() => Promise.all([window.oauth.handleRedirect(), window.oauth.handleRedirect()]));
    assert.equal(first.kind, 'login');
    assert.deepEqual(second, first);
    assert.equal(tokenRequests(), 1);
    assert.deepEqual(await troubles(world), []);
  });

  // React's StrictMode runs an effect twice; where the registry is made in the effect, there are two.
  test('two registries in one page at once: one result, one token request', async () => {
    await reachCallback(world, { params: { appState: 1 } });
    const [first, second] = await world.call((settings) => Promise.all([1, 2].map(async () => {
      const oauth = await window.api.createOAuth(settings);
      return oauth.handleRedirect();
    })), world.settings());
    assert.equal(first.kind, 'login');
    assert.deepEqual(second, first);
    assert.equal(tokenRequests(), 1);
  });

  test('reload before the page acted: the login completes', async () => {
    await reachCallback(world);
    await world.reload();
    assert.equal((await handle(world)).kind, 'login');
    assert.equal(tokenRequests(), 1);
  });

  test('reload of a callback URL that was answered: the same result from the stored session, no request', async () => {
    const url = await reachCallback(world, { params: { appState: { n: 1 } } });
    const first = await handle(world);
    world.provider.clearRequests();
    await world.visit(url.href);
    assert.deepEqual(await handle(world), first);
    assert.equal(await here(), world.app.url('/callback'));
    assert.deepEqual(world.provider.requests, []);
    assert.equal((await session(world)).isAuthenticated, true);
  });

  test('Back onto the callback page: still signed in, no request', async () => {
    await login(world);
    await world.visit('/orders');
    world.provider.clearRequests();
    await world.driver.back();
    await world.driver.untilAt('the callback page', ({ pathname }) => pathname === '/callback');
    await world.ready();
    await handle(world);
    assert.equal((await session(world)).claims.sub, alice.sub);
    assert.deepEqual(world.provider.requests, []);
  });

  test('Back onto a callback URL that the page had left without acting: the login completes', async () => {
    await reachCallback(world);
    await world.visit('/orders');
    await world.driver.back();
    await world.driver.untilAt('the callback page', ({ search }) => search.includes('code='));
    await world.ready();
    assert.equal((await handle(world)).kind, 'login');
    assert.equal(tokenRequests(), 1);
  });

  test('Back to the provider, which answers the same request again: the same result, no token request', async () => {
    await world.startAtHome();
    await redirectToProvider(world, { appState: 'kept' });
    const request = new URL(world.requestsTo('authorization').at(-1).url, world.provider.issuer);
    const firstAnswer = await signInAtProvider(world);
    const first = await handle(world);

    world.provider.clearRequests();
    await world.driver.goto(request.href);
    const secondAnswer = await untilAnswered(world);
    assert.equal(secondAnswer.searchParams.get('state'), firstAnswer.searchParams.get('state'));
    assert.notEqual(secondAnswer.searchParams.get('code'), firstAnswer.searchParams.get('code'));
    assert.deepEqual(await handle(world), first);
    assert.equal(tokenRequests(), 0);
    assert.equal(await here(), world.app.url('/callback'));
  });

  test('two logins begun in one tab: the first answer completes although a second login was begun', async () => {
    await world.startAtHome();
    await redirectToProvider(world, { appState: 'first' });
    const request = new URL(world.requestsTo('authorization').at(-1).url, world.provider.issuer);
    await world.startAtHome();
    await redirectToProvider(world, { appState: 'second' });
    await world.driver.goto(request.href);
    await signInAtProvider(world);
    assert.equal((await handle(world)).appState, 'first');
  });

  test('an answer in another tab than the one that asked: nothing happens there, the asking tab completes', async () => {
    const { driver } = world;
    const url = await reachCallback(world);
    const asking = await driver.tab();
    await driver.newTab();
    await world.visit(url.href);
    assert.equal(await handle(world), null);
    await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), { code: 'mismatching_state' });
    await driver.to(asking);
    assert.equal((await handle(world)).kind, 'login');
    assert.equal(tokenRequests(), 1);
  });

  test('nothing of a finished login stays behind but the session', async () => {
    const url = await reachCallback(world);
    await handle(world);
    const everything = JSON.stringify(await world.call(() => ({ session: { ...sessionStorage }, local: { ...localStorage } })));
    const [{ body }] = world.requestsTo('token');
    assert.ok(!everything.includes(body.code_verifier), 'the verifier is still stored');
    assert.ok(!everything.includes(url.searchParams.get('code')), 'the code is still stored');
    assert.deepEqual((await storedKeys(world, 'oidc:session:')).map((key) => key.replace(/:[\w-]{43}$/, '')), ['oidc:session:demo']);
  });
}
