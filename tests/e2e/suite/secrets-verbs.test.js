// No token, code, state, nonce or verifier where others could read it, whatever a page asks of the package and however that ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCookiesLax, takesPosts } from '../lib/posts.js';
import {
  alice, fillSessionStorage, handle, login, logoutAtProvider, reachCallback, redirectToProvider, session, untilAnswered,
} from '../lib/steps.js';
import { duplicate, inTab } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';
import { Witness } from '../lib/witness.js';

const world = useWorld({ refreshTokens: 'always', ...takesPosts });

const isNoTokenRequest = (path) => path !== world.provider.paths.token;
const settings = () => world.settings({ apiBaseUrl: world.provider.issuer });

test('every verb that succeeds lets nothing out', async () => {
  makeCookiesLax(world, isNoTokenRequest);
  const witness = new Witness(world);
  await login(world, { settings: settings() });
  await witness.look('the signed-in page');
  // A tab that shares the session hears of what happens to it; so does everybody who listens on that channel.
  const other = await duplicate(world);
  await world.start(settings());
  await witness.look('the duplicated tab');

  for (const [verb, call] of [
    ['preload', () => window.oauth.demo.preload()],
    ['loadServerMetadata', () => window.oauth.demo.loadServerMetadata({ force: true })],
    ['fetchJwkSet', () => window.oauth.demo.fetchJwkSet({ force: true })],
    ['createAuthorizationUrl and saveAuthorizeData', async () => {
      const { demo } = window.oauth;
      await demo.saveAuthorizeData({ ...await demo.createAuthorizationUrl(), appState: { from: '/' } });
    }],
    ['getAccessToken', () => window.oauth.demo.getAccessToken()],
    ['refreshToken', () => window.oauth.demo.refreshToken()],
    ['userinfo', () => window.oauth.demo.userinfo()],
    ['parseIdToken', () => window.oauth.demo.parseIdToken(window.oauth.demo.token.id_token)],
    ['get', () => window.oauth.demo.get('/api/orders')],
    ['post', () => window.oauth.demo.post('/api/echo', { body: 'hello' })],
    ['createLogoutUrl', () => window.oauth.demo.createLogoutUrl()],
    ['revokeToken', () => window.oauth.demo.revokeToken('access_token')],
    ['revokeToken (refresh token)', () => window.oauth.demo.revokeToken()],
    ['unregister and register', (own) => {
      window.oauth.unregister('demo');
      window.oauth.register('demo', own.demo);
    }],
    ['clear', () => window.oauth.demo.clear()],
  ]) {
    await world.call(call, settings());
    await witness.look(`the page after ${verb}`);
  }
  await witness.lookAtHistory('the signed-in page');

  await world.startAtHome(settings());
  await redirectToProvider(world, { prompt: 'none' });
  await untilAnswered(world);
  await handle(world, settings());
  await witness.look('the callback of a silent login');
  await logoutAtProvider(world, { method: 'post' });
  assert.equal((await handle(world, settings())).kind, 'logout');
  await witness.look('the return from a logout by POST');
  await witness.lookAtHistory('the return from a logout by POST');
  await inTab(world, other, () => witness.look('the other tab in the end'));

  assert.deepEqual(witness.kinds(), ['access token', 'code', 'id_token', 'logout state', 'nonce', 'refresh token', 'state', 'verifier']);
  assert.deepEqual(witness.leaks(), []);
});

