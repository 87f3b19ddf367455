// `oidc-client-wasm/hint` reads the person who was signed in without WebAssembly. For every record that the client wrote, the hint and the
// client say the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPlainProvider } from '../../../www-example/provider/provider.js';
import { useServers } from '../lib/servers.js';
import { alice, bob, handle, login, logoutAtProvider, reachCallback, signInAtProvider, skewClock, storedKeys, untilAnswered } from '../lib/steps.js';
import { duplicateAsleep, inTab, untilNextSecond } from '../lib/tabs.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
let plain;
useServers(world, async () => {
  plain = await startPlainProvider({ appOrigin: world.app.origin });
  return [plain];
});

const hint = (...args) => world.call(async (given) => (await window.importModule('/package/hint.js')).readHint(...given), args);

/** What the client of the started page says, in the words of a hint. */
const told = (name = 'demo') => world.call((client) => {
  const { isAuthenticated, claims, token } = window.oauth[client];
  return isAuthenticated ? { unverifiedClaims: claims, ...(token.expires_at !== undefined && { expires_at: token.expires_at }) } : null;
}, name);

/** Compares the hint of the page with the client that starts in it afterwards. Gives the `sub`; undefined without claims; null without a session. */
async function agreed({ settings = world.settings(), options = {}, name = 'demo' } = {}) {
  const before = [await hint(name, settings[name], options), await hint(name, undefined, options)];
  await world.start(settings, options);
  const client = await told(name);
  assert.deepEqual(before, [client, client], 'what the client says, before the client is there');
  assert.deepEqual(await hint(name, settings[name], options), client, 'and while it is there');
  return client && client.unverifiedClaims?.sub;
}

const again = async (options) => {
  await world.reload();
  return agreed(options);
};

// ---- records that the client wrote

test('nobody was signed in: no hint', async () => {
  await world.visit('/');
  assert.equal(await agreed(), null);
  await reachCallback(world);
  assert.equal(await hint('demo'), null, 'and none while a response waits');
});

test('after a login, a refresh and a userinfo request, and in a page loaded anew', async () => {
  await login(world);
  assert.equal(await agreed(), alice.sub);
  await world.call(() => window.oauth.demo.refreshToken());
  assert.equal(await agreed(), alice.sub);
  await world.call(() => window.oauth.demo.userinfo());
  assert.equal(await agreed(), alice.sub);
  assert.equal(await again(), alice.sub);
  const { unverifiedClaims, expires_at } = await hint('demo');
  assert.deepEqual([unverifiedClaims.name, unverifiedClaims.iss, typeof expires_at], [alice.name, world.provider.issuer, 'number']);
});

test('the access token and the id_token have expired: the person is still signed in, and the hint says when the token ended', async () => {
  await login(world);
  skewClock(world, 5 * 3600);
  assert.equal(await again(), alice.sub);
  // By this program's clock: a script of the driver has a Date of its own in Firefox.
  assert.ok((await hint('demo')).expires_at < Date.now() / 1000 + 5 * 3600);
});

for (const name of ['max', 'idle']) {
  test(`a session that is over by sessionLifetime.${name}, where the hint is given the option: no hint`, async () => {
    const options = { sessionLifetime: { [name]: 600 } };
    await login(world, { options });
    skewClock(world, 599 - 60);
    assert.equal(await again({ options }), alice.sub);
    skewClock(world, 61);
    assert.equal(await again({ options }), null);
  });
}

test('an activity counts for the hint as for the client', async () => {
  const options = { sessionLifetime: { idle: 600 } };
  await login(world, { options });
  skewClock(world, 500);
  assert.equal(await again({ options }), alice.sub);
  await world.call(() => window.oauth.demo.touch());
  skewClock(world, 500);
  assert.equal(await again({ options }), alice.sub);
  skewClock(world, 200);
  assert.equal(await again({ options }), null);
});

