// What people write. It must compile; nothing here runs.

import { OAuthError, createOAuth, isOAuthError } from 'oidc-client-wasm';
import * as inline from 'oidc-client-wasm/inline';
import * as slim from 'oidc-client-wasm/slim';
import file from 'oidc-client-wasm/oidc_client_wasm_bg.wasm';
import { consoleLog, createLog, type Log, type LogEntry, type LogLevel } from 'oidc-client-wasm/log';
import { diagnose, mountDevtools, recordRequests, sequenceDiagram, sequenceList, type Finding, type Recording, type Report } from 'oidc-client-wasm/devtools';
import { readHint, type Hint, type HintSettings } from 'oidc-client-wasm/hint';
import { LOADING, createAuth, placeHere, returnTo, type Auth, type AuthClient } from 'oidc-client-wasm/store';
import { createTestAuth, oauthError, type Call, type TestAuth, type TestState, type Verb } from 'oidc-client-wasm/testing';
import verifierFile from 'oidc-client-wasm/verifier/verifier_bg.wasm';
import type {
  AuthorizeParams,
  ClientSettings,
  ClientVerbs,
  IdTokenClaims,
  LogoutParams,
  OAuth,
  OAuthClient,
  OAuthErrorCode,
  OAuthOptions,
  RedirectResult,
  ServerMetadata,
  Snapshot,
  StartingOAuth,
  Token,
} from 'oidc-client-wasm';

export async function settings(element: HTMLScriptElement): Promise<OAuth[]> {
  const options: OAuthOptions = {
    wasm: new URL('https://app.example/oidc_client_wasm_bg.wasm'),
    storagePrefix: 'app',
    clockTolerance: 30,
    requestTimeout: 10,
  };
  return [
    await createOAuth(),
    await createOAuth('/settings.json', options),
    await createOAuth(new URL('https://app.example/settings.json')),
    await createOAuth(element),
  ];
}

/** The other entries have the same API and the same types. */
export async function entries(): Promise<OAuth[]> {
  const create: typeof createOAuth = inline.createOAuth;
  const error: OAuthError = new inline.OAuthError({ code: 'login_required' });
  const same: typeof isOAuthError = slim.isOAuthError;
  void [error, same];
  const client: OAuthClient = (await slim.createOAuth({ app: { clientId: 'a' } }, { wasm: file, verifierWasm: verifierFile })).app;
  void client;
  return [await create(), await slim.createOAuth('/settings.json', { wasm: new Uint8Array(0) })];
}

/** The settings of a client, as they are, tell its record from others. */
export function hint(demo: ClientSettings): string {
  const found: Hint | null = readHint('demo', demo, { storagePrefix: 'app' });
  const own: HintSettings = { clientId: 'a', issuer: 'https://login.example' };
  const claims: IdTokenClaims | null | undefined = readHint('demo', own)?.unverifiedClaims;
  const end: number | undefined = readHint('demo')?.expires_at;
  void [found, end];
  return claims?.sub ?? 'nobody';
}

/** Loggers: of the console, of the app, and both. */
export function logs(settings: { demo: ClientSettings }): Promise<OAuth>[] {
  const lines: [LogLevel, string, LogEntry['kind']][] = [];
  const own: Log = createLog({ level: 'info', write: (level, line, entry) => lines.push([level, line, entry.kind]) });
  const both = (oauth: StartingOAuth) => { consoleLog()(oauth); own(oauth); };
  return [consoleLog('debug'), own, both].map((log) => createOAuth(settings, { log }));
}

export async function devtools(settings: { demo: ClientSettings }): Promise<[Finding | undefined, string]> {
  const log: Recording = recordRequests({ storagePrefix: 'app' });
  const oauth = createOAuth(settings, { log, storagePrefix: 'app' });
  const panel = mountDevtools(oauth, { log, settings, tab: 'Claims' });
  const report: Report = await diagnose(await oauth, { log, network: false });
  document.body.append(sequenceDiagram(log.entries, { width: 320 }), sequenceList(log.entries));
  const stop: () => void = log.onChange(() => panel.close());
  stop();
  return [report.findings[0], report.record?.lastLogin.join() ?? ''];
}

/** An external store, of a client and of the clients of an app. */
export function stores(client: OAuthClient): () => void {
  const auth: Auth<OAuth & { readonly demo: OAuthClient; readonly github: OAuthClient }> = createAuth({ demo: { clientId: 'a' }, github: { clientId: 'b' } }, { autoRenew: true });
  const anybodys: Auth = auth;
  const early: AuthClient = auth.client('github');
  const state: Snapshot = early.snapshot;
  const [claims, end]: [IdTokenClaims | null, number | null] = [client.snapshot.claims, state.expiresAt];
  void [anybodys, claims, end, early.needsLogin, LOADING.status === 'loading', createAuth('/settings.json', { createOAuth: inline.createOAuth }), createAuth({}, { createOAuth: slim.createOAuth, wasm: file })];
  void auth.redirect.then((result) => returnTo(result, (place) => history.replaceState(null, '', place)));
  void early.authorizeRedirect({ appState: placeHere() });
  return client.subscribe(() => console.info(client.snapshot.status));
}

