import chrome from 'selenium-webdriver/chrome.js';
import { findBinary, openSession } from './service.js';

const plainHost = 'app.test';

const args = [
  `--host-resolver-rules=MAP ${plainHost} 127.0.0.1`,
  '--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--window-size=1280,1024',
  // Containers and CI machines run as root, where the sandbox refuses to start, and often with a tiny /dev/shm.
  '--no-sandbox', '--disable-dev-shm-usage',
];

/** @param {{ leaveQuestion?: boolean }} wanted features that cost every session something */
export async function launch({ leaveQuestion = false } = {}) {
  const options = new chrome.Options()
    .setChromeBinaryPath(findBinary('CHROME', ['chromium', 'google-chrome', 'chromium-browser', 'chrome']))
    .addArguments(...args);
  options.set('goog:loggingPrefs', { browser: 'ALL' });
  if (leaveQuestion) {
    // Otherwise the driver itself answers the question, with "Leave". Without `webSocketUrl` it does not ask for the behaviour.
    options.set('unhandledPromptBehavior', { beforeUnload: 'ignore' });
    options.set('webSocketUrl', true);
  }
  // Without a folder for its profile: the driver makes one of its own then, and opens the first page, which the headless shell has not.
  const { webdriver, stop } = await openSession({ executable: findBinary('CHROMEDRIVER', ['chromedriver']), capabilities: options });

  return {
    webdriver,
    features: {
      /** A page hears that its navigation was stopped. */
      tellsOfStop: true,
      openedTabs: true,
      /** A frame of the same site shares the storage and the channels of its origin. */
      sharedFrames: true,
      strictHttp: true,
      plainHost,
      ...(leaveQuestion && { leaveQuestion }),
      /** Stops the tasks of the current tab, as a browser does to save power, or lets them go on. The driver itself may talk to a frozen tab. */
      async freeze(isFrozen) {
        await webdriver.sendDevToolsCommand('Page.setWebLifecycleState', { state: isFrozen ? 'frozen' : 'active' });
      },
      collectGarbage: () => webdriver.sendDevToolsCommand('HeapProfiler.collectGarbage'),
      /** What the console said since the last call: [{ level, text }]. Covers what a page cannot record: violations, failed loads. */
      async console() {
        const entries = await webdriver.manage().logs().get('browser');
        return entries.map(({ level, message }) => ({ level: level.name, text: message }));
      },
      /** Every URL in the history of the current tab, in order. */
      async history() {
        const { entries } = await webdriver.sendAndGetDevToolsCommand('Page.getNavigationHistory', {});
        return entries.map(({ url }) => url);
      },
    },
    /** The storage of `origins`, the cookies of all hosts, and the HTTP cache. A new tab has a sessionStorage of its own. */
    async forget(origins) {
      for (const origin of origins) await webdriver.sendDevToolsCommand('Storage.clearDataForOrigin', { origin, storageTypes: 'local_storage' });
      await webdriver.sendDevToolsCommand('Network.clearBrowserCookies', {});
      await webdriver.sendDevToolsCommand('Network.clearBrowserCache', {});
    },
    async close() {
      await webdriver.quit().finally(stop);
    },
  };
}
