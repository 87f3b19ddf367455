// Signing in and staying signed in, at any provider.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alice, handle, login, redirectToProvider, reloadAndHandle, session, signInAtProvider, skewClock, storedKeys, untilAnswered,
} from '../../lib/steps.js';

/** @param world one whose provider has a client `second-spa` too */
export function loginScenarios(world) {
  test('the user is known on the other pages of the application', async () => {
    await login(world);
    world.provider.clearRequests();
    await world.visit('/orders');
    assert.equal(await handle(world), null);
    assert.equal((await session(world)).claims.sub, alice.sub);
    assert.deepEqual(world.provider.requests, []);
  });

  test('the user stays known when the tokens have expired: the login is what lasts', async () => {
    const { token } = await login(world);
    world.provider.clearRequests();
    const later = 3600 + Math.max(token.expires_at, token.userinfo.exp) - Math.floor(Date.now() / 1000);
    skewClock(world, later);
    assert.equal(await reloadAndHandle(world), null);
    assert.equal((await session(world)).isAuthenticated, true);
    assert.deepEqual(world.provider.requests, []);
  });

  test('two clients of one application have sessions of their own', async () => {
    const settings = { ...world.settings(), second: { ...world.settings().demo, clientId: 'second-spa' } };
    await login(world, { settings });
    await world.leave(() => window.oauth.second.authorizeRedirect({ appState: 2 }));
    await untilAnswered(world);
    const result = await handle(world, settings);
    assert.deepEqual(result.client, { client: 'second' });
    assert.deepEqual([result.token.userinfo.aud].flat(), ['second-spa']);
    assert.deepEqual([(await session(world)).claims.aud].flat(), [world.provider.clientId]);

    await world.call(() => window.oauth.second.clear());
    assert.equal(await world.call(() => window.oauth.second.isAuthenticated), false);
    assert.equal((await session(world)).isAuthenticated, true);
  });

  test('appState: anything JSON comes back, and never travels', async () => {
    const appState = { returnTo: '/orders?page=2#top', nested: { list: [1, 'two', null, { three: true }], text: 'Grüße "\u2028" 🦀' }, zero: 0 };
    const result = await login(world, { params: { appState } });
    assert.deepEqual(result.appState, appState);
    const sent = JSON.stringify(world.provider.requests);
    for (const part of ['returnTo', 'Grüße', encodeURIComponent('Grüße')]) assert.ok(!sent.includes(part), `${part} was sent`);
  });

  test('a login may say where to come back to, as a URL object', async () => {
    await world.startAtHome();
    await world.leave(() => window.oauth.demo.authorizeRedirect({ redirectUri: new URL('/', location.origin) }));
    const url = await signInAtProvider(world);
    assert.equal(url.pathname, '/');
    assert.equal((await handle(world)).kind, 'login');
    assert.equal(world.requestsTo('token')[0].body.redirect_uri, world.app.url('/'));
  });

  test('two clicks in one tick: one of the two logins completes', async () => {
    await world.startAtHome();
    await world.leave(() => Promise.all([window.oauth.demo.authorizeRedirect(), window.oauth.demo.authorizeRedirect()]));
    await signInAtProvider(world);
    assert.equal((await handle(world)).kind, 'login');
  });

  test('Back from the provider\'s login page: the application works, and a new login completes', async () => {
    await world.startAtHome();
    await redirectToProvider(world);
    await world.pages.untilAsked(world.driver);
    await world.driver.back();
    await world.driver.untilAt('the application', ({ origin }) => origin === world.app.origin);
    await world.ready();
    assert.equal(await handle(world), null);
    await redirectToProvider(world);
    await signInAtProvider(world);
    assert.equal((await handle(world)).kind, 'login');
  });

  test('max_age: sent, and the login is young enough', async () => {
    const { token } = await login(world, { params: { maxAge: 60 } });
    assert.equal(world.authorization().max_age, '60');
    assert.equal(typeof token.userinfo.auth_time, 'number');
  });

  test('prompt=none with a session at the provider: a login without a page', async () => {
    await login(world);
    await redirectToProvider(world, { prompt: 'none' });
    await untilAnswered(world);
    const result = await handle(world);
    assert.equal(world.authorization().prompt, 'none');
    assert.equal(result.kind, 'login');
    assert.equal(result.token.userinfo.sub, alice.sub);
  });

  test('createAuthorizationUrl stores nothing; saveAuthorizeData makes its answer known', async () => {
    await world.startAtHome();
    const request = await world.call(() => window.oauth.demo.createAuthorizationUrl({ loginHint: 'alice@example.com' }));
    assert.deepEqual(await storedKeys(world, 'oidc:transaction:'), []);
    const sent = new URL(request.url).searchParams;
    assert.equal(sent.get('state'), request.state);
    assert.equal(sent.get('nonce'), request.nonce);
    assert.match(request.codeVerifier, /^[\w.~-]{43,128}$/);

    await world.call((data) => window.oauth.demo.saveAuthorizeData({ ...data, appState: 'saved' }), request);
    await world.driver.goto(request.url);
    await signInAtProvider(world);
    const result = await handle(world);
    assert.equal(result.kind, 'login');
    assert.equal(result.appState, 'saved');
  });
}
