// WebKitGTK: its MiniBrowser through WebKitWebDriver. It has no headless mode, so it gets a display of its own.

import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import { Capabilities } from 'selenium-webdriver';
import { findBinary, inLibraryFolders, openDisplay, openSession } from './service.js';

/** It resolves names as the machine does. Some give their own one to loopback, where the application listens; others do not. */
async function findPlainHost() {
  const name = hostname();
  const { address } = await lookup(name, { family: 4 }).catch(() => ({}));
  return address?.startsWith('127.') && !/(^|\.)localhost$/.test(name) ? { plainHost: name } : {};
}

export async function launch() {
  const executable = findBinary('WEBKIT_DRIVER', ['WebKitWebDriver']);
  const binary = findBinary('WEBKIT_BROWSER', ['MiniBrowser'], [
    ...inLibraryFolders('webkit2gtk-4.1', 'MiniBrowser'),
    ...inLibraryFolders('webkitgtk-6.0', 'MiniBrowser'),
  ]);
  const display = await openDisplay();
  let session;
  try {
    session = await openSession({
      executable,
      env: display.env,
      capabilities: new Capabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      }),
    });
  } catch (error) {
    display.close();
    throw error;
  }
  const { webdriver, stop } = session;
  return {
    webdriver,
    features: await findPlainHost(),
    async close() {
      await webdriver.quit().finally(stop);
      display.close();
    },
  };
}
