// Settings in every form, and every mistake in them by its name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login, redirectToProvider } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld();

/** Settings as a server-side framework would have them. */
const snakeCase = () => ({
  demo: {
    client_id: world.provider.clientId,
    server_metadata_url: world.provider.issuer + world.provider.paths.discovery,
    redirect_uri: world.app.url('/callback'),
    client_kwargs: { scope: 'openid email' },
  },
});

const json = (body) => ({ type: 'application/json', body: typeof body === 'string' ? body : JSON.stringify(body) });

const assertConfigError = (promise, code, mentions = []) => assert.rejects(promise, (error) => {
  assert.equal(error.isOAuthError, true, `${error}`);
  assert.equal(error.code, code, error.message);
  assert.equal(error.kind, 'usage');
  for (const word of mentions) assert.ok(`${error.message} ${error.remedy}`.includes(word), `«${error.message} ${error.remedy}» lacks ${word}`);
  return true;
});

const names = () => world.call(() => window.oauth.names);

// ---- forms

test('settings as an object', async () => {
  await world.startAtHome({ ...world.settings(), other: { clientId: 'other', issuer: 'https://id.example.com' } });
  assert.deepEqual(await names(), ['demo', 'other']);
  assert.deepEqual(await world.call(() => window.oauth.demo), { client: 'demo' });
  assert.equal(await world.call(() => window.oauth.other.clientId), 'other');
  assert.equal(await world.call(() => window.oauth.client('demo') === window.oauth.demo), true);
  assert.equal(await world.call(() => window.oauth.client('nobody') === undefined), true);
});

test('settings in the spelling of server-side frameworks: a login works by them', async () => {
  const result = await login(world, { settings: snakeCase() });
  assert.equal(result.kind, 'login');
  assert.equal(world.authorization().scope, 'openid email');
});

for (const [form, make] of [
  ['the path of a JSON file', () => '/oauth.json'],
  ['a path relative to the page', () => 'oauth.json'],
  ['the URL of a JSON file', () => world.app.url('/oauth.json')],
]) {
  test(`settings as ${form}`, async () => {
    world.app.serve('/oauth.json', json(snakeCase()));
    await world.startAtHome(make());
    assert.deepEqual(await names(), ['demo']);
    assert.equal(await world.call(() => window.oauth.demo.clientId), world.provider.clientId);
  });
}

test('settings as a URL object', async () => {
  world.app.serve('/oauth.json', json(world.settings()));
  await world.visit('/');
  await world.call((href) => window.start(new URL(href)), world.app.url('/oauth.json'));
  assert.deepEqual(await names(), ['demo']);
});

test('settings as a <script type="application/json"> of the page', async () => {
  world.app.embed(world.settings());
  await world.visit('/');
  await world.call(() => window.start(window.settingsElement()));
  assert.deepEqual(await names(), ['demo']);
  await redirectToProvider(world);
  await world.driver.untilShown('#sign-in');
});

test('no settings at all: an empty registry', async () => {
  await world.visit('/');
  await world.call(() => window.start());
  assert.deepEqual(await names(), []);
  assert.equal(await world.call(() => window.oauth.handleRedirect()), null);
});

// ---- files that are none

test('settings from a URL that is not there: config_invalid with the status', async () => {
  await world.visit('/');
  await assertConfigError(world.start('/missing.json'), 'config_invalid', ['404']);
});

test('settings from a URL that answers with a page: config_invalid', async () => {
  world.app.serve('/oauth.json', { type: 'text/html', body: '<!DOCTYPE html><title>Home</title>' });
  await world.visit('/');
  await assertConfigError(world.start('/oauth.json'), 'config_invalid', ['JSON']);
});

test('settings from a damaged JSON file: config_invalid', async () => {
  world.app.serve('/oauth.json', json('{"demo": {"clientId": "x",}}'));
  await world.visit('/');
  await assertConfigError(world.start('/oauth.json'), 'config_invalid', ['JSON']);
});

test('settings that are no object: config_invalid', async () => {
  await world.visit('/');
  for (const wrong of [[], 42]) await assertConfigError(world.start(wrong), 'config_invalid');
});

for (const [what, wrong, key] of [
  ['the settings of a client without its name', (flat) => flat, 'clientId'],
  ['a client whose settings are a text', (flat) => ({ demo: flat, other: 'https://id.example.com' }), 'other'],
  ['a client whose settings are a list', (flat) => ({ demo: [flat] }), 'demo'],
]) {
  for (const from of ['an object', 'a file']) {
    test(`${what}, in ${from}: config_invalid, which names the key and shows clients by name`, async () => {
      const settings = wrong({ clientId: 'x', issuer: world.provider.issuer });
      world.app.serve('/oauth.json', json(JSON.stringify(settings)));
      await world.visit('/');
      await assert.rejects(world.start(from === 'a file' ? '/oauth.json' : settings), ({ code, message, remedy }) => {
        assert.deepEqual([code, message], ['config_invalid', `"${key}" must be the settings of a client (a plain object).`]);
        assert.match(remedy, /createOAuth\(\{ demo: \{ issuer, … \} \}\): the settings are clients by name/);
        return true;
      });
    });
  }
}

