// The program: how it is called, what it prints, and how it ends.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { doctor as begin } from '../node_modules/oidc-client-wasm/cli/doctor.js';
import { folder, run, runOnTerminal } from './run.js';
import { found, headers, json, metadata, origin, startProvider } from './wrong-provider.js';

const doctor = (...args) => run(['doctor', ...args]);

test('doctor: a good provider ends with 0, a summary, and settings to paste', async () => {
  const { issuer } = await startProvider();
  const { code, said, complained } = await doctor(issuer, 'spa', origin);
  expect([code, complained]).toEqual([0, '']);
  expect(said).toMatch(/^0 problems, 0 warnings, \d+ ok, 1 not seen$/m);
  expect(said).toContain(`  issuer: "${issuer}",\n  clientId: "spa",\n  redirectUri: \`\${location.origin}/callback\`,\n  postLogoutRedirectUri: \`\${location.origin}/\`,\n`);
  // Not a terminal: plain letters, and no line too long.
  expect(said).not.toContain('\u001b');
  for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
});

test('doctor: a problem ends with 1, its cure, its section and its place in the docs', async () => {
  const { issuer } = await startProvider(metadata({ code_challenge_methods_supported: ['plain'] }));
  const { code, said } = await doctor(issuer, 'spa', origin);
  expect(code).toBe(1);
  expect(said).toMatch(/PROBLEM +The provider lists the PKCE methods plain, and not S256/);
  expect(said).toMatch(/→ At the provider: Turn PKCE with S256 on/);
  expect(said).toContain('RFC 7636, section 4.2 · docs/doctor.md#pkce-missing');
  expect(said).toMatch(/Next: Solve this problem \(docs\/doctor\.md#pkce-missing\)/);
});

test('doctor: the sample of docs/doctor.md is what the program prints', async () => {
  const page = readFileSync(new URL('../../../docs/doctor.md', import.meta.url), 'utf8');
  const [, sample] = /```text\n([\s\S]*?)```/.exec(page);
  const app = 'https://app.example.com';
  const { issuer } = await startProvider({ '/token': headers({ 'access-control-allow-origin': undefined }) });
  expect((await doctor(issuer, 'spa', app)).said).toContain(sample);
});

test('doctor: a provider that cannot be asked ends with 2', async () => {
  const { code, said } = await doctor('http://127.0.0.1:9', 'spa', origin);
  expect(code).toBe(2);
  expect(said).toMatch(/nothing listens at that port/);
});

/** The members of an interface of doctor/report.d.ts. */
const declared = (name) => {
  const text = readFileSync(new URL('../node_modules/oidc-client-wasm/doctor/report.d.ts', import.meta.url), 'utf8');
  return [...text.split(`interface ${name} {`)[1].split('\n}')[0].matchAll(/^ {2}(\w+)\??:/gm)].map(([, member]) => member).sort();
};

test('doctor --json: the report has the members of its declaration, and nothing else is printed', async () => {
  const { issuer } = await startProvider(metadata({ token_endpoint_auth_methods_supported: ['client_secret_basic'] }));
  const { code, said, complained } = await doctor('--json', issuer, 'spa', origin, '--scope', 'openid email');
  expect([code, complained]).toEqual([0, '']);
  const report = JSON.parse(said);
  expect(report).toMatchObject({ version: 1, issuer, clientId: 'spa', origin, redirectUri: `${origin}/callback`, scope: ['openid', 'email'], exitCode: 0, summary: { problems: 0, warnings: 1 } });
  expect(Object.keys(report).sort()).toEqual(declared('DoctorReport'));
  for (const finding of report.findings) expect(Object.keys(finding).sort()).toEqual(declared('DoctorFinding'));
  expect(report.findings.find(({ id }) => id === 'client-authentication')).toMatchObject({ level: 'warning', where: 'provider', docs: 'docs/doctor.md#client-authentication' });
});

test('doctor --json: a mistake in the call is JSON, too, with the members of its declaration', async () => {
  for (const [args, message, cure] of [
    [['', 'spa', origin, '--json'], 'ISSUER is empty.', /variable is set/],
    [['--json', 'https://id.example', ' ', origin], 'CLIENT_ID is empty.', /variable is set/],
    [['--json', 'https://id.example', 'spa'], 'ORIGIN is missing.', /^See npx oidc-client-wasm doctor --help\.$/],
    [['--json=yes', 'https://id.example', 'spa', origin], '--json takes no value.', null],
    [['https://id.example', 'spa', origin, '--timeout', '--json'], '--timeout needs a value: --timeout SECONDS', null],
  ]) {
    const { code, said, complained } = await doctor(...args);
    expect([code, complained.split('\n')[0]]).toEqual([2, message]);
    const told = JSON.parse(said);
    expect(Object.keys(told).sort()).toEqual(declared('DoctorMistake'));
    expect(told).toMatchObject({ version: 1, exitCode: 2, error: { message, cure: cure ? expect.stringMatching(cure) : null } });
  }
});

test('doctor: JSON that is no metadata is called that, first and alone', async () => {
  const { issuer } = await startProvider({ '/.well-known/openid-configuration': json(200, { hello: 1 }) });
  const { code, said } = await doctor(issuer, 'spa', origin, '--json');
  const { findings, settings } = JSON.parse(said);
  expect([code, settings]).toEqual([1, null]);
  expect(findings.filter(({ level }) => level === 'problem')).toMatchObject([{ id: 'not-metadata', where: 'app', text: expect.stringMatching(/^This is no provider metadata: .* Its members are hello\.$/) }]);
});

test('doctor: nobody is told to sign in before the problems are solved', async () => {
  const cureOf = async (wrong) => (await found(wrong)).of('sign-in')[0].cure;
  expect(await cureOf({})).toBe('Sign in once with the settings below.');
  expect(await cureOf(metadata({ code_challenge_methods_supported: ['plain'] }))).toBe('Solve the problems first. Then sign in once with the settings below.');
});

test('doctor: flags of the redirect URIs, as URLs and as paths', async () => {
  const { issuer } = await startProvider();
  const { said } = await doctor(issuer, 'spa', `${origin}/`, '--redirect-uri', '/signed-in', '--post-logout-redirect-uri=http://localhost:5173/bye', '--json');
  expect(JSON.parse(said)).toMatchObject({ origin, redirectUri: `${origin}/signed-in`, postLogoutRedirectUri: `${origin}/bye`, exitCode: 1 });
});

test('doctor --timeout: a provider that never answers is given up', async () => {
  const { issuer } = await startProvider({ '/.well-known/openid-configuration': () => new Promise(() => {}) });
  const { code, said } = await doctor(issuer, 'spa', origin, '--timeout', '1');
  expect(code).toBe(2);
  expect(said).toMatch(/gave no whole\s+answer in time/);
});

for (const [what, args, words] of [
  ['nothing', [], /ISSUER is missing/],
  ['an empty issuer', ['', 'spa', origin], /ISSUER is empty[\s\S]*variable/],
  ['no client id', ['https://id.example'], /CLIENT_ID is missing/],
  ['no origin', ['https://id.example', 'spa'], /ORIGIN is missing/],
  ['too much', ['https://id.example', 'spa', origin, 'more'], /"more" was not expected/],
  ['an issuer without a scheme', ['id.example', 'spa', origin], /ISSUER is "id.example"[\s\S]*https:/],
  ['an origin with a path', ['https://id.example', 'spa', `${origin}/app`], /more than an origin[\s\S]*--redirect-uri/],
  ['an origin that is none', ['https://id.example', 'spa', 'localhost:5173'], /ORIGIN is/],
  ['a redirect URI that is none', ['https://id.example', 'spa', origin, '--redirect-uri', 'callback'], /--redirect-uri is "callback"/],
  ['a timeout that is none', ['https://id.example', 'spa', origin, '--timeout', 'soon'], /--timeout is "soon"/],
  ['a flag that is misspelt', ['https://id.example', 'spa', origin, '--jsn'], /Did you mean --json/],
  ['a password in the issuer', ['https://a:hidden@id.example', 'spa', origin], /^ISSUER has a user name or a password(?![\s\S]*hidden)/],
  ['a password in the origin', ['https://id.example', 'spa', 'http://a:hidden@localhost:5173'], /^ORIGIN has a user name or a password(?![\s\S]*hidden)/],
  ['a password in the redirect URI', ['https://id.example', 'spa', origin, '--redirect-uri', 'http://:hidden@localhost:5173/cb'], /^--redirect-uri has a user name or a password(?![\s\S]*hidden)/],
  ['a client id with a line break', ['https://id.example', 'a\nb', origin], /CLIENT_ID is none/],
]) {
  test(`doctor: called with ${what}, it says what to give, and ends with 2`, async () => {
    const mistake = await begin(args).catch((error) => error);
    expect([mistake.constructor.name, mistake.exitCode]).toEqual(['Misuse', 2]);
    expect(`${mistake.message}\n${mistake.cure}`).toMatch(words);
  });
}

test('doctor: a mistake in the call is told on stderr, and ends with 2', async () => {
  const { code, said, complained } = await doctor('https://id.example', 'spa');
  expect([code, said]).toEqual([2, '']);
  expect(complained).toMatch(/^ORIGIN is missing\.\n\nUsage: npx oidc-client-wasm doctor ISSUER/);
});

test('doctor --help: names the arguments, the flags and the exit codes', async () => {
  const { code, said } = await doctor('--help');
  expect(code).toBe(0);
  for (const word of ['ISSUER CLIENT_ID ORIGIN', '--redirect-uri', '--post-logout-redirect-uri', '--scope', '--timeout', '--json', 'Exit codes']) expect(said).toContain(word);
});

test('doctor: on a terminal the marks have colours, unless NO_COLOR says otherwise', async () => {
  const { issuer } = await startProvider();
  const { said } = await runOnTerminal(['doctor', issuer, 'spa', origin], [], { cwd: folder() });
  expect(said).toContain('\u001b[32m✔\u001b[0m');
  process.env.NO_COLOR = '1';
  try {
    expect((await runOnTerminal(['doctor', issuer, 'spa', origin], [], { cwd: folder() })).said).not.toContain('\u001b[');
  } finally {
    delete process.env.NO_COLOR;
  }
});
