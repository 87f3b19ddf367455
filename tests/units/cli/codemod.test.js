// `codemod` on three apps of the shapes that people write, to the letter, and on what they write beside.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { filesOf, folder, program, run } from './run.js';

const fixtures = fileURLToPath(new URL('codemod', import.meta.url));
const parser = fileURLToPath(new URL('../node_modules/@babel/parser', import.meta.url));
const { version: exact } = JSON.parse(readFileSync(join(parser, 'package.json'), 'utf8'));
const { version } = JSON.parse(readFileSync(new URL('../node_modules/oidc-client-wasm/package.json', import.meta.url), 'utf8'));

/** An app with these files, which has the parser. */
function app(files) {
  const dir = folder(files);
  mkdirSync(join(dir, 'node_modules/@babel'), { recursive: true });
  symlinkSync(parser, join(dir, 'node_modules/@babel/parser'));
  return dir;
}

const sourcesOf = (dir) => Object.fromEntries(Object.entries(filesOf(dir)).filter(([name]) => !name.startsWith('node_modules')));
const codemod = (cwd, ...args) => run(['codemod', 'oidc-client-ts', ...args], { cwd });

const settings = '{ authority: "https://id.example.com", client_id: "spa", redirect_uri: "https://app.example.com/cb" }';
const translated = '{ app: { issuer: "https://id.example.com", clientId: "spa", redirectUri: "https://app.example.com/cb" } }';

for (const [shape, { left, library, says }] of Object.entries({
  service: { left: 0, library: 'oidc-client-ts', says: ['npm uninstall oidc-client-ts', 'Log.setLogger(console): the package logs nothing unless', 'src/auth.ts:41 takes the response to a login. A logout comes back with a response, too', 'changed  src/auth.ts'] },
  react: { left: 0, library: 'react-oidc-context', says: ['npm uninstall react-oidc-context', 'onSigninCallback: AuthProvider cleans the address itself'] },
  events: { left: 4, library: 'oidc-client-ts', says: ['src/auth.js:42  TODO(oidc-client-wasm): A logout in a popup is not in this version', 'src/App.vue:19  TODO(oidc-client-wasm)'] },
})) {
  test(`codemod: the app "${shape}" becomes what it should, to the letter, and a second run changes nothing`, async () => {
    // A package.json in this repository is one of its own packages, and has a lock.
    const { 'manifest.json': manifest, ...sources } = filesOf(join(fixtures, shape, 'before'));
    const dir = app({ ...sources, 'package.json': manifest });
    const first = await run(['codemod', library, 'src'], { cwd: dir });
    const { 'manifest.json': wanted, ...expected } = filesOf(join(fixtures, shape, 'after'));
    expected['package.json'] = wanted.replace('VERSION', version);
    expect(sourcesOf(dir)).toEqual(expected);
    expect(first.code).toBe(left > 0 ? 1 : 0);
    expect(first.said).toContain(`, ${left} places left.`);
    for (const words of says) expect(first.said).toContain(words);
    const second = await run(['codemod', library, 'src'], { cwd: dir });
    expect(sourcesOf(dir)).toEqual(expected);
    expect(second.code).toBe(first.code);
    expect(second.said).toContain('0 files changed');
  });
}

test('codemod: --dry and --print write nothing, and say what would be', async () => {
  const dir = app({ 'src/auth.ts': `import { UserManager } from "oidc-client-ts";\nexport const m = new UserManager(${settings});\n`, 'package.json': '{ "dependencies": { "oidc-client-ts": "3.5.0" } }' });
  const before = sourcesOf(dir);
  const dry = await codemod(dir, '--dry', 'src');
  expect(dry.said).toContain('would change  src/auth.ts');
  expect(dry.said).toContain('oidc-client-wasm would be added');
  const printed = await codemod(dir, '--print', 'src');
  expect(printed.said).toContain('--- src/auth.ts\nimport { createOAuth } from "oidc-client-wasm";\n');
  expect(sourcesOf(dir)).toEqual(before);
});

