// The parts of the log and of the devtools that ask no page: masks, steps, keys of records, findings, and what docs/devtools.md says of them.

import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { explainClaims } from '../../../pkg-template/devtools/claims.js';
import { sequenceDiagram, sequenceList, wrap } from '../../../pkg-template/devtools/diagram.js';
import { factsOf, label, place, shown } from '../../../pkg-template/devtools/record/mask.js';
import { directivesOf } from '../../../pkg-template/devtools/page.js';
import { judgeProviders } from '../../../pkg-template/devtools/provider.js';
import { catalogue } from '../../../pkg-template/doctor/catalogue.js';
import { judge } from '../../../pkg-template/devtools/findings.js';
import { lastLogin, loginSteps, sentence } from '../../../pkg-template/devtools/record/steps.js';
import { readKey } from '../../../pkg-template/devtools/storage.js';
import { span } from '../../../pkg-template/devtools/views.js';

const root = join(import.meta.dirname, '../../..');
const secret = 'Zm9vYmFyLXNlY3JldC10b2tlbi13aXRoLWVub3VnaC1sZW5ndGg';

test('a value is told by its type, unless its parameter is no secret and its text is harmless', () => {
  expect(shown('code', secret)).toBe(`‹code, ${secret.length} characters›`);
  expect(shown('scope', 'openid profile')).toBe('openid profile');
  expect(shown('scope', `openid ${secret}`)).not.toContain(secret);
  expect(shown('token_type', secret)).not.toContain(secret);
  expect(shown('error', 'access_denied')).toBe('access_denied');
  expect(shown('error', secret)).not.toContain(secret);
  expect(shown('error_description', 'a word')).toBe('‹error_description, 6 characters›');
  expect(shown('expires_in', 3600)).toBe('3600');
  expect(shown('login_hint', 'alice@example.com')).not.toContain('alice');
  expect(shown(secret, 'x')).not.toContain(secret);
  expect(label(secret)).toBe('‹a name›');
});

test('a place has neither a user, nor a value of its query, nor a fragment, nor a name that is a secret', () => {
  const told = place(`https://user:pass@id.example:8443/a/b?code=${secret}&state=x&${secret}=1#access_token=${secret}`);
  expect(told).toBe('https://id.example:8443/a/b?code&state&‹a name›');
  expect(place('data:text/plain,x')).toBe('a data: URL');
  expect(place('https://[')).toBe('a URL that cannot be read');
});

test('an issuer is told to the letter, unless it may have a secret', () => {
  for (const issuer of ['http://localhost:9400', 'http://localhost:9400/', 'https://ID.example', 'https://id.example:443/a', 'https://id.example/realms/main']) {
    for (const name of ['iss', 'issuer']) expect(shown(name, issuer)).toBe(issuer);
    expect(explainClaims({ iss: issuer }, 'app')[0].value).toBe(issuer);
  }
  for (const issuer of [`https://user:${secret}@id.example`, `https://id.example/${secret}`, `https://id.example/${secret}/..`, `https://id.example?${secret}`, `https://id.example#${secret}`, `https:\\\\id.example\\${secret}`, `https://[${secret}`, secret, `${secret} https://id.example`, `https://id.example/%${secret}`, 5, null, {}]) {
    expect(shown('iss', issuer)).not.toContain(secret);
    expect(explainClaims({ iss: issuer }, 'app')[0].value).not.toContain(secret);
  }
});

test('an error is told by what the package wrote; of any other, by the name of its class', () => {
  const mark = Symbol.for('oidc-client-wasm.OAuthError');
  const error = { [mark]: true, code: 'network', message: 'No answer.', error_description: secret, appState: secret, cause: Object.assign(new TypeError(secret), { name: secret }) };
  expect(JSON.stringify(factsOf(error))).not.toContain(secret);
  expect(factsOf(error)).toMatchObject({ code: 'network', message: 'No answer.', cause: 'object' });
  expect(factsOf({ ...error, error: 'access_denied' }).error).toBe('access_denied');
  for (const word of [secret, 'alice', 'no_such_error', 5, {}, undefined]) expect(factsOf({ ...error, error: word })).not.toHaveProperty('error');
  expect(factsOf(new TypeError(secret))).toEqual({ code: 'TypeError' });
  expect(factsOf(new Proxy({}, { get() { throw new Error(secret); } }))).toEqual({ code: 'unknown' });
  for (const thrown of [undefined, null, 'text', 5]) expect(factsOf(thrown).code).toBeTypeOf('string');
});

