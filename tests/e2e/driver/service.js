// Starts what a browser is driven through. Every binary is named explicitly: selenium-webdriver's own finder would
// download browsers and report statistics, so it never gets a chance to run.

import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';
import { Builder } from 'selenium-webdriver';
import { DriverService } from 'selenium-webdriver/remote/index.js';

process.env.SE_OFFLINE = 'true';
process.env.SE_AVOID_STATS = 'true';

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const onPath = (name) => (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  .map((directory) => path.join(directory, name));

/** Entries of a library folder that differ by architecture and version, e.g. `/usr/lib/<triplet>/webkit2gtk-4.1/MiniBrowser`. */
export function inLibraryFolders(...segments) {
  return ['/usr/lib', '/usr/lib64', '/usr/libexec'].flatMap((root) => {
    let folders = [];
    try {
      folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch { /* no such folder here */ }
    return [path.join(root, ...segments), ...folders.map((folder) => path.join(root, folder, ...segments))];
  });
}

/** The binary named by the environment variable, else the first of `names` on the PATH or of `files`. */
export function findBinary(variable, names, files = []) {
  const named = process.env[variable];
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`${variable} names ${named}, which cannot be executed`);
  }
  const found = [...names.flatMap(onPath), ...files].find(isExecutable);
  if (found) return found;
  throw new Error(`no ${names.join(' or ')} found: install it, or name the binary in the environment variable ${variable}`);
}

/** Runs a WebDriver server on a free port of its own and opens a session with it. */
export async function openSession({ executable, args = [], env = {}, capabilities }) {
  const service = new DriverService.Builder(executable)
    .setLoopback(true)
    .addArguments(...args)
    .setEnvironment({ ...process.env, ...env })
    .build();
  try {
    const url = await service.start();
    const webdriver = await new Builder().disableEnvironmentOverrides().usingServer(url).withCapabilities(capabilities).build();
    await webdriver.getSession();
    return { webdriver, stop: () => service.kill() };
  } catch (error) {
    await service.kill();
    throw error;
  }
}

/** A display of its own for an engine without a headless mode. Uses DISPLAY where there is one. */
export async function openDisplay() {
  if (process.env.DISPLAY) return { env: {}, close() {} };
  const xvfb = spawn(findBinary('XVFB', ['Xvfb']), ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    xvfb.stdio[3].once('data', (data) => resolve(String(data).trim()));
    xvfb.once('error', reject);
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { env: { DISPLAY: `:${number}` }, close: () => { xvfb.kill(); } };
}
