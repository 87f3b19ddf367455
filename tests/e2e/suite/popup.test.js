// A login in a popup: the page at the redirect URI hands the response on to the page that began the login, which alone acts on it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, enterPassword, login, session, troubles } from '../lib/steps.js';
import { leftovers, nothing, serveCallback, settings, useWindows } from '../lib/windows.js';

const world = useWindows();

const skips = (t) => !world.driver.can('openedTabs') && (t.skip(world.driver.lacks('openedTabs')), true);

/** Calls authorizePopup, and goes to the window. Gives the tab of the page that waits. */
async function openPopup(params = {}) {
  const opener = await world.driver.tab();
  await world.driver.follow(() => world.driver.start('(p) => window.watch(window.oauth.demo.authorizePopup(p))', params));
  return opener;
}

const outcome = () => world.driver.until('the end of the call', () => world.call(() => window.outcome));
const untilClosed = () => world.driver.until('the popup to close', async () => (await world.driver.tabs()).length === 1);

/** The person signs in in the popup, which closes itself. */
async function signInThere(opener) {
  await enterPassword(world);
  await untilClosed();
  await world.driver.to(opener);
  return (await outcome()).value;
}

test('a popup login: the window closes itself, the token is that of the session, and nothing of the login is left', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(settings(world));
  const token = await signInThere(await openPopup());
  assert.equal(token.userinfo.sub, alice.sub);
  assert.deepEqual((await session(world)).token, token);
  assert.deepEqual(await leftovers(world), nothing);
  assert.equal((await world.driver.url()).href, world.app.url('/'));
  assert.deepEqual(await troubles(world), []);
});

test('under Cross-Origin-Opener-Policy, which cuts the window off, it is the same', async (t) => {
  if (skips(t)) return;
  const coop = { 'cross-origin-opener-policy': 'same-origin' };
  world.app.defend(coop);
  await serveCallback(world, { headers: coop });
  await world.startAtHome(settings(world));
  const opener = await openPopup();
  await world.pages.untilAsked(world.driver);
  const here = await world.driver.tab();
  await world.driver.to(opener);
  // The person looks at the page while the window is there.
  await world.call(() => {
    document.hasFocus = () => false;
    window.dispatchEvent(new Event('blur'));
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  });
  await world.driver.to(here);
  assert.equal((await signInThere(opener)).userinfo.sub, alice.sub);
});

test('the person says no: authorization_refused, with the words of the provider', async (t) => {
  if (skips(t)) return;
  await world.provider.setConsent(true);
  await world.startAtHome(settings(world));
  const opener = await openPopup({ appState: 7 });
  await enterPassword(world);
  await world.pages.deny(world.driver);
  await untilClosed();
  await world.driver.to(opener);
  const { thrown } = await outcome();
  assert.deepEqual([thrown.code, thrown.error, thrown.appState], ['authorization_refused', 'access_denied', 7]);
  assert.deepEqual(await leftovers(world), nothing);
});

test('the person closes the window: popup_closed', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(settings(world));
  const opener = await openPopup();
  await world.pages.untilAsked(world.driver);
  await world.driver.closeTab();
  await world.driver.to(opener);
  // A window of a headless browser has no focus.
  await world.call(() => {
    document.hasFocus = () => true;
    window.dispatchEvent(new Event('focus'));
  });
  const { thrown } = await outcome();
  assert.deepEqual([thrown.code, thrown.kind], ['popup_closed', 'environment']);
  assert.deepEqual(await leftovers(world), nothing);
});

test('a window that the browser does not open: popup_blocked, and nothing is asked', async () => {
  await world.startAtHome(settings(world));
  const thrown = await world.call(() => {
    window.open = () => null;
    return window.oauth.demo.authorizePopup().catch((error) => window.describe(error));
  });
  assert.deepEqual([thrown.code, thrown.kind], ['popup_blocked', 'environment']);
  assert.equal(world.requestsTo('authorization').length, 0);
});