for (const [what, ...skews] of [['that has come', 300, 400], ['and a clock that was set back behind the login', -200, -200]]) test(`a session whose end the provider has stated, ${what}: no hint`, async () => {
  world.provider.tamper(world.provider.paths.token, ({ body }) => {
    const { claims } = world.provider.decodeJwt(body.id_token);
    body.id_token = world.provider.signJwt({ ...claims, session_expiry: claims.iat + 600 });
  });
  await login(world);
  skewClock(world, skews[0]);
  assert.equal(await again(), alice.sub);
  skewClock(world, skews[1]);
  assert.equal(await again(), null);
});

test('after a sign-out here, and after a logout at the provider', async () => {
  await login(world);
  await world.call(() => window.oauth.demo.clear());
  assert.equal(await agreed(), null);
  assert.equal(await again(), null);
  await login(world, { params: { prompt: 'login' } });
  await logoutAtProvider(world);
  assert.equal(await agreed(), null);
});

/** Two tabs with the same session; gives the one that sleeps, and the other one is in front, with a page at work. */
async function besideSleeper() {
  await login(world);
  const sleeper = await world.driver.tab();
  await duplicateAsleep(world);
  await inTab(world, sleeper, () => world.driver.goto(world.app.url('/blank')));
  await world.startAtHome();
  return sleeper;
}

test('the person has signed out in another tab while this one slept: no hint, and a hint again after the next login', async () => {
  const sleeper = await besideSleeper();
  await untilNextSecond(world);
  await logoutAtProvider(world);
  await world.driver.to(sleeper);
  await world.visit('/');
  assert.equal((await storedKeys(world, 'oidc:session:')).length, 1, 'the record is still there');
  assert.equal(await agreed(), null);
  await untilNextSecond(world);
  await login(world);
  assert.equal(await again(), alice.sub, 'the tombstone is older than the login');
});

test('another person has signed out in another tab: the hint stays', async () => {
  await login(world);
  const first = await world.driver.tab();
  await untilNextSecond(world);
  await world.driver.newTab();
  await reachCallback(world, { user: bob, params: { prompt: 'login' } });
  await handle(world);
  assert.equal(await agreed(), bob.sub);
  await untilNextSecond(world);
  await logoutAtProvider(world);
  await world.driver.to(first);
  assert.equal(await again(), alice.sub);
});

test('a plain OAuth 2.0 provider: somebody is signed in, and the hint has no claims', async () => {
  const settings = { demo: { ...plain.settings, redirectUri: world.app.url('/callback') } };
  await world.startAtHome(settings);
  await world.leave(() => window.oauth.demo.authorizeRedirect());
  await world.driver.click('#approve');
  await untilAnswered(world);
  await handle(world, settings);
  assert.equal(await agreed({ settings }), undefined);
  assert.equal(await again({ settings }), undefined);
  const sleeper = await world.driver.tab();
  await duplicateAsleep(world);
  await inTab(world, sleeper, () => world.driver.goto(world.app.url('/blank')));
  await world.startAtHome(settings);
  await untilNextSecond(world);
  await world.call(() => window.oauth.demo.logoutRedirect({ fallback: 'local' }));
  await world.driver.to(sleeper);
  await world.visit('/');
  assert.equal(await agreed({ settings }), null, 'signed out in another tab');
});

test('another storage prefix: its record alone', async () => {
  const options = { storagePrefix: 'app' };
  await login(world, { options });
  assert.equal(await again({ options }), alice.sub);
  assert.equal(await agreed(), null);
});

test('several clients, one of whose names begins with that of another: each has its own hint', async () => {
  const { demo } = world.settings();
  const settings = { demo, 'demo:two': demo, three: demo };
  const leaveBy = (name) => world.leave((client) => window.oauth[client].authorizeRedirect(), name);
  await world.startAtHome(settings);
  await leaveBy('demo:two');
  await signInAtProvider(world);
  await handle(world, settings);
  assert.equal(await agreed({ settings }), null);
  assert.equal(await agreed({ settings, name: 'demo:two' }), alice.sub);
  assert.equal(await agreed({ settings, name: 'three' }), null);
  await leaveBy('demo');
  await untilAnswered(world);
  await handle(world, settings);
  for (const name of ['demo', 'demo:two']) assert.equal(await agreed({ settings, name }), alice.sub, name);
});

