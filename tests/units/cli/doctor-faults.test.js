// The doctor at a provider that does one thing wrong: one test for each fault.

import { expect, test } from 'vitest';
import { examined, found, headers, json, metadata, origin, page, startProvider } from './wrong-provider.js';

const evil = 'https://evil.example';
const discovery = '/.well-known/openid-configuration';
const noCors = headers({ 'access-control-allow-origin': undefined });
const cors = (value) => headers({ 'access-control-allow-origin': value });
const redirectTo = (location) => () => ({ status: 302, headers: { location }, body: '' });
/** The answer of the authorization endpoint, with other parameters. */
const answered = (change) => (answer) => {
  if (!answer.headers.location) return answer;
  const url = new URL(answer.headers.location);
  change(url.searchParams);
  return { ...answer, headers: { ...answer.headers, location: url.href } };
};
const byRequest = (choose) => (answer, asked) => (choose(asked) || (() => answer))(answer, asked);

test('doctor: a good provider has no problem and no warning', async () => {
  const { wrong, settings, findings, requests } = await found({});
  expect(wrong).toEqual([]);
  expect(findings.filter(({ level }) => level === 'ok').length).toBeGreaterThan(20);
  expect(settings).toMatchObject({ clientId: 'spa', redirectUri: `${origin}/callback`, scope: 'openid profile offline_access' });
  expect(requests).toBeLessThanOrEqual(15);
});

test('doctor: metadata at the place of RFC 8414 alone is found there, as the package finds it', async () => {
  const { wrong, provider } = await found({ [discovery]: json(404, {}) });
  expect(wrong).toEqual([]);
  expect(provider.asked.slice(0, 2).map(({ path }) => path)).toEqual([discovery, '/.well-known/oauth-authorization-server']);
});

test('doctor: a failure of the server at the first place is not taken for an absent document', async () => {
  const { wrong, provider } = await found({ [discovery]: json(503, {}) });
  expect(wrong).toEqual(['problem status metadata']);
  expect(provider.asked).toHaveLength(1);
});