const written = {
  'an alias': [
    `import { UserManager as UM, type User as Person } from "oidc-client-ts";\nconst m = new UM(${settings});\nexport const name = (user: Person) => user.profile.name;\n`,
    `import { type Token as Person, createOAuth } from "oidc-client-wasm";\nconst m = createOAuth(${translated}, { autoRenew: true });\nexport const name = (user: Person) => user.userinfo?.name;\n`,
  ],
  'a name that the file has for something else': [
    `import { User } from "oidc-client-ts";\ninterface Token { mine: string }\nexport const all: [User, Token][] = [];\n`,
    `import type { Token as oauthToken } from "oidc-client-wasm";\ninterface Token { mine: string }\nexport const all: [oauthToken, Token][] = [];\n`,
  ],
  'a local class of the same name': [
    `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager(${settings});\nfunction other() {\n  class UserManager { getUser() { return { profile: { name: "x" } }; } }\n  const m = new UserManager();\n  return m.getUser().profile.name;\n}\n`,
    `import { createOAuth } from "oidc-client-wasm";\nconst m = createOAuth(${translated}, { autoRenew: true });\nfunction other() {\n  class UserManager { getUser() { return { profile: { name: "x" } }; } }\n  const m = new UserManager();\n  return m.getUser().profile.name;\n}\n`,
  ],
  'any, and a conversion of a type': [
    `import { UserManager } from "oidc-client-ts";\nconst m: any = new UserManager(${settings});\nvoid m.signinRedirect();\nvoid (m as UserManager).removeUser();\n`,
    `import { createOAuth } from "oidc-client-wasm";\nconst m: any = createOAuth(${translated}, { autoRenew: true });\nvoid m.client("app").authorizeRedirect();\nvoid (m as ReturnType<typeof createOAuth<"app">>).client("app").clear();\n`,
  ],
  'settings in a variable and a spread': [
    `import { UserManager } from "oidc-client-ts";\nconst base = ${settings};\nconst m = new UserManager({ ...base, automaticSilentRenew: false, extraQueryParams: { audience: "api" }, prompt: "login", loadUserInfo: false });\nconsole.log(base.client_id);\n`,
    `import { createOAuth } from "oidc-client-wasm";\nconst base = ${translated.slice(7, -2)};\nconst m = createOAuth({ app: { ...base, authorizeParams: { audience: "api", prompt: "login" } } });\nconsole.log(base.clientId);\n`,
  ],
  'a function that makes the manager later': [
    `import { UserManager } from "oidc-client-ts";\nlet m: UserManager | undefined;\nfunction get(): UserManager {\n  return (m ??= new UserManager(${settings}));\n}\nexport const login = () => get().signinRedirect({ state: 1, login_hint: "a" });\nexport const user = async () => (await get().getUser())?.profile.sub;\n`,
    `import { createOAuth } from "oidc-client-wasm";\nlet m: ReturnType<typeof createOAuth<"app">> | undefined;\nfunction get(): ReturnType<typeof createOAuth<"app">> {\n  return (m ??= createOAuth(${translated}, { autoRenew: true }));\n}\nexport const login = () => get().client("app").authorizeRedirect({ appState: 1, loginHint: "a" });\nexport const user = async () => (await get()).app.token?.userinfo!.sub;\n`,
  ],
  're-exports': [
    'export { User } from "oidc-client-ts";\nexport type { UserProfile as Profile } from "oidc-client-ts"\n',
    'export type { Token as User } from "oidc-client-wasm";\nexport type { IdTokenClaims as Profile } from "oidc-client-wasm"\n',
  ],
  'Windows line ends and a byte order mark': [
    `\uFEFFimport { UserManager } from "oidc-client-ts";\r\n// mine\r\nexport const m = new UserManager(${settings}); // stays\r\n`,
    `\uFEFFimport { createOAuth } from "oidc-client-wasm";\r\n// mine\r\nexport const m = createOAuth(${translated}, { autoRenew: true }); // stays\r\n`,
  ],
  CommonJS: [
    `'use strict'\nconst { UserManager, InMemoryWebStorage, WebStorageStateStore } = require('oidc-client-ts')\nexports.m = new UserManager({ authority: url, client_id: 'x', redirect_uri: back, userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }) })\n`,
    `'use strict'\nconst { createOAuth } = require('oidc-client-wasm')\nexports.m = createOAuth({ app: { issuer: url, clientId: 'x', redirectUri: back } }, { tokenStorage: 'memory', autoRenew: true })\n`,
  ],
  'a namespace': [
    `import * as Oidc from "oidc-client-ts";\nexport let m: Oidc.UserManager = new Oidc.UserManager(${settings}), u: Oidc.User | null = null;\n`,
    `import { type Token, createOAuth } from "oidc-client-wasm";\nexport let m: ReturnType<typeof createOAuth<"app">> = createOAuth(${translated}, { autoRenew: true }), u: Token | null = null;\n`,
  ],
  'AuthProvider under another name, with attributes': [
    `import { AuthProvider as Oidc, useAuth as useOidc } from "react-oidc-context";\n\n// mine\nexport function Root() {\n  const onSigninCallback = () => history.replaceState(null, "", "/");\n  return <Oidc authority="https://id.example.com" client_id="spa" redirect_uri={location.origin} onSigninCallback={onSigninCallback}><In /></Oidc>;\n}\nconst In = () => <p>{useOidc().user?.profile.sub}</p>;\n`,
    `import { AuthProvider as Oidc, createAuth, useAuth as useOidc } from "oidc-client-wasm/react";\n\nconst auth = createAuth({\n  app: {\n    issuer: "https://id.example.com",\n    clientId: "spa",\n    redirectUri: location.origin,\n  },\n}, { autoRenew: true });\n\n// mine\nexport function Root() {\n  return <Oidc auth={auth}><In /></Oidc>;\n}\nconst In = () => <p>{useOidc().claims?.sub}</p>;\n`,
  ],
  'a UserManager that AuthProvider gets': [
    `import { UserManager } from "oidc-client-ts";\nimport { AuthProvider } from "react-oidc-context";\nconst m = new UserManager(${settings});\nexport const user = async () => await m.getUser();\nexport const App = () => <AuthProvider userManager={m} />;\n`,
    `import { AuthProvider, createAuth } from "oidc-client-wasm/react";\nconst m = createAuth(${translated}, { autoRenew: true });\nexport const user = async () => (await m.oauth).app.token;\nexport const App = () => <AuthProvider auth={m} />;\n`,
  ],
  'a file that is rewritten in part already': [
    `import { createOAuth } from "oidc-client-wasm";\nimport { UserManager } from "oidc-client-ts";\nexport const a = createOAuth({});\nexport const b = new UserManager(${settings});\n`,
    `import { createOAuth } from "oidc-client-wasm";\nexport const a = createOAuth({});\nexport const b = createOAuth(${translated}, { autoRenew: true });\n`,
  ],
  'a token where it may be none': [
    `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager(${settings});\nexport async function token() {\n  const user = await m.getUser();\n  if (!user?.access_token) return null;\n  return user?.access_token ?? null;\n}\n`,
    `import { createOAuth } from "oidc-client-wasm";\nconst m = createOAuth(${translated}, { autoRenew: true });\nexport async function token() {\n  const user = (await m).app.token;\n  if (!user?.access_token) return null;\n  return (user ? await m.client("app").getAccessToken() : undefined) ?? null;\n}\n`,
  ],
  'semicolons that stand before the next line': [
    `import { Log, UserManager } from "oidc-client-ts" // mine\n;(async () => {})()\nconst x = foo\nLog.setLogger(console)\n;(async () => {})()\nconst y = foo\nLog.setLevel(Log.DEBUG); // none\n[1].forEach(String)\nconst z = foo\nLog.setLevel(Log.DEBUG);\nLog.setLogger(console);\n[1].forEach(String)\nexport const m = new UserManager(${settings})\n;[2].forEach(String)\n`,
    `import { createOAuth } from "oidc-client-wasm" // mine\n;(async () => {})()\nconst x = foo\n;(async () => {})()\nconst y = foo\n // none\n;[1].forEach(String)\nconst z = foo\n;[1].forEach(String)\nexport const m = createOAuth(${translated}, { autoRenew: true })\n;[2].forEach(String)\n`,
  ],
  'an import that goes before a line that begins with a semicolon': [
    'import { Log } from "oidc-client-ts"\n;(async () => {})()\nLog.setLogger(console);\nstart()\n',
    ';(async () => {})()\nstart()\n',
  ],
  'two calls of useAuth in one component below AuthProvider': [
    'import { useAuth } from "react-oidc-context"\nexport const Name = () => {\n  const { isLoading } = useAuth()\n  ;[1].forEach(String)\n  const { isAuthenticated, removeUser } = useAuth()\n  const auth = useAuth()\n  const { activeNavigator } = auth\n  return <i onClick={() => void removeUser()}>{isLoading ? "" : String(isAuthenticated)}{activeNavigator}</i>\n}\nexport function In() { const { isAuthenticated } = useAuth(); return isAuthenticated ? <i /> : null }\n',
    'import { useAuth } from "oidc-client-wasm/react"\nexport const Name = () => {\n  const { status, client } = useAuth()\n  const isLoading = !["signed-in", "signed-out"].includes(status)\n  ;[1].forEach(String)\n  const {} = useAuth()\n  const isAuthenticated = status === "signed-in"\n  const auth = useAuth()\n  const { status: status2 } = auth\n  const activeNavigator = status2 === "signing-in" ? "signinRedirect" : status2 === "signing-out" ? "signoutRedirect" : undefined\n  return <i onClick={() => void client.clear()}>{isLoading ? "" : String(isAuthenticated)}{activeNavigator}</i>\n}\nexport function In() { const { status } = useAuth();\nconst isAuthenticated = status === "signed-in"; return isAuthenticated ? <i /> : null }\n',
  ],
  'a statement that goes from a place where one must stand': [
    'import { Log } from "oidc-client-ts";\nif (location.hash) Log.setLevel(Log.DEBUG);\nstart();\n',
    'if (location.hash) {}\nstart();\n',
  ],
};

