// `codemod` in this process, on what depends on another file of the app, and on what it tells a person to do.

import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { transform } from '../node_modules/oidc-client-wasm/cli/codemod/codemod.js';
import { loadParser } from '../node_modules/oidc-client-wasm/cli/codemod/code/parser.js';
import { notesOf } from '../node_modules/oidc-client-wasm/cli/codemod/manager.js';
import { folder } from './run.js';

const parse = await loadParser(fileURLToPath(new URL('..', import.meta.url)), () => {});

/** What these files become. */
function rewritten(files) {
  const dir = folder(files);
  const project = transform([dir], parse, 'app');
  return Object.fromEntries([...project.files.values()].map((file) => [relative(dir, file.path).replaceAll('\\', '/'), file.render({ start: 0, end: file.text.length })]));
}

const settings = '{ authority: "https://id.example.com", client_id: "spa", redirect_uri: "https://app.example.com/cb" }';
const main = 'import { AuthProvider } from "react-oidc-context";\nexport const Root = () => <AuthProvider authority="https://id.example.com" client_id="spa" redirect_uri="/cb" />;\n';

test('codemod: a silent login takes the refresh token where the settings have one, and a frame where they have a page for it', () => {
  const use = 'import { useAuth } from "react-oidc-context";\nexport const Renew = () => {\n  const auth = useAuth();\n  return <button onClick={() => auth.signinSilent({ login_hint: "a" })} />;\n};\nexport function Short() { const { signinSilent } = useAuth(); return <i onClick={() => void signinSilent()} />; }\n';
  const provider = (more) => `import { AuthProvider } from "react-oidc-context";\nexport const Root = () => <AuthProvider authority="https://id.example.com" client_id="spa" redirect_uri="https://app.example.com/cb" ${more} />;\n`;
  const frame = 'silent_redirect_uri="https://app.example.com/silent"';
  const results = {};
  for (const [name, files] of Object.entries({
    asks: { 'src/main.tsx': provider(`${frame} scope={["openid", "offline_access"].join(" ")}`) },
    none: { 'src/main.tsx': provider('scope="openid"') },
    frame: { 'src/main.tsx': provider(`${frame} scope="openid"`) },
    unknown: { 'src/main.tsx': 'import { AuthProvider } from "react-oidc-context";\nexport const Root = (props) => <AuthProvider {...props} />;\n' },
    two: { 'src/main.tsx': provider('scope="openid"'), 'src/other.tsx': provider(`${frame} scope="openid"`) },
  })) {
    results[name] = rewritten({ ...files, 'src/use.tsx': use })['src/use.tsx'];
  }
  for (const name of ['asks', 'none']) expect(results[name]).toMatch(/onClick=\{\(\) => auth\.client\.refreshToken\(\)\}[\s\S]*void client\.refreshToken\(\)/);
  expect(results.asks).not.toContain('TODO');
  expect(results.frame).toMatch(/auth\.client\.authorizeSilent\(\{ loginHint: "a" \}\)[\s\S]*void client\.authorizeSilent\(\)/);
  expect(results.frame).not.toContain('TODO');
  for (const name of ['unknown', 'two']) expect(results[name]).toMatch(/TODO\(oidc-client-wasm\): signinSilent\(\) took the refresh token where there was one/);
});

test('codemod: who listens to failed renewals hears of no cancelled login', () => {
  const listeners = ['show', '() => console.error(1)', '(e) => console.error(e, error)', '(e) => e.fatal ? stop(e) : go()', '() => setError(error)', '({ message }) => show(message)', 'async (e: Error) => { await show(e); }', 'function (e) {\n  show(e);\n}', '(e) => ({ e })', '(e): void => { show(e); }', '(e = none) => show(e)'];
  const { 'a.ts': text } = rewritten({ 'a.ts': `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager(${settings});\n${listeners.map((listener) => `m.events.addSilentRenewError(${listener});\n`).join('')}` });
  const is = 'error.phase === "refresh" &&';
  const wanted = [
    `({ error }) => ${is} show(error)`, `({ error }) => ${is} console.error(1)`, '({ error: e }) => e.phase === "refresh" && console.error(e, error)', '({ error: e }) => e.phase === "refresh" && (e.fatal ? stop(e) : go())', `({ error }) => ${is} (() => setError(error))(error)`,
    `({ error }) => ${is} (({ message }) => show(message))(error)`, 'async ({ error: e }) => { if (e.phase !== "refresh") return; await show(e); }', 'function ({ error: e }) {\n  if (e.phase !== "refresh") return;\n  show(e);\n}',
    '({ error: e }) => e.phase === "refresh" && ({ e })', `({ error }) => ${is} ((e): void => { show(e); })(error)`, `({ error }) => ${is} ((e = none) => show(e))(error)`,
  ];
  expect(text.slice(text.indexOf('\nonAuthEvent(') + 1)).toBe(wanted.map((each) => `onAuthEvent(m, ["error"], ${each});\n`).join(''));
});

