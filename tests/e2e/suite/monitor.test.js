// Session Management 1.0 at a provider that has it, and at a page that says whatever a test wants.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { packageFolder, startApp } from '../app/server.js';
import { heard, listen, untilHeard } from '../lib/events.js';
import { comeBack, visitKeepable } from '../lib/keepable.js';
import { useServers } from '../lib/servers.js';
import { assertSignedOut } from '../lib/signed-out.js';
import { alice, bob, handle, redirectToProvider, session, signInAtProvider, storedSession, untilAnswered } from '../lib/steps.js';
import { duplicateAsleep, inTab } from '../lib/tabs.js';
import { settings, useWindows } from '../lib/windows.js';

const world = useWindows({}, 'idpyoidc');
/** Serves the page of the frame, whose script says what `/say` is at the time. */
let liar;
useServers(world, async () => {
  liar = await startApp();
  return [{ port: new URL(liar.origin).port, reset: () => liar.reset(), clearRequests() {}, close: liar.close }];
});

const script = `addEventListener('message', async ({ data, origin, source }) => {
  const answer = await (await fetch('/say?' + encodeURIComponent(data))).text();
  if (answer) source.postMessage(answer, origin);
});`;

/** Has the provider's metadata name the page of the liar. */
function lie(answer) {
  liar.restrict({ 'frame-ancestors': '*' });
  liar.serve('/frame', { type: 'text/html', body: '<!doctype html><script src="/frame.js"></script>' });
  liar.serve('/frame.js', { type: 'text/javascript', body: script });
  say(answer);
  world.app.restrict({ 'frame-src': `'self' ${world.provider.issuer} ${liar.origin}` });
  return { metadata: { check_session_iframe: `${liar.origin}/frame` } };
}
const say = (answer) => liar.serve('/say', { type: 'text/plain', body: answer });
const asked = () => liar.requests.filter(({ path }) => path === '/say').length;
/** Waits until the frame was asked so many times more. */
async function untilAsked(times) {
  const before = asked();
  await world.driver.until(`${times} questions`, () => asked() >= before + times);
}
const silentLogins = () => world.provider.requestsTo(world.provider.paths.authorization).filter(({ query }) => query.prompt === 'none').length;

async function signIn(user = alice, params = {}) {
  await redirectToProvider(world, params);
  await signInAtProvider(world, user);
}

/** Signs in, and begins to monitor. */
async function monitored(members = {}) {
  await world.startAtHome(settings(world, members));
  await signIn();
  await handle(world, settings(world, members));
  world.provider.clearRequests();
  await listen(world);
  await monitor();
}
const monitor = () => world.call(() => { window.stopMonitor = window.oauth.demo.monitorSession({ interval: 1 }); });
const frames = () => world.call(() => document.querySelectorAll('iframe').length);
const types = async () => (await heard(world)).map(({ type }) => type);

/** Waits until the real frame has said `unchanged`. */
async function untilUnchanged() {
  await world.call(() => { window.answers = []; addEventListener('message', ({ data }) => window.answers.push(data)); });
  await world.driver.until('the answer unchanged', () => world.call(() => window.answers.includes('unchanged')));
}

/** A login of its own at the provider, in another tab. */
async function signInElsewhere(user) {
  const tab = await world.driver.tab();
  await world.driver.newTab();
  await world.startAtHome(settings(world), { shareSession: false, storagePrefix: 'elsewhere' });
  await signIn(user, { prompt: 'login' });
  await world.driver.to(tab);
}

test('the person signs out at the provider: logout, reason session-ended, in every tab', async () => {
  await monitored();
  await untilUnchanged();
  const tab = await world.driver.tab();
  const asleep = await duplicateAsleep(world);
  await world.driver.goto(`${world.provider.issuer}${world.provider.paths.endSession}?id_token_hint=${(await inTab(world, tab, () => session(world))).token.id_token}`);
  await world.pages.signOut(world.driver);
  await world.driver.to(tab);
  assert.deepEqual((await untilHeard(world, 'logout')).detail, { name: 'demo', reason: 'session-ended' });
  await assertSignedOut(world);
  assert.equal(silentLogins(), 1);
  await world.driver.until('no frame', async () => await frames() === 0);
  await inTab(world, asleep, async () => {
    await world.visit('/');
    await handle(world, settings(world));
    await assertSignedOut(world);
  });
});

