// Lighthouse on the demo, signed out and signed in, wide and narrow: accessibility and best practices have to be 100. The package and the demo's own packages are
// installed first, as for tests/e2e. CHROME names the browser.

import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import lighthouse, { desktopConfig, snapshot } from 'lighthouse';
import { startDemo } from '../e2e/lib/demo.js';

const { CHROME = '/usr/bin/chromium' } = process.env;
// Lighthouse brings the one that it drives the browser by.
const puppeteer = (await import(pathToFileURL(createRequire(createRequire(import.meta.url).resolve('lighthouse')).resolve('puppeteer-core')).href)).default;

const flags = { onlyCategories: ['accessibility', 'best-practices'], logLevel: 'error', throttlingMethod: 'provided' };
const forms = { mobile: { extends: 'lighthouse:default' }, desktop: desktopConfig };
let isGood = true;

/** Prints the scores, and what keeps one from 100. */
function report(where, { lhr: { categories, audits, runtimeError } }) {
  const scores = Object.values(categories).map(({ id, score }) => `${id} ${Math.round((score ?? 0) * 100)}`);
  console.log(`${where}: ${scores.join(', ')}${runtimeError ? `, ${runtimeError.message}` : ''}`);
  for (const { score, auditRefs } of Object.values(categories)) {
    if (score === 1) continue;
    isGood = false;
    for (const { id, weight } of auditRefs) {
      if (weight > 0 && audits[id].score !== null && audits[id].score < 1) console.log(`  ${id}: ${audits[id].title} ${JSON.stringify(audits[id].details?.items?.slice(0, 3) ?? '')}`);
    }
  }
}

const demo = await startDemo();
const browser = await puppeteer.launch({ executablePath: CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
try {
  for (const [form, config] of Object.entries(forms)) {
    for (const path of ['/', '/providers']) report(`${path}, ${form}`, await lighthouse(demo.origin + path, flags, config, await browser.newPage()));
  }
  const page = await browser.newPage();
  await page.goto(demo.origin);
  await page.waitForSelector('#sign-in:not([hidden])');
  await page.click('#sign-in');
  await page.waitForSelector('input[name=password]');
  await page.type('input[name=login]', 'alice@example.com');
  await page.type('input[name=password]', 'alice');
  await page.click('#sign-in');
  await page.waitForSelector('#last-login svg');
  for (const [form, config] of Object.entries(forms)) report(`signed in, ${form}`, await snapshot(page, { flags, config }));
  await page.click('#devtools');
  await page.waitForSelector('oidc-devtools');
  for (const [form, config] of Object.entries(forms)) report(`with the devtools, ${form}`, await snapshot(page, { flags, config }));
} finally {
  await browser.close();
  await demo.close();
}
// The demo's Vite would keep the program alive.
process.exit(isGood ? 0 : 1);