for (const [what, wrong, expected, words] of [
  ['an issuer without the slash of the settings', metadata(({ issuer }) => ({ issuer: `${issuer}/` })), 'problem issuer-mismatch', /slash at its end, and yours has none/],
  ['an issuer in other letters', metadata(({ issuer }) => ({ issuer: issuer.replace('localhost', 'LOCALHOST') })), 'problem issuer-mismatch', /upper and lower case/],
  ['an issuer with https for http', metadata(({ issuer }) => ({ issuer: issuer.replace('http:', 'https:') })), 'problem issuer-mismatch', /one is http and the other https/],
  ['an issuer of another host', metadata({ issuer: evil }), 'problem issuer-mismatch', /hosts or ports differ/],
  ['an issuer of another path', metadata(({ issuer }) => ({ issuer: `${issuer}/realm` })), 'problem issuer-mismatch', /the paths differ/],
  ['a template for the issuer', metadata(({ issuer }) => ({ issuer: `${issuer}/{tenantid}/v2.0` })), 'problem issuer-template', /template/],
  ['no issuer', metadata({ issuer: undefined }), 'problem issuer-mismatch', /names no issuer/],
  ['an issuer that is no text', metadata({ issuer: 7 }), 'problem issuer-mismatch', /is no text/],
  ['metadata of the wrong Content-Type', { [discovery]: headers({ 'content-type': 'text/plain' }) }, 'warning content-type metadata', /text\/plain/],
  ['no authorization endpoint', metadata({ authorization_endpoint: undefined }), 'problem endpoint-missing authorization_endpoint', /missing_authorize_url/],
  ['no token endpoint', metadata({ token_endpoint: '' }), 'problem endpoint-missing token_endpoint', /missing_access_token_url/],
  ['no keys', metadata({ jwks_uri: undefined }), 'problem endpoint-missing jwks_uri', /missing_jwks_uri/],
  ['an endpoint on plain http', metadata({ token_endpoint: 'http://id.example/token' }), 'problem endpoint-invalid token_endpoint', /http/],
  ['an endpoint that is no URL', metadata({ jwks_uri: '/jwks' }), 'problem endpoint-invalid jwks_uri', /no absolute URL/],
  ['an endpoint with a user name', metadata({ token_endpoint: 'https://id.example@evil.example/' }), 'problem endpoint-invalid token_endpoint', /user name/],
  ['an endpoint with a fragment', metadata(({ issuer }) => ({ authorization_endpoint: `${issuer}/authorize#x` })), 'problem endpoint-invalid authorization_endpoint', /fragment/],
  ['an endpoint that is a number', metadata({ userinfo_endpoint: 7 }), 'problem endpoint-invalid userinfo_endpoint', /no text/],
  ['PKCE of the method plain', metadata({ code_challenge_methods_supported: ['plain'] }), 'problem pkce-missing', /not S256/],
  ['no word on PKCE', metadata({ code_challenge_methods_supported: undefined }), 'warning pkce', /does not say/],
  ['a list that is a text', metadata({ code_challenge_methods_supported: 'S256' }), 'problem member-type code_challenge_methods_supported', /no list/],
  ['a promise of iss that is a text', metadata({ authorization_response_iss_parameter_supported: 'true' }), 'problem member-type authorization_response_iss_parameter_supported', /neither true nor false/],
  ['the implicit flow alone', metadata({ response_types_supported: ['id_token token'] }), 'problem response-type', /not code/],
  ['no authorization code grant', metadata({ grant_types_supported: ['implicit', 'refresh_token'] }), 'problem response-type', /not authorization_code/],
  ['the response mode fragment alone', metadata({ response_modes_supported: ['fragment'] }), 'problem response-mode', /not query/],
  ['the response mode form_post alone', metadata({ response_modes_supported: ['form_post'] }), 'problem response-mode', /query or fragment/],
  ['id_tokens with HS256 alone', metadata({ id_token_signing_alg_values_supported: ['HS256', 'none'] }), 'problem id-token-algorithms', /HS256/],
  ['no list of algorithms', metadata({ id_token_signing_alg_values_supported: undefined }), 'warning id-token-algorithms', /required/],
  ['no public clients in the metadata', metadata({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }), 'warning client-authentication', /not none/],
  ['pushed requests alone', metadata({ require_pushed_authorization_requests: true }), 'problem pushed-requests', /pushed/],
  ['signed request objects alone', metadata({ require_signed_request_object: true }), 'problem request-objects', /signed/],
  ['a scope that the provider does not list', metadata({ scopes_supported: ['openid', 'offline_access'] }), 'warning scopes', /profile/],
  ['no scope offline_access', metadata({ scopes_supported: ['openid', 'profile'] }), 'warning refresh', /offline_access/],
  ['no grant for a refresh', metadata({ grant_types_supported: ['authorization_code'] }), 'warning refresh', /refresh_token/],
  ['no logout endpoint', metadata({ end_session_endpoint: undefined }), 'warning logout-missing', /no end_session_endpoint/],
  ['metadata without CORS', { [discovery]: noCors }, 'problem cors-metadata metadata', /no Access-Control-Allow-Origin/],
  ['keys without CORS', { '/jwks': noCors }, 'problem cors-keys jwks_uri', /phase id_token/],
  ['a refusal of the token endpoint without CORS', { '/token': noCors }, 'problem cors-token token_endpoint', /HTTP 400/],
  ['CORS for another origin', { '/token': cors('https://other.example') }, 'problem cors-token token_endpoint', /another origin/],
  ['CORS with a slash at the end of the origin', { '/token': cors(`${origin}/`) }, 'problem cors-token token_endpoint', /no slash at its end/],
  ['CORS with two values', { '/token': cors(`${origin}, *`) }, 'problem cors-token token_endpoint', /more than one value/],
  ['CORS with a pattern', { '/token': cors('http://*:5173') }, 'problem cors-token token_endpoint', /no pattern/],
  ['userinfo without CORS', { 'GET /userinfo': noCors }, 'problem cors-userinfo userinfo_endpoint', /userinfo\(\) fails/],
  ['a preflight that is asked for a token', { 'OPTIONS /userinfo': () => ({ status: 401, headers: { 'access-control-allow-origin': '*' }, body: '' }) }, 'problem cors-userinfo-preflight userinfo_endpoint', /HTTP 401/],
  ['a preflight without the header Authorization', { 'OPTIONS /userinfo': headers({ 'access-control-allow-headers': 'content-type' }) }, 'problem cors-userinfo-preflight userinfo_endpoint', /does not list authorization/],
  ['a preflight with * for Authorization', { 'OPTIONS /userinfo': headers({ 'access-control-allow-headers': '*' }) }, 'problem cors-userinfo-preflight userinfo_endpoint', /does not cover Authorization/],
  ['a preflight without CORS', { 'OPTIONS /userinfo': noCors }, 'problem cors-userinfo-preflight userinfo_endpoint', /no Access-Control-Allow-Origin/],
  ['a preflight that is redirected', { 'OPTIONS /userinfo': redirectTo('/login') }, 'problem cors-userinfo-preflight userinfo_endpoint', /redirected/],
  ['revocation without CORS', { '/revoke': noCors }, 'problem cors-revocation revocation_endpoint', /revokeToken\(\) fails/],
  ['a revocation that wants a secret', { '/revoke': json(401, { error: 'invalid_client' }) }, 'warning revocation', /invalid_client/],
  ['userinfo that answers 200 to anybody', { 'GET /userinfo': json(200, { sub: 'x' }) }, 'warning userinfo', /HTTP 200/],
  ['a client that needs a secret', { '/token': json(401, { error: 'invalid_client', error_description: 'no' }) }, 'problem client-secret', /without a secret/],
  ['a secret that is asked for as at Google', { '/token': json(400, { error: 'invalid_request', error_description: 'client_secret is missing.' }) }, 'problem client-secret', /client_secret is missing/],
  ['a redirect URI of the wrong type, as at Entra', { '/token': json(400, { error: 'invalid_request', error_description: 'AADSTS9002326: Cross-origin token redemption…' }) }, 'problem token-refused', /AADSTS9002326/],
  ['a client that may not redeem codes', { '/token': json(400, { error: 'unauthorized_client' }) }, 'problem token-refused', /may not redeem/],
  ['a token endpoint without the grant', { '/token': json(400, { error: 'unsupported_grant_type' }) }, 'problem token-refused', /does not know the grant/],
  ['a token endpoint with another error', { '/token': json(400, { error: 'invalid_request', error_description: 'odd' }) }, 'warning token-refused', /invalid_request \(odd\)/],
  ['a token endpoint that is not there', { '/token': json(404, {}) }, 'problem token-answer token_endpoint', /HTTP 404/],
  ['a token endpoint behind a page', { '/token': page(403, 'CSRF verification failed', { 'access-control-allow-origin': '*' }) }, 'problem token-answer token_endpoint', /HTML/],
  ['a token endpoint that fails', { '/token': json(500, {}) }, 'warning token-answer token_endpoint', /HTTP 500/],
  ['a token endpoint that says nothing', { '/token': json(400, {}) }, 'warning token-answer token_endpoint', /no OAuth error/],
  ['a token for a code that cannot exist', { '/token': json(200, { access_token: 'sekrit-token', token_type: 'Bearer' }) }, 'problem token-given', /cannot exist/],
  ['a client that may not refresh', { '/token': byRequest(({ form }) => form.get('grant_type') === 'refresh_token' && json(400, { error: 'unauthorized_client' })) }, 'warning refresh-grant', /may not refresh/],
  ['keys that are not there', { '/jwks': json(404, {}) }, 'problem status jwks_uri', /HTTP 404/],
  ['keys behind a page', { '/jwks': page(200, 'hello', { 'access-control-allow-origin': '*' }) }, 'problem html jwks_uri', /HTML/],
  ['keys that are redirected', { '/jwks': redirectTo('/other') }, 'problem redirect jwks_uri', /follows no redirect/],
  ['keys out of an old cache', { '/jwks': headers({ age: '86400' }) }, 'warning keys-old', /86400 s old/],
  ['another state', { '/authorize': answered((params) => params.set('state', 'x')) }, 'problem login-state', /another state/],
  ['no state', { '/authorize': answered((params) => params.delete('state')) }, 'problem login-state', /without the state/],
  ['another iss', { '/authorize': answered((params) => params.set('iss', evil)) }, 'problem login-iss', /evil/],
  ['no iss, where it was promised', { '/authorize': answered((params) => params.delete('iss')) }, 'warning login-iss', /missing_issuer/],
  ['a scope that is refused', { '/authorize': answered((params) => params.set('error', 'invalid_scope')) }, 'problem login-error', /invalid_scope/],
  ['a login that nobody may begin', { '/authorize': answered((params) => params.set('error', 'access_denied')) }, 'warning login-error', /access_denied/],
  ['an authorization endpoint that fails', { '/authorize': answered((params) => params.set('error', 'server_error')) }, 'warning login-error', /server_error/],
  ['a logout that loses the state', { '/logout': answered((params) => params.delete('state')) }, 'warning logout', /without the state/],
  ['a logout that refuses the redirect URI', { '/logout': page(400, 'Invalid redirect URI') }, 'problem logout-refused end_session_endpoint', /speaks of the redirect URI/],
  ['a logout that wants an id_token', { '/logout': page(400, 'id_token_hint is missing') }, 'warning logout-refused end_session_endpoint', /without an id_token/],
]) {
  test(`doctor: ${what}`, async () => {
    const { wrong: all, findings } = await found(wrong);
    expect(all).toContain(expected);
    const [level, id] = expected.split(' ');
    const finding = findings.find((one) => one.id === id && one.level === level);
    expect(finding.text).toMatch(words);
    expect(finding.cure).toMatch(/[A-Z“].*\./s);
    expect(JSON.stringify(findings)).not.toContain('sekrit');
  });
}

