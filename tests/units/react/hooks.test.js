// What a component is given, and when it renders.

import { createElement as h, StrictMode, useState } from 'react';
import { expect, test, vi } from 'vitest';
import { OAuthError } from 'oidc-client-wasm';
import { createOAuth } from 'oidc-client-wasm/inline';
import { AuthProvider, createAuth, useAccessToken, useAuth } from 'oidc-client-wasm/react';
import { settings, usePage } from './world.js';

const page = usePage();

test('react: a component is told of a user who is signed in, and of the sign-out', async () => {
  const auth = await page.signedIn();
  const Status = () => {
    const { status, claims } = useAuth();
    return `${status} ${claims?.sub}`;
  };
  page.mount(auth, h(StrictMode, null, h(Status)));
  await page.until('signed-in alice');
  await auth.client().clear();
  await page.until('signed-out undefined');
  expect(page.told).toEqual([]);
});

test('react: the hooks give the same objects at each render, until something changes', async () => {
  const given = [];
  let renderAgain;
  const Status = () => {
    const [count, setCount] = useState(0);
    renderAgain = () => setCount(count + 1);
    given.push([useAuth(), useAccessToken()]);
    return String(count);
  };
  const auth = await page.signedIn();
  page.mount(auth, h(Status));
  await page.until('0');
  renderAgain();
  await page.until('1');
  const [[before, token], [again, tokenAgain]] = given.slice(-2);
  expect([again === before, tokenAgain === token]).toEqual([true, true]);
  await auth.client().clear();
  await vi.waitFor(() => expect(given.at(-1)[0].status).toBe('signed-out'));
  const [after, tokenAfter] = given.at(-1);
  expect([after.client === before.client, after.signIn === before.signIn, after.signOut === before.signOut, tokenAfter === token]).toEqual([true, true, true, true]);
});

test('react: useAccessToken gives the token to who asks for it', async () => {
  let ask;
  const Caller = () => {
    ask = useAccessToken();
    return 'ready';
  };
  page.mount(await page.signedIn(), h(Caller));
  await page.until('ready');
  await expect(ask()).resolves.toBe('at');
});

test('react: a user of before a reload is there from the first paint on, as unverified, and is never signed out meanwhile', async () => {
  await page.signedIn();
  const seen = [];
  const Status = () => {
    const { status, claims } = useAuth();
    seen.push(`${status} ${claims?.sub}`);
    return seen.at(-1);
  };
  page.mount(page.make(), h(Status));
  await page.until('signed-in alice');
  expect([...new Set(seen)]).toEqual(['loading alice', 'signed-in alice']);
});

test('react: two providers in one tree have the clients of both, and the nearest has the default', () => {
  const [outer, inner] = ['demo', 'github'].map((name) => createAuth({ [name]: settings.demo }, { createOAuth }));
  const given = [];
  const Names = () => given.push(useAuth().client, useAuth('demo').client, useAuth('github').client);
  page.mount(outer, h(AuthProvider, { auth: inner }, h(Names)));
  expect(given.slice(0, 3)).toEqual([inner.client(), outer.client(), inner.client()]);
});

test('react: a login goes on to the place where it began, by the function of the router, once in StrictMode', async () => {
  const navigate = vi.fn();
  const auth = await page.answered('/orders?page=2');
  page.mount(auth, h(StrictMode, null, 'app'), { navigate });
  await vi.waitFor(() => expect(navigate).toHaveBeenCalled());
  expect(navigate.mock.calls).toEqual([['/orders?page=2']]);
});

test('react: a login that failed goes back to where it began, too, once in StrictMode', async () => {
  const navigate = vi.fn();
  const error = Object.assign(new Error('refused'), { appState: { returnTo: '/orders' } });
  const auth = { ...page.make(), answered: Promise.reject(error) };
  page.mount(auth, h(StrictMode, null, 'app'), { navigate });
  await vi.waitFor(() => expect(navigate).toHaveBeenCalled());
  expect(navigate.mock.calls).toEqual([['/orders']]);
});

test('react: the event of a click counts as no parameters', async () => {
  const calls = [];
  const client = { ...page.make().client(), authorizeRedirect: async (params) => { calls.push(params); }, logoutRedirect: async (params) => { calls.push(params); } };
  const Buttons = () => {
    const { signIn, signOut } = useAuth();
    return [h('button', { key: 1, id: 'in', onClick: signIn }, 'in'), h('button', { key: 2, id: 'out', onClick: signOut }, 'out')];
  };
  page.mount({ ...page.make(), client: () => client }, h(Buttons));
  await page.until('inout');
  for (const id of ['in', 'out']) document.getElementById(id).click();
  expect(calls).toEqual([{ appState: { returnTo: location.pathname + location.search + location.hash } }, undefined]);
});

test('react: a button may ignore a login that fails, and is told of a mistake', async () => {
  const reported = [];
  const note = (error) => reported.push(error.code);
  process.on('unhandledRejection', note);
  const others = process.listeners('unhandledRejection').filter((listener) => listener !== note);
  others.forEach((listener) => process.off('unhandledRejection', listener));
  const fail = (code) => async () => { throw new OAuthError({ code }); };
  const client = { ...page.make().client(), authorizeRedirect: fail('network'), logoutRedirect: fail('end_session_not_supported') };
  let verbs;
  const Buttons = () => {
    verbs = useAuth();
    return 'ready';
  };
  page.mount({ ...page.make(), client: () => client }, h(Buttons));
  await page.until('ready');
  verbs.signIn();
  verbs.signOut();
  await expect(verbs.signIn()).rejects.toMatchObject({ code: 'network' });
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  others.forEach((listener) => process.on('unhandledRejection', listener));
  process.off('unhandledRejection', note);
  expect(reported).toEqual(['end_session_not_supported']);
});

test('react: without the function of a router, the History API goes to the place, and routers hear of it', async () => {
  const heard = vi.fn();
  addEventListener('popstate', heard);
  page.mount(await page.answered('/orders?page=2'), 'app');
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
  removeEventListener('popstate', heard);
  expect(location.pathname + location.search).toBe('/orders?page=2');
});

test('react: two clients in one tree have a state each, by their names', async () => {
  const { createAuth } = await import('oidc-client-wasm/react');
  const { createOAuth } = await import('oidc-client-wasm/inline');
  const { settings } = await import('./world.js');
  await page.signedIn();
  const auth = createAuth({ ...settings, other: { ...settings.demo, clientId: 'd' } }, { createOAuth });
  const Status = ({ name }) => `${name}: ${useAuth(name).status} `;
  page.mount(auth, [h(Status, { key: 1, name: 'demo' }), h(Status, { key: 2, name: 'other' })]);
  await page.until('demo: signed-in other: signed-out ');
});