/** What is left for a person. */
const left = {
  handed: `import { UserManager } from "oidc-client-ts";\nimport { useAuth } from "react-oidc-context";\nconst m = new UserManager(${settings});\nexport const done = async () => {\n  const response = await m.signoutRedirectCallback();\n  return response.state;\n};\nexport const copy = async () => {\n  const user = await m.getUser();\n  return { ...user, at: 1 };\n};\nexport function useMe() {\n  const { user } = useAuth();\n  if (user === undefined) return null;\n  return { user, at: user?.profile.sub };\n}\n`,
  listener: `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager(${settings});\nexport function watch(show) {\n  m.events.addUserLoaded(show);\n  const off = m.events.addUserUnloaded(() => show(null));\n  return () => {\n    m.events.removeUserLoaded(show);\n    off();\n  };\n}\n`,
  unknown: 'import { UserManager } from "oidc-client-ts";\nexport async function start(load) {\n  const m = new UserManager(await load());\n  const user = await m.getUser();\n  await m.signinRedirect({ state: 1 });\n  return user.profile.name;\n}\n',
  nothing: `import { OidcClient, UserManager } from "oidc-client-ts";\nconst m = new UserManager({\n  authority: url,\n  client_id: "x",\n  response_type: "id_token token",\n  dpop: { store },\n});\n// mine\nm.querySessionStatus();\nm.signinRedirect(args);\nnew OidcClient({});\n`,
};