test('two owners have a record under the name: the settings tell which one counts, and without them there is no hint', async () => {
  await login(world);
  const mine = await hint('demo');
  await world.call(() => {
    const [[, text]] = Object.entries(sessionStorage).filter(([name]) => name.startsWith('oidc:session:'));
    const other = { ...JSON.parse(text), client_id: 'another', issuer: 'https://other.example' };
    sessionStorage.setItem(`oidc:session:demo:${'A'.repeat(43)}`, JSON.stringify(other));
  });
  const { demo } = world.settings();
  assert.equal(await hint('demo'), null);
  assert.deepEqual(await hint('demo', demo), mine);
  assert.deepEqual(await hint('demo', { issuer: demo.issuer }), mine);
  assert.equal(await hint('demo', { ...demo, clientId: 'third' }), null);
  assert.equal(await hint('demo', { ...demo, issuer: 'https://third.example' }), null);
  assert.equal(await hint('demo', { ...demo, metadata: { issuer: 'https://third.example' } }), null, 'an explicit issuer wins');
  const judged = await world.call(async (settings) => {
    const { readHint } = await window.importModule('/package/hint.js');
    return readHint('demo', { ...settings, issuer: 'https://login.example/{tenant}', expectedIssuer: (template) => template });
  }, demo);
  assert.deepEqual(judged, mine, 'a function judges the issuer');
});

test('another client id than that of the record: neither the client nor the hint knows anybody', async () => {
  await login(world);
  const settings = world.settings({ clientId: 'another' });
  assert.equal(await hint('demo', settings.demo), null);
  await world.start(settings);
  assert.equal(await told(), null);
});

// ---- records that something else wrote

