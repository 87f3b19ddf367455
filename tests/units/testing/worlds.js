// The real store in a page with a provider, and the test double: two worlds in which one scenario is told.

import { vi } from 'vitest';
import { createOAuth } from 'oidc-client-wasm/inline';
import { createAuth } from 'oidc-client-wasm/store';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';
import { issuer, provider } from '../real.js';

const settings = { demo: { clientId: 'c', issuer, redirectUri: `${globalThis.location?.origin}/callback`, scope: 'openid', apiBaseUrl: 'https://api.example.com/' } };
const types = ['login', 'tokenupdate', 'logout', 'userchange', 'error'];

/** What a world is asked for after each step: the state in short. */
function look(auth) {
  const { snapshot, needsLogin } = auth.client();
  return [snapshot.status, snapshot.claims?.sub ?? null, snapshot.error?.code ?? null, needsLogin];
}

/** Notes the events of a registry in short. */
function hear(registry) {
  const heard = [];
  for (const type of types) registry.addEventListener(type, ({ detail }) => heard.push([type, detail.reason ?? detail.error?.code ?? null]));
  return heard;
}

/** A page is asked until the answer is this, because storage and signatures take their time. */
const until = (auth, status) => vi.waitFor(() => { if (auth.client().snapshot.status !== status) throw new Error(JSON.stringify(look(auth))); }, 5000);

const login = {};
// One for all tests: a page remembers the keys of a provider.
const answering = provider(login);

async function realWorld({ supportsRpLogout = true, requestTimeout } = {}) {
  sessionStorage.clear();
  localStorage.clear();
  history.replaceState(null, '', '/');
  const answer = await answering;
  let refusal;
  vi.stubGlobal('fetch', async (request) => {
    const body = await request.clone().text();
    if (refusal && (refusal.of === 'all' || body.includes('refresh_token'))) return refusal.give();
    if (supportsRpLogout && request.url.includes('/.well-known/')) return Response.json({ ...(await (await answer(request)).json()), end_session_endpoint: `${issuer}/logout` });
    if (!request.url.endsWith('/token')) return answer(request);
    return Response.json({ ...(await (await answer(request)).json()), refresh_token: 'rt', access_token: `at-${Math.random()}` });
  });
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  let auth;
  let heard = [];
  const make = (options) => { auth = createAuth(settings, { createOAuth, ...(requestTimeout && { requestTimeout }), ...options }); };
  const refuse = (code, of) => {
    refusal = {
      of,
      give: () => (code === 'network' ? Promise.reject(new TypeError('Failed to fetch')) : Response.json({ error: 'invalid_grant' }, { status: 400 })),
    };
  };
  const arrive = async (response) => {
    const client = createAuth(settings, { createOAuth }).client();
    Object.assign(login, await client.createAuthorizationUrl());
    await client.saveAuthorizeData({ ...login, appState: { returnTo: '/start' } });
    history.replaceState(null, '', `/callback?${new URLSearchParams({ ...response, state: login.state })}`);
  };
  const world = {
    get auth() { return auth; },
    look: () => look(auth),
    heard: () => heard,
    until: (status) => until(auth, status),
    async loading(response) {
      if (response === 'login') await arrive({ code: 'x' });
      if (response === 'refused') await arrive({ error: 'access_denied' });
      if (response === 'unknown') history.replaceState(null, '', '/callback?code=x&state=of-another');
      if (response === 'stored' || response === 'ended') {
        await arrive({ code: 'x' });
        make();
        await auth.redirect;
        history.replaceState(null, '', '/');
      }
      make();
    },
    async ended() {
      const other = await createOAuth(settings);
      await other.demo.clear();
    },
    async load() {
      heard = hear(await auth.oauth);
      await auth.redirect.catch(() => {});
    },
    async failLoad() {
      auth = createAuth(settings, { createOAuth: () => Object.assign(Promise.reject(oauthError('wasm_load_failed')), { client: () => ({}) }) });
      await auth.redirect.catch(() => {});
    },
    back() {
      dispatchEvent(new Event('pagehide'));
      dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    },
    /** The client learns by the time that passes. */
    stays() {},
    async refreshFails(code) {
      refuse(code);
      await auth.client().getAccessToken({ force: true }).catch(() => {});
      refusal = undefined;
    },
    renew: () => auth.client().refreshToken(),
    async loginFails(code) {
      refuse(code, 'all');
      // A client that has read no metadata yet.
      sessionStorage.clear();
      await auth.client().authorizeRedirect().catch(() => {});
      refusal = undefined;
    },
  };
  return world;
}

async function testWorld({ supportsRpLogout } = {}) {
  let auth;
  let answer;
  let heard = [];
  return {
    get auth() { return auth; },
    look: () => look(auth),
    heard: () => heard,
    until: (status) => until(auth, status),
    async loading(response) {
      const isStored = response === 'stored' || response === 'ended';
      auth = createTestAuth({ demo: { ...(isStored ? { claims: { sub: 'alice' } } : { status: 'signed-out' }), apiBaseUrl: 'https://api.example.com/', ...(supportsRpLogout !== undefined && { supportsRpLogout }) } }, { loading: true });
      const appState = { returnTo: '/start' };
      answer = {
        login: { kind: 'login', claims: { sub: 'alice' }, appState }, refused: oauthError('authorization_refused', { clientName: 'demo', appState }), unknown: { kind: 'unknown' },
      }[response];
      heard = hear(auth.registry);
    },
    async ended() { auth.signOut({ reason: 'other-tab' }); },
    async load() { if (auth.client().snapshot.status === 'loading') auth.load(answer); },
    async failLoad() {
      auth = createTestAuth({ demo: null }, { loading: true });
      auth.failLoad();
    },
    back: () => (auth.client().snapshot.status === 'signing-out' ? auth.signOut() : auth.stay()),
    stays: () => auth.stay(),
    async refreshFails(code) { auth.fail(code); },
    async renew() { auth.renew(); },
    async loginFails(code) {
      const leaving = auth.client().authorizeRedirect();
      auth.fail(code);
      await leaving.catch(() => {});
    },
  };
}

export const worlds = [['the real store', realWorld], ['the test double', testWorld]];
