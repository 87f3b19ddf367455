import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folder, run, start, until } from './run.js';

/** A provider on a free port. */
async function serve(...args) {
  const started = start(['dev-provider', '--port', '0', ...args]);
  const [, issuer] = await until(started, /Issuer: {2}(\S+)[\s\S]*people sign in once more/);
  return { ...started, started, issuer, port: Number(new URL(issuer).port) };
}

/** An answer to a request whose headers `fetch` would not let pass. */
async function ask(port, path, { host = `localhost:${port}`, address = '127.0.0.1', ...rest } = {}) {
  const asked = request({ host: address, port, path, headers: { host, ...rest.headers }, method: rest.method }).end();
  const [answer] = await once(asked, 'response');
  let body = '';
  for await (const chunk of answer) body += chunk;
  return { status: answer.statusCode, headers: answer.headers, body };
}

const login = (redirectUri) => `/authorize?${new URLSearchParams({
  client_id: 'any', redirect_uri: redirectUri, response_type: 'code', scope: 'openid', state: 's', code_challenge: 'A'.repeat(43), code_challenge_method: 'S256',
})}`;

test('dev-provider: says what an app needs, and is the issuer that it says', async () => {
  const { issuer, started } = await serve();
  expect(started.said).toMatch(/alice \(Alice Moreau\), bob \(Bob Lindqvist\)/);
  expect(started.said).toContain(`issuer: "${issuer}"`);
  expect(await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
  expect((await (await fetch(`${issuer}/jwks`)).json()).keys).toHaveLength(2);
});

test('dev-provider: listens on 127.0.0.1 and on no address beside the two of localhost', async () => {
  const { port } = await serve();
  expect((await ask(port, '/')).status).toBe(200);
  const socket = connect({ host: '127.0.0.2', port });
  const [error] = await once(socket, 'error');
  expect(error.code).toBe('ECONNREFUSED');
});

test('dev-provider: answers to no name of a site that has pointed its name to this machine', async () => {
  const { port } = await serve();
  for (const host of ['evil.example', `evil.example:${port}`, `localhost.evil.example:${port}`, `localhost:${port + 1}`]) {
    for (const path of ['/', '/.well-known/openid-configuration', login('http://localhost:5173/')]) {
      const { status, headers, body } = await ask(port, path, { host });
      expect([host, status, headers['access-control-allow-origin'], headers.location]).toEqual([host, 421, undefined, undefined]);
      expect(body).not.toContain('alice');
    }
  }
});

test('dev-provider: another name of this machine leads to that of the issuer, because cookies are of one name', async () => {
  const { issuer, port } = await serve();
  expect(await ask(port, '/authorize?x=1', { host: `127.0.0.1:${port}` })).toMatchObject({ status: 307, headers: { location: `${issuer}/authorize?x=1` } });
  expect(await ask(port, '/token', { host: `127.0.0.1:${port}`, method: 'POST' })).toMatchObject({ status: 421 });
});

test('dev-provider: says once on the terminal that it was asked by another name than the issuer has', async () => {
  const { issuer, port, started } = await serve();
  await ask(port, '/', { host: `127.0.0.1:${port}` });
  await ask(port, '/jwks', { host: `127.0.0.1:${port}` });
  await until(started, /Asked as/);
  expect(started.said.match(/Asked as.*/g)).toEqual([`Asked as 127.0.0.1:${port}; the issuer is ${issuer}. Give the app this issuer, to the letter.`]);
});

test('dev-provider: a page of the app may read that a path is none, also after a preflight', async () => {
  const { issuer } = await serve();
  const origin = 'http://localhost:5173';
  for (const path of ['/realm/.well-known/openid-configuration', '/api/none']) {
    const answer = await fetch(issuer + path, { headers: { origin } });
    expect([path, answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([path, 404, '*']);
    const before = await fetch(issuer + path, { method: 'OPTIONS', headers: { origin, 'access-control-request-headers': 'authorization' } });
    expect([path, before.status, before.headers.get('access-control-allow-headers')]).toEqual([path, 204, 'authorization']);
  }
});

test('dev-provider --client-id: this client is served on any local page, and another is refused on a page, without a redirect', async () => {
  const { issuer, port, started } = await serve('--client-id', 'any');
  expect(started.said).toContain('clientId: "any",\n');
  expect((await ask(port, login('http://localhost:5173/callback'))).status).toBe(200);
  expect((await ask(port, login('https://evil.example/'))).status).toBe(400);
  const { status, headers, body } = await ask(port, login('http://localhost:5173/callback').replace('client_id=any', 'client_id=other'));
  expect([status, headers.location]).toEqual([400, undefined]);
  expect(body).toContain('There is no client');
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers: { origin: 'http://localhost:5173' }, body: new URLSearchParams({ client_id: 'other', grant_type: 'refresh_token', refresh_token: 'x' }) });
  expect([answer.status, (await answer.json()).error, answer.headers.get('access-control-allow-origin')]).toEqual([401, 'invalid_client', 'http://localhost:5173']);
});

test('dev-provider: redirects to pages of this machine, and to no other', async () => {
  const { port } = await serve();
  for (const uri of ['http://localhost:5173/callback', 'http://127.0.0.1:1/', 'http://[::1]/x/y', 'https://localhost:3000/']) {
    expect([uri, (await ask(port, login(uri))).status]).toEqual([uri, 200]);
  }
  for (const uri of ['https://evil.example/', 'http://localhost.evil.example/', 'http://10.0.0.1/', 'http://0.0.0.0/', 'myapp://callback', 'http://localhost@evil.example/']) {
    const { status, headers, body } = await ask(port, login(uri));
    expect([uri, status, headers.location]).toEqual([uri, 400, undefined]);
    expect(body).toContain('http://localhost');
  }
});

test('dev-provider: a path that is none, a body that is too large, and a method of nobody are refused, and the provider goes on', async () => {
  const { issuer, port } = await serve();
  expect((await ask(port, '//evil.example/')).status).toBe(400);
  expect((await ask(port, 'http://evil.example/')).status).toBe(400);
  expect((await ask(port, '/token', { method: 'TRACE' })).status).toBe(400);
  expect((await fetch(`${issuer}/token`, { method: 'POST', body: 'x'.repeat(2 ** 21) }).catch(() => ({ status: 413 }))).status).toBe(413);
  expect((await fetch(`${issuer}/`)).status).toBe(200);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`dev-provider: ${signal} ends it, also while a browser holds a connection, and the port is free`, async () => {
    const { child, ended, port } = await serve();
    const idle = connect({ host: '127.0.0.1', port });
    await once(idle, 'connect');
    idle.on('error', () => {});
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, complained: '' });
    const again = start(['dev-provider', '--port', String(port)]);
    await until(again, /is running/);
  });
}