describe('what people write beside', () => {
  const nameOf = (what) => `src/${what.replaceAll(/\W+/g, '-')}.${what === 'CommonJS' ? 'cjs' : what.includes('AuthProvider') ? 'tsx' : 'ts'}`;
  let files;
  let told;

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), 'oidc-cli-'));
    mkdirSync(join(dir, 'src'));
    mkdirSync(join(dir, 'node_modules/@babel'), { recursive: true });
    symlinkSync(parser, join(dir, 'node_modules/@babel/parser'));
    for (const [what, [before]] of Object.entries(written)) writeFileSync(join(dir, nameOf(what)), before);
    for (const [what, before] of Object.entries(left)) writeFileSync(join(dir, `src/${what}.js`), before);
    told = spawnSync(program, ['codemod', 'oidc-client-ts', 'src'], { cwd: dir, encoding: 'utf8' });
    files = sourcesOf(dir);
    rmSync(dir, { recursive: true });
  });

  for (const [what, [, after]] of Object.entries(written)) {
    test(`codemod: ${what}`, () => {
      expect(files[nameOf(what)]).toBe(after);
      expect(told.stdout).not.toMatch(new RegExp(`${nameOf(what)}:\\d+ +TODO`));
    });
  }

  test('codemod: a listener that is taken away again is ended', () => {
    expect(files['src/listener.js']).toContain('  const stopUserLoaded = onAuthEvent(m, ["login", "tokenupdate"], ({ token }) => show(token));\n  const off = onAuthEvent(m, ["logout"], () => show(null));\n  return () => {\n    stopUserLoaded();\n    off();\n  };\n');
  });

  test('codemod: settings that are not in the code leave the manager and all its uses as they are', () => {
    const [before, after] = [left.unknown, files['src/unknown.js']].map((text) => text.split('\n'));
    const isTodo = (line) => line.includes('TODO(oidc-client-wasm)');
    expect(after.filter(isTodo)).toEqual([expect.stringContaining('The settings are not written out in the app')]);
    expect(after.filter((line) => !isTodo(line))).toEqual(before);
    expect(told.stdout).toContain('src/unknown.js:3  TODO(oidc-client-wasm)');
  });

  test('codemod: what is handed on as a whole, and has other members then, is told', () => {
    const lines = files['src/handed.js'].split('\n');
    for (const [line, words] of [
      ['  const response = await (await m).handleRedirect();', 'the state is appState'],
      ['  return { ...user, at: 1 };', 'userinfo has what profile had'],
      ['  if (user === undefined) return null;', 'status says which'],
      ['  return { user, at: user?.sub };', 'claims stand for the user'],
    ]) expect([line, lines[lines.indexOf(line) - 1]]).toEqual([line, expect.stringContaining(words)]);
  });

  test('codemod: what has no counterpart stays below a comment that names the cure and the page', () => {
    const lines = files['src/nothing.js'].split('\n');
    for (const [line, words] of [
      ['  response_type: "id_token token",', 'authorization code flow with PKCE'],
      ['  dpop: { store },', 'DPoP is not in this version'],
      ['m.querySessionStatus();', 'monitorSession()'],
      ['m.client("app").authorizeRedirect(args);', 'appState for state'],
      ['new OidcClient({});', 'createAuthorizationUrl'],
    ]) {
      const above = lines[lines.indexOf(line) - 1];
      expect(above).toMatch(/^ *\/\/ TODO\(oidc-client-wasm\): .* See docs\/migrating-from-oidc-client-ts\.md#[\w-]+$/);
      expect(above).toContain(words);
    }
    expect(lines).toContain('import { OidcClient } from "oidc-client-ts";');
  });
});