test('doctor: what is wrong is found, and nothing else', async () => {
  const { wrong } = await found({ ...metadata({ code_challenge_methods_supported: ['plain'] }), '/token': noCors });
  expect(wrong).toEqual(['problem pkce-missing', 'problem cors-token token_endpoint']);
});

test('doctor: metadata that is a page of an app', async () => {
  const { wrong, of, requests } = await found({ [discovery]: page(200, 'My app') });
  expect(wrong).toEqual(['problem html metadata']);
  expect(of('html')[0]).toMatchObject({ where: 'app' });
  expect(requests).toBe(1);
});

test('doctor: metadata that is redirected to another host is not followed', async () => {
  const { wrong, of, hosts } = await found({ [discovery]: redirectTo('https://elsewhere.example/') });
  expect(wrong).toEqual(['problem redirect metadata']);
  expect(of('redirect')[0].text).toContain('"https://elsewhere.example/"');
  expect(hosts).toHaveLength(1);
});

test('doctor: the words of a provider that knows no such realm are shown', async () => {
  const no = json(404, { error: 'Realm does not exist' });
  expect((await found({ [discovery]: no, '/.well-known/oauth-authorization-server': no })).of('status')[0].text).toMatch(/HTTP 404 instead of 200\. It says: Realm does not exist$/);
});

