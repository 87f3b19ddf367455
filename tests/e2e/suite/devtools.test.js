// `diagnose()` and the record: what the page can see of itself, of the provider and of the last login.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirect, silence, startLiar, whole } from '../lib/liar.js';
import { redirectToProvider, signInAtProvider, troubles } from '../lib/steps.js';
import { handleWatched, startWatched, watchPages } from '../lib/watched.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });

async function begin(given) {
  watchPages(world);
  await world.visit('/');
  await startWatched(world, given);
}

async function logIn(given) {
  await begin(given);
  await redirectToProvider(world);
  await signInAtProvider(world);
  return handleWatched(world, given);
}

const diagnose = (more = {}) => world.call((extra) => window.devtools.diagnose(window.oauth, { log: window.record, ...window.given, ...extra }), more);
const found = ({ findings }, id) => findings.filter((finding) => finding.id === id);

test('the report of a page that works: no problem, the last login step by step, the session masked', async () => {
  await logIn();
  const report = await diagnose();
  assert.deepEqual(report.findings.filter(({ level }) => level === 'problem'), []);
  for (const id of ['issuer', 'pkce', 'id-token-algorithms', 'keys', 'cors-metadata', 'cors-keys', 'refresh', 'iss', 'redirect-uri']) assert.equal(found(report, id)[0]?.level, 'ok', id);
  const shape = ['clients', 'cure', 'docs', 'group', 'id', 'level', 'specification', 'subject', 'text', 'where'];
  for (const finding of report.findings) assert.deepEqual(Object.keys(finding).sort(), shape, finding.id);
  assert.match(report.version, /^\d+\.\d+\.\d+/);
  assert.equal(report.page.isSecureContext, true);
  assert.equal(report.page.policy.policies[0]['require-trusted-types-for'], "'script'");
  assert.equal(report.page.wasm[0].type, 'application/wasm');
  const [client] = report.clients;
  assert.equal(client.endpoints.token_endpoint, world.provider.issuer + world.provider.paths.token);
  // The issuer has no slash at its end, and is told to the letter.
  for (const told of [client.endpoints.issuer, client.settings.issuer ?? world.provider.issuer, client.session.claims.find(({ name }) => name === 'iss').value]) assert.equal(told, world.provider.issuer);
  assert.deepEqual(await world.call(() => window.record.entries.find(({ what }) => what === 'discovery').received), [['issuer', world.provider.issuer]]);
  assert.match(client.session.token.access_token, /^‹access_token, \d+ characters›$/);
  assert.match(client.session.claims.find(({ name }) => name === 'iss').section, /3\.1\.3\.7, item 2/);
  assert.equal(client.settings.clientId, world.provider.clientId);
  const steps = report.record.lastLogin.join('\n');
  for (const step of [/metadata/, /opens the authorization endpoint/, /sends the person back with a code/, /redeems the code at the token endpoint/, /verifies the answer/]) assert.match(steps, step);
  assert.ok(report.storage.some(({ kind, place }) => kind === 'session' && place === 'sessionStorage'));
  assert.ok(report.storage.some(({ kind }) => kind === 'devtools'));
  assert.deepEqual(report.storage.filter(({ owned, client: of }) => !owned || (of !== null && of !== 'demo')), []);
});

test('a policy without the provider in connect-src is named, with the violation', async () => {
  world.app.restrict({ 'connect-src': "'self'" });
  await begin();
  const report = await diagnose();
  assert.match(found(report, 'csp')[0].text, new RegExp(`${new URL(world.provider.issuer).origin} in connect-src`));
  assert.match(found(report, 'csp-violation')[0].text, /forbids .+ by connect-src/);
  assert.ok(found(report, 'metadata').length + found(report, 'unreachable').length > 0);
});

test('looking changes nothing that is seen: no line, no entry of the app, and one row for a violation', async () => {
  world.app.restrict({ 'connect-src': "'self'" });
  await begin();
  const seen = () => world.call(() => ({ lines: window.linesOf().length, kinds: window.record.entries.filter(({ isLook }) => !isLook).map(({ kind, verb }) => `${kind} ${verb ?? ''}`) }));
  const before = await seen();
  let report;
  for (let n = 0; n < 3; n += 1) report = await diagnose();
  assert.deepEqual(await seen(), before);
  assert.equal(report.clients[0].error?.code, 'network');
  const rows = found(report, 'csp-violation').map(({ text }) => text.replace(/ \(\d+ times\)/, ''));
  assert.ok(rows.length > 0);
  assert.deepEqual(rows, [...new Set(rows)]);
  assert.match(found(report, 'csp-violation')[0].text, /\(\d+ times\)/);
});

