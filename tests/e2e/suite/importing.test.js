// To import an entry does nothing: it works in a realm that has ECMAScript and nothing else, neither URL nor TextDecoder nor EventTarget.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packageFolder } from '../app/server.js';

const run = promisify(execFile);

/** Links the modules of an entry in an empty realm, and evaluates them. */
const script = `
  const { createContext, SourceTextModule } = await import('node:vm');
  const { readFileSync } = await import('node:fs');
  const path = await import('node:path');
  const [entry] = process.argv.slice(1);
  const context = createContext({});
  const modules = new Map();
  const load = (file) => {
    if (!modules.has(file)) modules.set(file, new SourceTextModule(readFileSync(file, 'utf8'), { context, identifier: file }));
    return modules.get(file);
  };
  const main = load(entry);
  await main.link((specifier, { identifier }) => load(path.resolve(path.dirname(identifier), specifier)));
  await main.evaluate();
  const { createOAuth, isOAuthError, OAuthError } = main.namespace;
  const error = new OAuthError({ code: 'network' });
  console.log(JSON.stringify([typeof createOAuth, isOAuthError(error), error.kind, Object.keys(context)]));
`;

for (const entry of ['index', 'inline', 'slim', 'verifier/verifier']) {
  test(`${entry}.js is imported by a realm without any global of the platform`, async () => {
    const args = ['--no-warnings', '--experimental-vm-modules', '--input-type=module', '--eval'];
    const text = entry.startsWith('verifier') ? script.replace(/const \{ createOAuth[\s\S]*/, 'console.log(JSON.stringify(typeof main.namespace.verify))') : script;
    const { stdout } = await run(process.execPath, [...args, text, path.join(packageFolder, `${entry}.js`)]);
    assert.deepEqual(JSON.parse(stdout), entry.startsWith('verifier') ? 'function' : ['function', true, 'environment', []]);
  });
}

test('hint.js is imported by a realm without any global of the platform, where it knows nobody', async () => {
  const args = ['--no-warnings', '--experimental-vm-modules', '--input-type=module', '--eval'];
  const text = script.replace(/const \{ createOAuth[\s\S]*/, "console.log(JSON.stringify([main.namespace.readHint('demo'), Object.keys(context), modules.size]));");
  const { stdout } = await run(process.execPath, [...args, text, path.join(packageFolder, 'hint.js')]);
  assert.deepEqual(JSON.parse(stdout), [null, [], 1]);
});