for (const address of ['127.0.0.1', '::1']) {
  test(`dev-provider: a port that is taken at ${address} is told, with another port`, async () => {
    const server = createServer().listen(0, address);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address();
    const { code, said, complained } = await run(['dev-provider', '--port', String(port)]);
    expect([code, said]).toEqual([1, '']);
    expect(complained).toBe(`Port ${port} is taken.\n\nStop what listens there, perhaps another dev-provider, or choose another port: --port ${port + 1}\n`);
  });
}

test('dev-provider: people from a file', async () => {
  const dir = folder({ 'users.json': '\uFEFF[{ "sub": "carol", "name": "Carol\\u001b[31m", "roles": ["admin"] }]' });
  const { started, port } = await serve('--users', join(dir, 'users.json'));
  expect(started.said).toContain('carol (Carol?[31m)');
  const { body } = await ask(port, login('http://localhost:5173/'));
  expect(body).toContain('sign-in-as-carol');
  expect(body).not.toContain('alice');
});

for (const [what, text, words] of [
  ['no JSON', '[{ "sub": "a", }]', /users\.json: .*JSON[\s\S]*The file must be JSON: \[\{ "sub"/],
  ['nothing', '', /users\.json: .*[\s\S]*must be JSON/],
  ['an object', '{ "sub": "a" }', /There are no users\. Give a list/],
  ['no one', '[]', /There are no users/],
  ['a text', '["alice"]', /users\[0\] is not an object\. Give the claims of a person/],
  ['no sub', '[{ "name": "A" }]', /users\[0\] has no usable "sub"/],
  ['a number as sub', '[{ "sub": 1 }]', /users\[0\] has no usable "sub"/],
  ['a sub twice', '[{ "sub": "a" }, { "sub": "a" }]', /Two users have the sub "a"/],
  ['a claim of the provider', '[{ "sub": "a", "exp": 1 }]', /users\[0\] \(a\) has "exp"\. Leave it out/],
]) {
  test(`dev-provider: a file of users with ${what} is an error with its cure`, async () => {
    const dir = folder({ 'users.json': text });
    const { code, said, complained } = await run(['dev-provider', '--port', '0', '--users', 'users.json'], { cwd: dir });
    expect([code, said]).toEqual([2, '']);
    expect(complained).toMatch(words);
    expect(complained).not.toMatch(/ {4}at /);
  });
}

for (const [args, words] of [
  [['--prot', '1'], /There is no flag --prot\. Did you mean --port\?[\s\S]*Usage:/],
  [['--port'], /--port needs a value: --port N/],
  [['--port', '--help-me'], /--port needs a value/],
  [['--port', '70000'], /--port is "70000"\.\s+Give a whole number from 0 to 65535/],
  [['--port', '1', '--port', '2'], /--port was given twice/],
  [['9400'], /"9400" was not expected here/],
  [['--users', 'nowhere.json'], /nowhere\.json: There is no such file/],
  [['--users', '.'], /--users \.: It is a folder/],
  [['--signing-alg', 'none'], /--signing-alg is "none"\.\s+Give ES256 or RS256/],
  [['--issuer', 'https://id.example.com'], /--issuer is "https:\/\/id\.example\.com"\.[\s\S]*this machine only/],
  [['--issuer', 'http://localhost:9500', '--port', '9400'], /--port is 9400, and --issuer has the port 9500/],
  [['--client-id', ''], /--client-id needs a value/],
  [['--client-id', 'é'], /--client-id is not one/],
  [['--issuer', 'http://localhost:0'], /--issuer is "http:\/\/localhost:0"\.\s+Give it a port/],
  [['--access-token-seconds', '0'], /--access-token-seconds is "0"/],
]) {
  test(`dev-provider ${args.join(' ')}: exit code 2, and what to do`, async () => {
    const { code, said, complained } = await run(['dev-provider', ...args]);
    expect([code, said]).toEqual([2, '']);
    expect(complained).toMatch(words);
  });
}

test('dev-provider: an issuer may have a path', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address();
  await new Promise((resolve) => { free.close(resolve); });
  const issuer = `http://localhost:${port}/realm`;
  const started = start(['dev-provider', '--issuer', issuer]);
  await until(started, /is running/);
  expect(await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()).toMatchObject({ issuer });
});

test('the program: help and version are no mistakes', async () => {
  for (const [args, words] of [[['--help'], /dev-provider[\s\S]*init/], [['dev-provider', '--help'], /--port N/], [['init', '-h'], /--framework NAME/], [['--version'], /^\d+\.\d+\.\d+/]]) {
    const { code, said, complained } = await run(args);
    expect([args, code, complained]).toEqual([args, 0, '']);
    expect(said).toMatch(words);
  }
});

test('the program: without a command, or with an unknown one, exit code 2 and the commands', async () => {
  for (const args of [[], ['dev-provder']]) {
    const { code, complained } = await run(args);
    expect([code, /Usage: npx oidc-client-wasm <command>/.test(complained)]).toEqual([2, true]);
  }
  expect((await run(['dev-provder'])).complained).toContain('Did you mean dev-provider?');
});
