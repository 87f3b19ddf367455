// What Authlib's tests say of a web client and no other test here says of a page: see docs/authlib-scenarios.md.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fails } from '../lib/failure.js';
import { signedOut } from '../lib/signed-out.js';
import {
  alice, bob, handle, login, loginAgain, reachCallback, redirectToProvider, session, signInAtProvider, skewClock, stored, storedKeys,
  untilAnswered,
} from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ clients: [{}, { client_id: 'second-spa' }] });

// ---- the registry

test('a name that nobody registered is undefined; registered, it is the one client of that name', async () => {
  await world.startAtHome({});
  const [before, after, told] = await world.call((settings) => {
    const { oauth } = window;
    const none = [oauth.demo === undefined, oauth.client('demo') === undefined, 'demo' in oauth, oauth.names.length];
    const demo = oauth.register('demo', settings);
    return [none, [oauth.demo === demo, oauth.client('demo') === demo, oauth.demo === oauth.demo, oauth.names.length], [demo.name, demo.clientId]];
  }, world.settings().demo);
  assert.deepEqual(before, [true, true, false, 0]);
  assert.deepEqual(after, [true, true, true, 1]);
  assert.deepEqual(told, ['demo', world.provider.clientId]);
  assert.deepEqual(world.provider.requests, []);
  await redirectToProvider(world);
  await world.pages.untilAsked(world.driver);
});

test('one JSON file configures all clients', async () => {
  const settings = { ...world.settings(), second: { ...world.settings().demo, clientId: 'second-spa' } };
  world.app.serve('/oauth.json', { type: 'application/json', body: JSON.stringify(settings) });
  await world.startAtHome('/oauth.json');
  assert.deepEqual(await world.call(() => [window.oauth.names, window.oauth.demo.clientId, window.oauth.second.clientId]), [
    ['demo', 'second'], world.provider.clientId, 'second-spa',
  ]);
  await world.leave(() => window.oauth.second.authorizeRedirect());
  await signInAtProvider(world);
  assert.deepEqual((await handle(world, '/oauth.json')).client, { client: 'second' });
});

test('a preset of endpoints serves several clients, and is not changed', async () => {
  const { issuer, paths } = world.provider;
  const preset = {
    authorizeUrl: issuer + paths.authorization, accessTokenUrl: issuer + paths.token, scope: 'openid',
    metadata: { issuer, jwks_uri: issuer + paths.jwks }, authorizeParams: { ui_locales: 'en' },
  };
  const register = () => world.call((given, redirectUri) => {
    const before = JSON.stringify(given);
    window.oauth.register('second', { ...given, clientId: 'second-spa', redirectUri, authorizeParams: { ...given.authorizeParams, ui_locales: 'de' } });
    window.oauth.register('demo', { ...given, clientId: 'demo-spa', redirectUri });
    window.oauth.register('second', { authorizeParams: { ui_locales: 'fr' } }, { overwrite: true });
    return JSON.stringify(given) === before;
  }, preset, world.app.url('/callback'));
  const openPage = async () => {
    await world.start({});
    assert.equal(await register(), true);
  };
  await world.visit('/');
  await openPage();
  await redirectToProvider(world);
  assert.deepEqual([world.authorization().client_id, world.authorization().ui_locales], ['demo-spa', 'en']);
  await signInAtProvider(world);
  await openPage();
  assert.deepEqual((await world.call(() => window.oauth.handleRedirect())).client, { client: 'demo' });
  assert.deepEqual(world.requestsTo('discovery'), []);
});

// ---- settings that a page cannot have

