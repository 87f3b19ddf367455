// What the test double does of its own: the drivers, the record of the calls, the requests, and where it refuses to be.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { createAuth } from 'oidc-client-wasm/store';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const statusOf = (auth, name) => auth.client(name).snapshot.status;

describe('the state at first', () => {
  test('without clients there is one, which is signed out', () => {
    const auth = createTestAuth();
    expect([auth.names, statusOf(auth), auth.client().needsLogin]).toEqual([['test'], 'signed-out', true]);
  });

  test('`null` is signed out, `{}` is a user who is made up, and claims are put over those', () => {
    const auth = createTestAuth({ demo: { claims: { name: 'Alice' }, clientId: 'my-spa' }, other: {}, gitlab: null });
    expect([statusOf(auth), statusOf(auth, 'other'), statusOf(auth, 'gitlab')]).toEqual(['signed-in', 'signed-in', 'signed-out']);
    expect(auth.client().snapshot.claims).toMatchObject({ sub: 'test-user', name: 'Alice', iss: 'https://provider.invalid', aud: 'my-spa' });
    expect([auth.registry.demo.clientId, auth.registry.demo.claims === auth.client().snapshot.claims]).toEqual(['my-spa', true]);
  });

  test('a provider of plain OAuth 2.0 has no claims', () => {
    const auth = createTestAuth({ demo: { claims: null } });
    expect([statusOf(auth), auth.client().snapshot.claims]).toEqual(['signed-in', null]);
  });

  test('a failure is signed out, unless the test says signed in', () => {
    const auth = createTestAuth({ demo: { error: 'authorization_refused' }, other: { status: 'signed-in', error: oauthError('network') } });
    expect([statusOf(auth), auth.client().snapshot.error.code, auth.client().snapshot.error.clientName]).toEqual(['signed-out', 'authorization_refused', 'demo']);
    expect([statusOf(auth, 'other'), auth.client('other').snapshot.error.code]).toEqual(['signed-in', 'network']);
  });

  test.each(['signing-in', 'signing-out', 'signed-out', 'signed-in'])('`status`: %s', (status) => {
    expect(statusOf(createTestAuth({ demo: { status } }))).toBe(status);
  });

  test('the end of the token is that of the test', () => {
    const auth = createTestAuth({ demo: { expiresAt: 1000 }, never: { expiresAt: null } });
    expect([auth.client().snapshot.expiresAt, auth.registry.demo.token.expires_at, auth.client('never').snapshot.expiresAt]).toEqual([1000, 1000, null]);
  });

  test('nothing looks like a verified token', () => {
    const { registry } = createTestAuth({ demo: {} });
    expect(registry.demo.token.access_token).toBe('fake-access-token-1-of-demo');
    expect(registry.demo.token.id_token).toBe(undefined);
    expect(Object.isFrozen(registry.demo.token) && Object.isFrozen(registry.demo.claims)).toBe(true);
  });
});