test('the window is opened in the very call, before there is WebAssembly, and closed if the start fails', async () => {
  await world.visit('/');
  const seen = await world.call(async () => {
    const opened = { closed: false, close() { this.closed = true; } };
    let calls = 0;
    window.open = () => { calls += 1; return opened; };
    const call = window.api.createOAuth({ demo: { clientId: 'x', typo: 1 } }).client('demo').authorizePopup();
    const atOnce = calls;
    const { code } = await call.catch((error) => error);
    return { atOnce, calls, code, isClosed: opened.closed };
  });
  assert.deepEqual(seen, { atOnce: 1, calls: 1, code: 'config_invalid', isClosed: true });
});

test('a script that sends what it likes on the channel of the login: the wait goes on, and the person is signed in', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(settings(world));
  const opener = await openPopup();
  await world.pages.untilAsked(world.driver);
  const there = await world.driver.tab();
  await world.driver.to(opener);
  const answers = await world.call(async () => {
    const [key] = Object.keys(sessionStorage).filter((name) => name.endsWith('.oidc-popup'));
    const channel = new BroadcastChannel(`oidc-client-wasm:${key.split(':').at(-1)}`);
    const heard = [];
    channel.onmessage = ({ data }) => heard.push(data);
    for (const data of ['?code=stolen&state=unknown', '?error=access_denied', '', null, { state: 1 }]) channel.postMessage(data);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    channel.close();
    return { heard, isOver: window.outcome !== undefined };
  });
  assert.deepEqual(answers, { heard: [], isOver: false });
  await world.driver.to(there);
  assert.equal((await signInThere(opener)).userinfo.sub, alice.sub);
});

test('the page that began the login is gone: the window says so, its address is clean, and it acts on nothing', async () => {
  await serveCallback(world, { change: (script) => script.replace(/5e3|5000/, '50') });
  await world.driver.goto(world.app.url('/login/callback.html?code=c&state=s.oidc-popup'));
  await world.driver.untilText('p', (text) => /does not answer.*close this window/.test(text));
  assert.equal((await world.driver.url()).href, world.app.url('/login/callback.html'));
  await world.driver.goto(world.app.url('/login/callback.html'));
  await world.driver.untilText('p', (text) => /nothing to do here/.test(text));
  assert.deepEqual(world.scripted(), []);
});

test('an app page at the redirect URI hands the response on and closes its window', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(world.settings());
  const opener = await openPopup();
  await enterPassword(world);
  await world.driver.untilAt('the app', ({ pathname }) => pathname === '/callback');
  await world.ready();
  await world.start(world.settings());
  await world.driver.start('() => { window.oauth.handleRedirect(); }');
  await untilClosed();
  await world.driver.to(opener);
  assert.equal((await outcome()).value.userinfo.sub, alice.sub);
  assert.equal(world.provider.tokenRequests('authorization_code').length, 1);
});

test('a window that the page has opened is taken, and stays if the login fails', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(settings(world));
  const result = await world.call(async () => {
    const popup = window.open('', '_blank');
    const { code } = await window.oauth.demo.authorizePopup({ popup, redirectUri: 'https://elsewhere.example/' }).catch((error) => error);
    const isOpen = !popup.closed;
    popup.close();
    return { code, isOpen };
  });
  assert.deepEqual(result, { code: 'invalid_redirect_uri', isOpen: true });
});

test('a second popup login ends the first, whose window closes', async (t) => {
  if (skips(t)) return;
  await world.startAtHome(settings(world));
  const { code, closed } = await world.call(async () => {
    const { open } = window;
    const opened = [];
    window.open = (...args) => { opened.push(open.apply(window, args)); return opened.at(-1); };
    const first = window.oauth.demo.authorizePopup().catch((error) => error);
    const second = window.oauth.demo.authorizePopup().catch((error) => error);
    const error = await first;
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    const states = opened.map((popup) => popup.closed);
    opened[1].close();
    window.second = second;
    return { code: error.code, closed: states };
  });
  assert.deepEqual({ code, closed }, { code: 'aborted', closed: [true, false] });
});