for (const [what, members, key] of [
  ['client_secret_basic', { client_kwargs: { token_endpoint_auth_method: 'client_secret_basic' } }, 'token_endpoint_auth_method'],
  ['client_secret_post without a value to send', { client_kwargs: { token_endpoint_auth_method: 'client_secret_post' } }, 'token_endpoint_auth_method'],
  ['client_secret_jwt', { client_kwargs: { token_endpoint_auth_method: 'client_secret_jwt' } }, 'token_endpoint_auth_method'],
  ['private_key_jwt', { client_kwargs: { token_endpoint_auth_method: 'private_key_jwt' } }, 'token_endpoint_auth_method'],
  ['a method of its own', { client_kwargs: { token_endpoint_auth_method: 'my_own' } }, 'token_endpoint_auth_method'],
  ['a method for revocation', { client_kwargs: { revocation_endpoint_auth_method: 'client_secret_basic' } }, 'revocation_endpoint_auth_method'],
  ['the token in the body', { client_kwargs: { token_placement: 'body' } }, 'token_placement'],
  ['the token in the URL', { client_kwargs: { token_placement: 'uri' } }, 'token_placement'],
]) {
  test(`${what}: config_invalid, naming the key`, async () => {
    await world.visit('/');
    await fails(world, 'config_invalid', { phase: 'config', message: new RegExp(key) }, (given) => window.start(given), world.settings(members));
  });
}

test('URIs to come back to that are none: invalid_redirect_uri, in settings and calls, and nothing has changed', async () => {
  await login(world);
  const before = await stored(world);
  const refused = (body, ...args) => assert.rejects(world.call(body, ...args), { isOAuthError: true, code: 'invalid_redirect_uri', kind: 'usage' });
  const withUserInfo = world.app.url('/').replace('http://', 'http://user:password@');
  for (const uri of ['', '/callback', '//localhost/callback', world.app.url('/#here'), 'javascript:alert(1)', withUserInfo]) {
    for (const name of ['redirectUri', 'postLogoutRedirectUri']) {
      await refused((given) => window.api.createOAuth(given), world.settings({ [name]: uri }));
    }
    await refused((redirectUri) => window.oauth.demo.authorizeRedirect({ redirectUri }), uri);
    await refused((postLogoutRedirectUri) => window.oauth.demo.createLogoutUrl({ postLogoutRedirectUri }), uri);
    await refused((postLogoutRedirectUri) => window.oauth.demo.logoutRedirect({ postLogoutRedirectUri }), uri);
  }
  await refused((uri) => window.oauth.demo.logoutRedirect({ postLogoutRedirectUri: new URL(uri) }), withUserInfo);
  assert.deepEqual(await stored(world), before);
  assert.equal((await session(world)).isAuthenticated, true);
});

test('members of the metadata of a wrong type: invalid_metadata, and the page is not left', async () => {
  for (const [name, value] of [
    ['authorization_endpoint', 7], ['token_endpoint', ['https://id.example.com/token']], ['jwks_uri', {}], ['userinfo_endpoint', true],
    ['end_session_endpoint', 7], ['revocation_endpoint', []], ['code_challenge_methods_supported', 'S256'],
  ]) {
    const restore = world.provider.tamper(world.provider.paths.discovery, (answer) => { answer.body[name] = value; });
    await world.startAtHome();
    await assert.rejects(redirectToProvider(world), (error) => {
      assert.deepEqual([error.code, error.kind, error.message.includes(name)], ['invalid_metadata', 'rejected', true], `${name}: ${error.message}`);
      return true;
    }, name);
    restore();
  }
  assert.deepEqual(world.requestsTo('authorization'), []);
});

test('algorithms of the metadata that are no list: invalid_metadata before anybody is sent away', async () => {
  world.provider.tamper(world.provider.paths.discovery, (answer) => { answer.body.id_token_signing_alg_values_supported = 'RS256'; });
  await world.startAtHome();
  await assert.rejects(redirectToProvider(world), ({ code, message }) => code === 'invalid_metadata' && message.includes('id_token_signing_alg_values_supported'));
  assert.deepEqual(world.requestsTo('authorization'), []);
});

// ---- a login

test('a denial uses its login up: the same answer again is invalid_state, without the provider\'s words', async () => {
  await world.startAtHome();
  await redirectToProvider(world);
  await world.pages.denyLogin(world.driver);
  const url = await untilAnswered(world);
  await assert.rejects(handle(world), { isOAuthError: true, code: 'authorization_refused', error: 'access_denied' });
  await world.visit(url.href);
  await world.start();
  const [again, forged] = await world.call(async (foreign) => {
    const thrown = (call) => call.then(() => null, window.describe);
    return [await thrown(window.oauth.handleRedirect()), await thrown(window.oauth.demo.authorizeAccessToken(foreign))];
  }, world.app.url('/callback?error=access_denied&error_description=Call+us&state=unknown'));
  assert.deepEqual([again.code, again.error, again.error_description], ['invalid_state', undefined, undefined]);
  assert.deepEqual([forged.code, forged.error, forged.reported.includes('Call us')], ['mismatching_state', undefined, false]);
  assert.deepEqual(world.requestsTo('token'), []);
});