test('a .wasm file of another type, and a service worker in the way, are named', async () => {
  world.app.serve('/sw.js', { type: 'text/javascript', body: "addEventListener('activate', (event) => event.waitUntil(clients.claim()));" });
  await begin();
  await world.call(() => new Promise((resolve) => {
    navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
    navigator.serviceWorker.register(window.trustedTypes ? window.trustedTypes.createPolicy('test', { createScriptURL: (url) => url }).createScriptURL('/sw.js') : '/sw.js');
  }));
  try {
    const type = await world.call(async () => {
      // As a server that does not know the ending.
      const original = window.fetch;
      window.fetch = async (url, init) => {
        const answer = await original(url, init);
        return String(url).endsWith('.wasm') ? new Response(null, { headers: { 'content-type': 'application/octet-stream' } }) : answer;
      };
      const report = await window.devtools.diagnose(window.oauth, { log: window.record });
      return report.findings.filter(({ id }) => ['wasm-type', 'service-worker'].includes(id));
    });
    assert.deepEqual(type.map(({ id, level }) => [id, level]).sort(), [['service-worker', 'warning'], ['wasm-type', 'warning']]);
  } finally {
    await world.call(async () => { for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister(); });
  }
});

const nowhere = 'http://localhost:1';
/** The findings at a provider whose answers are spoiled on their way, with these settings. */
async function foundAt(lies, members = {}, more = {}) {
  const liar = await startLiar(world);
  try {
    for (const [name, lie] of Object.entries(lies)) liar.tell(lie, name);
    world.app.allow(world.provider.issuer, liar.origin, nowhere);
    await begin({ settings: liar.settings(members) });
    const report = await diagnose(more);
    const wrong = report.findings.filter(({ level }) => level !== 'ok' && level !== 'not-seen').map(({ level, id }) => `${level} ${id}`);
    return { report, wrong, of: (id) => found(report, id)[0] };
  } finally {
    world.app.allow(world.provider.issuer);
    await liar.close();
  }
}

const members = (changes) => whole({ change: (body) => JSON.stringify({ ...JSON.parse(body), ...changes }) });
const withoutCors = whole({ headers: { 'access-control-allow-origin': undefined } });

test('what is wrong with the metadata is said as the doctor says it: the issuer to the letter, S256, the algorithms', async () => {
  const { of } = await foundAt({ discovery: members({ issuer: `${world.provider.issuer}/`, code_challenge_methods_supported: ['plain'], id_token_signing_alg_values_supported: ['HS256'] }) });
  for (const [id, group, text, where] of [
    ['issuer-mismatch', 'discovery', /that of the provider has a slash at its end/, 'app'],
    ['pkce-missing', 'metadata', /plain, and not S256|not S256/, 'provider'],
    ['id-token-algorithms', 'metadata', /signs id_tokens with HS256, and the client accepts none/, 'provider'],
  ]) {
    const finding = of(id);
    assert.deepEqual([finding.group, finding.level, finding.where, finding.docs, finding.clients], [group, 'problem', where, `docs/doctor.md#${id}`, ['demo']]);
    assert.match(finding.text, text);
    assert.match(finding.specification.url, /^https:/);
    assert.ok(finding.cure.length > 10);
  }
});