test('doctor: an issuer without metadata', async () => {
  const provider = await startProvider();
  const { wrong, requests } = await examined({ ...provider, issuer: `${provider.base}/no/realm` });
  expect(wrong).toEqual(['problem status metadata']);
  expect(requests).toBe(2);
});

test('doctor: the address of the document as issuer is said, and the checks go on', async () => {
  const provider = await startProvider();
  const { wrong, of, settings } = await examined({ ...provider, issuer: provider.base + discovery });
  expect(wrong).toEqual(['problem issuer-is-document']);
  expect(of('issuer')[0].level).toBe('ok');
  expect(settings.issuer).toBe(provider.base);
});

test('doctor: a redirect URI that is not registered is told from a client that nobody knows', async () => {
  const provider = await startProvider();
  const uri = await examined(provider, { redirectUri: `${origin}/other` });
  expect(uri.wrong).toContain('problem redirect-unregistered');
  expect(uri.of('redirect-unregistered')[0].cure).toContain(`${origin}/other`);
  const client = await examined(provider, { clientId: 'stranger' });
  expect(client.wrong).toEqual(expect.arrayContaining(['problem client-unknown', 'problem client-secret']));
});

test('doctor: a scope that is refused on a page is told from a redirect URI that is', async () => {
  const refuse = byRequest(({ query }) => query.get('scope') !== 'openid' && json(400, { error: 'invalid_request', error_description: 'consent in prompt' }));
  const { of, wrong } = await found({ '/authorize': refuse });
  expect(wrong).toEqual(['problem login-error']);
  expect(of('login-error')[0]).toMatchObject({ where: 'app', text: expect.stringMatching(/"openid profile offline_access" \(HTTP 400\): invalid_request \(consent in prompt\)/) });
  expect(of('redirect-registered')[0].level).toBe('ok');
});

