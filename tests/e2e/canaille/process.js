// The Python process that serves Canaille: started from the virtual environment that `cargo xtask test` makes, told what to
// be on its standard input, and gone when that is closed, however this process ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('serve.py', import.meta.url));
const inVenv = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';

function findPython() {
  const python = process.env.CANAILLE_PYTHON ?? fileURLToPath(new URL(`../../../target/canaille-venv/${inVenv}`, import.meta.url));
  if (existsSync(python)) return python;
  throw new Error(`Canaille is not installed: ${python} is missing. \`cargo xtask test --only browser\` installs it; `
    + 'a Python that has the packages of tests/e2e/canaille/requirements.txt can be named in the variable CANAILLE_PYTHON.');
}

// Canaille reads every setting from the environment, too, some by names as common as DEBUG: it is shown what a process needs.
const needed = ['PATH', 'LD_LIBRARY_PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT'];
const environment = () => Object.fromEntries(needed.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

/** Starts the server and waits until it listens: { port, tell, close }. */
export async function serve(start) {
  const child = spawn(findPython(), ['-u', script], {
    // A file `canaille.toml` or `.env` in the working directory would be read.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: environment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(new Error(`the process of Canaille ended (${signal ?? code})`)));
  });
  child.stdin.on('error', () => {}); // it ended: `ended` says so
  const lines = createInterface({ input: child.stdout });
  const answer = async (message) => {
    const line = once(lines, 'line');
    child.stdin.write(`${JSON.stringify(message)}\n`);
    const outcome = await Promise.race([line, ended]);
    if (outcome instanceof Error) throw outcome;
    return outcome[0];
  };

  return {
    port: Number(await answer(start)),
    /** Sets something of the running server. One at a time. */
    tell: (message) => answer(message),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
