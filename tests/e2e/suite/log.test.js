// The option `log`: what is told at which level, and that no level tells a secret.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alice, enterPassword, redirectToProvider, signInAtProvider, untilAnswered } from '../lib/steps.js';
import { everythingTold, handleWatched, lines, startWatched, watchPages } from '../lib/watched.js';
import { Witness } from '../lib/witness.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

/** Texts that are no token, and that a log has no business with. */
const personal = ['hinted@example.com', 'app-state-of-the-app', 'words-of-the-provider', 'words-of-the-app', alice.name, alice.login, 'alice@example.com'];

const failing = (promise) => promise.then(() => { throw new Error('this should have failed'); }, (error) => error);

async function begin(given) {
  await world.visit('/');
  await startWatched(world, given);
}

async function logIn(given, params = {}) {
  await begin(given);
  await redirectToProvider(world, params);
  await signInAtProvider(world);
  return handleWatched(world, given);
}

test('no level tells a secret: a login, a refresh, userinfo, revocation, failures with words of the provider, a logout', async () => {
  const witness = new Witness(world);
  watchPages(world);
  await begin();
  const seen = [];
  const look = async (where) => {
    const told = await everythingTold(world);
    witness.note(`log and devtools, ${where}`, { message: told, reported: '' });
    seen.push(told);
  };
  await redirectToProvider(world, { scope: 'openid profile email offline_access', prompt: 'consent', loginHint: 'hinted@example.com', appState: { secret: 'app-state-of-the-app' } });
  await enterPassword(world);
  await world.driver.click('#allow');
  await untilAnswered(world);
  const { token } = await handleWatched(world);
  assert.ok(token.refresh_token && token.id_token);
  await look('after the login');

  for (const call of [
    () => window.oauth.demo.refreshToken(),
    () => window.oauth.demo.userinfo(),
    () => window.oauth.demo.getAccessToken(),
    () => window.oauth.demo.parseIdToken(window.oauth.demo.token.id_token),
    () => window.oauth.demo.createAuthorizationUrl({ loginHint: 'hinted@example.com', idTokenHint: window.oauth.demo.token.id_token }),
    () => window.oauth.demo.createLogoutUrl(),
    () => window.oauth.demo.revokeToken('access_token'),
  ]) await world.call(call);
  await look('after the verbs');

  // Failures: of a hook of the app, of the provider with its own words, of the network.
  await failing(world.call(() => {
    const cause = Object.assign(new Error(`words-of-the-app ${window.oauth.demo.token.access_token}`), { name: window.oauth.demo.token.access_token });
    const other = window.oauth.register('hooked', { ...window.given.settings.demo, hooks: { metadata() { throw cause; } } });
    return other.loadServerMetadata({ force: true });
  }));
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 400;
    answer.body = { error: 'words-of-the-provider', error_description: `words-of-the-provider ${token.refresh_token}`, error_uri: `https://words.example/${token.access_token}` };
  });
  await failing(world.call(() => window.oauth.demo.refreshToken()));
  witness.watchTokens();
  world.provider.setDown(true);
  await failing(world.call(() => window.oauth.demo.userinfo()));
  world.provider.setDown(false);
  await look('after the failures');

  await world.visit(`/callback?error=access_denied&error_description=words-of-the-provider&state=${'s'.repeat(43)}&code=${'c'.repeat(43)}`);
  await handleWatched(world);
  await look('after a response of another');

  await world.visit('/');
  await startWatched(world);
  await world.leave(() => window.oauth.demo.logoutRedirect({ revoke: true, appState: 'app-state-of-the-app' }));
  await world.pages.signOut(world.driver);
  await world.driver.untilAt('the application after the logout', ({ origin }) => origin === world.app.origin);
  await world.ready();
  assert.equal((await handleWatched(world)).kind, 'logout');
  await look('after the logout');

  assert.deepEqual(witness.leaks().filter((leak) => leak.includes('log and devtools')), []);
  for (const text of personal) assert.equal(seen.some((told) => told.includes(text)), false, text);
  assert.ok(witness.kinds().length > 6, `the witness knows ${witness.kinds()}`);
});

test('debug tells the verbs and the requests, info the events, and a query has names without values', async () => {
  watchPages(world);
  await logIn();
  await world.call(() => window.oauth.demo.userinfo());
  const told = await lines(world);
  const of = (level) => told.filter((each) => each.of === level).map(({ line }) => line).join('\n');
  assert.match(of('info'), /^login \(response\)$/m);
  for (const line of [/^handleRedirect\(\) ok, \d+ ms$/m, /^userinfo\(\) ok, \d+ ms$/m, /^POST http:\/\/localhost:\d+\/\S+ 200, \d+ ms$/m, /openid-configuration 200, \d+ ms$/m, /_bg\.wasm 200/, /^The client is ready\.$/m, /^authorizeRedirect\(\) leaves for the authorization endpoint$/m]) {
    assert.match(of('debug'), line);
  }
  assert.equal(of('error'), '');
  assert.doesNotMatch(of('debug'), /\/package\/(?!.*wasm)/, 'a request of the page itself');
});