test('doctor: where the page is the same for both, either may be wrong', async () => {
  const refuse = byRequest(({ query }) => query.get('client_id') !== 'known' && page(400, 'Something is wrong.'));
  expect((await found({ '/authorize': refuse })).wrong).toContain('problem login-refused');
});

test('doctor: a page that is neither about the redirect URI nor about the client is to be read', async () => {
  const refuse = byRequest(({ query }) => page(400, { spa: query.get('redirect_uri') === `${origin}/callback` ? 'The code flow is off.' : 'Who is this?' }[query.get('client_id')] ?? 'Nobody.'));
  const { of } = await found({ '/authorize': refuse });
  expect(of('login-refused')[0].text).toMatch(/neither the one for a redirect URI/);
});

test('doctor: a provider that is asked too often says nothing of the redirect URI', async () => {
  const { of, wrong } = await found({ '/authorize': page(429, 'Too many requests') });
  expect(of('login-unseen')).toHaveLength(1);
  expect(wrong).toEqual(['warning silent-login']);
});

test('doctor: a redirect URI that is registered with a slash at its end', async () => {
  const options = { clients: [{ clientId: 'spa', redirectUris: [`${origin}/callback/`], postLogoutRedirectUris: [`${origin}/`] }] };
  const { of } = await found({}, { options });
  expect(of('redirect-slash')[0]).toMatchObject({ level: 'problem', where: 'app' });
  expect(of('redirect-slash')[0].cure).toContain(`"${origin}/callback/"`);
});

test('doctor: a provider that takes any redirect URI is one for development', async () => {
  const options = { clients: 'any' };
  const { of, wrong } = await found({}, { options });
  expect(of('redirect-any')[0].level).toBe('ok');
  expect(wrong).toEqual([]);
});

test('doctor: a provider that shows a login to prompt=none, and refuses another redirect URI', async () => {
  const shown = { '/authorize': byRequest(({ query }) => (query.get('redirect_uri') === `${origin}/callback` ? page(200, 'Sign in', { 'x-frame-options': 'DENY' }) : page(400, 'No.'))) };
  const { of, wrong } = await found(shown);
  expect(of('redirect-registered')[0].level).toBe('ok');
  expect(wrong).toEqual(['warning silent-login']);
  expect(of('silent-login')[0].text).toContain('X-Frame-Options: DENY');
});

