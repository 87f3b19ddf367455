// `tokenStorage: "worker"`: the tokens of a session that has ended are of no use to a script that kept their handles.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { startApi } from '../../../www-example/provider/provider.js';
import { listen, untilHeard } from '../lib/events.js';
import { useServers } from '../lib/servers.js';
import { canStream, login, session } from '../lib/steps.js';
import { settings as windowSettings, useWindows } from '../lib/windows.js';

const world = useWindows({ refreshTokens: 'always', features: { claimsParameter: { enabled: true } } });
let api;
useServers(world, async () => {
  api = await startApi({ provider: world.provider });
  return [api];
});

/** Runs before the package: keeps the worker and the handles of its tokens. */
const keepHandles = () => {
  window.handles = { access: [], refresh: [] };
  const RealWorker = Worker;
  window.Worker = class extends RealWorker {
    constructor(...args) {
      super(...args);
      window.keptWorker = this;
      this.addEventListener('message', ({ data: { chunk } }) => {
        for (const { 1: kind, 2: handle } of new TextDecoder().decode(chunk ?? new Uint8Array()).matchAll(/"(access|refresh)_token":"([\w-]{22})"/g)) window.handles[kind].push(handle);
      });
    }
  };
};

beforeEach(() => {
  // A page with Trusted Types gives the URL of the worker itself.
  world.app.restrict({ 'worker-src': "'self'", 'require-trusted-types-for': undefined });
  world.app.before(`(${keepHandles})();`);
});

const settings = () => windowSettings(world, { apiBaseUrl: `${api.origin}/api/` });
const signIn = (more) => login(world, {
  settings: settings(), options: { tokenStorage: 'worker', ...more }, params: { claims: { id_token: { sid: null } } },
});
/** Uses the handles as a script that kept them does: in a request to the API, and in a refresh. Gives the status of each answer. */
const use = (handles) => world.call(async ({ access, refresh }, url, tokenEndpoint) => {
  const said = [];
  let id = 1e6;
  const ask = (request) => new Promise((resolve) => {
    const own = (id += 1);
    window.keptWorker.addEventListener('message', ({ data }) => { if (data.id === own) resolve(data.head?.status ?? data.error); });
    window.keptWorker.postMessage({ id: own, request: { mode: 'cors', ...request } });
  });
  for (const handle of access) said.push(await ask({ url, method: 'GET', headers: [['authorization', `Bearer ${handle}`]] }));
  for (const handle of refresh) {
    const headers = [['content-type', 'application/x-www-form-urlencoded']];
    said.push(await ask({ url: tokenEndpoint, method: 'POST', headers, body: new Blob([`grant_type=refresh_token&client_id=x&refresh_token=${handle}`]) }));
  }
  return said;
}, handles, api.origin + api.paths.echo, world.provider.issuer + world.provider.paths.token);

async function assertForgotten({ access, refresh }) {
  assert.deepEqual([access.length, refresh.length], [1, 1]);
  [api, world.provider].forEach((server) => server.clearRequests());
  assert.deepEqual(await use({ access, refresh }), [401, 400]);
  assert.equal(api.requests.length, 0);
  assert.equal(world.provider.tokenRequests().length, 0);
}

const ends = [
  ['clear()', () => world.call(() => window.oauth.demo.clear())],
  ['a front-channel logout', async () => {
    const { sid } = (await session(world)).claims;
    await world.call((query) => window.oauth.demo.handleFrontChannelLogout(`${location.origin}/?${query}`), String(new URLSearchParams({ iss: world.provider.issuer, sid })));
  }],
  ['a refused refresh token', async () => {
    world.provider.tamper(world.provider.paths.token, (answer) => Object.assign(answer, { status: 400, body: { error: 'invalid_grant' } }));
    await world.call(() => window.oauth.demo.refreshToken().catch(() => {}));
    world.provider.reset();
  }],
];

for (const [name, end] of ends) {
  test(`worker: after ${name}, a handle that a script kept opens nothing`, async () => {
    await signIn();
    await listen(world);
    const handles = await world.call(() => window.handles);
    assert.deepEqual(await use({ access: handles.access, refresh: [] }), [200]);
    await end();
    await untilHeard(world, 'logout');
    await assertForgotten(handles);
  });
}

for (const [name, reason] of [['max', 'expired'], ['idle', 'idle']]) {
  test(`worker: after the end by sessionLifetime.${name}, a handle that a script kept opens nothing`, async () => {
    await signIn({ sessionLifetime: { [name]: 3 } });
    await listen(world);
    const handles = await world.call(() => window.handles);
    assert.equal((await untilHeard(world, 'logout')).detail.reason, reason);
    await assertForgotten(handles);
  });
}

test('worker: after a silent login, a handle of the login before opens nothing, and the new ones do', async () => {
  await signIn();
  const handles = await world.call(() => window.handles);
  await world.call(() => {
    window.handles = { access: [], refresh: [] };
    return window.oauth.demo.authorizeSilent();
  });
  await assertForgotten(handles);
  const { access } = await world.call(() => window.handles);
  assert.deepEqual(await use({ access, refresh: [] }), [200]);
});

test('worker: a stream that is read while a silent login brings other tokens is sent all the same', async (t) => {
  await signIn();
  if (!(await canStream(world))) return t.skip(`${world.driver.name} sends no streams`);
  const status = await world.call(async (url) => {
    let end;
    const body = new ReadableStream({ start(controller) { end = () => { controller.enqueue(new Uint8Array(3)); controller.close(); }; } });
    const sent = window.oauth.demo.post(url, { body, duplex: 'half' });
    await window.oauth.demo.authorizeSilent();
    end();
    return (await sent).status;
  }, api.origin + api.paths.echo);
  assert.equal(status, 200);
});

test('worker: a logout that revokes the tokens has them revoked, after their session has ended', async () => {
  let refreshToken;
  world.provider.tamper(world.provider.paths.token, ({ body }) => { refreshToken = body.refresh_token; });
  await signIn();
  await world.leave(() => window.oauth.demo.logoutRedirect({ revoke: true }));
  await world.driver.untilAt('the provider', ({ origin }) => origin !== world.app.origin);
  const [{ body }] = world.requestsTo('revocation', 'POST');
  assert.ok(refreshToken);
  assert.equal(body.token, refreshToken);
});

test('worker: a body that nobody reads any more ends in the worker, and one that is read late does not', async (t) => {
  if (!world.driver.can('collectGarbage')) return t.skip(world.driver.lacks('collectGarbage'));
  await signIn();
  const streams = () => api.requests.filter(({ path }) => path === '/api/stream');
  await world.call(async () => {
    window.kept = await window.oauth.demo.get('stream?chunks=100&interval=20');
    const { status } = await window.oauth.demo.get('stream?chunks=100000&interval=20');
    return status;
  });
  await world.driver.until('the end of the body', async () => {
    await world.driver.collectGarbage();
    return streams().at(-1).aborted;
  });
  const text = await world.call(() => window.kept.text());
  assert.equal(text.trim().split('\n').length, 100);
});
