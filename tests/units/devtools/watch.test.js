// Watching a registry and `fetch`: what a page calls stays what it was, in whatever order the logs end, and hostile values break nothing.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../../pkg-template/log.js';
import { diagnose } from '../../../pkg-template/devtools/diagnose.js';
import { mountDevtools } from '../../../pkg-template/devtools/panel.js';
import { recordRequests } from '../../../pkg-template/devtools/record/record.js';
import { callUnwatched, watchRequests } from '../../../pkg-template/devtools/record/requests.js';
import { watch } from '../../../pkg-template/devtools/record/watch.js';

const mark = Symbol.for('oidc-client-wasm.OAuthError');
const failure = (fields = {}) => Object.assign(new Error('No.'), { [mark]: true, code: 'network', ...fields });

/** What `createOAuth` returns, with one client and one verb. */
function registry(userinfo = async () => ({ sub: 'alice' })) {
  const demo = Object.defineProperties({}, { name: { value: 'demo' }, isAuthenticated: { value: false }, userinfo: { value: userinfo, configurable: true, writable: true } });
  const oauth = Object.assign(new EventTarget(), { demo, names: ['demo'], client: () => demo, register: () => demo });
  return { oauth, demo, starting: Object.assign(Promise.resolve(oauth), { client: () => demo }) };
}
const settled = () => new Promise((resolve) => { setTimeout(resolve, 5); });

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.useRealTimers());

test('logs may end in any order: each verb is what it was', async () => {
  for (const order of [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 1]]) {
    const { demo, starting } = registry();
    const before = [demo.userinfo, starting.client];
    const ends = [1, 2, 3].map(() => watch(starting, () => {}));
    await settled();
    for (const at of order) ends[at]();
    expect([demo.userinfo, starting.client], order.join()).toEqual(before);
  }
});

test('a verb that another tool has replaced meanwhile stays with that tool', async () => {
  const { demo, starting } = registry();
  const end = watch(starting, () => {});
  await settled();
  const beneath = demo.userinfo;
  const spy = (...given) => beneath(...given);
  demo.userinfo = spy;
  end();
  expect(demo.userinfo).toBe(spy);
  expect(await demo.userinfo()).toEqual({ sub: 'alice' });
});

test('a panel that is mounted again and again, as a hot replacement does, leaves one watch and then none', async () => {
  const { oauth, demo } = registry();
  const [before, fetchBefore] = [demo.userinfo, globalThis.fetch];
  let panel;
  for (let n = 0; n < 5; n += 1) {
    panel = mountDevtools(oauth, {});
    await settled();
  }
  panel.close();
  expect(demo.userinfo).toBe(before);
  expect(globalThis.fetch).toBe(fetchBefore);
});

test('a failure that goes on is told once a second, and not once for ever', async () => {
  vi.useFakeTimers();
  const { demo, starting } = registry(async () => { throw failure(); });
  const told = [];
  watch(starting, (entry) => entry.kind === 'error' && told.push(entry.code));
  await vi.advanceTimersByTimeAsync(1);
  for (let n = 0; n < 10; n += 1) {
    await demo.userinfo().catch(() => {});
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(told).toHaveLength(5);
});

test('an event without a detail, which the app itself dispatches, and a time that no date can have are no failure of the page', async () => {
  const { oauth, starting } = registry();
  const uncaught = [];
  const hear = (event) => { event.preventDefault(); uncaught.push(event.message); };
  addEventListener('error', hear);
  const lines = [];
  createLog({ level: 'info', write: (level, line) => lines.push(line) })(starting);
  await settled();
  oauth.dispatchEvent(new Event('login'));
  oauth.dispatchEvent(new CustomEvent('tokenupdate', { detail: { name: 'demo', expires_at: 1e15 } }));
  removeEventListener('error', hear);
  expect(uncaught).toEqual([]);
  expect(lines).toEqual(['login', 'tokenupdate']);
});

test('a record in storage that another script has written is read as text of a bounded size, or not at all', () => {
  const store = (entries) => sessionStorage.setItem('oidc:devtools', JSON.stringify({ v: 1, entries }));
  const kinds = () => {
    const record = recordRequests();
    record.stop();
    return record.entries.map(({ kind }) => kind);
  };
  for (const at of ['1e3', [5], null, true, 1e300]) {
    store([{ at, kind: 'ready' }]);
    expect(kinds(), JSON.stringify(at)).toEqual(['page']);
  }
  store([{ at: 5, kind: 'error', code: 'x', message: 'm'.repeat(1_000_000) }]);
  expect(kinds()).toEqual(['page']);
  store([{ at: 5, kind: 'ready' }]);
  expect(kinds()).toEqual(['ready', 'page']);
});

test('a record that has ended or was cleared writes nothing when an answer comes late', async () => {
  const fetchBefore = globalThis.fetch;
  let answer;
  globalThis.fetch = () => new Promise((resolve) => { answer = resolve; });
  try {
    const record = recordRequests();
    const asked = fetch('https://app.example/client_wasm_bg.wasm');
    record.clear();
    expect(sessionStorage.getItem('oidc:devtools')).toBeNull();
    let release;
    answer(new Response(new ReadableStream({ start(controller) { release = () => { controller.enqueue(new TextEncoder().encode('{}')); controller.close(); }; } }), { headers: { 'content-type': 'application/json' } }));
    await asked;
    record.clear();
    release();
    await settled();
    expect(sessionStorage.getItem('oidc:devtools')).toBeNull();
    record.stop();
  } finally {
    globalThis.fetch = fetchBefore;
  }
});

test('a page whose fetch cannot be replaced goes on without a record of its requests', () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  Object.defineProperty(globalThis, 'fetch', { ...before, writable: false });
  try {
    expect(() => watchRequests(() => {})()).not.toThrow();
  } finally {
    Object.defineProperty(globalThis, 'fetch', before);
  }
});

