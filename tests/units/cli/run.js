// Starts the program of the installed package, as `npx oidc-client-wasm` does.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const program = fileURLToPath(new URL('../node_modules/.bin/oidc-client-wasm', import.meta.url));

/** The program, what it has said until now, and its end. */
export function start(args, { cwd, command = program, env } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
  const started = { child, said: '', complained: '' };
  child.stdout.on('data', (text) => { started.said += text; });
  child.stderr.on('data', (text) => { started.complained += text; });
  started.ended = once(child, 'close').then(([code]) => ({ code, said: started.said, complained: started.complained }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await started.ended;
  });
  return started;
}

export const run = (args, options) => start(args, options).ended;

/** On a terminal, where these lines are typed one after the other, each as the answer to a question. */
export async function runOnTerminal(args, answers, { cwd }) {
  const started = start(['-c', 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))', program, ...args], { cwd, command: 'python3' });
  let asked = 0;
  started.child.stdout.on('data', () => {
    while (asked < answers.length && started.said.split(']: ').length - 1 > asked) started.child.stdin.write(answers[asked++]);
  });
  return started.ended;
}

/** Waits until the program has said this. */
export async function until(started, words) {
  for (const limit = Date.now() + 20_000; ;) {
    const found = words.exec(started.said);
    if (found) return found;
    if (Date.now() > limit || started.child.exitCode !== null) throw new Error(`It never said ${words}:\n${started.said}\n${started.complained}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}

/** A folder with these files, which goes after the test. */
export function folder(files = {}) {
  const path = mkdtempSync(join(tmpdir(), 'oidc-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** The files of a folder with their texts. */
export function filesOf(path) {
  const files = readdirSync(path, { recursive: true }).sort().filter((name) => statSync(join(path, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}
