// Which requests get the access token, and what a request hears when there is none.

import { HttpClient, HttpContext, HttpHeaders, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { afterEach, expect, test } from 'vitest';
import { WITHHOLD_TOKEN, authInterceptor, createAuth, provideAuth } from 'oidc-client-wasm/angular';
import { boot, component, soon, stubAuth } from './world.js';

const api = 'https://api.example.com/v1/';

/** Real clients of these settings whose access token is what `token(name, options)` gives. */
function clients(settings, token = async (name) => `token-of-${name}`) {
  const client = (name) => ({ getAccessToken: (options) => token(name, options) });
  return createAuth(settings, { createOAuth: () => Object.assign(Promise.resolve({ names: [], client: () => undefined, handleRedirect: async () => null }), { client }) });
}

const demo = (members) => ({ demo: { clientId: 'c', issuer: 'https://id.example.com', ...members } });

/** Sends requests by the HttpClient of an app. */
async function start(auths, ...interceptors) {
  const { injector } = await boot(component('app'), auths.map((auth) => provideAuth(auth)), provideHttpClient(withInterceptors(interceptors)), provideHttpClientTesting());
  const [http, backend] = [injector.get(HttpClient), injector.get(HttpTestingController)];
  const begin = (url, options) => {
    const said = { errors: [], answers: [] };
    said.subscription = http.get(url, options).subscribe({ next: (answer) => said.answers.push(answer), error: (error) => said.errors.push(error) });
    return said;
  };
  return {
    begin,
    waiting: () => backend.match(() => true),
    /** The `Authorization` of a request to this URL. */
    async authorization(url, options) {
      begin(url, options);
      await soon();
      const [{ request }, ...more] = backend.match(() => true);
      expect(more).toEqual([]);
      return request.headers.get('Authorization');
    },
  };
}

afterEach(() => document.querySelector('base')?.remove());

test.each([
  `${api}orders`, api, 'https://api.example.com/v1', 'https://api.example.com/v1?page=2', `${api}a/../orders`, 'https://API.example.com:443/v1/orders', 'https:\\\\api.example.com\\v1\\orders',
  '//api.example.com/v1/orders', `${api}projects/group%2Fproject`, `${api}a..%2Fb`, `${api}a%2F..%2Fb`,
])('the API gets the token: %s', async (url) => {
  if (url.startsWith('//')) document.head.append(Object.assign(document.createElement('base'), { href: 'https://app.example/' }));
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  expect(await authorization(url)).toBe('Bearer token-of-demo');
});

test.each([
  ['another origin', 'https://api.example.com.evil.example/v1/orders'],
  ['another host', 'https://www.example.com/v1/orders'],
  ['another port', 'https://api.example.com:8443/v1/orders'],
  ['another scheme', 'http://api.example.com/v1/orders'],
  ['another scheme', 'ftp://api.example.com/v1/orders'],
  ['a path beside the base', 'https://api.example.com/v10/orders'],
  ['a path above the base', 'https://api.example.com/'],
  ['a path that leads up', `${api}../admin`],
  ['a path that leads up, encoded', `${api}%2e%2E/admin`],
  ['a path that leads up, by an encoded slash', `${api}..%2fadmin`],
  ['a path that leads up, by an encoded slash', `${api}orders/7%2F..%2F%2e%2e%2F..%2Fadmin`],
  ['a path that leads up, by an encoded backslash', `${api}.%2e%5cadmin`],
  ['a path of another case', 'https://api.example.com/V1/orders'],
  ['credentials', 'https://api.example.com@evil.example/v1/orders'],
  ['credentials', 'https://alice:secret@api.example.com/v1/orders'],
  ['a user', 'https://alice@api.example.com/v1/orders'],
  ['the page', '/v1/orders'],
  ['a blob of the API', 'blob:https://api.example.com/v1/7'],
  ['data', 'data:text/plain,x'],
  ['no URL', 'https://'],
])('nobody else gets the token: %s, %s', async (_, url) => {
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  expect(await authorization(url)).toBeNull();
});

test('the query of a request is no part of what is judged', async () => {
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  expect(await authorization('https://evil.example/', { params: { next: api } })).toBeNull();
  expect(await authorization(`${api}orders`, { params: { next: '../..' } })).toBe('Bearer token-of-demo');
});

test('the names of Authlib, and further origins, are those of the settings', async () => {
  const { authorization } = await start([clients(demo({ api_base_url: api, api_origins: ['https://files.example.com'] }))], authInterceptor);
  expect(await authorization(`${api}orders`)).toBe('Bearer token-of-demo');
  expect(await authorization('https://files.example.com/7')).toBe('Bearer token-of-demo');
});

test('relative bases are resolved against the base of the document', async () => {
  document.head.append(Object.assign(document.createElement('base'), { href: '/app/' }));
  const { authorization } = await start([clients(demo({}))], authInterceptor({ urls: ['api/'] }));
  expect([await authorization('api/orders'), await authorization('/app/api/orders'), await authorization('/api/orders')]).toEqual(['Bearer token-of-demo', 'Bearer token-of-demo', null]);
});

test('several clients each have their API', async () => {
  const auth = clients({ ...demo({ apiBaseUrl: api }), github: { clientId: 'g', apiBaseUrl: 'https://api.github.example/' } });
  const { authorization } = await start([auth], authInterceptor, authInterceptor({ name: 'github' }));
  expect(await authorization(`${api}orders`)).toBe('Bearer token-of-demo');
  expect(await authorization('https://api.github.example/user')).toBe('Bearer token-of-github');
  expect(await authorization('https://elsewhere.example/')).toBeNull();
});

test('an Authorization of the request stays', async () => {
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  expect(await authorization(`${api}orders`, { headers: new HttpHeaders({ authorization: 'Basic eA==' }) })).toBe('Basic eA==');
});

test('a request that withholds the token has none', async () => {
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  expect(await authorization(`${api}orders`, { context: new HttpContext().set(WITHHOLD_TOKEN, true) })).toBeNull();
});

test('without a token, the request fails with the error of the client, and nothing is sent', async () => {
  const failure = Object.assign(new Error('Sign in.'), { code: 'login_required' });
  const { begin, waiting } = await start([clients(demo({ apiBaseUrl: api }), async () => { throw failure; })], authInterceptor);
  const said = begin(`${api}orders`);
  await soon();
  expect([said.errors, waiting()]).toEqual([[failure], []]);
});

test('a caller who goes away ends the wait for the token, and nothing is sent', async () => {
  let [signal, give] = [];
  const token = (_, options) => { ({ signal } = options); return new Promise((resolve) => { give = resolve; }); };
  const { begin, waiting } = await start([clients(demo({ apiBaseUrl: api }), token)], authInterceptor);
  const { subscription } = begin(`${api}orders`);
  await soon();
  subscription.unsubscribe();
  expect(signal.aborted).toBe(true);
  give('late');
  await soon();
  expect(waiting()).toEqual([]);
});

test('a caller who goes away ends the request that was sent with the token', async () => {
  const { begin, waiting } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  const { subscription } = begin(`${api}orders`);
  await soon();
  const [sent] = waiting();
  subscription.unsubscribe();
  expect(sent.cancelled).toBe(true);
});

test('the answer of the API is that of the request', async () => {
  const { begin, waiting } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor);
  const said = begin(`${api}orders`);
  await soon();
  waiting()[0].flush([7]);
  expect([said.answers, said.errors, said.subscription.closed]).toEqual([[[7]], [], true]);
});