const entry = (kind, fields) => ({ at: 1000, kind, ...fields });
const before = [entry('page', {}), entry('request', { what: 'discovery', method: 'GET', url: 'https://id.example/.well-known/openid-configuration', status: 200, ms: 5 })];
const begun = entry('begin', { client: 'demo', verb: 'authorizeRedirect' });
const left = entry('leave', { what: 'authorization', url: 'https://id.example/authorize', parameters: [['response_type', 'code']] });
const back = [entry('page', {}), entry('response', { at: 4000, parameters: [['code', '‹code, 43 characters›']] })];
const redeemed = entry('request', { what: 'token', method: 'POST', url: 'https://id.example/token', status: 200, ms: 9 });
const done = [entry('event', { type: 'login', reason: 'response', client: 'demo' }), entry('verb', { verb: 'handleRedirect', outcome: 'ok', ms: 20 })];
const labels = (entries) => loginSteps(entries).map(({ label: text }) => text);

test('a whole login is its requests, its two ways between the parties, and its end', () => {
  const entries = [...before, begun, left, ...back, redeemed, ...done, entry('request', { what: 'other', method: 'GET', url: 'https://id.example/x', status: 200, ms: 1 })];
  expect(labels(entries)).toEqual([
    'asks for the provider’s metadata', 'calls authorizeRedirect(): makes state, nonce and a code verifier', 'opens the authorization endpoint in this tab',
    'asks the person, or knows who is there', 'sends the person back with a code', 'redeems the code at the token endpoint', 'verifies the answer and begins the session',
  ]);
  expect(loginSteps(entries)[3].note).toBe('3.0 s');
});

test('what was not seen is told: the parameters without the Navigation API, and the request of a worker', () => {
  const steps = loginSteps([begun, ...back, ...done]);
  expect(steps[0].note).toMatch(/not seen/);
  expect(steps.find(({ label: text }) => text.startsWith('redeems')).note).toMatch(/worker/);
});

test('a login in a popup has its answer, whose parameters are not seen', () => {
  const popup = [entry('begin', { client: 'demo', verb: 'authorizePopup' }), redeemed, done[0], entry('verb', { client: 'demo', verb: 'authorizePopup', outcome: 'ok', ms: 9 })];
  expect(labels(popup)).toEqual(['calls authorizePopup(): opens the authorization endpoint in a popup', 'answers the login', 'redeems the code at the token endpoint', 'verifies the answer and begins the session']);
});

const facts = { isSecureContext: true, webCrypto: true, url: 'https://app.example/', violations: [], policy: { isHeaderSeen: true, policies: [] }, wasm: [], apis: { BroadcastChannel: true }, locks: {} };
const judged = (entries, clients = []) => judge({ page: facts, clients, entries }).filter(({ id }) => ['no-response', 'stray-response', 'other-origin'].includes(id));

test('a person who came back without a response is told, with the values to compare', () => {
  const gone = [...before, begun, { ...left, parameters: [['client_id', 'my-spa'], ['redirect_uri', 'https://app.example/callback']] }];
  const again = entry('page', {});
  expect(judged(gone).map(({ id }) => id)).toEqual(['other-origin']);
  const [finding] = judged([...gone, again]);
  expect(finding).toMatchObject({ id: 'no-response', level: 'warning', cure: expect.stringContaining('clientId my-spa and redirectUri https://app.example/callback') });
  expect(sentence(loginSteps([...gone, again]).at(-1))).toBe('The provider sends no response: the person came back without one (the provider → the app), which fails.');
  // Without the Navigation API: by the settings.
  const [unseen] = judged([...before, begun, again], [{ name: 'demo', clientId: 'my-spa', settings: { redirectUri: 'https://app.example/cb' } }]);
  expect(unseen.cure).toContain('clientId my-spa and redirectUri https://app.example/cb');
  for (const end of [back, [...back, redeemed, ...done], [again, done[0]], [again, begun], [again, entry('error', { code: 'page_stayed' })], [entry('verb', { verb: 'authorizeRedirect', outcome: 'network' }), again]]) expect(judged([...before, begun, left, ...end]), JSON.stringify(end)).toEqual([]);
  expect(judged([{ ...begun, verb: 'authorizePopup' }, again])).toEqual([]);
});

test('a response of no login is told until a login ends, and a redirect URI elsewhere is known by the login itself', () => {
  const stray = entry('stray', { url: 'https://app.example/callback?code&state' });
  expect(judged([stray])[0]).toMatchObject({ id: 'stray-response', text: expect.stringContaining(stray.url) });
  expect(judged([stray, done[0]])).toEqual([]);
  const there = { ...left, parameters: [['redirect_uri', 'http://127.0.0.1:1/callback']] };
  expect(judged([begun, there])[0]).toMatchObject({ id: 'other-origin', text: expect.stringContaining('http://127.0.0.1:1, and this page is at') });
  expect(judged([begun, { ...left, parameters: [['redirect_uri', `${location.origin}/callback`]] }])).toEqual([]);
});