test('a record edited in any way: no hint, or that of the client, or an unverified one; nothing is thrown', async () => {
  await login(world);
  const outcome = await world.call(async () => {
    const { readHint } = await window.importModule('/package/hint.js');
    const [[key, text]] = Object.entries(sessionStorage).filter(([name]) => name.startsWith('oidc:session:'));
    const values = ['null', '0', '-1', '1.5', '1e400', '""', '"x"', 'true', '[]', '{}', '{"sub":1}', '["sub"]', '{"__proto__":{"sub":"x","access_token":"x"}}'];
    const texts = ['', '{}', '[]', 'null', '"x"', '7', 'undefined', '\u0000', ...values];
    // Every member in the record gets every value in turn, or goes, or has another name.
    const marked = (holder, name) => JSON.stringify(holder, function mark(at, value) { return this === name.holder && at === name.member ? 'MARK' : value; });
    const visit = (holder, root) => {
      for (const member of Object.keys(holder)) {
        const shown = marked(root, { holder, member });
        for (const value of values) texts.push(shown.replace('"MARK"', () => value));
        const { [member]: gone, ...others } = holder;
        for (const at of Object.keys(holder)) delete holder[at];
        Object.assign(holder, others);
        texts.push(JSON.stringify(root), JSON.stringify(root).replace(/^\{/, `{"__proto__":${JSON.stringify({ [member]: gone })},`));
        Object.assign(holder, { [member]: gone });
        if (gone && typeof gone === 'object') visit(gone, root);
      }
    };
    visit(JSON.parse(text), JSON.parse(text));
    const record = JSON.parse(text);
    visit(record, record);
    for (let length = 0; length < text.length; length += 7) texts.push(text.slice(0, length));
    const sorted = (value) => JSON.stringify(value, (_, member) => (
      member && typeof member === 'object' ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member
    ));
    // Without its fingerprint of the person, which the client does not read, the record gives no hint.
    const hasPerson = (edited) => typeof Object.getOwnPropertyDescriptor(JSON.parse(edited), 'subject_fingerprint')?.value === 'string';
    const differs = [];
    let same = 0;
    let unverified = 0;
    for (const edited of texts) {
      sessionStorage.setItem(key, edited);
      const given = readHint('demo');
      const { isAuthenticated, claims, token } = window.oauth.demo;
      const client = isAuthenticated ? { unverifiedClaims: claims, ...(token.expires_at !== undefined && { expires_at: token.expires_at }) } : null;
      const shape = given === null || typeof given.unverifiedClaims?.sub === 'string' || given.unverifiedClaims === null;
      if (sorted(given) === sorted(client)) same += 1;
      else if (client === null && shape) unverified += 1;
      else if (given !== null || hasPerson(edited)) differs.push([edited, given, client]);
    }
    return { differs, same, unverified, edits: texts.length };
  });
  assert.deepEqual(outcome.differs, []);
  assert.ok(outcome.edits > 500 && outcome.same > outcome.edits / 3, JSON.stringify(outcome));
});

test('tombstones that something else wrote are passed over', async () => {
  await login(world);
  const key = await world.call(() => Object.keys(sessionStorage).find((name) => name.startsWith('oidc:session:')).replace(':session:', ':ended:'));
  const who = await world.call(() => JSON.parse(Object.entries(sessionStorage).find(([name]) => name.startsWith('oidc:session:'))[1]).subject_fingerprint);
  for (const text of ['', 'x', 'null', '{}', '7', '[null,1,"x",[],{}]', `[["${who}","9999999999"],["${who}",null],["${who}"]]`, '[["x",9999999999]]']) {
    await world.call(([at, value]) => localStorage.setItem(at, value), [key, text]);
    assert.equal(await agreed(), alice.sub, text);
  }
  await world.call(([at, value]) => localStorage.setItem(at, value), [key, `[["${who}",9999999999]]`]);
  assert.equal(await hint('demo'), null);
});

test('what a page let others put into Object.prototype changes no hint', async () => {
  await login(world);
  const mine = await hint('demo');
  const given = await world.call(async () => {
    const { readHint } = await window.importModule('/package/hint.js');
    const members = { clientId: 'x', issuer: 'x', storagePrefix: 'x', expires_at: 1, claims: null, metadata: { issuer: 'x' }, expectedIssuer: () => 'x' };
    Object.assign(Object.prototype, members);
    try {
      return [readHint('demo'), readHint('demo', {}, {}), readHint('nobody')].map((value) => JSON.stringify(value));
    } finally {
      for (const name of Object.keys(members)) delete Object.prototype[name];
    }
  });
  assert.deepEqual(given.map((text) => JSON.parse(text)), [mine, mine, null]);
});

test('arguments of any kind: no hint, and nothing is thrown', async () => {
  await login(world);
  const given = await world.call(async () => {
    const { readHint } = await window.importModule('/package/hint.js');
    const throws = new Proxy({}, { get: () => { throw new Error('x'); }, ownKeys: () => { throw new Error('x'); } });
    const calls = [[], [null], [Symbol('x')], [{}], ['demo', throws], ['demo', {}, throws], ['demo', {}, { storagePrefix: Symbol('x') }], ['demo', { clientId: 7 }]];
    return calls.map((args) => readHint(...args));
  });
  assert.deepEqual(given, given.map(() => null));
});

for (const [what, storage] of [
  ['the browser blocks', "throw new DOMException('The operation is insecure.', 'SecurityError');"],
  ['is not there', 'return undefined;'],
  ['something else stands in for', 'return { length: 3, key: () => 7, getItem: () => 7 };'],
]) {
  test(`storage that ${what}: no hint, and nothing is thrown`, async () => {
    await login(world);
    world.app.before(`Object.defineProperty(window, 'sessionStorage', { get() { ${storage} } });`);
    await world.reload();
    assert.equal(await hint('demo'), null);
  });
}

test('localStorage that the browser blocks: the client knows of no tombstones, nor does the hint', async () => {
  await login(world);
  world.app.before(`Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('The operation is insecure.', 'SecurityError'); } });`);
  assert.equal(await again(), alice.sub);
});

test('the hint loads no WebAssembly and nothing else', async () => {
  await login(world);
  await world.reload();
  world.app.requests.length = 0;
  assert.equal((await hint('demo')).unverifiedClaims.sub, alice.sub);
  assert.deepEqual(world.app.requests.map(({ path }) => path), ['/package/hint.js']);
});
