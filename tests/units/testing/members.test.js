// The test double has each member of the real registry, client and store, and no other. A member that is added to the package fails here until the
// double has it.

import { expect, test, vi } from 'vitest';
import { OAuthError, createOAuth, isOAuthError } from 'oidc-client-wasm/inline';
import { createAuth } from 'oidc-client-wasm/store';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';

const settings = { demo: { clientId: 'c', issuer: 'https://id.example.com', redirectUri: 'https://app.example/callback' } };

/** The members of an object, each with what it is. */
const membersOf = (object) => Object.getOwnPropertyNames(object).map((name) => [name, typeof object[name]]).sort();

const real = createAuth(settings, { createOAuth });
const double = createTestAuth({ demo: null });

test('the auth has the members of the real one, and its own drivers', () => {
  expect(membersOf(double)).toEqual(expect.arrayContaining(membersOf(real)));
  const known = Object.getOwnPropertyNames(real);
  const drivers = ['registry', 'createOAuth', 'calls', 'called', 'reply', 'signIn', 'signOut', 'fail', 'stay', 'renew', 'set', 'load', 'failLoad'];
  expect(Object.keys(double).filter((name) => !known.includes(name)).sort()).toEqual(drivers.sort());
});

test('a client of the auth', () => {
  expect(membersOf(double.client())).toEqual(membersOf(real.client()));
});

test('the promise of createOAuth, and a client of it', async () => {
  expect(Object.keys(double.oauth)).toEqual(Object.keys(real.oauth));
  expect(membersOf(double.oauth.client('demo'))).toEqual(membersOf(real.oauth.client('demo')));
  expect(await double.oauth).toBe(double.registry);
});

test('the registry, and a client of it, which no listing shows', async () => {
  const registry = await real.oauth;
  expect(membersOf(double.registry)).toEqual(membersOf(registry));
  expect(Object.keys(double.registry)).toEqual(Object.keys(registry));
  const kinds = (client) => membersOf(client).map(([name, type]) => [name, name === 'supportsRpLogout' ? 'any' : type]);
  expect(kinds(double.registry.demo)).toEqual(kinds(registry.demo));
  expect([Object.keys(double.registry.demo), double.registry.demo.constructor.name]).toEqual([Object.keys(registry.demo), 'OAuthClient']);
  expect([double.registry instanceof EventTarget, registry instanceof EventTarget]).toEqual([true, true]);
});

test('a verb gives a promise where the real one does', async () => {
  const registry = await real.oauth;
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  vi.stubGlobal('fetch', async () => { throw new TypeError('Failed to fetch'); });
  vi.stubGlobal('open', () => null);
  const given = [];
  const kindsOf = (client) => membersOf(client).filter(([name, type]) => type === 'function' && name !== 'subscribe').map(([name]) => {
    const result = client[name]();
    given.push(result);
    if (typeof result?.catch === 'function') result.catch(() => {});
    return [name, result instanceof Promise ? 'promise' : typeof result];
  });
  const listen = vi.spyOn(window, 'addEventListener');
  // `touch` and `monitorSession` are the two without a promise.
  expect(kindsOf(double.registry.demo)).toEqual(kindsOf(registry.demo));
  // The monitor is a file of its own. Vitest takes the window away, on which it listens, after the last test.
  await vi.waitFor(() => expect(listen.mock.calls.map(([type]) => type)).toContain('pageshow'));
  double.signOut();
  // What a verb still does must not ask the network after the test.
  await Promise.allSettled(given);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('an error is one of the package', () => {
  const error = oauthError('refresh_refused', { status: 400, clientName: 'demo' });
  expect([error instanceof OAuthError, isOAuthError(error), error.name]).toEqual([true, true, 'OAuthError']);
  expect({ ...error }).toMatchObject({ code: 'refresh_refused', kind: 'refused', phase: 'refresh', retryable: false, status: 400, clientName: 'demo', docs: 'docs/errors.md#refresh_refused' });
  expect([error.message, error.remedy]).toEqual(['The provider refused the refresh token.', expect.stringMatching(/^Start a new login/)]);
  expect('remedy' in oauthError('aborted')).toBe(false);
  expect(() => oauthError('no_such_code')).toThrow('there is no code "no_such_code"');
});