test('codemod: every section that a comment names is one of the page', () => {
  const page = readFileSync(new URL('../../../docs/migrating-from-oidc-client-ts.md', import.meta.url), 'utf8');
  const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title.toLowerCase().replace(/[^\w -]/g, '').replaceAll(' ', '-'));
  const code = Object.values(filesOf(fileURLToPath(new URL('../../../pkg-template/cli/codemod', import.meta.url)))).join('\n');
  const named = [...code.matchAll(/section(?:: | = |: [^"}]* (?:\?|\?\?) )"([\w-]+)"(?: : "([\w-]+)")?/g)].flatMap(([, ...sections]) => sections.filter(Boolean));
  expect(named).toEqual(expect.arrayContaining(['settings', 'events', 'the-codemod', 'what-has-no-counterpart-here']));
  for (const section of named) expect(anchors).toContain(section);
});

test('codemod: a file with a mistake is named and left, and the others are done', async () => {
  const broken = 'import { UserManager } from "oidc-client-ts"; const x = {;\n';
  const dir = app({ 'src/broken.ts': broken, 'src/auth.ts': `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n`, 'src/none.ts': 'const = ;', 'src/node_modules/x/index.js': broken });
  const { code, said } = await codemod(dir, 'src');
  expect([code, sourcesOf(dir)['src/broken.ts']]).toEqual([1, broken]);
  expect(said).toContain('src/broken.ts:1  Unexpected token');
  expect(said).not.toContain('none.ts');
  expect(sourcesOf(dir)['src/auth.ts']).toContain('createOAuth');
});

test('codemod: names, settings and functions that lead in circles come to an end, and code stays code', async () => {
  const dir = app({
    'src/a.ts': 'import { x } from "./b"; export { x }; export * from "./b";\n',
    'src/b.ts': 'import { x } from "./a"; import { UserManager, type User } from "oidc-client-ts"; export { x }; export * from "./a"; x.signinRedirect();\nconst s = { ...s };\nconst f = () => g(), g = () => f();\nf().getUser();\nnew UserManager({ ...s });\nnew UserManager(f());\ninterface Loop extends Loop { a: Loop; u: User }\nexport const last = (z: Loop) => z.a.a.a.u.profile.email;\n',
    'src/c.ts': `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager(${settings});\nm.events.addUserLoaded(...all);\nconst { getUser } = m;\nm["getUser"]();\n`,
  });
  const { code, complained } = await codemod(dir, 'src');
  expect([code, complained.includes('    at ')]).toEqual([1, false]);
  const { 'src/b.ts': loop, 'src/c.ts': other } = sourcesOf(dir);
  expect(loop).toContain('z.a.a.a.u.userinfo?.email');
  expect(other.split('\n').filter((line) => !line.startsWith('//'))).toEqual(['import { createOAuth } from "oidc-client-wasm";', `const m = createOAuth(${translated}, { autoRenew: true });`, 'm.events.addUserLoaded(...all);', 'const { getUser } = m;', 'm.then((oauth) => oauth.app.token);', '']);
  expect(other.split('\n').filter((line) => line.startsWith('// TODO(oidc-client-wasm): '))).toHaveLength(2);
});

test('codemod: a function that the new code needs stays where the last import goes', async () => {
  const dir = app({
    'src/a.jsx': 'import { hasAuthParams, useAuth } from "react-oidc-context";\nimport { User } from "oidc-client-ts";\n\nexport const X = () => useAuth() && hasAuthParams();\n',
    'src/b.js': `import { m } from "./m";\nimport { User } from "oidc-client-ts";\nm.events.addUserLoaded((user) => console.log(user.profile.sub));\n`,
    'src/c.js': 'import { hasAuthParams } from "react-oidc-context";\nhasAuthParams();\n',
    'src/m.js': `import { UserManager } from "oidc-client-ts";\nexport const m = new UserManager(${settings});\n`,
  });
  const { code } = await codemod(dir, 'src');
  const { 'src/a.jsx': a, 'src/b.js': b, 'src/c.js': c } = sourcesOf(dir);
  expect(code).toBe(0);
  expect(a).toMatch(/^import \{ useAuth \} from "oidc-client-wasm\/react";\n\n\/\*\* Whether .*\nfunction hasAuthParams\([\s\S]*\n\}\n\nexport const X/);
  expect(b).toMatch(/^import \{ m \} from "\.\/m";\n\n\/\*\* Calls .*\nfunction onAuthEvent\([\s\S]*\n\}\n\nonAuthEvent\(m, /);
  expect(c).toMatch(/^\/\*\* Whether .*\nfunction hasAuthParams\([\s\S]*\n\}\n\nhasAuthParams\(\);\n$/);
});

test('codemod: declarations are named and left, so that nobody is told to uninstall what they import', async () => {
  const declaration = 'import type { User } from "oidc-client-ts";\ndeclare global { interface Window { me: User } }\n';
  const dir = app({ 'src/auth.ts': `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n`, 'src/global.d.ts': declaration, 'src/none.d.ts': 'declare const x: 1;', 'package.json': '{ "dependencies": { "oidc-client-ts": "3.5.0" } }' });
  const { code, said } = await codemod(dir, 'src');
  expect([code, sourcesOf(dir)['src/global.d.ts']]).toEqual([1, declaration]);
  expect(said).toContain('src/global.d.ts:1  The codemod does not rewrite declarations');
  expect(said).toContain('oidc-client-ts is still imported');
  expect(said).not.toContain('none.d.ts');
});

test('codemod: a manager that is the default of a parameter, and one that nothing tells of in JavaScript', async () => {
  const dir = app({
    'src/m.js': `import { UserManager } from "oidc-client-ts";\nexport const m = new UserManager(${settings});\n`,
    'src/a.ts': 'import { m } from "./m";\nexport class Guard {\n  constructor(private um = m) {}\n  async can() { return !!(await this.um.getUser()); }\n}\nexport const go = (um = m) => um.signinRedirect();\n',
    'src/b.js': 'import { m } from "./m";\nwindow.um = m;\nwindow.um.signinRedirect();\n',
  });
  await codemod(dir, 'src');
  const { 'src/a.ts': a, 'src/b.js': b } = sourcesOf(dir);
  expect(a).toContain('return !!(await this.um).app.token;');
  expect(a).toContain('um.client("app").authorizeRedirect()');
  expect(b).toMatch(/TODO\(oidc-client-wasm\): The codemod cannot tell what window\.um is\..*\nwindow\.um\.signinRedirect/);
});

test.skipIf(process.platform === 'win32')('codemod: where one file may not be written, none is', async () => {
  const source = `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n`;
  const dir = app({ 'a.ts': source, 'b.ts': source, 'package.json': '{}' });
  // For root every file may be written.
  const as = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(dir, 0o777);
  chmodSync(join(dir, 'a.ts'), 0o666);
  chmodSync(join(dir, 'b.ts'), 0o444);
  const { status, stderr } = spawnSync(process.execPath, [program, 'codemod', 'oidc-client-ts', '.'], { cwd: dir, encoding: 'utf8', ...as });
  expect([status, stderr]).toEqual([2, expect.stringContaining('b.ts may not be written (EACCES). Nothing was changed.')]);
  expect(sourcesOf(dir)).toEqual({ 'a.ts': source, 'b.ts': source, 'package.json': '{}' });
});

test('codemod: the name of a file moves no cursor', async () => {
  const dir = app({ 'src/a\u001b[31m\nb.ts': `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n` });
  const { said } = await codemod(dir, 'src', '--dry');
  expect(said).toContain('would change  src/a\ufffd[31m\ufffdb.ts');
});

test('codemod: an app that uses neither library is not touched', async () => {
  const files = { 'src/a.ts': 'export class UserManager { signinRedirect() {} }\nnew UserManager().signinRedirect();\n', 'package.json': '{}' };
  const dir = app(files);
  const { code, said } = await codemod(dir, 'src');
  expect([code, sourcesOf(dir)]).toEqual([0, files]);
  expect(said).toBe('0 files changed, 0 places left.\n');
});

test('codemod: without the parser npm is asked for one exact version, which is said before', async () => {
  const dir = folder({ 'src/auth.js': `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n` });
  const npm = join(folder(), 'npm-cli.js');
  const bin = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));
  writeFileSync(npm, `const { spawnSync } = require("node:child_process");\nconst args = process.argv.slice(2);\nconsole.error(args.slice(0, 4).join(" "));\nif (args[3] !== "--package=@babel/parser@${exact}") process.exit(1);\nspawnSync(process.execPath, args.slice(6), { stdio: "inherit", env: { ...process.env, PATH: ${JSON.stringify(bin)} } });\n`);
  const { code, complained } = await run(['codemod', 'oidc-client-ts', 'src'], { cwd: dir, env: { npm_execpath: npm } });
  expect(complained).toMatch(/^The codemod reads the code with @babel\/parser \d+\.\d+\.\d+, which this project does not have\. npm now fetches it/);
  expect([code, filesOf(dir)['src/auth.js'].includes('createOAuth')]).toEqual([0, true]);
});

test('codemod: where npm reaches no registry, nothing is changed, and the command that installs the parser is said', async () => {
  const dir = folder({ 'src/auth.js': `import { UserManager } from "oidc-client-ts";\nnew UserManager(${settings});\n` });
  const before = filesOf(dir);
  const { code, complained } = await run(['codemod', 'oidc-client-ts', 'src'], { cwd: dir, env: { npm_config_offline: 'true', npm_config_cache: folder() } });
  expect([code, filesOf(dir)]).toEqual([2, before]);
  expect(complained).toContain('Nothing was changed.');
  expect(complained).toMatch(/npm install --save-dev --save-exact @babel\/parser@\d/);
});

test('codemod: a mistake is said, with 2', async () => {
  const cwd = app({ 'src/a.js': '' });
  await Promise.all([
    [[], 'Say which library the app uses.'],
    [['oidc-client', 'src'], 'Did you mean oidc-client-ts?'],
    [['oidc-client-ts'], 'npx oidc-client-wasm codemod oidc-client-ts src'],
    [['oidc-client-ts', 'nowhere'], 'There is nothing at nowhere.'],
    [['oidc-client-ts', '--dri', 'src'], 'Did you mean --dry?'],
    [['oidc-client-ts', '--name', 'a-b', 'src'], '--name is "a-b".'],
  ].map(async ([args, words]) => {
    const { code, complained } = await run(['codemod', ...args], { cwd });
    expect([args, code, complained]).toEqual([args, 2, expect.stringContaining(words)]);
  }));
});