test('storage that was cleared on the way: nobody\'s answer, no token request, and a new login completes', async () => {
  await reachCallback(world);
  await world.call(() => sessionStorage.clear());
  assert.equal(await handle(world), null);
  await assert.rejects(world.call(() => window.oauth.demo.authorizeAccessToken()), { isOAuthError: true, code: 'mismatching_state', kind: 'rejected' });
  assert.deepEqual(world.requestsTo('token'), []);
  assert.deepEqual(await session(world), signedOut);
  assert.equal((await loginAgain(world)).kind, 'login');
});

test('a session whose token has expired does not stand in the way of a login', async () => {
  const { token: before } = await login(world);
  skewClock(world, 7200);
  world.provider.setTtl({ IdToken: 4 * 3600 });
  await world.startAtHome();
  await fails(world, 'token_expired', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  await redirectToProvider(world, { prompt: 'login' });
  await signInAtProvider(world, bob);
  const { kind, token } = await handle(world);
  assert.equal(kind, 'login');
  assert.notEqual(token.access_token, before.access_token);
  assert.deepEqual([(await session(world)).claims.sub, await world.call(() => window.oauth.demo.getAccessToken())], [bob.sub, token.access_token]);
  assert.equal(JSON.stringify(await stored(world)).includes(before.access_token), false);
});

test('a token endpoint that does not let this origin read: network, whose remedy names CORS, and nothing is stored', async () => {
  await reachCallback(world);
  world.provider.tamper(world.provider.paths.token, (answer) => { delete answer.headers['access-control-allow-origin']; });
  await world.start();
  await fails(world, 'network', { phase: 'token', remedy: /CORS/ }, () => window.oauth.handleRedirect());
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
});

test('parseIdToken takes no option that would take a check away', async () => {
  const { token } = await login(world);
  for (const options of [
    { iss: false }, { issuer: 'https://id.example.com' }, { aud: ['another'] }, { claims_options: { iss: { values: [] } } }, { claimsOptions: {} },
  ]) {
    await fails(world, 'config_invalid', { phase: 'id_token', message: new RegExp(Object.keys(options)[0]) }, (text, given) => (
      window.oauth.demo.parseIdToken(text, given)
    ), token.id_token, options);
  }
});

// ---- a logout

test('a logout may say where to come back to, as a URL object', async () => {
  await login(world);
  await world.leave(() => window.oauth.demo.logoutRedirect({ postLogoutRedirectUri: new URL('/callback', location.origin), appState: 'kept' }));
  await world.pages.signOut(world.driver);
  const url = await world.driver.untilAt('the application', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal(url.pathname, '/callback');
  assert.equal(world.requestsTo('endSession', 'GET')[0].query.post_logout_redirect_uri, world.app.url('/callback'));
  await world.start();
  assert.deepEqual(await world.call(() => window.oauth.demo.validateLogoutResponse()), {
    post_logout_redirect_uri: world.app.url('/callback'), appState: 'kept',
  });
});

test('a provider that does not come back from a logout: signed out here, and the next login completes', async () => {
  for (const postLogoutRedirectUri of [world.app.url('/nowhere'), undefined]) {
    const settings = world.settings({ postLogoutRedirectUri });
    await login(world, { settings, params: { prompt: 'login' } });
    const sent = world.requestsTo('endSession', 'GET').length;
    await world.leave(() => window.oauth.demo.logoutRedirect());
    await world.driver.untilAt('the provider', ({ origin }) => origin === world.provider.issuer);
    const { query } = world.requestsTo('endSession', 'GET')[sent];
    assert.deepEqual([query.post_logout_redirect_uri, 'state' in query], [postLogoutRedirectUri, postLogoutRedirectUri !== undefined]);
    await world.visit('/');
    assert.equal(await handle(world, settings), null);
    assert.deepEqual(await session(world), signedOut);
  }
  assert.equal((await login(world, { params: { prompt: 'login' } })).token.userinfo.sub, alice.sub);
});