test('the same person signs in anew at the provider: the session goes on with a new session_state', async () => {
  await monitored();
  const { session_state: before } = await storedSession(world);
  await untilUnchanged();
  await signInElsewhere(alice);
  const { detail } = await untilHeard(world, 'login');
  assert.deepEqual([detail.reason, detail.token.userinfo.sub], ['response', alice.sub]);
  assert.notEqual((await storedSession(world)).session_state, before);
  await untilUnchanged();
  assert.deepEqual(await types(), ['login']);
});

test('another person signs in at the provider: the session here ends, and is not that of the other person', async () => {
  await monitored();
  await untilUnchanged();
  await signInElsewhere(bob);
  assert.deepEqual((await untilHeard(world, 'logout')).detail, { name: 'demo', reason: 'session-ended' });
  assert.deepEqual(await types(), ['logout']);
  await assertSignedOut(world);
});

test('a frame without the cookies says changed from the start: no login, no logout', async () => {
  await monitored(lie('changed'));
  await untilAsked(4);
  assert.deepEqual([silentLogins(), await types(), (await session(world)).isAuthenticated], [0, [], true]);
});

test('a frame that says changed for ever: one silent login a minute', async () => {
  await monitored(lie('unchanged'));
  await untilAsked(2);
  say('changed');
  await untilHeard(world, 'login');
  await untilAsked(4);
  assert.deepEqual([silentLogins(), await types()], [1, ['login']]);
});

test('a frame that says error: one event, and no login, question or frame more', async () => {
  await monitored(lie('error'));
  const { detail } = await untilHeard(world, 'error');
  assert.deepEqual([detail.error.code, detail.error.phase, detail.error.isOAuthError], ['not_supported_by_provider', 'logout', true]);
  await world.driver.until('no frame', async () => await frames() === 0);
  assert.deepEqual([silentLogins(), asked(), (await session(world)).isAuthenticated, await types()], [0, 1, true, ['error']]);
});

test('messages of other windows and other origins are not believed', async () => {
  await monitored(lie('unchanged'));
  await untilAsked(2);
  liar.serve('/other', { type: 'text/html', body: '<!doctype html><script src="/other.js"></script>' });
  liar.serve('/other.js', { type: 'text/javascript', body: "setInterval(() => { for (const word of ['changed', 'error']) parent.postMessage(word, '*'); }, 20);" });
  await world.call(async (from) => {
    const other = document.createElement('iframe');
    other.hidden = true;
    other.src = `${from}/other`;
    document.body.append(other);
    const heard = new Promise((resolve) => { addEventListener('message', ({ source }) => { if (source === other.contentWindow) resolve(); }); });
    setInterval(() => { for (const word of ['changed', 'error']) window.postMessage(word, '*'); }, 20);
    await heard;
  }, liar.origin);
  await untilAsked(4);
  assert.deepEqual([silentLogins(), await types(), (await session(world)).isAuthenticated], [0, [], true]);
});

test('a page that is signed out asks nothing; a login begins it, and the function that it gives ends it', async () => {
  const members = lie('unchanged');
  await world.startAtHome(settings(world, members));
  await monitor();
  await signIn();
  await world.start(settings(world, members));
  await monitor();
  assert.deepEqual([await frames(), asked()], [0, 0]);
  await world.call(() => window.oauth.handleRedirect());
  await untilAsked(2);
  assert.equal(await frames(), 1);
  await world.call(() => window.stopMonitor());
  await world.driver.until('no frame', async () => await frames() === 0);
});

