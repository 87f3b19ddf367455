// The test double tells each of these stories as the real store does.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { worlds } from './worlds.js';

afterEach(() => {
  // As after Back: a login that the page was left for is under way no more.
  dispatchEvent(new Event('pagehide'));
  dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const soon = () => new Promise((resolve) => { setTimeout(resolve, 50); });

describe.each(worlds)('%s', (_, make) => {
  async function start(response, provider) {
    const world = await make(provider);
    await world.loading(response);
    return world;
  }

  /** A page that has loaded. */
  async function loaded(response, provider) {
    const world = await start(response, provider);
    await world.load();
    return world;
  }

  test('a stranger: loading, then signed out, and a guard may begin a login', async () => {
    const world = await start();
    expect(world.look()).toEqual(['loading', null, null, false]);
    await world.load();
    expect(world.look()).toEqual(['signed-out', null, null, true]);
  });

  test('a response in the address bar: loading, then signed in, and the result has the app state', async () => {
    const world = await start('login');
    expect(world.look()).toEqual(['loading', null, null, false]);
    await world.load();
    expect(world.look()).toEqual(['signed-in', 'alice', null, false]);
    const { kind, client, token, appState } = await world.auth.redirect;
    const registry = await world.auth.oauth;
    expect([kind, client === registry.demo, token.access_token === registry.demo.token.access_token, { ...appState }]).toEqual(['login', true, true, { returnTo: '/start' }]);
    expect(await world.auth.answered).toBe(await world.auth.redirect);
    expect(world.heard()).toEqual([['login', 'response']]);
  });

  test('a refusal in the address bar is the error of the client, and no guard begins another login', async () => {
    const world = await loaded('refused');
    expect(world.look()).toEqual(['signed-out', null, 'authorization_refused', false]);
    const error = await world.auth.redirect.catch((thrown) => thrown);
    expect([error.code, error.clientName, { ...error.appState }]).toEqual(['authorization_refused', 'demo', { returnTo: '/start' }]);
    await expect(world.auth.answered).rejects.toBe(error);
    expect(world.heard()).toEqual([['error', 'authorization_refused']]);
  });

  test('a response that no login of this tab has: signed out, and no guard begins a login', async () => {
    const world = await loaded('unknown');
    expect(world.look()).toEqual(['signed-out', null, null, false]);
    expect(await world.auth.redirect).toBe(null);
  });

  test('a reload: the person is there while the client loads, and after it', async () => {
    const world = await start('stored');
    expect(world.look()).toEqual(['loading', 'alice', null, false]);
    const early = world.auth.client().snapshot;
    expect([world.auth.client().snapshot === early, Object.isFrozen(early), typeof early.expiresAt]).toEqual([true, true, 'number']);
    await world.load();
    expect(world.look()).toEqual(['signed-in', 'alice', null, false]);
    expect(await world.auth.redirect).toBe(null);
  });

  test('a session that ends while the client loads: no guard begins a login', async () => {
    const world = await start('ended');
    await world.ended();
    await world.load();
    await world.until('signed-out');
    expect(world.look()).toEqual(['signed-out', null, null, false]);
  });

  test('a load that failed is the error of the client', async () => {
    const world = await make();
    await world.failLoad();
    await soon();
    expect(world.look()).toEqual(['signed-out', null, 'wasm_load_failed', false]);
    await expect(world.auth.oauth).rejects.toMatchObject({ code: 'wasm_load_failed' });
  });

  test('a login that leaves is under way until the person is back without a user; then a guard may begin another', async () => {
    const world = await loaded();
    const leaving = world.auth.client().authorizeRedirect();
    await world.until('signing-in');
    expect(world.look()).toEqual(['signing-in', null, null, false]);
    await soon();
    world.back();
    await leaving;
    expect(world.look()).toEqual(['signed-out', null, null, true]);
    expect(world.heard()).toEqual([]);
  });

  test('a login that cannot begin is the error of the client, and tells no event', async () => {
    const world = await loaded();
    await world.loginFails('network');
    expect(world.look()).toEqual(['signed-out', null, 'network', false]);
    expect(world.heard()).toEqual([]);
  });

  test('a logout that leaves has ended the session, and is under way until the person is back; no listener sees the end before the leaving', async () => {
    const world = await loaded('login');
    const client = world.auth.client();
    const seen = [];
    const stop = client.subscribe(() => seen.push([client.snapshot.status, client.snapshot.claims?.sub ?? null]));
    const leaving = client.logoutRedirect();
    await vi.waitFor(() => expect(world.look()).toEqual(['signing-out', null, null, false]));
    await soon();
    world.back();
    await leaving;
    stop();
    expect(world.look()).toEqual(['signed-out', null, null, false]);
    expect(seen).toEqual([['signing-out', 'alice'], ['signing-out', null], ['signed-out', null]]);
    expect(world.heard()).toEqual([['login', 'response'], ['logout', 'local']]);
  });

  test('a logout whose page stays is `page_stayed`, and has ended the session', async () => {
    const world = await loaded('login', { requestTimeout: 1 });
    const leaving = world.auth.client().logoutRedirect();
    await world.until('signing-out');
    world.stays();
    await expect(leaving).rejects.toMatchObject({ code: 'page_stayed', clientName: 'demo' });
    expect(world.look()).toEqual(['signed-out', null, 'page_stayed', false]);
    expect(world.heard()).toEqual([['login', 'response'], ['logout', 'local']]);
  });

  test('a login whose signal has fired is `aborted`, which is no error to show', async () => {
    const world = await loaded();
    await expect(world.auth.client().authorizeRedirect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(world.look()).toEqual(['signed-out', null, null, true]);
  });

  test('a logout whose signal has fired keeps the session', async () => {
    const world = await loaded('login');
    await expect(world.auth.client().logoutRedirect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
    expect(world.look()).toEqual(['signed-in', 'alice', null, false]);
    expect(world.heard()).toEqual([['login', 'response']]);
  });

  test('a logout without a user leaves for the provider, and tells no event', async () => {
    const world = await loaded();
    const leaving = world.auth.client().logoutRedirect();
    await world.until('signing-out');
    expect(world.look()).toEqual(['signing-out', null, null, false]);
    await soon();
    world.back();
    await leaving;
    expect(world.look()).toEqual(['signed-out', null, null, true]);
    expect(world.heard()).toEqual([]);
  });

  test('`clear` while a login is under way tells no event, and the login ends without a user', async () => {
    const world = await loaded();
    const leaving = world.auth.client().authorizeRedirect();
    await world.until('signing-in');
    await soon();
    await world.auth.client().clear();
    world.back();
    await leaving;
    expect(world.look().slice(0, 3)).toEqual(['signed-out', null, null]);
    expect(world.heard()).toEqual([]);
  });

  test('a logout at a provider that has no end_session_endpoint ends the session here, where the app says so', async () => {
    const world = await loaded('login', { supportsRpLogout: false });
    const client = world.auth.client();
    const seen = [];
    const stop = client.subscribe(() => seen.push([client.snapshot.status, client.snapshot.claims?.sub ?? null]));
    await client.logoutRedirect({ fallback: 'local' });
    stop();
    expect(world.look()).toEqual(['signed-out', null, null, false]);
    expect(seen).toEqual([['signing-out', 'alice'], ['signing-out', null], ['signed-out', null]]);
    expect(world.heard()).toEqual([['login', 'response'], ['logout', 'local']]);
  });

  test('a logout that a provider without an end_session_endpoint cannot have fails', async () => {
    const world = await loaded('login', { supportsRpLogout: false });
    await expect(world.auth.client().logoutRedirect()).rejects.toMatchObject({ code: 'end_session_not_supported', clientName: 'demo' });
    expect(world.look()).toEqual(['signed-out', null, 'end_session_not_supported', false]);
  });

  test('`clear` ends the session, and no guard begins a login', async () => {
    const world = await loaded('login');
    await world.auth.client().clear();
    expect(world.look()).toEqual(['signed-out', null, null, false]);
    expect(world.heard()).toEqual([['login', 'response'], ['logout', 'local']]);
    await expect(world.auth.client().getAccessToken()).rejects.toMatchObject({ code: 'missing_token', kind: 'usage', clientName: 'demo' });
  });

  test('a refused refresh ends the session', async () => {
    const world = await loaded('login');
    await world.refreshFails('refresh_refused');
    expect(world.look()).toEqual(['signed-out', null, 'refresh_refused', false]);
    expect(world.heard()).toEqual([['login', 'response'], ['logout', 'refresh-rejected'], ['error', 'refresh_refused']]);
  });

  test('a refresh that the network has failed keeps the session, and the next one takes the error away', async () => {
    const world = await loaded('login');
    await world.refreshFails('network');
    expect(world.look()).toEqual(['signed-in', 'alice', 'network', false]);
    await world.renew();
    expect(world.look()).toEqual(['signed-in', 'alice', null, false]);
    expect(world.heard()).toEqual([['login', 'response'], ['error', 'network'], ['tokenupdate', null]]);
  });

  test('a snapshot is the same object until something changes, and a listener hears of each change once', async () => {
    const world = await loaded('login');
    const client = world.auth.client();
    const heard = [];
    const stop = client.subscribe(() => heard.push(client.snapshot.status));
    const before = client.snapshot;
    await client.getAccessToken();
    client.touch();
    expect([client.snapshot === before, Object.isFrozen(before), Object.isFrozen(before.claims), heard]).toEqual([true, true, true, []]);
    await client.clear();
    expect(heard).toEqual(['signed-out']);
    stop();
    void client.authorizeRedirect();
    await world.until('signing-in');
    expect(heard).toEqual(['signed-out']);
  });

  test('a client is found by its name, and an unknown name is `config_invalid`', async () => {
    const { auth } = await loaded();
    expect([auth.names, auth.client() === auth.client('demo'), auth.client().name]).toEqual([['demo'], true, 'demo']);
    expect(() => auth.client('other')).toThrow(expect.objectContaining({ code: 'config_invalid', kind: 'usage' }));
    await expect((await auth.oauth).demo.userinfo()).rejects.toMatchObject({ code: expect.stringMatching(/missing_token|not_supported_by_provider/) });
  });

  test('a request to another origin, or without a user, is refused before anything is sent', async () => {
    const world = await loaded();
    await expect(world.auth.client().get('orders')).rejects.toMatchObject({ code: 'missing_token', kind: 'usage' });
    await expect(world.auth.client().get('https://elsewhere.example/')).rejects.toMatchObject({ code: 'origin_not_allowed', kind: 'usage' });
  });
});
