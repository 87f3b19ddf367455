// The double where tests and apps do what is unusual.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTestAuth } from 'oidc-client-wasm/testing';

const status = (auth, of) => auth.client(of).snapshot.status;
afterEach(() => vi.useRealTimers());

describe('the double', () => {
  test('a client that is `undefined`, as a fixture that a test forgot, is signed out', () => {
    const auth = createTestAuth({ demo: undefined, other: {} });
    expect([status(auth), status(auth, 'other')]).toEqual(['signed-out', 'signed-in']);
    auth.set(undefined, { client: 'other' });
    expect(status(auth, 'other')).toBe('signed-out');
  });

  test('a signal that has fired before the call ends it under fake timers, too', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'queueMicrotask'] });
    await expect(createTestAuth().client().authorizeRedirect({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted' });
  });

  test('a logout that a listener begins at the login is under way', () => {
    const auth = createTestAuth({ demo: null });
    void auth.client().authorizeRedirect();
    auth.registry.addEventListener('login', () => void auth.client().logoutRedirect());
    auth.signIn();
    expect(status(auth)).toBe('signing-out');
    auth.signOut();
    expect(status(auth)).toBe('signed-out');
  });

  test('a login that a listener begins at the logout is under way', () => {
    const auth = createTestAuth({ demo: {} });
    auth.registry.addEventListener('logout', () => void auth.client().authorizeRedirect());
    auth.signOut();
    expect(status(auth)).toBe('signing-in');
  });

  test('a client that was taken away is `config_invalid`, as the real one', async () => {
    const auth = createTestAuth({ demo: {} });
    const client = auth.client();
    auth.registry.unregister('demo');
    expect([client.snapshot.status, client.snapshot.error.code, client.snapshot === client.snapshot]).toEqual(['signed-out', 'config_invalid', true]);
    await expect(client.preload()).rejects.toMatchObject({ code: 'config_invalid' });
  });

  // The EventTarget of happy-dom calls a listener that has been removed meanwhile.
  test.skipIf('happyDOM' in window)('a listener that ends another one, and itself, hears nothing more, and others do', () => {
    const auth = createTestAuth({ demo: null });
    const client = auth.client();
    const heard = [];
    const ends = [client.subscribe(() => { heard.push('first'); ends.forEach((end) => end()); }), client.subscribe(() => heard.push('second'))];
    client.subscribe(() => heard.push('third'));
    auth.signIn();
    auth.signOut();
    expect(heard).toEqual(['first', 'third', 'third']);
  });
});