test('the last login counts, also one that failed, and a tab that was given a session had none', () => {
  const failed = [begun, left, ...back, entry('error', { code: 'nonce_mismatch', message: 'No.' }), entry('verb', { verb: 'handleRedirect', outcome: 'nonce_mismatch', ms: 1 })];
  expect(loginSteps([...before, begun, left, ...back, redeemed, ...done, ...failed]).at(-1)).toMatchObject({ label: 'refuses: nonce_mismatch', isFailure: true });
  expect(labels([entry('page', {}), entry('ready', { sessions: ['demo'] })])).toEqual(['has a session already']);
  expect(labels([entry('page', {}), entry('event', { type: 'login', reason: 'other-tab' })])).toEqual(['takes the session of another tab']);
  for (const none of [[], [entry('page', {})], [entry('ready', { sessions: [] })], [{ kind: 'x' }]]) expect(lastLogin(none)).toEqual([]);
});

test('the diagram has a title, a description and the same steps as the list', () => {
  const entries = [...before, begun, left, ...back, redeemed, ...done];
  const svg = sequenceDiagram(entries, { width: 390 });
  expect(svg.getAttribute('role')).toBe('img');
  expect(svg.querySelector('title').textContent).toBe('The last login, step by step');
  expect(svg.querySelector('desc').textContent).toContain('The provider sends the person back with a code');
  expect(sequenceList(entries).children).toHaveLength(loginSteps(entries).length);
  expect(svg.querySelectorAll('[style]')).toHaveLength(0);
  expect(sequenceDiagram([], { width: -5 }).querySelector('title').textContent).toBe('No login has been seen');
});

test('lines are broken between words, and a word that is too long within', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('abcdefghij kl', 4)).toEqual(['abcd', 'efgh', 'ij', 'kl'].slice(0, 2).concat(['ij', 'kl']));
  expect(wrap('', 4)).toEqual(['']);
});

test('each claim has its check and its section, and a person is not told', () => {
  const claims = explainClaims({ iss: 'https://id.example/?x=1', sub: 'alice', aud: ['me', 'you'], exp: 1e20, name: 'Alice', [secret]: 1, toString: 'x' }, 'me');
  const of = (name) => claims.find((claim) => claim.name === name);
  expect(of('iss')).toMatchObject({ value: 'https://id.example/?x', section: 'OpenID Connect Core 1.0, section 3.1.3.7, item 2' });
  expect(of('aud').value).toBe('me and 1 more');
  expect(of('exp').value).toBe('‹number, 21 characters›');
  expect(of('name')).toMatchObject({ value: '‹text, 5 characters›', check: null, section: null });
  expect(of('toString').check).toBeNull();
  expect(explainClaims(null, 'me')).toEqual([]);
});

test('a key of a record names its kind, its client and its owner', () => {
  const owner = 'o'.repeat(43);
  expect(readKey(`oidc:session:de:mo:${owner}`, 'oidc')).toEqual({ kind: 'session', client: 'de:mo', owner: 'oooooo…' });
  expect(readKey(`oidc:transaction:demo:${owner}:${secret}`, 'oidc')).toEqual({ kind: 'transaction', client: 'demo', owner: 'oooooo…' });
  expect(readKey('oidc:devtools', 'oidc')).toEqual({ kind: 'devtools', client: null, owner: null });
  expect(readKey('oidc:what', 'oidc')).toEqual({ kind: 'unknown', client: null, owner: null });
  expect(readKey('other:session:demo', 'oidc')).toBeNull();
});

test('a time is told by its two largest units, and a policy by the directives that matter', () => {
  expect([0, 59, 3600, 3725, 90_061].map(span)).toEqual(['0 s', '59 s', '1 h 0 min', '1 h 2 min', '1 d 1 h']);
  expect(directivesOf("Script-Src 'self'; img-src *; connect-src 'self' https://a.example; script-src evil")).toEqual({ 'script-src': "'self'", 'connect-src': "'self' https://a.example" });
});