test('what the browser keeps from the page is told from what does not come, from a redirect, and from what takes too long', async () => {
  const kept = await foundAt({ discovery: withoutCors });
  assert.match(kept.of('cors-metadata').text, /may not be read by http:\/\/localhost:\d+: an answer comes/);
  assert.match(kept.of('cors-metadata').cure, /Allow the origin http:\/\/localhost:\d+ at the provider/);
  const keys = await foundAt({ jwks: withoutCors });
  assert.deepEqual(keys.wrong.filter((one) => one.startsWith('problem')), ['problem cors-keys']);
  const elsewhere = await foundAt({ discovery: redirect(302, () => '/elsewhere') });
  assert.match(elsewhere.of('redirect').text, /redirects, and the client follows no redirect/);
  const late = await foundAt({ jwks: silence() });
  assert.match(late.of('timeout').text, /The keys at .+ gave this page no whole answer in time/);
  const missing = await foundAt({ discovery: whole({ statusLine: 'HTTP/1.1 404 Not Found' }) });
  assert.match(missing.report.findings.map(({ text }) => text).join('\n'), /404/);
  const gone = await foundAt({}, { serverMetadataUrl: undefined, issuer: nowhere });
  assert.match(gone.of('unreachable').text, /gave this page no answer/);
});

test('keys that verify nothing, and a document that is a page, are named', async () => {
  const weak = await foundAt({ jwks: members({ keys: [{ kty: 'RSA', kid: 'old', n: 'AQAB', e: 'AQAB' }] }) });
  assert.match(weak.of('key-weak').text, /"old"/);
  assert.equal(weak.of('keys-unusable').level, 'problem');
  const page = await foundAt({ discovery: whole({ change: () => '<!doctype html><title>x</title>', headers: { 'content-type': 'text/html' } }) });
  assert.equal(page.of('html').where, 'app');
});

test('the settings are judged with the provider, and without asking it; a query is told without its values', async () => {
  const { of, report } = await foundAt({}, { redirectUri: 'http://127.0.0.1:1/callback?key=a-secret' }, { network: false });
  assert.match(of('redirect-uri-other-origin').text, /127\.0\.0\.1:1\/callback\?key"/);
  assert.doesNotMatch(JSON.stringify(report), /a-secret/);
  assert.ok(report.notSeen.some((sentence) => sentence.startsWith('The provider')));
  assert.equal(found(report, 'cors-metadata').length, 0);
});

test('the judgments come when a diagnosis needs them, from this origin', async () => {
  await begin();
  const loaded = () => world.call(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('/devtools/provider.js')).length);
  assert.equal(await loaded(), 0);
  await diagnose();
  assert.equal(await loaded(), 1);
  assert.deepEqual(await troubles(world), []);
});

test('a client that could not be made has its error in the report', async () => {
  await begin();
  const report = await world.call(() => window.devtools.diagnose(window.api.createOAuth({ demo: { clientId: 'x', issuer: 'ftp://id.example' } })));
  assert.equal(report.findings[0].id, 'start');
  assert.match(report.findings[0].text, /createOAuth failed: config_invalid\. .*issuer/);
  assert.deepEqual(report.clients, []);
});

test('a provider that never answers does not hold the report', async () => {
  await begin();
  const began = Date.now();
  const report = await world.call(() => {
    window.fetch = () => new Promise(() => {});
    return window.devtools.diagnose(window.oauth, { log: window.record });
  });
  assert.equal(report.report, 'oidc-client-wasm');
  assert.ok(Date.now() - began < 25_000);
});

test('the record survives the redirect, and ends with clear() and with a logout', async () => {
  await logIn();
  const stored = () => world.call(() => sessionStorage.getItem('oidc:devtools'));
  const kinds = await world.call(() => window.record.entries.map(({ kind }) => kind));
  assert.equal(kinds.filter((kind) => kind === 'page').length, 2);
  assert.ok(kinds.includes('response'));
  assert.ok((await stored()).length > 100);
  await world.call(() => window.oauth.demo.clear());
  assert.equal((await world.call(() => window.record.entries)).some(({ kind }) => ['request', 'response', 'leave'].includes(kind)), false);
  assert.ok(((await stored()) ?? '').length < 500);
});

