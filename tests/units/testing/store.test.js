// The real store where pages are unusual.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { createAuth, returnTo } from 'oidc-client-wasm/store';
import { issuer, provider } from '../real.js';

const login = {};
const answering = provider(login);
const demo = { clientId: 'c', issuer, redirectUri: `${location.origin}/callback`, scope: 'openid' };
const make = (settings = { demo }) => createAuth(settings, { createOAuth });

beforeEach(async () => {
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, '', '/');
  vi.stubGlobal('fetch', await answering);
});
afterEach(() => vi.unstubAllGlobals());

/** Opens the page with the response of a login of this client. */
async function arrive(client) {
  Object.assign(login, await client.createAuthorizationUrl());
  await client.saveAuthorizeData({ ...login, appState: {} });
  history.replaceState(null, '', `/callback?${new URLSearchParams({ code: 'x', state: login.state })}`);
}

function placesOf(...places) {
  const gone = [];
  for (const place of places) returnTo({ kind: 'login', appState: { returnTo: place } }, (to) => gone.push(to));
  return gone;
}

test('a login goes on to the place that the app has given as a whole URL of its origin, as location.href', () => {
  expect(placesOf(`${location.origin}/orders?page=2#last`, `${location.origin}/`)).toEqual(['/orders?page=2#last', '/']);
});

test('a whole URL leads to no other origin', () => {
  const { origin, host } = location;
  expect(placesOf(`${origin}.elsewhere.example/`, `${origin}//elsewhere.example/`, `${origin}/\\elsewhere.example`, `${origin}/.//elsewhere.example`, `${origin}@elsewhere.example/`, `http://user@${host}/`, `blob:${origin}/x`, origin)).toEqual([]);
});

test('a login goes on to no response of another login', () => {
  expect(placesOf(`${location.origin}/callback?code=x&state=y`, '/orders?error=no&state=y#part', '/map?state=Ohio')).toEqual(['/callback', '/orders', '/map?state=Ohio']);
});

test.each([['first', (own, other) => [make(own), make(other)]], ['last', (own, other) => [make(other), make(own)].reverse()]])('of two auths in a page the one of the client answers the response, if it is made %s', async (_when, both) => {
  await arrive(make().client());
  const [own, other] = both({ demo }, { other: { ...demo, clientId: 'd' } });
  const results = await Promise.all([own.answered, other.answered]);
  expect([results[0].kind, results[1], own.client().snapshot.status, other.client().snapshot.status, other.client().snapshot.error]).toEqual(['login', null, 'signed-in', 'signed-out', null]);
});

test('settings whose file is missing, a page, or of no server are an error of each client, until the file is there', async () => {
  const answers = [new Response('', { status: 404 }), new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }), new TypeError('Failed to fetch')];
  const reported = vi.fn();
  const others = process.listeners('unhandledRejection');
  others.forEach((listener) => process.off('unhandledRejection', listener));
  process.on('unhandledRejection', reported);
  for (const [at, code] of ['config_invalid', 'config_invalid', 'network'].entries()) {
    vi.stubGlobal('fetch', async () => { if (answers[at] instanceof Error) throw answers[at]; return answers[at]; });
    const auth = make(`${location.origin}/settings.json`);
    const client = auth.client('demo');
    await auth.redirect.catch(() => {});
    await vi.waitFor(() => expect([client.snapshot.status, client.snapshot.error?.code, client.needsLogin]).toEqual(['signed-out', code, false]));
    vi.stubGlobal('fetch', async ({ url }) => (url.endsWith('/settings.json') ? Response.json({ demo: { clientId: 'c', authorizeUrl: `${issuer}/authorize`, accessTokenUrl: `${issuer}/token` } }) : new Response('', { status: 404 })));
    await client.touch();
    await vi.waitFor(() => expect([client.snapshot.status, client.snapshot.error, client.needsLogin]).toEqual(['signed-out', null, true]));
  }
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  process.off('unhandledRejection', reported);
  others.forEach((listener) => process.on('unhandledRejection', listener));
  expect(reported.mock.calls.map(([{ code }]) => code)).toEqual(['config_invalid', 'config_invalid']);
});
