// Functions among the settings, for providers that bend the rules: they change what is judged, never whether it is judged.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { fails } from '../lib/failure.js';
import { useServers } from '../lib/servers.js';
import { signedOut } from '../lib/signed-out.js';
import { alice, login, reachCallback, redirectToProvider, session, signInAtProvider, stored } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
let api;
useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  return [api];
});

const settings = (members) => world.settings({ apiBaseUrl: `${api.origin}/api/`, ...members });
const discovery = () => world.provider.paths.discovery;
const tokenPath = () => world.provider.paths.token;

/** `createOAuth` with functions among the members of `demo`: `functions` is the source of an object, run in the page. */
const start = (functions, given = settings(), options = {}) => world.call(
  `(given, options) => { window.calls = []; return window.start({ demo: { ...given.demo, ...(${functions}) } }, options); }`, given, options,
);
const handleRedirect = () => world.call(() => window.oauth.handleRedirect());
const calls = () => world.call(() => window.calls);

/** A login by settings with functions, on both pages. */
async function loginWith(functions, given) {
  await world.visit('/');
  await start(functions, given);
  await redirectToProvider(world);
  await signInAtProvider(world);
  await start(functions, given);
  return handleRedirect();
}
/** The callback page, with functions that the page before did not have. */
async function callbackWith(functions) {
  await reachCallback(world, { settings: settings() });
  await start(functions);
}

// ---- hooks

test('hooks.metadata mends a document that is wrong', async () => {
  world.provider.tamper(discovery(), (answer) => {
    answer.body.tokenEndpoint = answer.body.token_endpoint;
    delete answer.body.token_endpoint;
  });
  const result = await loginWith('{ hooks: { metadata: ({ tokenEndpoint, ...rest }) => ({ ...rest, token_endpoint: tokenEndpoint }) } }');
  assert.equal(result.kind, 'login');
  assert.equal((await world.call(() => window.oauth.demo.loadServerMetadata())).tokenEndpoint, undefined);
});

test('hooks.metadata cannot skip a check: another issuer is refused', async () => {
  await world.visit('/');
  await start('{ hooks: { metadata: (document) => ({ ...document, issuer: "https://id.example.com" }) } }');
  await fails(world, 'issuer_mismatch', { phase: 'metadata' }, () => window.oauth.demo.loadServerMetadata());
});

test('hooks.tokenRequest sees and changes the form of every token request', async () => {
  const { kind } = await loginWith('{ hooks: { tokenRequest: (form) => { window.calls.push(Object.keys(form).sort()); return { ...form, audience: "orders" }; } } }');
  assert.equal(kind, 'login');
  await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual(await calls(), [
    ['client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri'], ['client_id', 'grant_type', 'refresh_token'],
  ]);
  assert.deepEqual(world.provider.tokenRequests().map(({ body }) => [body.grant_type, body.audience]), [['authorization_code', 'orders'], ['refresh_token', 'orders']]);
});

test('hooks.tokenResponse renames what comes, at login and refresh', async () => {
  world.provider.tamper(tokenPath(), (answer) => {
    const { access_token: token, ...rest } = answer.body;
    answer.body = { ...rest, accessToken: token };
  });
  const hooks = '{ hooks: { tokenResponse: ({ accessToken, ...rest }) => ({ ...rest, access_token: accessToken }) } }';
  assert.equal((await loginWith(hooks)).kind, 'login');
  const access = await world.call(() => window.oauth.demo.getAccessToken({ force: true }));
  assert.equal('refused' in await world.provider.verifyAccessToken(access), false);
});

test('hooks.tokenResponse sees a refusal, too, and may put it into the words of the standard', async () => {
  await callbackWith('{ hooks: { tokenResponse: ({ problem }) => ({ error: problem.code, error_description: problem.text }) } }');
  world.provider.tamper(tokenPath(), (answer) => Object.assign(answer, { status: 400, body: { problem: { code: 'invalid_grant', text: 'too late' } } }));
  await fails(world, 'token_refused', { phase: 'token', error: 'invalid_grant', error_description: 'too late', status: 400 }, () => window.oauth.handleRedirect());
});

