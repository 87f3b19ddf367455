import firefox from 'selenium-webdriver/firefox.js';
import { findBinary, openSession } from './service.js';

export async function launch() {
  const options = new firefox.Options()
    .setBinary(findBinary('FIREFOX', ['firefox', 'firefox-esr']))
    .addArguments('-headless');
  const { webdriver, stop } = await openSession({
    executable: findBinary('GECKODRIVER', ['geckodriver']),
    // geckodriver's BiDi port is fixed unless told otherwise, and test files run side by side.
    args: ['--websocket-port=0'],
    capabilities: options,
  });
  return { webdriver, features: { openedTabs: true, strictHttp: true }, close: () => webdriver.quit().finally(stop) };
}