test('a monitor that is stopped during its silent login ends no session', async () => {
  await monitored(lie('unchanged'));
  await untilAsked(2);
  await signInElsewhere(bob);
  let release;
  world.app.serve('/login/callback.js', new Promise((resolve) => { release = resolve; }));
  say('changed');
  await world.driver.until('the silent login', () => silentLogins() === 1);
  await world.call(() => window.stopMonitor());
  release({ type: 'text/javascript', body: await readFile(path.join(packageFolder, 'callback.js'), 'utf8') });
  await world.driver.until('the end of the silent login', async () => await frames() === 0);
  assert.deepEqual([await types(), (await session(world)).claims.sub], [[], alice.sub]);
});

test('a provider without a check_session_iframe, and an interval that is none: an event that says so', async () => {
  const members = { metadata: { check_session_iframe: null } };
  await monitored(members);
  assert.equal((await untilHeard(world, 'error')).detail.error.code, 'not_supported_by_provider');
  assert.equal(await frames(), 0);
  await listen(world);
  await world.call(() => { window.oauth.demo.monitorSession({ interval: 0 }); });
  assert.equal((await untilHeard(world, 'error')).detail.error.code, 'config_invalid');
});

test('a page out of the back/forward cache goes on: a change that came meanwhile ends in a silent login', async () => {
  const members = lie('unchanged');
  await monitored(members);
  await visitKeepable(world);
  const begin = async () => {
    await world.start(settings(world, members));
    await listen(world);
    await monitor();
    await untilAsked(2);
  };
  await begin();
  await world.driver.goto(world.app.url('/blank'));
  if (!await comeBack(world)) await begin();
  await untilAsked(2);
  assert.equal(await frames(), 1);
  say('changed');
  await untilHeard(world, 'login');
  assert.deepEqual([silentLogins(), await types()], [1, ['login']]);
});

test('a page in the background asks nothing, and asks when it is seen again', async () => {
  await monitored(lie('unchanged'));
  await untilAsked(2);
  const show = (isSeen) => world.call((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !isSeen);
  await show(false);
  // A question that is on its way arrives.
  await pause(1000);
  const before = asked();
  await pause(3000);
  assert.equal(asked(), before);
  say('changed');
  await show(true);
  await untilHeard(world, 'login');
  assert.deepEqual([silentLogins(), await types()], [1, ['login']]);
});

test('two clients of a page, each with its own monitor: each asks for its own session, and is signed in anew', async () => {
  const { demo } = settings(world, lie('unchanged'));
  const both = { demo, second: demo };
  const handleBoth = async () => {
    await world.start(both);
    await world.call(() => window.oauth.handleRedirect());
  };
  await world.startAtHome(both);
  await signIn();
  await handleBoth();
  await world.leave(() => window.oauth.second.authorizeRedirect());
  await untilAnswered(world);
  await handleBoth();
  world.provider.clearRequests();
  await listen(world);
  await world.call(() => { window.stops = ['demo', 'second'].map((name) => window.oauth[name].monitorSession({ interval: 1 })); });
  const questions = () => new Set(liar.requests.filter(({ path }) => path === '/say').map(({ url }) => url)).size;
  await world.driver.until('the questions of both', () => questions() === 2);
  await untilAsked(4);
  say('changed');
  await world.driver.until('the logins of both', async () => (await heard(world)).length >= 2);
  assert.deepEqual((await heard(world)).map(({ type, detail }) => [type, detail.name]).sort(), [['login', 'demo'], ['login', 'second']]);
  assert.equal(silentLogins(), 2);
  await world.call(() => window.stops[0]());
  await world.driver.until('the frame of the second alone', async () => await frames() === 1);
});

test('a policy of the page that refuses the frame: the session stays, and nothing is asked', async () => {
  const members = lie('unchanged');
  world.app.restrict({ 'frame-src': "'none'" });
  await monitored(members);
  await world.driver.until('the refusal', () => world.call(() => window.recorded.some(({ level, text }) => level === 'violation' && text.startsWith('frame-src'))));
  // The frame is loaded anew once the first question has had no answer.
  await world.driver.until('another try', () => world.call(() => window.recorded.filter(({ level, text }) => level === 'violation' && text.startsWith('frame-src')).length > 1));
  assert.deepEqual([await types(), (await session(world)).isAuthenticated, asked(), silentLogins()], [[], true, 0, 0]);
});