test('every verb that fails lets nothing out', async () => {
  const witness = new Witness(world);
  const { paths } = world.provider;
  await login(world, { settings: settings() });
  const { token } = await session(world);
  const { claims, header } = world.provider.decodeJwt(token.id_token);
  const flip = (text) => `${text.slice(0, -30)}${text.at(-30) === 'A' ? 'B' : 'A'}${text.slice(-29)}`;

  /** `body` must fail; what it fails with, and what the page then shows, is looked at. */
  async function failing(where, body, ...args) {
    const error = await world.call(body, ...args).then(() => assert.fail(`${where} should have failed`), (thrown) => thrown);
    assert.equal(error.isOAuthError, true, `${where}: ${error}`);
    witness.note(`error of ${where}`, error);
    await witness.look(`the page after ${where}`);
  }
  /** The same while the provider answers differently at `path`. */
  async function failingAt(path, change, where, body, ...args) {
    const asBefore = world.provider.tamper(path, change);
    try {
      await failing(where, body, ...args);
    } finally {
      asBefore();
      witness.watchTokens();
    }
  }
  const answer = (status, body) => (given) => Object.assign(given, { status, body });

  for (const [what, change] of [
    ['HTTP 503', answer(503, 'busy')],
    ['no JSON', answer(200, 'not JSON')],
    ['a cut connection', () => ({ destroy: true })],
  ]) {
    await failingAt(paths.token, change, `refreshToken (${what})`, () => window.oauth.demo.refreshToken());
    await failingAt(paths.userinfo, change, `userinfo (${what})`, () => window.oauth.demo.userinfo());
    await failingAt(paths.discovery, change, `loadServerMetadata (${what})`, () => window.oauth.demo.loadServerMetadata({ force: true }));
    await failingAt(paths.jwks, change, `fetchJwkSet (${what})`, () => window.oauth.demo.fetchJwkSet({ force: true }));
  }
  await failingAt(paths.token, answer(200, { ...token, access_token: `${token.access_token}\r\n` }), 'a refresh with a line break in its token',
    () => window.oauth.demo.refreshToken());
  await failingAt(paths.token, answer(200, { ...token, token_type: token.access_token }), 'a refresh whose token is in its type',
    () => window.oauth.demo.refreshToken());
  await failingAt(paths.token, answer(200, { ...token, expires_in: token.access_token }), 'a refresh whose token is in its lifetime',
    () => window.oauth.demo.refreshToken());
  await failingAt(paths.token, answer(200, { ...token, id_token: flip(token.id_token) }), 'a refresh with a damaged id_token',
    () => window.oauth.demo.refreshToken());
  await failingAt(paths.token, answer(200, { ...token, id_token: world.provider.signJwt({ ...claims, sub: 'bob' }) }), 'a refresh of another user',
    () => window.oauth.demo.refreshToken());
  await failingAt(paths.userinfo, answer(200, { sub: 'bob', secret: token.access_token }), 'userinfo of another user', () => window.oauth.demo.userinfo());
  await failingAt(paths.revocation, answer(500, token.refresh_token), 'a failed revocation', () => window.oauth.demo.revokeToken('access_token'));

  const parse = (idToken, expected) => window.oauth.demo.parseIdToken(idToken, expected);
  const sign = (members, more) => world.provider.signJwt({ ...claims, ...members }, more);
  for (const [what, idToken, expected] of [
    ['damaged', flip(token.id_token)],
    ['half', token.id_token.slice(0, -400)],
    ['three times itself', token.id_token.repeat(3)],
    ['without a kid', sign({}, { header: { kid: undefined, alg: 'HS256' } })],
    ['of an unknown key', sign({}, { header: { ...header, kid: token.id_token.split('.')[2] } })],
    ['of another issuer', sign({ iss: `https://attacker.example/${claims.nonce}` })],
    ['for another client', sign({ aud: token.access_token })],
    ['expired', sign({ exp: claims.iat - 1000 })],
    ['of another nonce', token.id_token, { nonce: 'another' }],
    ['of another access token', sign({ at_hash: 'A'.repeat(22) }), { accessToken: token.access_token }],
  ]) {
    await failing(`parseIdToken of one ${what}`, parse, idToken, expected);
  }

  await failing('a request to a stranger', () => window.oauth.demo.get('https://attacker.example/'));
  await failing('an unusable request', () => window.oauth.demo.get('/api/orders', { method: 'TRACE' }).then(() => window.oauth.demo.fetch('http://[')));
  await failing('a wrong state', (state) => window.oauth.demo.authorizeAccessToken(`/?code=x&state=${state}`), 'C'.repeat(43));
  await fillSessionStorage(world);
  await failing('a login in a full storage', () => window.oauth.demo.authorizeRedirect());
  world.provider.setDown(true);
  await world.call(() => Object.keys(sessionStorage).filter((key) => key.startsWith('oidc:metadata:demo:')).forEach((key) => sessionStorage.removeItem(key)));
  await failing('a refresh without a network', () => window.oauth.demo.refreshToken());
  world.provider.setDown(false);

  assert.ok(['access token', 'code', 'id_token', 'nonce', 'refresh token', 'state', 'verifier'].every((kind) => witness.kinds().includes(kind)));
  assert.deepEqual(witness.leaks(), []);
});

test('a session that cannot be stored: the token that came is in no error', async () => {
  const witness = new Witness(world);
  await reachCallback(world, { settings: settings() });
  await fillSessionStorage(world);
  await world.start(settings());
  const error = await world.call(() => window.oauth.handleRedirect()).then(() => undefined, (thrown) => thrown);
  assert.equal(error?.code, 'storage_full');
  witness.note('error of a full storage', error);
  await witness.look('the callback with a full storage');
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(witness.leaks(), []);
});

test('a page that was opened by another tells it nothing, and lets its opener be', async (t) => {
  if (!world.driver.can('openedTabs')) return t.skip(world.driver.lacks('openedTabs'));
  await world.visit('/');
  const opener = await world.driver.tab();
  await world.call(() => {
    window.heardMessages = [];
    window.addEventListener('message', ({ data }) => window.heardMessages.push(data));
  });
  await world.driver.follow(() => world.driver.start('() => { window.open("/"); }'));
  await world.ready();
  await world.start(settings());
  await redirectToProvider(world);
  await world.pages.signIn(world.driver, alice);
  await untilAnswered(world);
  assert.equal((await handle(world, settings())).kind, 'login');
  assert.equal(await world.call(() => window.opener !== null && !window.opener.closed), true);
  await world.driver.to(opener);
  assert.deepEqual(await world.call(() => window.heardMessages), []);
  assert.equal((await world.driver.url()).href, world.app.url('/'));
});