/** A page that renders before the WebAssembly is there. */
export async function button(element: HTMLButtonElement): Promise<string> {
  const starting: StartingOAuth = createOAuth({ demo: { clientId: 'a' } });
  const demo: ClientVerbs = starting.client('demo');
  element.onclick = () => demo.authorizeRedirect({ appState: location.pathname });
  const oauth: OAuth = await starting;
  void oauth;
  return demo.getAccessToken({ minValidity: 60 });
}

/** Settings whose keys and names the compiler knows, and settings whose names it cannot know. */
export function names(element: HTMLScriptElement): ClientVerbs[] {
  const elsewhere = [createOAuth(new URL('https://app.example/settings.json')), createOAuth(element), createOAuth('/settings.json')].map((starting) => starting.client('any'));
  void elsewhere;
  const listed: Record<string, ClientSettings> = { demo: { clientId: 'a' } };
  const frozen = { demo: { clientId: 'a', hooks: { metadata: (document: Record<string, unknown>) => ({ ...document }) } } } as const;
  return [
    createOAuth('/settings.json').client('demo'),
    createOAuth().client('demo'),
    createOAuth(listed).client('demo'),
    createOAuth(frozen).client('demo'),
    createOAuth(listed, { log: (oauth) => void oauth.then(({ names }) => names) }).client('demo'),
    createOAuth({ demo: { clientId: 'a', fetchToken: (name) => ({ access_token: name.toUpperCase(), token_type: 'Bearer' }) } }).client('demo'),
  ];
}

/** What tests of an application make. */
export function errors(): OAuthError[] {
  return [
    new OAuthError({ code: 'login_required' }),
    new OAuthError({ code: 'http_status', status: 503, message: 'No.', kind: 'environment', phase: 'token', retryable: true, cause: new Error('x') }),
  ];
}

export async function registry(): Promise<void> {
  const oauth = await createOAuth({
    google: { clientId: 'a', issuer: 'https://accounts.google.com', scope: 'openid email' },
    own: { clientId: 'b', serverMetadataUrl: 'https://login.example/metadata', scope: ['openid', 'profile'] },
  });
  // The names of the settings are properties, each a client.
  const clients: OAuthClient[] = [oauth.google, oauth.own];
  const names: readonly string[] = oauth.names;
  const found: OAuthClient | undefined = oauth.client('google');

  const manual: ClientSettings = {
    clientId: 'c',
    authorizeUrl: 'https://login.example/authorize',
    accessTokenUrl: 'https://login.example/token',
    metadata: { issuer: 'https://login.example', jwks_uri: 'https://login.example/keys' },
    redirectUri: 'https://app.example/callback',
    postLogoutRedirectUri: 'https://app.example/',
    authorizeParams: { audience: 'api' },
  };
  const added: OAuthClient = oauth.register('manual', manual, { overwrite: true });
  const gone: boolean = oauth.unregister('manual');
  void [clients, names, found, added.name, added.clientId, gone];
}

export async function login(oauth: OAuth, client: OAuthClient): Promise<void> {
  const params: AuthorizeParams = {
    redirectUri: new URL('https://app.example/callback'),
    scope: ['openid', 'email'],
    appState: { returnTo: '/orders', items: [1, 2] },
    prompt: 'login',
    loginHint: 'alice@example.com',
    maxAge: 300,
    acrValues: ['phr'],
    uiLocales: 'en fr',
    params: { kc_idp_hint: 'github' },
  };
  await client.authorizeRedirect(params);
  await client.authorizeRedirect({ prompt: 'a-value-of-this-provider' });

  const { url, state, nonce, codeVerifier } = await client.createAuthorizationUrl(params);
  await client.saveAuthorizeData({ url, state, codeVerifier, ...(nonce === undefined ? {} : { nonce }), appState: 1 });

  const result: RedirectResult | null = await oauth.handleRedirect();
  if (result?.kind === 'login') {
    const token: Token = result.token;
    const answer: OAuthClient = result.client;
    void [token.access_token, answer, result.appState];
  } else if (result?.kind === 'logout') {
    void [result.client, result.appState];
  }
  const token: Token = await client.authorizeAccessToken(location.href);
  void token;
}