test('the report has no key of an address, in whatever form the setting has it, and settings that are no JSON end nothing', async () => {
  const { oauth } = registry();
  const key = 'hunter2';
  const own = {
    issuer: new URL(`https://id.example/?k=${key}`), apiBaseUrl: `/api?k=${key}`, serverMetadataUrl: `HTTPS://id.example/m?k=${key}`, redirectUri: `https://u:${key}@app.example/`,
    apiOrigins: [`https://u:${key}@api.example`, 5n], scope: 'read:orders', autoRenew: { get leeway() { throw new Error(key); } }, sessionLifetime: { idle: 60 },
  };
  const { clients: [{ settings }] } = await diagnose(oauth, { settings: { demo: own }, network: false });
  expect(JSON.stringify(settings)).not.toContain(key);
  expect(settings).toMatchObject({ issuer: 'https://id.example/?k', scope: 'read:orders', apiOrigins: ['https://api.example/', '5'], autoRenew: '‹object›', sessionLifetime: { idle: 60 } });
  const throwing = Object.defineProperty({}, 'issuer', { enumerable: true, get() { throw new Error(key); } });
  expect((await diagnose(oauth, { settings: { demo: throwing }, options: throwing, network: false })).clients[0].settings).toBeNull();
});

test('a stream that the page cancels ends at its source, though a record is on', async () => {
  const fetchBefore = globalThis.fetch;
  const cancelled = [];
  const answer = (type) => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{}')), cancel: () => void cancelled.push(type) }), { headers: { 'content-type': type } });
  const types = ['application/x-ndjson', 'application/json-seq', 'text/event-stream', 'application/octet-stream'];
  try {
    for (const type of types) {
      globalThis.fetch = async () => answer(type);
      const end = watchRequests(() => {}, () => ({}));
      const { body } = await fetch('https://app.example/client_wasm_bg.wasm');
      await body.cancel();
      end();
    }
  } finally {
    globalThis.fetch = fetchBefore;
  }
  expect(cancelled).toEqual(types);
});

test('a response of no login of this tab is told once, and that of a popup or of a frame, which is handed on, is not', async () => {
  const { oauth, starting } = registry();
  let result = null;
  oauth.handleRedirect = async () => result;
  const lines = [];
  createLog({ level: 'warn', write: (level, line, entry) => lines.push([level, line, entry.kind]) })(starting);
  await settled();
  const secret = 'Zm9vYmFyLXNlY3JldA';
  const at = (query) => oauth.handleRedirect(`https://app.example/callback?${query}`);
  await at(`code=${secret}&state=${secret}`);
  await at(`code=${secret}&state=${secret}`);
  await at(`code=${secret}&state=${secret}.oidc-popup`);
  await at(`code=${secret}&state=${secret}%2Eoidc-silent&iss=x`);
  await at('q=1');
  await oauth.handleRedirect({ toString() { throw new Error('hostile'); } });
  result = { kind: 'login' };
  await at(`code=another&state=${secret}`);
  expect(lines).toEqual([['warn', 'A response that belongs to no login of this tab came to https://app.example/callback?code&state', 'stray']]);
});

test('what a diagnosis asks of a client is in no log, though two watch it, and the verb of the app is', async () => {
  const { demo, starting } = registry();
  let calls = 0;
  Object.defineProperty(demo, 'loadServerMetadata', { configurable: true, writable: true, value: async () => { calls += 1; throw failure(); } });
  const told = [];
  const ends = [1, 2].map(() => watch(starting, ({ kind, verb }) => told.push(verb ?? kind)));
  await settled();
  told.length = 0;
  await expect(callUnwatched(demo, 'loadServerMetadata')).rejects.toMatchObject({ code: 'network' });
  expect([calls, told]).toEqual([1, []]);
  await expect(demo.loadServerMetadata()).rejects.toMatchObject({ code: 'network' });
  expect(told.filter((each) => each === 'error')).toHaveLength(2);
  ends.forEach((end) => end());
});

test('debug tells that a login leaves the page, of which no end comes, and info does not', async () => {
  for (const [level, expected] of [['debug', ['authorizeRedirect() leaves for the authorization endpoint', 'logoutRedirect() leaves for the end_session endpoint']], ['info', []]]) {
    const { demo, starting } = registry();
    for (const name of ['authorizeRedirect', 'logoutRedirect']) Object.defineProperty(demo, name, { configurable: true, writable: true, value: () => new Promise(() => {}) });
    const lines = [];
    const end = createLog({ level, write: (of, line, { kind }) => kind === 'begin' && lines.push(line) })(starting);
    await settled();
    void demo.authorizeRedirect();
    void demo.logoutRedirect();
    void demo.userinfo();
    end();
    expect(lines).toEqual(expected);
  }
});

test('a refused login has the word of the provider in its line, if a specification registers it', async () => {
  const lines = [];
  for (const error of ['access_denied', 'words-of-the-provider']) {
    const { demo, starting } = registry(async () => { throw failure({ code: 'authorization_refused', error, message: 'The provider refused the login.' }); });
    createLog({ level: 'error', write: (level, line) => lines.push(line) })(starting);
    await settled();
    await demo.userinfo().catch(() => {});
  }
  expect(lines).toEqual(['authorization_refused (access_denied): The provider refused the login.', 'authorization_refused: The provider refused the login.']);
});