test('codemod: an app that takes the response to a login alone is told that a logout has one', () => {
  const head = `import { UserManager } from "oidc-client-ts";\nconst m = new UserManager({ ...${settings}`;
  const login = 'if (location.pathname === "/cb") m.signinCallback();\n';
  const notes = {};
  for (const [what, text] of Object.entries({
    setting: `${head}, post_logout_redirect_uri: "/" });\n${login}m.signoutRedirect();\n`,
    given: `${head} });\n${login}m.signoutRedirect({ post_logout_redirect_uri: "/" });\n`,
    both: `${head}, post_logout_redirect_uri: "/" });\n${login}m.signoutCallback();\nm.signoutRedirect();\n`,
    stays: `${head} });\n${login}m.signoutRedirect();\n`,
    here: `${head}, post_logout_redirect_uri: "/" });\n${login}m.removeUser();\n`,
  })) {
    notes[what] = notesOf(transform([folder({ 'a.js': text })], parse, 'app')).length;
  }
  expect(notes).toEqual({ setting: 1, given: 1, both: 0, stays: 0, here: 0 });
});

test('codemod: one comment tells of the events of an effect, with the event, a sample and where its auth is', () => {
  const { 'src/in.jsx': text, 'src/parts.jsx': parts } = rewritten({
    'src/main.jsx': main,
    'src/in.jsx': 'import { useEffect } from "react";\nimport { useAuth } from "react-oidc-context";\nexport function In() {\n  const auth = useAuth();\n  useEffect(() => {\n    return auth.events.addAccessTokenExpiring(() => {\n      void auth.signinSilent();\n    });\n  }, [auth.events, auth.signinSilent]);\n  return null;\n}\n',
    'src/parts.jsx': 'import { useAuth } from "react-oidc-context";\nexport const useWatch = (show) => {\n  const { events } = useAuth();\n  events.addSilentRenewError(show);\n  events.addAccessTokenExpired(show);\n};\n',
  });
  const [todo, ...others] = text.split('\n').filter((line) => line.includes('TODO'));
  expect(others).toEqual([]);
  for (const words of ['addAccessTokenExpiring is the event "expiring"', 'appAuth.oauth.then((oauth) => oauth.addEventListener("expiring",', 'Move auth from ./main.jsx into a module of its own, and import { auth as appAuth } from there']) expect(todo).toContain(words);
  expect(text).toContain('  }, [auth.client]);\n');
  for (const words of ['"error" of the registry, where detail.error.phase is "refresh".', 'No event tells that the access token has expired', ' auth.oauth.then(', 'import { auth } from there']) expect(parts).toContain(words);
  expect(parts.match(/TODO/g)).toHaveLength(1);
});

test('codemod: who reads the stored session is told how to come by the token outside of a component', () => {
  const read = 'import { User } from "oidc-client-ts";\nexport function getUser() {\n  const stored = localStorage.getItem(`oidc.user:${issuer}:spa`);\n  return stored ? User.fromStorageString(stored) : null;\n}\n';
  const parsed = 'export const token = () => JSON.parse(sessionStorage["oidc.user:https://id.example.com:spa"] ?? "{}").access_token;\nexport const forget = () => localStorage.removeItem("oidc.user:x");\n';
  const react = rewritten({ 'src/main.jsx': main, 'src/api.js': read, 'src/lib/parsed.js': parsed });
  const service = rewritten({ 'src/auth.js': `import { UserManager } from "oidc-client-ts";\nexport const manager = new UserManager(${settings});\n`, 'src/lib/parsed.js': parsed, 'src/api.js': read });
  for (const [text, words] of [
    [react['src/api.js'], ['await auth.client("app").getAccessToken()', '(await auth.oauth).app.claims', 'Move auth from ./main.jsx']],
    [react['src/lib/parsed.js'], ['await auth.client("app").getAccessToken()', 'Move auth from ../main.jsx']],
    [service['src/api.js'], ['await manager.client("app").getAccessToken()', '(await manager).app.claims', 'Import { manager } from "./auth.js".']],
    [service['src/lib/parsed.js'], ['Import { manager } from "../auth.js".']],
  ]) {
    expect(text.match(/TODO/g)).toHaveLength(1);
    for (const each of words) expect(text).toContain(each);
  }
  expect(rewritten({ 'src/lib/parsed.js': parsed })).toEqual({});
});