// ---- mistakes: [what, members over the usual settings, code, what the error must mention]

const mistakes = [
  ['an unknown key', { redirect_url: 'https://app.example.com/' }, 'config_invalid', ['redirect_url']],
  ['an unknown nested key', { clientKwargs: { scop: 'openid' } }, 'config_invalid', ['scop']],
  ['no client id', { clientId: undefined }, 'config_invalid', ['clientId']],
  ['an empty client id', { clientId: '' }, 'config_invalid', ['clientId']],
  ['an issuer that is no URL', { issuer: 'id.example.com' }, 'config_invalid', ['issuer']],
  ['an issuer in clear text', { issuer: 'http://id.example.com' }, 'config_invalid', ['issuer']],
  ['an endpoint that is a script', { authorizeUrl: 'javascript:alert(1)' }, 'config_invalid', ['authorizeUrl']],
  ['a key in both spellings', { client_id: 'again' }, 'config_invalid', ['client']],
  ['an algorithm that is none', { idTokenSigningAlgs: ['none'] }, 'config_invalid', ['idTokenSigningAlgs']],
  ['an algorithm of a shared secret', { idTokenSigningAlgs: ['RS256', 'HS256'] }, 'config_invalid', ['idTokenSigningAlgs']],
  ['a client secret', { clientSecret: 'hunter2' }, 'client_secret_in_browser', ['clientSecret', 'insecureClientSecret']],
  ['a client secret in the other spelling', { client_secret: 'hunter2' }, 'client_secret_in_browser', ['client_secret']],
  ['settings of OAuth 1.0', { request_token_url: 'https://id.example.com/request' }, 'oauth1_unsupported', ['request_token_url']],
  ['form_post', { responseMode: 'form_post' }, 'form_post_unsupported', []],
  ['a protocol parameter among the extra ones', { authorizeParams: { state: 'mine' } }, 'reserved_parameter', ['state']],
  ['a protocol parameter among those of the token request', { accessTokenParams: { code_verifier: 'mine' } }, 'reserved_parameter', ['code_verifier']],
  ['a redirect URI with a fragment', { redirectUri: 'http://localhost/callback#here' }, 'invalid_redirect_uri', []],
];

for (const [what, members, code, mentions] of mistakes) {
  test(`${what}: ${code}`, async () => {
    await world.visit('/');
    await assertConfigError(world.start(world.settings(members)), code, mentions);
    assert.deepEqual(world.provider.requests, []);
  });
}

test('a secret is not repeated in the error that refuses it', async () => {
  await world.visit('/');
  await assert.rejects(world.start(world.settings({ clientSecret: 'hunter2' })), ({ reported }) => !reported.includes('hunter2'));
});

test('a protocol parameter in a call: reserved_parameter, and the page is not left', async () => {
  await world.startAtHome();
  for (const name of ['state', 'nonce', 'code_challenge', 'redirect_uri', 'client_id', 'response_type']) {
    await assertConfigError(redirectToProvider(world, { params: { [name]: 'mine' } }), 'reserved_parameter', [name]);
  }
  assert.equal(world.requestsTo('authorization').length, 0);
});

test('an unknown parameter in a call: config_invalid', async () => {
  await world.startAtHome();
  await assertConfigError(redirectToProvider(world, { maxage: 0 }), 'config_invalid', ['maxage']);
});

test('options out of range: config_invalid', async () => {
  await world.visit('/');
  for (const [name, value] of [['clockTolerance', 301], ['requestTimeout', 0], ['tokenStorage', 'cookie'], ['prefix', 'x']]) {
    await assertConfigError(world.start(world.settings(), { [name]: value }), 'config_invalid', [name]);
  }
});

test('storagePrefix names every key', async () => {
  await login(world, { options: { storagePrefix: 'shop' } });
  const keys = await world.call(() => Object.keys(sessionStorage));
  assert.ok(keys.length > 0);
  assert.deepEqual(keys.filter((key) => !key.startsWith('shop:')), []);
});

// ---- the registry

test('register, overwrite and unregister', async () => {
  await world.startAtHome();
  await assertConfigError(world.call((s) => window.oauth.register('demo', s), world.settings().demo), 'client_exists', ['demo']);
  await assertConfigError(world.call((s) => window.oauth.register('handleRedirect', s), world.settings().demo), 'config_invalid', ['handleRedirect']);
  assert.deepEqual(await world.call((s) => {
    const { oauth } = window;
    const replaced = oauth.register('demo', { ...s, clientId: 'another' }, { overwrite: true });
    const added = oauth.register('second', s);
    return [
      oauth.demo === replaced, oauth.demo.clientId, oauth.second === added, oauth.names,
      oauth.unregister('second'), oauth.unregister('second'), oauth.second === undefined, oauth.names,
    ];
  }, world.settings().demo), [true, 'another', true, ['demo', 'second'], true, false, true, ['demo']]);
});
