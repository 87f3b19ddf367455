// What goes over the wire to any provider: exactly what is meant to, and no request more than needed.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { handle, login, reachCallback, redirectToProvider } from '../../lib/steps.js';

export function requestScenarios(world) {
  test('the authorization request has exactly the parameters of a code flow with PKCE', async () => {
    await world.startAtHome();
    await redirectToProvider(world);
    const { state, nonce, code_challenge: challenge, ...rest } = world.authorization();
    assert.deepEqual(rest, {
      response_type: 'code',
      client_id: world.provider.clientId,
      redirect_uri: world.app.url('/callback'),
      scope: 'openid profile email',
      code_challenge_method: 'S256',
    });
    for (const value of [state, nonce, challenge]) assert.match(value, /^[\w-]{43}$/, '32 bytes, base64url');
    assert.equal(new Set([state, nonce, challenge]).size, 3);
  });

  test('the token request: exactly its fields, and nothing that says more', async () => {
    await login(world);
    const requests = world.requestsTo('token');
    assert.equal(requests.length, 1);
    const [{ method, headers, body, query }] = requests;
    const { code_challenge: challenge } = world.authorization();
    const { code, code_verifier: verifier, ...rest } = body;
    assert.equal(method, 'POST');
    assert.match(headers['content-type'], /^application\/x-www-form-urlencoded\b/);
    assert.deepEqual(query, {});
    assert.deepEqual(rest, {
      grant_type: 'authorization_code', redirect_uri: world.app.url('/callback'), client_id: world.provider.clientId,
    });
    assert.ok(code);
    assert.equal(createHash('sha256').update(verifier).digest('base64url'), challenge);
    assert.equal(headers.authorization, undefined);
    // The provider is on the same host as the page, so its session cookie would come along were credentials not omitted.
    assert.equal(headers.cookie, false);
    assert.equal(headers.referer, undefined);
  });

  test('no request of a login is preflighted, carries a cookie or a referrer', async () => {
    await login(world);
    const { paths } = world.provider;
    const requests = world.scriptedRequests();
    assert.deepEqual([...new Set(requests.map(({ path }) => path))].sort(), [paths.discovery, paths.jwks, paths.token].sort());
    for (const { method, path, headers, preflight } of requests) {
      assert.equal(preflight, false, path);
      assert.notEqual(method, 'OPTIONS', path);
      assert.equal(headers.cookie, false, `cookie at ${path}`);
      assert.equal(headers.referer, undefined, `referrer at ${path}`);
    }
  });

  test('after preload the callback makes one request: the token request', async () => {
    await world.startAtHome();
    await world.call(() => window.oauth.demo.preload());
    const { paths } = world.provider;
    assert.deepEqual(world.scripted().sort(), [`GET ${paths.discovery}`, `GET ${paths.jwks}`]);
    await reachCallback(world);
    world.provider.clearRequests();
    await handle(world);
    assert.deepEqual(world.scripted(), [`POST ${paths.token}`]);
  });

  test('without preload the callback asks for the token and the keys side by side, and not for metadata', async () => {
    await reachCallback(world);
    world.provider.clearRequests();
    // Each answer is held back until the other was asked for: one after the other would never end.
    const asked = (what) => async () => {
      const deadline = Date.now() + 10_000;
      while (!world.requestsTo(what).length) {
        if (Date.now() > deadline) throw new Error(`${what} was not asked for while the other request was open`);
        await pause(10);
      }
    };
    world.provider.tamper(world.provider.paths.token, asked('jwks'));
    world.provider.tamper(world.provider.paths.jwks, asked('token'));
    const result = await handle(world);
    assert.equal(result.kind, 'login');
    assert.deepEqual(world.scripted().sort(), [`GET ${world.provider.paths.jwks}`, `POST ${world.provider.paths.token}`]);
  });

  test('explicit endpoints need no discovery', async () => {
    const { issuer, paths } = world.provider;
    const settings = world.settings({
      authorizeUrl: issuer + paths.authorization, accessTokenUrl: issuer + paths.token, metadata: { issuer, jwks_uri: issuer + paths.jwks },
    });
    delete settings.demo.issuer;
    const result = await login(world, { settings });
    assert.equal(result.kind, 'login');
    assert.equal(world.requestsTo('discovery').length, 0);
  });
}