describe('the drivers', () => {
  test('what a test does shows at once, and the verb under way ends', async () => {
    const auth = createTestAuth({ demo: null });
    const client = auth.client();
    const login = client.authorizeRedirect();
    expect(statusOf(auth)).toBe('signing-in');
    auth.signIn({ sub: '7' });
    expect([statusOf(auth), client.snapshot.claims.sub]).toEqual(['signed-in', '7']);
    await login;
    const logout = client.logoutRedirect();
    expect([statusOf(auth), client.snapshot.claims]).toEqual(['signing-out', null]);
    auth.signOut();
    expect(statusOf(auth)).toBe('signed-out');
    await logout;
    const failing = client.authorizeRedirect();
    auth.fail('storage_unavailable');
    expect([statusOf(auth), client.snapshot.error.code]).toEqual(['signed-out', 'storage_unavailable']);
    await expect(failing).rejects.toBe(client.snapshot.error);
  });

  test('a popup gives the token of the session, and is closed when the page stays', async () => {
    const auth = createTestAuth({ demo: null });
    const opened = auth.client().authorizePopup();
    auth.signIn();
    expect(await opened).toBe(auth.registry.demo.token);
    auth.signOut();
    const closed = auth.client().authorizePopup();
    auth.stay();
    await expect(closed).rejects.toMatchObject({ code: 'popup_closed' });
    const aborted = auth.client().authorizePopup();
    await auth.client().clear();
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
  });

  test('a logout of a page that stays is `page_stayed`', async () => {
    const auth = createTestAuth({ demo: {} });
    const logout = auth.client().logoutRedirect();
    auth.stay();
    await expect(logout).rejects.toMatchObject({ code: 'page_stayed' });
    expect([statusOf(auth), auth.client().snapshot.error.code]).toEqual(['signed-out', 'page_stayed']);
  });

  test('a signal ends what is under way', async () => {
    const auth = createTestAuth({ demo: null });
    const controller = new AbortController();
    const login = auth.client().authorizeRedirect({ signal: controller.signal });
    controller.abort();
    await expect(login).rejects.toMatchObject({ code: 'aborted' });
    expect([statusOf(auth), auth.client().snapshot.error]).toEqual(['signed-out', null]);
    await expect(auth.client().authorizeRedirect({ signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('events are those of the real client, and carry what they speak of', () => {
    const auth = createTestAuth({ demo: null });
    const heard = [];
    for (const type of ['login', 'userchange', 'tokenupdate', 'logout', 'error']) auth.registry.addEventListener(type, (event) => heard.push([event.type, event.detail]));
    auth.signIn({ sub: 'a' }, { reason: 'other-tab' });
    const first = auth.registry.demo.token;
    auth.renew();
    auth.signIn({ sub: 'b' });
    auth.signOut({ reason: 'expired' });
    auth.fail('network');
    expect(heard).toEqual([
      ['login', { name: 'demo', token: first, reason: 'other-tab' }],
      ['tokenupdate', { name: 'demo', token: expect.objectContaining({ access_token: 'fake-access-token-2-of-demo' }), access_token: first.access_token }],
      ['userchange', { name: 'demo', previousSub: 'a', sub: 'b' }],
      ['login', { name: 'demo', token: expect.anything(), reason: 'response' }],
      ['logout', { name: 'demo', reason: 'expired' }],
      ['error', { name: 'demo', error: expect.objectContaining({ code: 'network' }) }],
    ]);
  });

  test('`set` changes the state without an event', () => {
    const auth = createTestAuth({ demo: {} });
    const heard = vi.fn();
    for (const type of ['login', 'logout', 'error', 'tokenupdate']) auth.registry.addEventListener(type, heard);
    auth.set({ error: 'network' });
    expect([statusOf(auth), auth.client().snapshot.error.code]).toEqual(['signed-out', 'network']);
    auth.set({ status: 'signing-in' });
    expect([statusOf(auth), auth.client().snapshot.error]).toEqual(['signing-in', null]);
    auth.set({ claims: { sub: 'x' } });
    expect([statusOf(auth), auth.client().snapshot.claims.sub]).toEqual(['signed-in', 'x']);
    auth.set(null);
    expect(statusOf(auth)).toBe('signed-out');
    expect(heard).not.toHaveBeenCalled();
  });

  test('a client is named, and one that the test does not have is refused', () => {
    const auth = createTestAuth({ demo: null, gitlab: null });
    auth.signIn({ sub: 'g' }, { client: 'gitlab' });
    expect([statusOf(auth), statusOf(auth, 'gitlab')]).toEqual(['signed-out', 'signed-in']);
    expect(() => auth.signIn({}, { client: 'github' })).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('demo, gitlab') }));
  });

  test('a verb waits while the client loads, and is recorded once', async () => {
    const auth = createTestAuth({ demo: { claims: { name: 'Alice' } } }, { loading: true });
    expect(auth.client().snapshot).toMatchObject({ status: 'loading', claims: { name: 'Alice' } });
    const token = auth.client().getAccessToken();
    expect(await Promise.race([token, 'waits'])).toBe('waits');
    auth.load();
    expect(await token).toBe('fake-access-token-1-of-demo');
    expect(auth.called('getAccessToken')).toEqual([[]]);
    expect(() => auth.load()).toThrow('the option loading');
  });

  test('after a load that failed, the next verb begins another one', async () => {
    const auth = createTestAuth({ demo: null }, { loading: true });
    auth.failLoad();
    expect(auth.client().snapshot).toMatchObject({ status: 'signed-out', error: { code: 'wasm_load_failed', retryable: true } });
    const login = auth.client().authorizeRedirect();
    expect(statusOf(auth)).toBe('loading');
    auth.load();
    await vi.waitFor(() => expect(statusOf(auth)).toBe('signing-in'));
    auth.signIn();
    await login;
    expect(await auth.redirect).toBe(null);
  });
});

describe('the verbs', () => {
  test('the calls are recorded with their arguments, of the auth and of the registry', async () => {
    const auth = createTestAuth({ demo: {}, gitlab: {} });
    await auth.client('gitlab').getAccessToken({ force: true });
    const { userinfo } = auth.registry.demo;
    await userinfo();
    expect(auth.calls).toEqual([{ name: 'gitlab', verb: 'getAccessToken', args: [{ force: true }] }, { name: 'demo', verb: 'userinfo', args: [] }]);
    expect([auth.called('getAccessToken'), auth.called('getAccessToken', { client: 'demo' })]).toEqual([[[{ force: true }]], []]);
  });

  test('an argument that is `undefined` counts as none, as the hooks pass it', async () => {
    const auth = createTestAuth({ demo: {} });
    await auth.client().getAccessToken(undefined);
    await auth.client().validateLogoutResponse(undefined, { signal: null }).catch(() => {});
    expect(auth.calls.map(({ args }) => args)).toEqual([[], [undefined, { signal: null }]]);
  });

  test('a reply does a verb until it is taken off', async () => {
    const auth = createTestAuth({ demo: null });
    const off = auth.reply('userinfo', () => ({ sub: 'x' }));
    expect(await auth.client().userinfo()).toEqual({ sub: 'x' });
    off();
    await expect(auth.client().userinfo()).rejects.toMatchObject({ code: 'missing_token' });
    auth.reply('authorizeRedirect', () => auth.signIn());
    await auth.client().authorizeRedirect();
    expect(statusOf(auth)).toBe('signed-in');
    auth.reply('getAccessToken', () => { throw oauthError('refresh_refused'); });
    await expect(auth.client().getAccessToken()).rejects.toMatchObject({ code: 'refresh_refused' });
    expect(() => auth.reply('signIn', () => {})).toThrow('no verb "signIn"');
  });

  test('a signal that has fired is `aborted`, before anything happens', async () => {
    const auth = createTestAuth({ demo: {} }, { fetch: () => expect.unreachable() });
    auth.reply('userinfo', () => expect.unreachable());
    const signal = AbortSignal.abort();
    const client = auth.client();
    const asked = [client.getAccessToken({ force: true, signal }), client.get('orders', { signal }), client.userinfo({ signal }), client.authorizePopup({ signal }), client.logoutRedirect({ signal })];
    expect((await Promise.all(asked.map((promise) => promise.catch(({ code }) => code))))).toEqual(Array(5).fill('aborted'));
    expect([statusOf(auth), auth.registry.demo.token.access_token]).toEqual(['signed-in', 'fake-access-token-1-of-demo']);
  });

  test('a spy works on a client', async () => {
    const auth = createTestAuth({ demo: {} });
    const get = vi.spyOn(auth.client(), 'get').mockResolvedValue(new Response('spied'));
    expect(await (await auth.client().get('orders')).text()).toBe('spied');
    expect(get).toHaveBeenCalledWith('orders');
  });

  test('`getAccessToken` renews when it is forced to, and gives a token beside the session for a resource', async () => {
    const auth = createTestAuth({ demo: {} });
    const client = auth.client();
    expect([await client.getAccessToken(), await client.getAccessToken({ force: true }), await client.getAccessToken({ resource: 'https://api.example' })]).toEqual([1, 2, 3].map((at) => `fake-access-token-${at}-of-demo`));
    expect(auth.registry.demo.token.access_token).toBe('fake-access-token-2-of-demo');
  });

  test('no id_token is verified', async () => {
    await expect(createTestAuth({ demo: {} }).client().parseIdToken('a.b.c')).rejects.toMatchObject({ code: 'bad_signature', remedy: expect.stringContaining('auth.reply') });
  });

  test('a silent login gives the session, and without one is `login_required`', async () => {
    const auth = createTestAuth({ demo: null });
    await expect(auth.client().authorizeSilent()).rejects.toMatchObject({ code: 'login_required' });
    auth.signIn();
    expect(await auth.client().authorizeSilent()).toBe(auth.registry.demo.token);
  });

  test('a provider without an end_session_endpoint', async () => {
    const auth = createTestAuth({ demo: { supportsRpLogout: false } });
    await expect(auth.client().logoutRedirect()).rejects.toMatchObject({ code: 'end_session_not_supported' });
    expect(statusOf(auth)).toBe('signed-out');
    auth.signIn();
    await auth.client().logoutRedirect({ fallback: 'local' });
    expect([statusOf(auth), auth.client().snapshot.error]).toEqual(['signed-out', null]);
  });

  test('a URL of a login leads to nobody', async () => {
    const { url } = await createTestAuth({ demo: null }).client().createAuthorizationUrl({ prompt: 'login', redirectUri: 'https://app.example/callback' });
    const { origin, searchParams } = new URL(url);
    expect([origin, searchParams.get('client_id'), searchParams.get('prompt'), searchParams.get('redirect_uri')]).toEqual(['https://provider.invalid', 'test-client', 'login', 'https://app.example/callback']);
  });
});

describe('the requests', () => {
  const told = async (request) => Response.json({ method: request.method, url: request.url, bearer: request.headers.get('Authorization'), body: await request.text() });

  test('they go to the function of the test, with the token that is made up', async () => {
    const client = createTestAuth({ demo: { apiBaseUrl: 'https://api.example.com/v1/' } }, { fetch: told }).client();
    expect(await (await client.get('orders?page=2')).json()).toMatchObject({ method: 'GET', url: 'https://api.example.com/v1/orders?page=2', bearer: 'Bearer fake-access-token-1-of-demo' });
    expect(await (await client.post('orders', { body: '{}' })).json()).toMatchObject({ method: 'POST', body: '{}' });
    expect(await (await client.fetch(new Request('https://api.example.com/x', { method: 'DELETE' }))).json()).toMatchObject({ method: 'DELETE', url: 'https://api.example.com/x' });
    expect(await (await client.get('https://elsewhere.example/', { withholdToken: true })).json()).toMatchObject({ bearer: null });
  });

  test('without such a function they go to the fetch of the environment', async () => {
    const auth = createTestAuth({ demo: {} });
    vi.stubGlobal('fetch', told);
    expect(await (await auth.client().get('orders')).json()).toMatchObject({ url: 'https://api.invalid/orders', bearer: 'Bearer fake-access-token-1-of-demo' });
  });

  test('a fault of the network is `network`, with its cause; an error of the package passes; no Response is told', async () => {
    const cause = new TypeError('Failed to fetch');
    const given = [() => { throw cause; }, () => { throw oauthError('timeout'); }, () => ({ ok: true })];
    const errors = await Promise.all(given.map((fetch) => createTestAuth({ demo: {} }, { fetch }).client().get('orders').catch((error) => error)));
    expect(errors.map(({ code }) => code)).toEqual(['network', 'timeout', 'network']);
    expect([errors[0].cause, errors[2].message]).toEqual([cause, 'The fetch of the test gave no Response.']);
  });

  test('an aborted request is `aborted`', async () => {
    const controller = new AbortController();
    const fetch = ({ signal }) => new Promise((_, reject) => { signal.addEventListener('abort', () => reject(new Error('aborted'))); });
    const asked = createTestAuth({ demo: {} }, { fetch }).client().get('orders', { signal: controller.signal });
    setTimeout(() => controller.abort());
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('createOAuth', () => {
  test('the store on top of it has the state of the test', async () => {
    const double = createTestAuth({ demo: { claims: { name: 'Alice' } } });
    const auth = createAuth({ demo: { clientId: 'c' } }, { createOAuth: double.createOAuth });
    await auth.redirect;
    expect(auth.client().snapshot).toBe(double.registry.demo.snapshot);
    double.signOut();
    expect([statusOf(auth), auth.client().needsLogin]).toEqual(['signed-out', false]);
    void auth.client().authorizeRedirect();
    await vi.waitFor(() => expect(double.called('authorizeRedirect')).toEqual([[]]));
  });

  test('clients of the settings that the test does not have are signed out', async () => {
    const double = createTestAuth({ demo: {} });
    const oauth = await double.createOAuth({ demo: { clientId: 'c' }, other: { clientId: 'd', apiBaseUrl: 'https://api.example.com/' } });
    expect([oauth.names, oauth.demo.isAuthenticated, oauth.other.isAuthenticated, oauth.other.clientId]).toEqual([['demo', 'other'], true, false, 'd']);
  });

  test('clients are registered and taken away', () => {
    const { registry } = createTestAuth({ demo: null });
    expect(registry.register('late', { clientId: 'x' })).toBe(registry.late);
    expect(() => registry.register('late', {})).toThrow(expect.objectContaining({ code: 'client_exists' }));
    expect(() => registry.register('names', {})).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect([registry.unregister('late'), registry.unregister('late'), registry.late, registry.names]).toEqual([true, false, undefined, ['demo']]);
  });
});

describe('where it may be', () => {
  test('a production build is refused', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => createTestAuth()).toThrow(expect.objectContaining({ code: 'config_invalid', remedy: expect.stringContaining('dangerouslyAllowInProduction') }));
  });

  test('a production build with the option is told of in the console, once', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    createTestAuth();
    expect(warn).not.toHaveBeenCalled();
    vi.stubEnv('NODE_ENV', 'production');
    createTestAuth({ demo: null }, { dangerouslyAllowInProduction: true });
    createTestAuth({ demo: null }, { dangerouslyAllowInProduction: true });
    expect(warn.mock.calls).toEqual([['oidc-client-wasm/testing: the users of this page are made up. Nobody is signed in.']]);
  });
});
