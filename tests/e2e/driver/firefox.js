import firefox from 'selenium-webdriver/firefox.js';
import { findBinary, openSession } from './service.js';

const plainHost = 'app.test';

export async function launch() {
  const options = new firefox.Options()
    .setBinary(findBinary('FIREFOX', ['firefox', 'firefox-esr']))
    .addArguments('-headless')
    .setPreference('network.dns.localDomains', plainHost);
  const { webdriver, stop } = await openSession({
    executable: findBinary('GECKODRIVER', ['geckodriver']),
    // geckodriver's BiDi port is fixed unless told otherwise, and test files run side by side.
    args: ['--websocket-port=0'],
    capabilities: options,
  });
  return { webdriver, features: { openedTabs: true, sharedFrames: true, strictHttp: true, plainHost }, close: () => webdriver.quit().finally(stop) };
}
