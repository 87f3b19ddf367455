// What the test double does in the adapter of every framework. Each adapter tells this story with an app of its own.

import { afterEach, expect, test, vi } from 'vitest';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';

/** Time for what should not happen. Nothing here waits for more than promises and the timers of a framework. */
const aWhile = () => new Promise((resolve) => { setTimeout(resolve, 50); });

/** What the home page and the fallback of the guard say. */
export const words = ({ status, claims, error }) => `${status} ${claims?.name ?? 'nobody'} ${error?.code ?? 'fine'}`;

/**
 * `open(auth, navigate)` mounts an app at the address of the page and gives the function that ends it. At `/` the app says `words` of the first client and, in `#other`, of the
 * client `gitlab` if there is one. It has the buttons `#in`, `#out` and `#token`, whose answer is in `#answer`. `/protected` is guarded: the app says `inside: NAME` or `words` of the
 * fallback.
 */
export function story(framework, open) {
  let end = () => {};
  afterEach(() => {
    end();
    document.body.replaceChildren();
    history.replaceState(null, '', '/');
  });

  const text = () => document.body.textContent.replace(/\s+/g, ' ').trim();
  const until = (expected) => vi.waitFor(() => expect(text()).toBe(expected));
  const find = (selector) => document.querySelector(selector);

  async function start(auth, at = '/', navigate = undefined) {
    history.replaceState(null, '', at);
    end = await open(auth, navigate);
    return auth;
  }

  test(`${framework}: the app shows each state that the test leads it to`, async () => {
    const auth = await start(createTestAuth({ demo: { claims: { name: 'Alice' } } }, { loading: true }));
    // What the page knew when it began is claims that are unverified.
    await until('loading Alice fine');
    auth.load();
    await until('signed-in Alice fine');
    auth.fail('network');
    await until('signed-in Alice network');
    auth.renew();
    await until('signed-in Alice fine');
    auth.signIn({ sub: '8', name: 'Bob' }, { reason: 'other-tab' });
    await until('signed-in Bob fine');
    auth.signOut();
    await until('signed-out nobody fine');
    auth.set({ status: 'signing-in' });
    await until('signing-in nobody fine');
    auth.set({ error: oauthError('authorization_refused') });
    await until('signed-out nobody authorization_refused');
    auth.failLoad();
    await until('signed-out nobody wasm_load_failed');
  });

  test(`${framework}: signIn and signOut are calls of the double, and the event of a click is no parameter`, async () => {
    const auth = await start(createTestAuth({ demo: null }), '/?page=2');
    await until('signed-out nobody fine');
    find('#in').click();
    await until('signing-in nobody fine');
    auth.signIn({ name: 'Alice' });
    await until('signed-in Alice fine');
    find('#out').click();
    await until('signing-out nobody fine');
    auth.signOut();
    await until('signed-out nobody fine');
    expect(auth.calls).toEqual([
      { name: 'demo', verb: 'authorizeRedirect', args: [{ appState: { returnTo: '/?page=2' } }] },
      { name: 'demo', verb: 'logoutRedirect', args: [] },
    ]);
  });

  test(`${framework}: useAccessToken gives the token that is made up, or what the test replies`, async () => {
    const auth = await start(createTestAuth({ demo: {} }));
    await until('signed-in nobody fine');
    find('#token').click();
    await vi.waitFor(() => expect(find('#answer').dataset.token).toBe('fake-access-token-1-of-demo'));
    auth.reply('getAccessToken', (options) => `token for ${options?.resource ?? 'nothing'}`);
    find('#token').click();
    await vi.waitFor(() => expect(find('#answer').dataset.token).toBe('token for nothing'));
  });

  test(`${framework}: each client has its own state`, async () => {
    const auth = await start(createTestAuth({ demo: null, gitlab: { claims: { name: 'Gerda' } } }));
    await until('signed-out nobody fine signed-in Gerda fine');
    auth.signIn({ name: 'Alice' });
    auth.signOut({ client: 'gitlab' });
    await until('signed-in Alice fine signed-out nobody fine');
  });

  test(`${framework}: the guard leads a stranger to the login, and shows what it guards after it`, async () => {
    const auth = await start(createTestAuth({ demo: null }), '/protected?of=42');
    await until('signing-in nobody fine');
    expect(auth.called('authorizeRedirect')).toEqual([[{ appState: { returnTo: '/protected?of=42' } }]]);
    auth.signIn({ name: 'Alice' });
    await until('inside: Alice');
  });

  test(`${framework}: the guard waits while the client loads`, async () => {
    const auth = await start(createTestAuth({ demo: { claims: { name: 'Alice' } } }, { loading: true }), '/protected');
    await aWhile();
    expect(text()).toMatch(/^loading/);
    auth.load();
    await until('inside: Alice');
    expect(auth.calls).toEqual([]);
  });

  test.each([
    ['after a sign-out of the page', (auth) => { void auth.client().logoutRedirect(); auth.signOut(); }, 'fine'],
    ['after the session has ended elsewhere', (auth) => auth.signOut({ reason: 'other-tab' }), 'fine'],
    ['after the provider has refused to renew the session', (auth) => auth.fail('refresh_refused'), 'refresh_refused'],
  ])(`${framework}: the guard begins no login %s`, async (_, act, error) => {
    const auth = await start(createTestAuth({ demo: { claims: { name: 'Alice' } } }), '/protected');
    await until('inside: Alice');
    act(auth);
    await until(`signed-out nobody ${error}`);
    await aWhile();
    expect(auth.called('authorizeRedirect')).toEqual([]);
  });

  test(`${framework}: the guard tells of a login that fails, and begins no other`, async () => {
    const auth = await start(createTestAuth({ demo: null }), '/protected');
    await until('signing-in nobody fine');
    auth.fail('authorization_refused');
    await until('signed-out nobody authorization_refused');
    await aWhile();
    expect(auth.called('authorizeRedirect')).toHaveLength(1);
  });

  test(`${framework}: the guard begins no second login for a person who comes back from the provider by Back`, async () => {
    const auth = await start(createTestAuth({ demo: null }), '/protected');
    await until('signing-in nobody fine');
    auth.stay();
    await until('signed-out nobody fine');
    await aWhile();
    expect(auth.called('authorizeRedirect')).toHaveLength(1);
  });

  test(`${framework}: the guard begins no login where the address has a response that is not known here`, async () => {
    const auth = await start(createTestAuth({ demo: null }, { loading: true }), '/protected');
    auth.load({ kind: 'unknown' });
    await until('signed-out nobody fine');
    await aWhile();
    expect(auth.called('authorizeRedirect')).toEqual([]);
  });

  test(`${framework}: the app goes on to the place where the login began, also after a failure`, async () => {
    const navigate = vi.fn();
    const auth = await start(createTestAuth({ demo: null }, { loading: true }), '/', navigate);
    auth.load({ kind: 'login', claims: { name: 'Alice' }, appState: { returnTo: '/orders' } });
    await until('signed-in Alice fine');
    await vi.waitFor(() => expect(navigate.mock.calls).toEqual([['/orders']]));
    end();
    document.body.replaceChildren();
    const failing = await start(createTestAuth({ demo: null }, { loading: true }), '/', navigate);
    failing.load(oauthError('authorization_refused', { appState: { returnTo: '/basket' } }));
    await until('signed-out nobody authorization_refused');
    await vi.waitFor(() => expect(navigate.mock.calls).toEqual([['/orders'], ['/basket']]));
  });
}