test('each failure is told once, with its remedy, though a verb, an event and an early client have it', async () => {
  watchPages(world);
  await logIn();
  world.provider.tamper(world.provider.paths.token, (answer) => {
    answer.status = 400;
    answer.body = { error: 'invalid_grant' };
  });
  const codes = await world.call(() => Promise.all([1, 2, 3].map(() => window.oauth.demo.refreshToken().catch(({ code }) => code))));
  assert.deepEqual(codes, ['refresh_refused', 'refresh_refused', 'refresh_refused']);
  const told = (await lines(world)).filter(({ of }) => of === 'error');
  assert.equal(told.length, 1, JSON.stringify(told));
  for (const { line, entry } of told) {
    assert.match(line, /^refresh_refused \(invalid_grant\): .+ See docs\/errors\.md#refresh_refused$/);
    assert.equal(entry.client, 'demo');
  }
  assert.ok((await lines(world)).some(({ of, line }) => of === 'warn' && line === 'logout (refresh-rejected)'));
});

test('a failure of the start, which a page never awaits, is told with its cause', async () => {
  watchPages(world);
  await world.visit('/');
  const told = await world.call(async () => {
    const { createLog } = await window.importModule('/package/log.js');
    const seen = [];
    const log = createLog({ level: 'error', write: (level, line) => seen.push(`${level} ${line}`) });
    await Promise.allSettled([window.api.createOAuth({ demo: { clientId: 'x', issuer: 'ftp://id.example', redirectUri: location.origin } }, { log })]);
    await Promise.allSettled([window.api.createOAuth({}, { log }).client('nobody').userinfo()]);
    return seen;
  });
  assert.equal(told.length, 2);
  assert.match(told[0], /^error config_invalid: .*issuer/);
  assert.match(told[1], /^error config_invalid: There is no client with the name "nobody"/);
});

test('the level of consoleLog decides, and without the option nothing is written', async () => {
  await world.visit('/');
  const written = await world.call(async () => {
    const { consoleLog } = await window.importModule('/package/log.js');
    const seen = {};
    for (const level of [undefined, 'error', 'warn', 'info', 'debug', 'none']) {
      const before = { ...console };
      const own = [];
      for (const name of ['error', 'warn', 'info', 'debug', 'log']) console[name] = (text) => own.push(`${name} ${text}`);
      try {
        const options = level === 'none' ? {} : { log: consoleLog(level) };
        const oauth = await window.api.createOAuth({ demo: { clientId: 'a', authorizeUrl: 'https://a.example/a', accessTokenUrl: 'https://a.example/t', redirectUri: location.origin } }, options);
        await oauth.demo.userinfo().catch(() => {});
        await oauth.demo.clear();
      } finally {
        Object.assign(console, before);
      }
      seen[level ?? 'default'] = own;
    }
    return seen;
  });
  assert.deepEqual(written.none, []);
  assert.match(written.error.join('\n'), /^error oidc-client-wasm demo: [a-z_]+: /);
  for (const level of ['default', 'error', 'warn', 'info']) assert.deepEqual(written[level], written.error, level);
  assert.ok(written.debug.some((line) => /^debug oidc-client-wasm demo: userinfo\(\) [a-z_]+, \d+ ms$/.test(line)), written.debug.join('\n'));
});

test('a log changes nothing for the page: an ignored failure is reported, results are the same, and its end puts all back', async () => {
  watchPages(world);
  await begin();
  const { reported, isBack, isSame } = await world.call(async () => {
    const fetchBefore = window.fetch;
    const unhandled = new Promise((resolve) => {
      addEventListener('unhandledrejection', (event) => {
        event.preventDefault();
        resolve(event.reason.code);
      }, { once: true });
    });
    const own = Object.getOwnPropertyDescriptor(window.oauth.demo, 'userinfo');
    void window.oauth.demo.userinfo();
    const reported = await unhandled;
    window.endLog();
    window.record.stop();
    const back = Object.getOwnPropertyDescriptor(window.oauth.demo, 'userinfo');
    return { reported, isSame: own.enumerable === back.enumerable && own.configurable === back.configurable && window.oauth.demo.userinfo.length === 0, isBack: window.fetch !== fetchBefore && /native code/.test(String(window.fetch)) };
  });
  assert.deepEqual({ reported, isBack, isSame }, { reported: 'missing_token', isBack: true, isSame: true });
  const before = (await lines(world)).length;
  await world.call(() => window.oauth.demo.userinfo().catch(() => {}));
  assert.equal((await lines(world)).length, before, 'a log that has ended goes on');
});

test('a write that throws stops no login, and is reported', async () => {
  watchPages(world);
  await world.visit('/');
  const { reported, names } = await world.call(async () => {
    const { createLog } = await window.importModule('/package/log.js');
    const reported = new Promise((resolve) => {
      addEventListener('error', (event) => {
        event.preventDefault();
        resolve(event.error.message);
      }, { once: true });
    });
    const oauth = await window.api.createOAuth({ demo: { clientId: 'a', authorizeUrl: 'https://a.example/a', accessTokenUrl: 'https://a.example/t', redirectUri: location.origin } }, { log: createLog({ level: 'debug', write() { throw new Error('of the sink'); } }) });
    return { reported: await reported, names: oauth.names };
  });
  assert.deepEqual({ reported, names }, { reported: 'of the sink', names: ['demo'] });
});

test('a level that there is not, or no function to write, is named', async () => {
  await world.visit('/');
  const messages = await world.call(async () => {
    const { consoleLog, createLog } = await window.importModule('/package/log.js');
    return [() => consoleLog('loud'), () => createLog({ level: 'info' }), () => createLog()].map((make) => {
      try {
        make();
        return 'no error';
      } catch (error) {
        return `${error.name}: ${error.message}`;
      }
    });
  });
  for (const message of messages) assert.match(message, /^TypeError: createLog needs a function write, and a level of error, warn, info, debug/);
});