export function session(client: OAuthClient): string {
  const claims: IdTokenClaims | null = client.claims;
  const token: Token | null = client.token;
  if (!client.isAuthenticated || !claims || !token) return 'nobody';
  const remaining: number | undefined = token.expires_at && token.expires_at - Date.now() / 1000;
  // What a specification names has its type; everything else must be looked at first.
  const email: unknown = claims['email'];
  const audience: string | string[] = claims.aud;
  void [email, audience, remaining, token.id_token, token.scope];
  return claims.sub;
}

export async function metadata(client: OAuthClient): Promise<string> {
  const found: ServerMetadata = await client.loadServerMetadata();
  const extra: unknown = found['claims_supported'];
  void extra;
  return found.token_endpoint;
}

export async function logout(client: OAuthClient): Promise<void> {
  const params: LogoutParams = {
    postLogoutRedirectUri: 'https://app.example/',
    idTokenHint: null,
    state: 'chosen',
    logoutHint: 'alice',
    uiLocales: ['en'],
    appState: { from: 'menu' },
    params: { tenant: 'a' },
  };
  await client.logoutRedirect({ ...params, method: 'post', fallback: 'local' });
  const { url, state }: { url: string; state?: string } = await client.createLogoutUrl(params);
  const answer = await client.validateLogoutResponse();
  const uri: string = answer.post_logout_redirect_uri;
  await client.clear();
  const hasEnded: boolean = await client.handleFrontChannelLogout(new URL('https://app.example/signed-out?iss=a&sid=b'));
  void hasEnded;
  const stop: () => void = client.monitorSession({ interval: 10 });
  stop();
  void [url, state, uri, answer.appState];
}

export function failure(error: unknown): string {
  if (!isOAuthError(error)) throw error;
  const caught: OAuthError = error;
  const code: OAuthErrorCode = caught.code;
  switch (caught.kind) {
    case 'usage':
      return `${code}: ${caught.remedy ?? ''}`;
    case 'environment':
      return caught.retryable ? 'try again' : caught.message;
    case 'refused':
      return caught.error_description ?? caught.error ?? String(caught.status);
    case 'rejected':
      return caught.phase;
  }
}

/** A helper of a test takes the auth of any test. */
export function statusOf(auth: TestAuth): Snapshot['status'] {
  return auth.client().snapshot.status;
}

/** What a test gives an app. The clients have the names that the test gives them. */
export async function doubles(): Promise<unknown[]> {
  const state: TestState = { status: 'signed-in', claims: { sub: '7', email: 'alice@example.com', department: 'it' }, token: { scope: 'openid' }, expiresAt: null };
  const auth: TestAuth<'demo' | 'gitlab'> = createTestAuth(
    { demo: { ...state, apiBaseUrl: 'https://api.example.com/' }, gitlab: null },
    { loading: true, fetch: async (request) => new Response(request.url) },
  );
  const provided: Auth<OAuth & { readonly demo: OAuthClient; readonly gitlab: OAuthClient }> = auth;
  const listed: Record<string, TestState | null> = { demo: {} };
  auth.load({ kind: 'login', client: 'gitlab', claims: { sub: 'x' }, appState: { returnTo: '/' } });
  auth.signIn({ name: 'Alice' }, { client: 'gitlab', reason: 'other-tab' });
  auth.signOut({ reason: 'expired' });
  auth.fail(oauthError('refresh_refused', { status: 400 }), { client: 'demo' });
  auth.fail('network');
  auth.set(null, { client: 'gitlab' });
  auth.stay();
  auth.renew({ client: 'demo' });
  auth.failLoad();
  const off: () => void = auth.reply('getAccessToken', async (options) => `token for ${String(options?.resource)}`);
  auth.reply('get', (url, init) => new Response(`${String(init?.method)} ${String(url)}`), { client: 'demo' });
  auth.reply('handleFrontChannelLogout', () => true);
  off();
  const clients: OAuthClient[] = [auth.registry.demo, auth.registry.gitlab, (await auth.createOAuth({ demo: { clientId: 'a' } })).demo];
  const verbs: Verb[] = auth.calls.map((call: Call) => call.verb);
  const given: readonly (readonly unknown[])[] = auth.called('logoutRedirect', { client: 'gitlab' });
  const error: OAuthError = oauthError('login_required');
  const store: Auth<OAuth & { readonly demo: OAuthClient }> = createAuth({ demo: { clientId: 'a' } }, { createOAuth: auth.createOAuth });
  const names: readonly ('demo' | 'gitlab')[] | undefined = auth.names;
  return [clients, verbs, given, error, provided, store, names, statusOf(auth), statusOf(createTestAuth()), statusOf(createTestAuth(listed)), createTestAuth().registry.test];
}
