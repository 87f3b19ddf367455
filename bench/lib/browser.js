import puppeteer from 'puppeteer-core';

const args = [
  // Containers and CI machines run as root, where the sandbox refuses to start, and often with a tiny /dev/shm.
  '--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-popup-blocking',
  // A browser slows hidden tabs down, and the suite of eight tabs measures hidden tabs.
  '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows',
];

/** Starts the Chromium that CHROME names. `spkiHash` is the hash of the key of the provider's certificate. */
export async function openBrowser(spkiHash) {
  const executablePath = process.env.CHROME;
  if (!executablePath) throw new Error('CHROME names no browser: start the bench with `cargo xtask bench`');
  return puppeteer.launch({ executablePath, headless: true, args: [...args, `--ignore-certificate-errors-spki-list=${spkiHash}`] });
}

export async function slowDown(page, { cpu, network }) {
  if (cpu) await page.emulateCPUThrottling(cpu);
  if (network) await page.emulateNetworkConditions(network);
}
