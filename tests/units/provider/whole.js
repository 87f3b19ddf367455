// What a test of an app does with the provider: a whole login, in any environment of a unit test, and nothing leaves the process.

import assert from 'node:assert/strict';
import { createProvider } from 'oidc-client-wasm/testing/provider';

/** Signs in, verifies, refreshes, asks who it is, calls the API, signs out. `fetch` is that of the provider for so long. */
export async function wholeStory({ createOAuth }) {
  const before = globalThis.fetch;
  const provider = createProvider({ issuer: 'http://localhost:9400/whole', fetch: () => assert.fail('a request left the process') });
  const restore = provider.stubFetch();
  try {
    sessionStorage.clear();
    const { demo, handleRedirect } = await createOAuth({
      demo: {
        issuer: provider.issuer,
        clientId: 'my-spa',
        redirectUri: 'http://localhost:5173/callback',
        postLogoutRedirectUri: 'http://localhost:5173/',
        scope: 'openid profile offline_access',
        apiBaseUrl: `${provider.issuer}/api/`,
      },
    });
    const login = await demo.createAuthorizationUrl();
    await demo.saveAuthorizeData(login);
    const result = await handleRedirect(await provider.authorize(login.url, { user: 'alice' }));
    assert.equal(result.kind, 'login');
    assert.equal(demo.claims.name, 'Alice Moreau');
    const { id_token: idToken, access_token: first } = demo.token;
    assert.deepEqual(await provider.keys.verify(idToken), { ...demo.claims });
    await demo.refreshToken();
    assert.notEqual(demo.token.access_token, first);
    assert.equal((await demo.userinfo()).name, 'Alice Moreau');
    assert.equal((await (await demo.get('orders')).json()).orders.length, 2);
    const { access_token: last } = demo.token;
    const { url, state } = await demo.createLogoutUrl();
    assert.equal(await provider.logout(url), `http://localhost:5173/?state=${state}`);
    assert.deepEqual([provider.user, provider.verifyAccessToken(last)], [null, null]);
    await demo.clear();
    assert.equal(demo.isAuthenticated, false);
    assert.deepEqual(provider.requests.map(({ path, status }) => [path.replace('/whole', ''), status]), [
      ['/.well-known/openid-configuration', 200], ['/token', 200], ['/jwks', 200], ['/token', 200], ['/userinfo', 200], ['/api/orders', 200],
    ]);
  } finally {
    restore();
  }
  assert.equal(globalThis.fetch, before);
}