test('a damaged record, full storage and blocked storage stop nothing', async () => {
  watchPages(world);
  const entries = ['null', '1', '{"kind":"page"}', '{"kind":"response","at":1}', '{"kind":"ready","at":1,"sessions":"demo"}', '{"kind":"begin","at":1e300,"verb":"authorizeRedirect"}', '{"kind":"error","at":1,"message":{}}', '{"kind":"leave","at":1,"what":"authorization","parameters":[["a",1]]}'];
  for (const text of ['{', '[]', '{"v":1,"entries":5}', '{"v":99,"entries":[]}', `{"v":1,"entries":[${entries}]}`]) {
    await world.visit('/');
    await world.call((value) => sessionStorage.setItem('oidc:devtools', value), text);
    await startWatched(world);
    assert.equal((await diagnose({ network: false })).report, 'oidc-client-wasm');
  }
  const names = await world.call(async () => {
    Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
    const record = window.devtools.recordRequests();
    const oauth = await window.api.createOAuth(window.given.settings, { log: record });
    const report = await window.devtools.diagnose(oauth, { log: record, network: false });
    return report.clients.map(({ name }) => name);
  });
  assert.deepEqual(names, ['demo']);
});

test('with the tokens in a worker, the request that redeems the code is told as not seen', async () => {
  world.app.restrict({ 'require-trusted-types-for': undefined });
  await logIn({ options: { tokenStorage: 'worker' } });
  const report = await diagnose();
  assert.match(report.record.lastLogin.join('\n'), /redeems the code at the token endpoint.+Not seen: the request went out in a worker/);
  assert.ok(report.notSeen.some((sentence) => sentence.includes('worker')));
  assert.equal(found(report, 'worker').length, 1);
});

test('two registries of a page have records of their own, and other requests of the page are in neither', async () => {
  await begin();
  const { one, two, restored } = await world.call(async () => {
    const [first, second] = ['one', 'two'].map((storagePrefix) => window.devtools.recordRequests({ storagePrefix }));
    const { demo } = window.given.settings;
    const a = await window.api.createOAuth({ a: demo }, { storagePrefix: 'one', log: first });
    const b = await window.api.createOAuth({ b: demo }, { storagePrefix: 'two', log: second });
    await a.a.loadServerMetadata({ force: true });
    await b.b.clear();
    await fetch('/page.js?secret=value');
    first.stop();
    const { fetch: between } = window;
    second.stop();
    return { one: first.entries, two: second.entries, restored: window.fetch !== between };
  });
  const verbs = (entries) => entries.filter(({ kind }) => kind === 'verb').map(({ client, verb }) => `${client}.${verb}`);
  assert.deepEqual([verbs(one), verbs(two)], [['a.loadServerMetadata'], ['b.clear']]);
  assert.equal(restored, true);
  assert.doesNotMatch(JSON.stringify([one, two]), /page\.js/);
});

test('a form that the app sends to another site is no logout', async (t) => {
  await begin();
  if (!await world.call(() => 'navigation' in window)) return t.skip('the browser has no Navigation API');
  const leaves = await world.call(async () => {
    const sent = async (name) => {
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'post', action: `${location.protocol}//pay.localhost:${location.port}/order` });
      form.appendChild(Object.assign(document.createElement('input'), { name, value: 'x' }));
      const stopped = new Promise((resolve) => { navigation.addEventListener('navigate', (event) => { event.preventDefault(); resolve(); }, { once: true }); });
      form.submit();
      await stopped;
      return window.record.entries.filter(({ kind }) => kind === 'leave').length;
    };
    return [await sent('amount'), await sent('id_token_hint')];
  });
  assert.deepEqual(leaves, [0, 1]);
});

test('a person who comes back from the provider without a response is told, and so is a response of no login', async () => {
  await begin();
  await redirectToProvider(world);
  await world.visit('/');
  assert.equal(await handleWatched(world), null);
  const [finding] = found(await diagnose(), 'no-response');
  for (const value of [world.provider.clientId, `${world.app.origin}/callback`]) assert.ok(finding.cure.includes(value), finding.cure);
  const secret = 's'.repeat(43);
  await world.visit(`/callback?code=${secret}&state=${secret}`);
  assert.equal(await handleWatched(world), null);
  const report = await diagnose();
  assert.match(found(report, 'stray-response')[0].text, /\/callback\?code&state, and it belongs to no login/);
  const told = await world.call(() => window.linesOf().filter(({ entry }) => entry.kind === 'stray'));
  assert.deepEqual(told.map(({ of, line }) => [of, line]), [['warn', `A response that belongs to no login of this tab came to ${world.app.origin}/callback?code&state`]]);
  assert.equal(JSON.stringify([report, told]).includes(secret), false);
});