test('each subscription asks for a token anew', async () => {
  let count = 0;
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }), async () => `token-${count += 1}`)], authInterceptor);
  expect([await authorization(`${api}a`), await authorization(`${api}b`)]).toEqual(['Bearer token-1', 'Bearer token-2']);
});

test.each([
  ['settings without an API', () => clients(demo({})), 'Give apiBaseUrl'],
  ['settings of a file', () => clients('/settings.json'), 'Pass the name of a client'],
  ['an auth of another createAuth', () => stubAuth().auth, 'of oidc-client-wasm/angular'],
])('an API that nobody has named is asked for: %s', async (_, make, remedy) => {
  const { begin } = await start([make()], authInterceptor);
  expect(begin(`${api}orders`).errors).toMatchObject([{ code: 'config_invalid', remedy: expect.stringContaining(remedy) }]);
});

test('settings of a file need the name of the client, and its URLs', async () => {
  const { authorization } = await start([clients('/settings.json')], authInterceptor({ name: 'demo', urls: [new URL(api)] }));
  expect(await authorization(`${api}orders`)).toBe('Bearer token-of-demo');
});

test.each(['http://api.example.com/', 'http://localhost.example.com/', 'ftp://api.example.com/', 'api.example.com:8443', 'https://'])('an API whose token others may read is refused: %s', async (url) => {
  const { begin } = await start([clients(demo({}))], authInterceptor({ urls: [url] }));
  expect(begin('/orders').errors).toMatchObject([{ code: 'config_invalid', message: expect.stringContaining(url), remedy: expect.stringContaining('https') }]);
});

test.each(['http://localhost:8080/', 'http://api.localhost/', 'http://127.0.0.1:3000/', 'http://[::1]:3000/'])('an API on loopback may do without https: %s', async (url) => {
  const { authorization } = await start([clients(demo({}))], authInterceptor({ urls: url }));
  expect(await authorization(`${url}orders`)).toBe('Bearer token-of-demo');
});

test('an app without clients is told to provide them', async () => {
  const { begin } = await start([], authInterceptor);
  expect(begin(`${api}orders`).errors).toMatchObject([{ code: 'config_invalid', remedy: expect.stringContaining('provideAuth(auth)') }]);
});

test('an interceptor made for a request and one given as it is are the same', async () => {
  const { authorization } = await start([clients(demo({ apiBaseUrl: api }))], authInterceptor());
  expect(await authorization(`${api}orders`)).toBe('Bearer token-of-demo');
});