test('docs/devtools.md has a row for each finding, and no other', () => {
  const folder = join(root, 'pkg-template/devtools');
  const code = readdirSync(folder).filter((name) => ['findings.js', 'diagnose.js'].includes(name)).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const made = [...code.matchAll(/\b(?:ok|warning|problem|unseen)\("([a-z-]+)"|\bid: "([a-z-]+)"/g)].map(([, one, other]) => one ?? other);
  const rows = [...readFileSync(join(root, 'docs/devtools.md'), 'utf8').matchAll(/<a id="([a-z-]+)">/g)].map(([, id]) => id);
  expect([...new Set(made)].sort()).toEqual([...rows].sort());
});

test('what is said of a provider is a finding of the doctor, and nothing of it is for Node.js', () => {
  const template = join(root, 'pkg-template');
  const read = (name) => readFileSync(join(template, name), 'utf8');
  const ids = [...read('devtools/provider.js').matchAll(/\b(?:ok|warning|problem|unseen)\("([a-z-]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(3);
  for (const id of ids) expect(Object.keys(catalogue), id).toContain(id);
  const seen = new Set(['devtools/index.js']);
  for (const name of seen) {
    const imported = [...read(name).matchAll(/(?:\bfrom |\bimport ?\(?)"([^"]+)"/g)].map(([, place]) => place);
    for (const place of imported) {
      expect(place, name).toMatch(/^\.\.?\//);
      seen.add(posix.join(posix.dirname(name), place));
    }
  }
  expect([...seen]).toEqual(expect.arrayContaining(['devtools/provider.js', 'doctor/metadata.js', 'doctor/keys.js', 'doctor/cors.js']));
  expect([...seen].filter((name) => !/^(devtools|doctor)\//.test(name))).toEqual(['log.js'].filter((name) => seen.has(name)));
});

test('the clock is judged by the login where the answers do not tell the time', async () => {
  const clocks = async (...differences) => (await judgeProviders(differences.map((clockDifference, at) => ({ name: `c${at}`, clockDifference })), { entries: [], mayAsk: false })).findings.filter(({ id }) => id === 'clock');
  expect(await clocks()).toEqual([]);
  expect((await clocks(2, -3)).map(({ level, clients }) => [level, clients])).toEqual([['ok', ['c0', 'c1']]]);
  expect((await clocks(200))[0]).toMatchObject({ level: 'warning', text: expect.stringContaining('200 s behind'), docs: 'docs/doctor.md#clock' });
});

test('the last request to an endpoint counts, and one that got no answer is said with its cure', async () => {
  const request = (what, failed) => entry('request', { what, method: 'POST', url: `https://id.example/${what}`, failed });
  const found = async (...entries) => (await judgeProviders([], { entries, mayAsk: false })).findings.map(({ id, level, where }) => `${level} ${id} ${where}`);
  expect(await found(request('token', true), request('userinfo', true), request('revocation', true), request('discovery', true))).toEqual(['problem cors-token provider', 'problem cors-userinfo provider', 'problem cors-revocation provider']);
  expect(await found(request('token', true), request('token', false))).toEqual([]);
});

test('settings of any shape end in findings, and a secret in an address is not told', async () => {
  const hostile = [
    {}, { issuer: 5, scope: 7, metadata: 'x', jwks: [], idTokenSigningAlgs: {} }, { issuer: `https://u:${secret}@id.example`, redirectUri: `app:${secret}` }, { serverMetadataUrl: 'nowhere', jwks: { keys: [null, 5, {}] } },
    { issuer: `https://id.example?key=${secret}` }, { issuer: new URL('https://id.example/a'), scope: ['openid', null], metadata: { jwks_uri: 'x', authorization_endpoint: null } }, new Proxy({}, { get() { throw new Error(secret); } }),
  ];
  const isProxy = (settings) => settings === hostile.at(-1);
  const documents = [undefined, {}, { issuer: 5 }, { issuer: '{', id_token_signing_alg_values_supported: 'RS256', jwks_uri: {} }];
  for (const settings of hostile) {
    for (const metadata of documents) {
      const { findings, unjudged } = await judgeProviders([{ name: 'demo', settings, metadata }], { entries: [], mayAsk: false });
      expect(JSON.stringify(findings)).not.toContain(secret);
      expect(unjudged).toEqual(isProxy(settings) ? ['demo'] : []);
      expect(findings.every(({ id, docs, clients }) => id in catalogue && docs === `docs/doctor.md#${id}` && clients[0] === 'demo')).toBe(true);
    }
  }
});

test('a place has no segment that may be a key, a token or a person, and keeps the id of a tenant', () => {
  expect(place(`https://api.example/v1/${secret}/x`)).toBe(`https://api.example/v1/‹${secret.length} characters›/x`);
  expect(place(`https://app.example/invite/${encodeURIComponent('ab+/'.repeat(9))}`)).not.toContain('ab%2B');
  expect(place('https://api.example/users/alice@example.com/x')).toBe('https://api.example/users/‹17 characters›/x');
  for (const url of ['https://login.example/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0/token', 'https://cdn.example/oidc-client-wasm@0.2.0/client_wasm_bg.wasm', 'https://id.example/realms/demo/.well-known/openid-configuration']) expect(place(url)).toBe(url);
});

test('a finding of a client says its text once', () => {
  const of = (error) => judge({ page: facts, clients: [{ name: 'demo', error }], entries: [] }).find(({ id }) => id === 'metadata').text;
  expect(of({ code: 'http_status', message: 'The provider\'s metadata could not be had: HTTP 404.' })).toBe('The provider\'s metadata could not be had: HTTP 404. (http_status)');
  expect(of({ code: 'TypeError' })).toBe('The metadata of demo could not be had: TypeError.');
});
