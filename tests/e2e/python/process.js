// The process of a provider in Python: started from the virtual environment that `cargo xtask providers` makes, told what to
// be on its standard input, and gone when that is closed, however this process ends.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const inVenv = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';

function findPython() {
  const python = process.env.PROVIDERS_PYTHON ?? path.join(here, '../../../target/providers-venv', inVenv);
  if (existsSync(python)) return python;
  throw new Error(`The providers in Python are not installed: ${python} is missing. \`cargo xtask providers\` installs them; `
    + 'a Python that has the packages of every tests/e2e/*/requirements.txt can be named in the variable PROVIDERS_PYTHON.');
}

// Canaille reads every setting from the environment, too, some by names as common as DEBUG: a provider is shown what a process needs.
const needed = ['PATH', 'LD_LIBRARY_PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT'];
const environment = () => Object.fromEntries(needed.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

/**
 * Starts `serve.py` of `folder` and waits until it listens: { port, tell, close }.
 * @param {string} folder beside this one
 * @param {object} start what the script is told to be
 */
export async function serve(folder, start) {
  const cwd = path.join(here, '..', folder);
  const child = spawn(findPython(), ['-u', path.join(cwd, 'serve.py')], {
    // A file `canaille.toml` or `.env` in the working directory would be read.
    cwd,
    // Where `host.py` is, which every `serve.py` imports.
    env: { ...environment(), PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('exit', (code, signal) => resolve(new Error(`the process of ${folder} ended (${signal ?? code})`)));
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
