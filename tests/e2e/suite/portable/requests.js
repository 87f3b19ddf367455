// What goes over the wire to any provider: exactly what is meant to, and no request more than needed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { handle, login, reachCallback } from '../../lib/steps.js';

export function requestScenarios(world) {
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