for (const [what, code, phase, change] of [
  ['another id_token', 'bad_signature', 'id_token', 'id_token: body.id_token.slice(0, -6) + "AAAAAA"'],
  ['no token_type', 'invalid_token_response', 'token', 'token_type: undefined'],
  ['an access token with a line break', 'invalid_token_response', 'token', 'access_token: "a\\r\\nb"'],
]) {
  test(`hooks.tokenResponse cannot skip a check: ${what} is ${code}`, async () => {
    await callbackWith(`{ hooks: { tokenResponse: (body) => ({ ...body, ${change} }) } }`);
    await fails(world, code, { phase }, () => window.oauth.handleRedirect());
    assert.deepEqual(await session(world), signedOut);
  });
}

test('a settings object frozen to the ground works and is not changed', async () => {
  await world.visit('/');
  assert.equal(await world.call(async (given) => {
    const freeze = (value) => {
      if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    const hooks = { metadata: (document) => document, tokenRequest: (form) => form, tokenResponse: (body) => body };
    const frozen = freeze({ demo: { ...given.demo, hooks, expectedIssuer: (issuer) => issuer, fetchToken: () => null } });
    const before = JSON.stringify(frozen);
    await window.start(frozen, Object.freeze({ fetchToken: () => null }));
    return JSON.stringify(frozen) === before && frozen.demo.hooks === hooks && Object.keys(frozen.demo.hooks).length === 3;
  }, settings()), true);
  await redirectToProvider(world);
  await world.driver.untilShown('#sign-in');
});

for (const [what, functions, names] of [
  ['an unknown hook', '{ hooks: { idToken: (token) => token } }', /hooks\.idToken/],
  ['a hook that is no function', '{ hooks: { metadata: "document" } }', /hooks\.metadata/],
  ['hooks that are no object', '{ hooks: [] }', /hooks/],
  ['expectedIssuer that is no function', '{ expectedIssuer: "https://id.example.com" }', /expectedIssuer/],
  ['a function where none belongs', '{ scope: () => "openid" }', /scope/],
  ['fetchToken that is no function', '{ fetchToken: { access_token: "a" } }', /fetchToken/],
]) {
  test(`${what}: config_invalid, naming it`, async () => {
    await world.visit('/');
    await fails(world, 'config_invalid', { phase: 'config', message: names }, `(given) => window.start({ demo: { ...given.demo, ...(${functions}) } })`, settings());
  });
}

for (const [name, phase] of [['tokenRequest', 'token'], ['tokenResponse', 'token']]) {
  test(`hooks.${name} throws: config_invalid with what it threw as the cause, and no session`, async () => {
    await callbackWith(`{ hooks: { ${name}() { throw new RangeError("of the hook"); } } }`);
    const error = await fails(world, 'config_invalid', { phase, message: new RegExp(name) }, () => window.oauth.handleRedirect());
    assert.equal(error.cause, 'RangeError');
    assert.deepEqual(await session(world), signedOut);
  });
}

test('hooks.metadata throws: config_invalid with what it threw as the cause, and the page is not left', async () => {
  await world.visit('/');
  await start('{ hooks: { metadata() { throw new RangeError("of the hook"); } } }');
  const error = await fails(world, 'config_invalid', { phase: 'metadata', message: /metadata/ }, () => window.oauth.demo.authorizeRedirect());
  assert.equal(error.cause, 'RangeError');
  assert.equal(world.requestsTo('authorization').length, 0);
});

for (const [what, hook] of [
  // Of the page's own making: automation may run scripts in a realm of their own.
  ['a promise', 'window.asyncHook'],
  ['nothing', '() => {}'],
  ['null', '() => null'],
  ['a list', '(body) => [body]'],
  ['text', '(body) => JSON.stringify(body)'],
]) {
  test(`a hook that gives ${what}: config_invalid, and no session`, async () => {
    world.app.before('window.asyncHook = async (body) => body;');
    await callbackWith(`{ hooks: { tokenResponse: ${hook} } }`);
    await fails(world, 'config_invalid', { phase: 'token', message: /tokenResponse/ }, () => window.oauth.handleRedirect());
    assert.deepEqual(await session(world), signedOut);
  });
}

// ---- fetchToken

/** A page with `fetchToken`, and tokens of a login elsewhere as `window.tokens`. */
async function tokensFromElsewhere(functions, options) {
  const { token } = await login(world, { settings: settings() });
  await world.call(() => window.oauth.demo.clear());
  await world.visit('/');
  await world.call((value) => { window.tokens = [value]; }, { access_token: token.access_token });
  if (options) await world.call(`(given) => { window.calls = []; return window.start({ demo: { ...given.demo, ...(${functions}) }, other: given.demo }, ${options}); }`, settings());
  else await start(functions);
  world.provider.clearRequests();
  return token.access_token;
}
const echo = () => world.call(async () => {
  const response = await window.oauth.demo.get('echo');
  return { status: response.status, ...(await response.json()) };
});

for (const [what, functions] of [
  ['at once', '{ fetchToken: (name) => { window.calls.push(name); return window.tokens[0]; } }'],
  ['by a promise', '{ fetchToken: async (name) => { window.calls.push(name); return window.tokens[0]; } }'],
]) {
  test(`fetchToken gives the token ${what}: it is used, and nothing is stored`, async () => {
    const given = await tokensFromElsewhere(functions);
    assert.equal(await world.call(() => window.oauth.demo.getAccessToken()), given);
    assert.equal((await echo()).sub, alice.sub);
    assert.equal((await world.call(() => window.oauth.demo.userinfo())).sub, alice.sub);
    assert.deepEqual(await calls(), ['demo', 'demo', 'demo']);
    assert.deepEqual(await session(world), signedOut);
    assert.equal(JSON.stringify(await stored(world)).includes(given), false);
    assert.equal(world.requestsTo('token').length, 0);
  });
}

test('fetchToken of the registry serves the clients without one of their own', async () => {
  const given = await tokensFromElsewhere('{ fetchToken: () => ({ access_token: "of-the-client" }) }', '{ fetchToken: (name) => { window.calls.push(name); return window.tokens[0]; } }');
  assert.deepEqual(await world.call(() => Promise.all([window.oauth.demo.getAccessToken(), window.oauth.other.getAccessToken()])), ['of-the-client', given]);
  assert.deepEqual(await calls(), ['other']);
});

test('fetchToken has none: missing_token, and the API is not called', async () => {
  await tokensFromElsewhere('{ fetchToken: () => null }');
  await fails(world, 'missing_token', { phase: 'token' }, () => window.oauth.demo.get('echo'));
  assert.deepEqual(api.requests, []);
});

test('fetchToken has an expired one: token_expired, and the API is not called', async () => {
  await tokensFromElsewhere('{ fetchToken: () => ({ ...window.tokens[0], expires_at: 1 }) }');
  await fails(world, 'token_expired', { phase: 'token' }, () => window.oauth.demo.get('echo'));
  assert.deepEqual(api.requests, []);
});

test('fetchToken is asked again when the API refuses its token, once', async () => {
  await tokensFromElsewhere('{ fetchToken: () => { window.calls.push(1); return window.calls.length === 1 ? { access_token: "stale" } : window.tokens[0]; } }');
  assert.equal((await echo()).status, 200);
  assert.deepEqual([api.requestsTo('/api/echo', 'GET').map(({ status }) => status), (await calls()).length], [[401, 200], 2]);
});

test('fetchToken gives the refused token again: the API\'s answer is returned', async () => {
  await tokensFromElsewhere('{ fetchToken: () => ({ access_token: "stale" }) }');
  assert.equal((await echo()).status, 401);
  assert.equal(api.requestsTo('/api/echo', 'GET').length, 1);
});

for (const [what, functions, code] of [
  ['throws', '{ fetchToken() { throw new RangeError("of the app"); } }', 'config_invalid'],
  ['rejects', '{ fetchToken: () => Promise.reject(new RangeError("of the app")) }', 'config_invalid'],
]) {
  test(`fetchToken ${what}: ${code} with the cause`, async () => {
    await tokensFromElsewhere(functions);
    const error = await fails(world, code, { phase: 'token', message: /fetchToken/ }, () => window.oauth.demo.getAccessToken());
    assert.equal(error.cause, 'RangeError');
  });
}

test('fetchToken gives something that is no token: invalid_token_response', async () => {
  await tokensFromElsewhere('{ fetchToken: () => ({ token: "a" }) }');
  await fails(world, 'invalid_token_response', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
});

// ---- expectedIssuer: metadata that publishes a template

const template = () => `${world.provider.issuer}/{tenantid}`;
/** As at Microsoft Entra: a template for the issuer, and no iss in the response. */
function publishTemplate() {
  world.provider.tamper(discovery(), (answer) => {
    answer.body.issuer = template();
    answer.body.authorization_response_iss_parameter_supported = false;
  });
}
const fromDocument = () => {
  const given = settings({ serverMetadataUrl: world.provider.issuer + discovery() });
  delete given.demo.issuer;
  return given;
};
/** A login at such a provider, whose answer has lost its iss. */
async function loginByTemplate(functions) {
  publishTemplate();
  await world.visit('/');
  await start(functions, fromDocument());
  await redirectToProvider(world);
  const url = await signInAtProvider(world);
  url.searchParams.delete('iss');
  await world.visit(url.href);
  await start(functions, fromDocument());
}
const byTemplate = '{ expectedIssuer: (template, claims) => { window.calls.push([template, claims.sub]); return template.replace("/{tenantid}", ""); } }';

test('expectedIssuer: the template and the claims give the issuer, and the login works', async () => {
  await loginByTemplate(byTemplate);
  assert.equal((await handleRedirect()).kind, 'login');
  assert.equal((await session(world)).claims.iss, world.provider.issuer);
  assert.deepEqual(await calls(), [[template(), alice.sub]]);
  await world.call(() => window.oauth.demo.refreshToken());
  assert.equal((await echo()).sub, alice.sub);
  await world.reload();
  await start(byTemplate, fromDocument());
  assert.equal((await session(world)).isAuthenticated, true);
});

test('expectedIssuer gives another issuer than the token has: invalid_claim', async () => {
  await loginByTemplate('{ expectedIssuer: () => "https://id.example.com" }');
  await fails(world, 'invalid_claim', { phase: 'id_token' }, () => window.oauth.handleRedirect());
  assert.deepEqual(await session(world), signedOut);
});

test('expectedIssuer gives no text: config_invalid', async () => {
  await loginByTemplate('{ expectedIssuer: async () => "https://id.example.com" }');
  await fails(world, 'config_invalid', { phase: 'id_token', message: /expectedIssuer/ }, () => window.oauth.handleRedirect());
  assert.deepEqual(await session(world), signedOut);
});

test('expectedIssuer throws for a tenant that is not welcome: invalid_claim with the cause', async () => {
  await loginByTemplate('{ expectedIssuer() { throw new RangeError("not this tenant"); } }');
  const error = await fails(world, 'invalid_claim', { phase: 'id_token' }, () => window.oauth.handleRedirect());
  assert.equal(error.cause, 'RangeError');
  assert.deepEqual(await session(world), signedOut);
});

test('a template without expectedIssuer: issuer_mismatch, and the page is not left', async () => {
  publishTemplate();
  await world.startAtHome(settings());
  await fails(world, 'issuer_mismatch', { phase: 'metadata' }, () => window.oauth.demo.authorizeRedirect());
});

// ---- registered by other means

test('an entry of Authlib\'s AUTHLIB_OAUTH_CLIENTS in a script element: login, API call and refresh work by it', async () => {
  const { issuer, clientId, paths } = world.provider;
  world.app.embed({
    demo: {
      client_id: clientId,
      server_metadata_url: issuer + paths.discovery,
      access_token_url: issuer + paths.token,
      access_token_params: null,
      authorize_url: issuer + paths.authorization,
      authorize_params: { ui_locales: 'en' },
      refresh_token_url: `${issuer}${paths.token}?refresh`,
      api_base_url: `${api.origin}/api/`,
      redirect_uri: world.app.url('/callback'),
      client_kwargs: { scope: 'openid profile', token_endpoint_auth_method: 'none' },
    },
  });
  const startEmbedded = () => world.call(() => window.start(window.settingsElement()));
  await world.visit('/');
  await startEmbedded();
  await redirectToProvider(world);
  await signInAtProvider(world);
  await startEmbedded();
  assert.equal((await handleRedirect()).kind, 'login');
  assert.deepEqual([world.authorization().scope, world.authorization().ui_locales], ['openid profile', 'en']);
  assert.equal((await echo()).sub, alice.sub);
  await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual(world.requestsTo('token').map(({ url }) => url), ['/token', '/token?refresh']);
});

test('register with overwrite: what is given now wins, the rest and the hooks stay', async () => {
  await loginWith('{ hooks: { tokenRequest: (form) => ({ ...form, audience: "of-the-hook" }) }, refreshTokenParams: { a: "1", b: "1" } }');
  assert.deepEqual(await world.call(() => {
    const before = window.oauth.demo;
    const demo = window.oauth.register('demo', { refreshTokenParams: { b: '2' } }, { overwrite: true });
    return [demo === window.oauth.demo, demo === before, window.oauth.names.length, demo.isAuthenticated];
  }), [true, false, 1, true]);
  await world.call(() => window.oauth.demo.refreshToken());
  const [{ body }] = world.provider.tokenRequests('refresh_token');
  assert.deepEqual([body.a, body.b, body.audience], ['1', '2', 'of-the-hook']);
});
