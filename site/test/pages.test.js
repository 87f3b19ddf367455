// Every page in a real browser, under the policy: axe-core in both colour schemes, the width of a telephone, no request to another origin.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch } from '../../tests/e2e/driver/chromium.js';
import { serve } from '../serve.js';
import { base, html, out } from './site.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const world = {};
const devtools = (command, params) => world.web.sendAndGetDevToolsCommand(command, params);
const width = (pixels) => devtools('Emulation.setDeviceMetricsOverride', { width: pixels, height: 900, deviceScaleFactor: 1, mobile: false });
const prefers = (features) => devtools('Emulation.setEmulatedMedia', { features: Object.entries(features).map(([name, value]) => ({ name, value })) });
/** Runs a function in the page and waits for what it gives. */
const inPage = (body, ...args) => world.web.executeAsyncScript(`const done = arguments[arguments.length - 1]; (async () => (${body})(...[...arguments].slice(0, -1)))().then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));`, ...args).then(({ value, error }) => {
  if (error) throw new Error(error);
  return value;
});

before(async () => {
  world.site = await serve({ out, base });
  world.browser = await launch();
  world.web = world.browser.webdriver;
  await world.web.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 });
  await devtools('Page.enable', {});
  const watch = 'window.violations = []; document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => window.violations.push([violatedDirective, blockedURI, sourceFile, lineNumber].join(" ")));';
  await devtools('Page.addScriptToEvaluateOnNewDocument', { source: watch });
  await prefers({ 'prefers-reduced-motion': 'reduce', 'prefers-color-scheme': 'light' });
});
after(async () => {
  await world.browser?.close();
  await world.site?.close();
});

/** Opens a page and waits until its script has taken it over. */
async function open(file) {
  await world.web.get(`${world.site.url}${file}`);
  await inPage(async () => {
    for (let turn = 0; turn < 600 && !document.querySelector('#app')?.__vue_app__; turn += 1) await new Promise((resolve) => { setTimeout(resolve, 25); });
    await document.fonts.ready;
  });
}

/** In the page: what axe has against it, in short. It waits until the last change is painted. */
async function findings(context, options) {
  await new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
  for (const animation of document.getAnimations()) animation.finish();
  const { violations } = await window.axe.run(context ?? document, { resultTypes: ['violations'], ...options });
  const node = ({ target, any }) => `${target} ${any[0]?.message ?? ''}`;
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(node).join(' | ')}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''}`);
}

/** In the page: the elements that make it wider than the window. */
function sticksOut() {
  const { clientWidth, scrollWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return [];
  const wide = [...document.querySelectorAll('#VPContent *')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('.scrolls, pre'));
  return [`${scrollWidth} px in ${clientWidth}: ${wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 90)).join(' | ')}`];
}

/** Pages of each kind, which axe reads whole and in both schemes. The others have the same surroundings and the same colours, and contrasts cost most of the time. */
const whole = ['404.html', 'index.html', 'errors.html', 'settings.html', 'react.html', 'api/react.html', 'benchmarks.html'];

async function bothSchemes() {
  const light = await inPage(findings, null, {});
  await world.web.executeScript('document.documentElement.classList.add("dark");');
  return [light, await inPage(findings, null, { runOnly: ['color-contrast'] })];
}

for (const file of html) {
  test(`${file}: axe finds nothing, light and dark, nothing sticks out at 390 px, and nothing leaves this origin`, async () => {
    const isWhole = whole.includes(file);
    const context = isWhole ? null : { include: ['#VPContent main'], exclude: ['pre'] };
    await width(isWhole ? 1280 : 390);
    await open(file);
    await world.web.executeScript(axe);
    const [light, dark] = isWhole ? await bothSchemes() : [[], []];
    if (isWhole) await width(390);
    const narrow = [...await inPage(findings, context, { rules: { 'color-contrast': { enabled: false } } }), ...await world.web.executeScript(`return (${sticksOut})();`)];
    const seen = await world.web.executeScript('return { violations: window.violations, requests: performance.getEntriesByType("resource").map(({ name }) => name) };');
    const foreign = seen.requests.filter((url) => !url.startsWith(world.site.origin) && !url.startsWith('data:'));
    assert.deepEqual({ light, dark, narrow, violations: seen.violations, foreign }, { light: [], dark: [], narrow: [], violations: [], foreign: [] });
  });
}

test('the search finds an error code by its name, and a click or Enter leads to its section, without a network', async () => {
  await width(1280);
  await open('first-login.html');
  await devtools('Network.enable', {});
  await inPage(() => document.querySelector('#local-search button').click());
  await inPage(async () => {
    for (let turn = 0; turn < 400 && !document.querySelector('#localsearch-input'); turn += 1) await new Promise((resolve) => { setTimeout(resolve, 25); });
  });
  const typed = async (text) => {
    await inPage((value) => {
      const input = document.querySelector('#localsearch-input');
      input.value = value;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    }, text);
    return inPage(async () => {
      for (let turn = 0; turn < 400 && !document.querySelector('.VPLocalSearchBox .result'); turn += 1) await new Promise((resolve) => { setTimeout(resolve, 25); });
      return [...document.querySelectorAll('.VPLocalSearchBox .result')].map(({ href }) => href);
    });
  };
  const results = await typed('expired_token');
  assert.equal(results[0], `${world.site.url}errors.html#expired_token`);
  // The index is here by now: the next question needs nobody.
  await devtools('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: 0, uploadThroughput: 0 });
  assert.equal((await typed('monitorSession')).length > 0, true);
  await devtools('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  assert.deepEqual(await world.web.executeScript('return window.violations;'), []);
});

test('a page follows the colour scheme of the system, and the switch changes it', async () => {
  const isDark = () => world.web.executeScript('return [document.documentElement.classList.contains("dark"), getComputedStyle(document.body).backgroundColor];');
  await prefers({ 'prefers-color-scheme': 'dark' });
  await open('settings.html');
  assert.deepEqual(await isDark(), [true, 'rgb(23, 20, 18)']);
  await prefers({ 'prefers-color-scheme': 'light' });
  await open('settings.html');
  assert.equal((await isDark())[0], false);
  await inPage(() => document.querySelector('.VPSwitchAppearance').click());
  assert.equal((await isDark())[0], true);
  await inPage(() => localStorage.clear());
});