test('doctor: a provider that shows the same login to everybody', async () => {
  const { of, wrong } = await found({ '/authorize': page(200, 'Sign in', { 'content-security-policy': "default-src 'self'; frame-ancestors 'none'" }) });
  expect(of('login-unseen')[0].level).toBe('not-seen');
  expect(wrong).toEqual(['warning silent-login']);
  expect(of('silent-login')[0].text).toContain("frame-ancestors 'none'");
});

test('doctor: a login that leads to another host is named and not followed', async () => {
  const { of, hosts } = await found({ '/authorize': redirectTo('https://login.elsewhere.example/') });
  expect(of('login-unseen')[0].text).toContain('"login.elsewhere.example"');
  expect(hosts).toHaveLength(1);
});

test('doctor: a login that leads on within the provider is followed to its page', async () => {
  const { of, provider } = await found({ '/authorize': redirectTo('/error?code=AADSTS50011'), '/error': page(200, 'AADSTS50011: the reply address is wrong') });
  expect(provider.asked.some(({ path }) => path === '/error')).toBe(true);
  expect(of('redirect-unregistered')).toHaveLength(1);
});

test('doctor: a login page whose address has the whole request, and whose words speak of errors, refuses nothing', async () => {
  const { of, wrong } = await found({
    '/authorize': (_, { query }) => ({ status: 302, headers: { location: `/signin?next=${encodeURIComponent(`/authorize?${query}`)}` }, body: '' }),
    '/signin': page(200, 'Sign in. <span hidden>Invalid password. An error has occurred.</span>'),
  });
  expect(wrong).toEqual(['warning silent-login']);
  expect(of('login-unseen')[0].level).toBe('not-seen');
});

test('doctor: an error that stands in the address of a page', async () => {
  const { wrong } = await found({ '/authorize': redirectTo('/error?error=redirect_mismatch&client_id=spa'), '/error': page(200, 'An error was encountered.') });
  expect(wrong).toContain('problem redirect-unregistered');
});

test('doctor: a provider that is down for everything but its metadata', async () => {
  const gone = { raw: (socket) => socket.destroy() };
  const { wrong } = await found(Object.fromEntries(['/jwks', '/token', '/userinfo', '/revoke', '/authorize', '/logout'].map((path) => [path, () => gone])));
  expect(wrong).toEqual(expect.arrayContaining(['problem unreachable jwks_uri', 'problem unreachable token_endpoint', 'warning unreachable userinfo_endpoint', 'warning unreachable revocation_endpoint', 'problem unreachable authorization_endpoint', 'warning unreachable end_session_endpoint']));
});

test('doctor: an app of the provider’s own origin needs no CORS', async () => {
  const provider = await startProvider({ '/token': noCors, '/jwks': noCors, '/userinfo': noCors, '/revoke': noCors, [discovery]: noCors }, { clients: 'any' });
  const { wrong } = await examined(provider, { origin: provider.base });
  expect(wrong).toEqual([]);
  expect(provider.asked.some(({ method }) => method === 'OPTIONS')).toBe(false);
});

test('doctor: asks what the package asks, with nothing secret, and changes nothing', async () => {
  const { provider } = await found({});
  const { asked } = provider;
  expect(asked.filter(({ path, method }) => method !== 'OPTIONS' && path !== '/userinfo' && path !== '/authorize').every(({ headers: sent }) => sent.authorization === undefined)).toBe(true);
  for (const { path, method, headers: sent } of asked) {
    expect([path, sent.origin]).toEqual([path, ['/authorize', '/logout'].includes(path) ? undefined : origin]);
    expect([path, sent.cookie]).toEqual([path, undefined]);
    if (method === 'OPTIONS') expect(sent).toMatchObject({ 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' });
  }
  const token = asked.find(({ path }) => path === '/token');
  expect([...token.form.keys()].sort()).toEqual(['client_id', 'code', 'code_verifier', 'grant_type', 'redirect_uri']);
  expect(token.form.get('code')).toMatch(/^oidc-client-wasm-doctor-/);
  expect(asked.filter(({ method }) => method === 'OPTIONS').map(({ path }) => path)).toEqual(['/userinfo']);
});
