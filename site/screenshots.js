// Screenshots of the demo, signed in, wide and narrow, light and dark:  node screenshots.js --out target/docs

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from '../tests/e2e/driver/chromium.js';
import { startDemo } from '../tests/e2e/lib/demo.js';
import { alice } from '../tests/e2e/lib/steps.js';
import { root } from './prepare/map.js';

const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(root, 'target/docs') } } });
const folder = path.join(values.out, 'shots');
const sizes = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } };

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const demo = await startDemo();
try {
  const browser = await launch();
  try {
    const devtools = (command, params) => browser.webdriver.sendAndGetDevToolsCommand(command, params);
    /** Waits until an expression of the page is true. */
    const until = (expression) => browser.webdriver.wait(() => browser.webdriver.executeScript(`return Boolean(${expression});`), 30_000, `in vain for ${expression}`, 50);
    const press = async (selector) => {
      await until(`document.querySelector('${selector}')?.checkVisibility()`);
      await browser.webdriver.executeScript(`const element = document.querySelector('${selector}'); setTimeout(() => element.click());`);
    };

    await browser.webdriver.get(demo.origin);
    await press('#sign-in');
    await until('document.querySelector("input[name=password]")');
    await browser.webdriver.executeScript('document.querySelector("input[name=login]").value = arguments[0]; document.querySelector("input[name=password]").value = arguments[1];', alice.login, alice.password);
    await press('#sign-in');
    await until(`document.querySelector('#user-name')?.textContent === '${alice.name}'`);

    for (const [name, size] of Object.entries(sizes)) {
      await devtools('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: name === 'narrow' ? 2 : 1, mobile: false });
      for (const scheme of ['light', 'dark']) {
        await devtools('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }] });
        await browser.webdriver.executeScript('scrollTo(0, 0); document.activeElement?.blur();');
        const { data } = await devtools('Page.captureScreenshot', { format: 'png' });
        writeFileSync(path.join(folder, `demo-${name}-${scheme}.png`), Buffer.from(data, 'base64'));
      }
    }
  } finally {
    await browser.close();
  }
} finally {
  await demo.close();
}
console.log(`Screenshots of the demo: ${folder}`);
