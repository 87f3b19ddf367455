// The pages of the demo around the login: its messages, its unknown addresses, its documentation and its code.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useDemo } from '../lib/demo-world.js';

const { world, at, signIn, startSignedIn, untilSignedOut, assertQuiet } = useDemo();

test('demo: a visitor reads a sentence, and the details hold the remedy, the code and its documentation', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('#trouble-forged');
  await driver.untilShown('#error');
  assert.equal(await driver.isShown('#error-text'), true);
  for (const technical of ['#error-remedy', '#error-docs', '#error dl']) assert.equal(await driver.isShown(technical), false, technical);
  const { value: outside } = await driver.run(() => {
    const panel = document.querySelector('#error').cloneNode(true);
    panel.querySelector('details').remove();
    return panel.textContent;
  });
  assert.doesNotMatch(outside, /mismatching_state|runs this site|login that this client/i);
  await driver.click('#error summary');
  await driver.untilShown('#error-remedy');
  await driver.click('#error-docs');
  await driver.untilAt('the documentation of the code', ({ pathname, hash }) => pathname === '/read/docs/errors.md' && hash === '#mismatching_state');
  await driver.untilText('main', (text) => text.includes('mismatching_state'));
});

test('demo: only the latest message is shown', async () => {
  const { driver } = world;
  await startSignedIn();
  await driver.untilText('#notice', (text) => /signed in as/i.test(text));
  await driver.click('#trouble-forged');
  await driver.untilShown('#error');
  assert.equal(await driver.isShown('#notice'), false, 'the good news stays above the error');
  await driver.click('#trouble-withdrawn');
  await untilSignedOut(/signed out/i);
  assert.equal(await driver.isShown('#error'), false, 'the error stays below the news');
});

test('demo: an address without a page is not found, and leads back', async () => {
  const { driver, demo } = world;
  for (const origin of [demo.provider.issuer, demo.codeHost.origin, demo.origin]) {
    await driver.goto(`${origin}/nowhere`);
    await driver.untilText('h1', (text) => text === 'Page not found');
  }
  assert.equal(await driver.has('nav a[aria-current]'), false);
  await driver.click('#not-found a');
  await driver.untilAt('the first page', at('/'));
  await driver.untilShown('.hero');
});

test('demo: each page links to its documentation and its code, and the demo shows both', async () => {
  const { driver, demo } = world;
  const places = [
    '/', '/orders', '/providers', '/nowhere',
    demo.provider.issuer, `${demo.provider.issuer}/nowhere`, demo.codeHost.origin, `${demo.codeHost.origin}/authorize`,
  ].map((place) => new URL(place, demo.origin).href);
  const linked = new Set();
  for (const place of places) {
    await driver.goto(place);
    await driver.untilShown('h1');
    const { value: links } = await driver.run(() => [...document.querySelectorAll('a[href*="/read/"]')].map(({ href }) => href));
    assert.ok(links.some((link) => link.endsWith('.md')), `${place} links to no documentation`);
    assert.ok(links.some((link) => link.endsWith('.js')), `${place} links to no code`);
    for (const link of links) linked.add(link);
  }
  for (const link of linked) {
    assert.ok(link.startsWith(`${demo.origin}/read/`), link);
    const answer = await fetch(link);
    assert.equal(answer.status, 200, link);
    assert.match(answer.headers.get('content-security-policy'), /default-src 'none'/);
  }
  await driver.goto(`${demo.origin}/read/docs/first-login.md`);
  await driver.untilText('main h1', (text) => text === 'First login');
  await driver.untilText('main pre', (text) => text.length > 20);
  await assertQuiet({ but: /\/(?:nowhere|authorize) - Failed to load resource/ });
});

test('demo: a view shows its code in the framework that a person chooses, also after the login', async () => {
  const { driver, demo } = world;
  await driver.goto(demo.origin);
  await driver.click('[data-framework="react"]');
  await driver.untilText('#framework-code', (text) => text.includes('oidc-client-wasm/react') && text.includes('src/auth.ts'));
  await driver.click('[data-framework="vue"]');
  await driver.untilText('#framework-code', (text) => text.includes('oidc-client-wasm/vue') && !text.includes('oidc-client-wasm/react'));
  await signIn();
  await driver.untilText('#framework-code', (text) => text.includes('oidc-client-wasm/vue'));
  await driver.goto(`${demo.origin}/orders`);
  await driver.untilText('#framework-code', (text) => text.includes('guardRouter(router, auth'));
  assert.equal((await driver.run(() => document.querySelector('[aria-pressed="true"]').textContent)).value, 'Vue');
  await assertQuiet();
});

test('demo: every link between the pages of the documentation leads to a page and a place on it', async () => {
  const { answer } = await import('../../../www-example/reader/reader.js');
  const [queue, seen, wrong] = [['/read/README.md', '/read/docs/README.md', '/read/www-example/README.md'], new Map(), []];
  const read = (pathname) => {
    if (!seen.has(pathname)) seen.set(pathname, answer(pathname));
    return seen.get(pathname);
  };
  for (const page of queue) {
    for (const [, href] of read(page).body.matchAll(/href="([^"]+)"/g)) {
      const { origin, pathname, hash } = new URL(href, `http://demo${page}`);
      if (origin !== 'http://demo' || !pathname.startsWith('/read/')) continue;
      if (!seen.has(pathname) && pathname.endsWith('.md')) queue.push(pathname);
      const { status, body } = read(pathname);
      if (status !== 200 || (hash && !body.includes(`id="${decodeURIComponent(hash.slice(1))}"`))) wrong.push(`${page}: ${href}`);
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(seen.size > 15, `only ${seen.size} pages`);
});

test('demo: documentation and code of the demo are shown, and no other file', async () => {
  const { demo } = world;
  for (const path of ['.ci/run', 'Cargo.toml', '../Cargo.toml', '%2e%2e/Cargo.toml', 'target/x.md', 'www-example/node_modules/vite/README.md', 'docs', '']) {
    const { status } = await fetch(`${demo.origin}/read/${path}`);
    assert.ok(status === 404 || path.includes('.toml'), `${path}: ${status}`);
    assert.doesNotMatch(await (await fetch(`${demo.origin}/read/${path}`)).text(), /\[package\]/);
  }
});

test('demo: text of a page cannot become HTML or a link that runs script', async () => {
  const { render } = await import('../../../www-example/reader/markdown.js');
  const shown = render('# A <b>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) `<script>`\n\n| a |\n|---|\n| <i> |\n\n```html\n<p>\n```\n');
  assert.doesNotMatch(shown, /<(?:b|script|i)>|<img|href="javascript/);
  assert.match(shown, /<h1 id="a-b">A &lt;b&gt;<\/h1>/);
});
