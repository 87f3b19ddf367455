// What people write by mistake. Each line must be refused: an error that TypeScript does not find here is an error.

import { OAuthError, createOAuth } from 'oidc-client-wasm';
import * as slim from 'oidc-client-wasm/slim';
import { createTestAuth, oauthError } from 'oidc-client-wasm/testing';
import type { IdTokenClaims, OAuth, OAuthClient, RedirectResult, StartingOAuth, Token } from 'oidc-client-wasm';

declare const oauth: OAuth;
declare const client: OAuthClient;
declare const result: RedirectResult;
declare const token: Token;
declare const claims: IdTokenClaims;
declare const error: OAuthError;

export async function settings(): Promise<void> {
  // @ts-expect-error a client needs its id
  await createOAuth({ app: { issuer: 'https://login.example' } });
  // @ts-expect-error a secret in a browser is none, and is refused at run time too
  oauth.register('app', { clientId: 'a', clientSecret: 's' });
  // @ts-expect-error
  await createOAuth({ app: { clientId: 'a', clientSecret: 's' } });
  // @ts-expect-error a misspelt key
  await createOAuth({ app: { clientId: 'a', scopes: 'openid' } });
  // @ts-expect-error
  await slim.createOAuth({ app: { clientId: 'a' }, api: { clientId: 'b', redirectUrl: 'https://app.example/callback' } }, { wasm: '/client.wasm' });
  // @ts-expect-error settings that were made before are named as such
  const named: Record<string, ClientSettings> = { api: { clientId: 'b', redirectUrl: 'https://app.example/callback' } };
  await createOAuth(named);
  // @ts-expect-error
  await createOAuth({}, { clockTolerance: '60' });
  // @ts-expect-error
  await createOAuth({}, { tokenStorage: 'cookie' });
  // @ts-expect-error the promise, not the registry
  createOAuth({ app: { clientId: 'a' } }).app;
  // @ts-expect-error no client of that name was given
  (await createOAuth({ app: { clientId: 'a' } })).api;
  // @ts-expect-error
  oauth.register('app', { clientId: 1 });
  // @ts-expect-error there may be none of that name
  oauth.client('app').authorizeRedirect();
}

export async function entries(): Promise<void> {
  // @ts-expect-error slim must be told where the WebAssembly is
  await slim.createOAuth({ app: { clientId: 'a' } });
  // @ts-expect-error
  await slim.createOAuth({ app: { clientId: 'a' } }, { clockTolerance: 30 });
  // @ts-expect-error an error has a code
  void new OAuthError({ message: 'x' });
  // @ts-expect-error of the list
  void new OAuthError({ code: 'no_such_code' });
}

export function login(): void {
  // @ts-expect-error a wire name where this package's own is meant
  void client.authorizeRedirect({ login_hint: 'alice' });
  // @ts-expect-error
  void client.authorizeRedirect({ maxAge: '300' });
  // @ts-expect-error
  void client.authorizeRedirect({ display: 'window' });
  // @ts-expect-error the verifier is what proves that the answer is ours
  void client.saveAuthorizeData({ url: '', state: '' });
  // @ts-expect-error a logout brings no token
  void result.token;
  // @ts-expect-error what came back must be looked at before it is used
  void result.appState.returnTo;
}

export function session(): void {
  // @ts-expect-error nobody may be signed in
  void client.claims.sub;
  // @ts-expect-error
  void client.token.access_token;
  // @ts-expect-error the session changes by signing in and out only
  client.isAuthenticated = true;
  // @ts-expect-error
  client.token = token;
  // @ts-expect-error an instant in seconds, and not always told
  const expires: number = token.expires_at;
  // @ts-expect-error one audience or several
  const audience: string = claims.aud;
  // @ts-expect-error
  const verified: string | undefined = claims.email_verified;
  // @ts-expect-error
  const department: string = claims['department'];
  void [expires, audience, verified, department];
}

export function logout(): void {
  // @ts-expect-error
  void client.logoutRedirect({ method: 'put' });
  // @ts-expect-error
  void client.logoutRedirect({ idTokenHint: 1 });
}

export function failure(): void {
  // @ts-expect-error no such code
  void (error.code === 'oops');
  // @ts-expect-error
  void (error.kind === 'fatal');
  // @ts-expect-error what happened is not edited
  error.code = 'network';
}

export function beforeTheWebAssembly(starting: StartingOAuth): void {
  // @ts-expect-error no client of that name was given
  void createOAuth({ demo: { clientId: 'a' } }).client('dmeo');
  // @ts-expect-error nothing is known before the WebAssembly is there
  void starting.client('demo').claims;
  // @ts-expect-error
  void starting.names;
}

export async function doubles(): Promise<void> {
  const auth = createTestAuth({ demo: {}, gitlab: null });
  // @ts-expect-error no client of that name was given
  auth.client('dmeo');
  // @ts-expect-error
  auth.signIn({}, { client: 'dmeo' });
  // @ts-expect-error
  auth.load({ kind: 'login', client: 'dmeo' });
  // @ts-expect-error
  void auth.registry.dmeo;
  // @ts-expect-error without clients there is one of the name `test`
  createTestAuth().client('demo');
  // @ts-expect-error the option loading begins like that
  createTestAuth({ demo: { status: 'loading' } });
  // @ts-expect-error
  createTestAuth({ demo: { status: 'logged-in' } });
  // @ts-expect-error a misspelt key
  createTestAuth({ demo: { claim: { name: 'Alice' } } });
  // @ts-expect-error
  createTestAuth({ demo: {} }, { isLoading: true });
  // @ts-expect-error
  createTestAuth({ demo: { claims: { sub: 7 } } });
  // @ts-expect-error an instant in seconds
  createTestAuth({ demo: { expiresAt: new Date() } });
  // @ts-expect-error of the list
  createTestAuth({ demo: { error: 'no_such_code' } });
  // @ts-expect-error
  auth.fail('no_such_code');
  // @ts-expect-error
  auth.fail(new Error('x'));
  // @ts-expect-error
  void oauthError('no_such_code');
  // @ts-expect-error the code is the first argument
  void oauthError('network', { code: 'timeout' });
  // @ts-expect-error a reason of the event login
  auth.signIn({}, { reason: 'expired' });
  // @ts-expect-error a reason of the event logout
  auth.signOut({ reason: 'response' });
  // @ts-expect-error no verb
  void auth.called('signIn');
  // @ts-expect-error
  auth.reply('claims', () => null);
  // @ts-expect-error a token is a text
  auth.reply('getAccessToken', () => 7);
  // @ts-expect-error what it answers with is a Response
  auth.reply('get', () => ({ ok: true }));
  // @ts-expect-error a result of a redirect has a kind
  auth.load({ client: 'demo' });
  // @ts-expect-error the test changes the state by its functions
  auth.client().snapshot.status = 'signed-in';
  // @ts-expect-error
  auth.calls = [];
}
