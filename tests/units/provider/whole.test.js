import { expect, test, vi } from 'vitest';
import * as inline from 'oidc-client-wasm/inline';
import { createProvider } from 'oidc-client-wasm/testing/provider';
import { wholeStory } from './whole.js';

test('a whole login, from the authorization request to the logout, without a network', () => wholeStory(inline));

const text = async (url) => (await fetch(url)).text();

test('stubFetch: two providers stand beside each other, and each is taken away alone', async () => {
  const elsewhere = vi.fn(async () => new Response('elsewhere'));
  vi.stubGlobal('fetch', elsewhere);
  const [one, two] = [createProvider({ issuer: 'http://localhost:1' }), createProvider({ issuer: 'http://localhost:2' })];
  const [restoreOne, restoreTwo] = [one.stubFetch(), two.stubFetch()];
  expect(await text('http://localhost:1/.well-known/openid-configuration')).toContain('http://localhost:1/token');
  expect(await text('http://localhost:2/.well-known/openid-configuration')).toContain('http://localhost:2/token');
  expect(elsewhere).not.toHaveBeenCalled();
  restoreOne();
  expect(await text('http://localhost:1/.well-known/openid-configuration')).toBe('elsewhere');
  expect(await text('http://localhost:2/.well-known/openid-configuration')).toContain('http://localhost:2/token');
  restoreTwo();
  expect(await text('http://localhost:2/.well-known/openid-configuration')).toBe('elsewhere');
  vi.unstubAllGlobals();
});

test('stubFetch: what was there before is back, in whatever order the stubs are undone', () => {
  const before = globalThis.fetch;
  const restore = [1, 2, 3].map((port) => createProvider({ issuer: `http://localhost:${port}` }).stubFetch());
  for (const at of [1, 0, 2]) restore[at]();
  expect(globalThis.fetch).toBe(before);
});

test('stubFetch: what is undone twice, is undone once', () => {
  const before = globalThis.fetch;
  const restore = createProvider().stubFetch();
  expect(globalThis.fetch).not.toBe(before);
  restore();
  const own = async () => new Response('own');
  globalThis.fetch = own;
  restore();
  expect(globalThis.fetch).toBe(own);
  globalThis.fetch = before;
});
