// The panel of the devtools, under the strict policy of the fixture page, which has Trusted Types and allows no style.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { alice, redirectToProvider, signInAtProvider, troubles } from '../lib/steps.js';
import { startLiar, whole } from '../lib/liar.js';
import { handleWatched, startWatched, watchPages } from '../lib/watched.js';
import { useWorld } from '../lib/world.js';

const world = useWorld({ refreshTokens: 'always' });
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function logIn() {
  watchPages(world);
  await world.visit('/');
  await startWatched(world);
  await redirectToProvider(world);
  await signInAtProvider(world);
  await handleWatched(world);
}

const open = (more = {}) => world.call((extra) => {
  window.panel = window.devtools.mountDevtools(window.oauth, { log: window.record, ...window.given, ...extra });
}, more);

/** The text of a tab, once it has some. */
const textOf = async (name) => {
  await world.call((tab) => window.panel.shadowRoot.querySelector(`#tab-${tab}`).click(), name);
  return world.driver.until(`the tab ${name}`, () => world.call(() => {
    const { textContent } = window.panel.shadowRoot.querySelector('#content');
    return textContent.length > 40 && !/Looking at|Asking for/.test(textContent) && textContent;
  }));
};

test('each tab shows what it is for, quietly, and no value of a person', async () => {
  await logIn();
  await open();
  const shown = {};
  for (const name of ['Login', 'Claims', 'Time', 'Tabs', 'Events', 'Storage', 'Findings']) shown[name] = await textOf(name);
  assert.match(shown.Login, /redeems the code at the token endpoint/);
  assert.match(shown.Login, /code_verifier/);
  assert.match(shown.Claims, /3\.1\.3\.7, item 9/);
  assert.match(shown.Time, /access token: ends in (59 min|1 h)/);
  assert.match(shown.Tabs, /Web Locks of this origin: \d/);
  assert.match(shown.Events, /event login \(response\)/);
  assert.match(shown.Storage, /session a session/);
  assert.match(shown.Findings, /The page is a secure context/);
  const all = Object.values(shown).join('\n');
  for (const secret of [alice.name, alice.login]) assert.equal(all.includes(secret), false, secret);
  assert.deepEqual(await troubles(world), []);
});

test('the diagram is an image with a title and sentences, wide and narrow', async () => {
  await logIn();
  const { titles, described, widths, empty } = await world.call(() => {
    const { entries } = window.record;
    const drawn = [300, 720].map((width) => window.devtools.sequenceDiagram(entries, { width }));
    document.body.append(...drawn);
    return {
      titles: drawn.map((svg) => document.getElementById(svg.getAttribute('aria-labelledby')).textContent),
      described: document.getElementById(drawn[1].getAttribute('aria-describedby')).textContent,
      widths: drawn.map((svg) => [...svg.querySelectorAll('text')].every((text) => {
        const { x, width } = text.getBBox();
        return x >= -1 && x + width <= svg.viewBox.baseVal.width + 1;
      })),
      empty: window.devtools.sequenceDiagram([]).textContent,
    };
  });
  assert.deepEqual(titles, ['The last login, step by step', 'The last login, step by step']);
  assert.match(described, /The app redeems the code at the token endpoint \(the app → the provider\)/);
  assert.deepEqual(widths, [true, true], 'a text runs out of the picture');
  assert.match(empty, /No login has been seen/);
});

test('the tabs are one stop of the keyboard, arrows move between them, and Escape closes and gives the focus back', async () => {
  await logIn();
  const seen = await world.call(() => {
    const button = document.body.appendChild(document.createElement('button'));
    button.textContent = 'Open';
    button.focus();
    window.panel = window.devtools.mountDevtools(window.oauth, { log: window.record, tab: 'Events' });
    const root = window.panel.shadowRoot;
    const press = (key) => root.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }));
    const selected = () => root.querySelector('[aria-selected=true]').textContent;
    const stops = () => [...root.querySelectorAll('[role=tab]')].filter(({ tabIndex }) => tabIndex === 0).length;
    const steps = [selected()];
    root.querySelector('[aria-selected=true]').focus();
    for (const key of ['ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home']) {
      press(key);
      steps.push(selected());
    }
    const all = { steps, stops: stops(), focused: root.activeElement.textContent };
    press('Escape');
    return { ...all, isGone: !window.panel.isConnected, isBack: document.activeElement === button };
  });
  assert.deepEqual(seen, { steps: ['Events', 'Storage', 'Findings', 'Login', 'Findings', 'Login'], stops: 1, focused: 'Login', isGone: true, isBack: true });
});

test('a finding has its group, its level, its cure with the place of the change, and a link to the specification', async () => {
  const liar = await startLiar(world);
  try {
    liar.tell(whole({ change: (body) => JSON.stringify({ ...JSON.parse(body), code_challenge_methods_supported: ['plain'] }) }), 'discovery');
    world.app.allow(world.provider.issuer, liar.origin);
    watchPages(world);
    await world.visit('/');
    await startWatched(world, { settings: liar.settings() });
    await open({ tab: 'Findings' });
    await textOf('Findings');
    const { first, isOpen, isFineOpen, link } = await world.call(async () => {
      const content = window.panel.shadowRoot.querySelector('#content');
      const finding = content.querySelector('[data-id=pkce-missing]');
      const { href, rel, tabIndex } = finding.querySelector('a');
      const details = content.querySelector('details');
      const before = details.open;
      details.querySelector('summary').click();
      // What is open stays open when the panel is drawn anew.
      await window.oauth.demo.loadServerMetadata({ force: true }).catch(() => {});
      await new Promise((resolve) => { setTimeout(resolve, 150); });
      return { first: finding.textContent, isOpen: before, isFineOpen: content.querySelector('details').open, link: { href, rel, tabIndex } };
    });
    assert.match(first, /^What the provider offersProblem: .*S256.*At the provider: .+docs\/doctor\.md#pkce-missing · RFC 7636, 4\.2$/);
    assert.deepEqual([isOpen, isFineOpen], [false, true]);
    assert.deepEqual(link, { href: 'https://www.rfc-editor.org/rfc/rfc7636#section-4.2', rel: 'noopener noreferrer', tabIndex: 0 });
    await world.driver.run(`() => { ${axe}; }`);
    assert.deepEqual(await violations(), []);
    assert.deepEqual((await troubles(world)).filter(({ level }) => level === 'violation'), []);
  } finally {
    await liar.close();
  }
});

const violations = () => world.call(async () => {
  // The fixture page itself is no page for people.
  const { violations: list } = await window.axe.run({ include: [['oidc-devtools']] }, { resultTypes: ['violations'] });
  return list.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
});

test('axe finds nothing in any tab', async () => {
  await logIn();
  await open();
  await world.driver.run(`() => { ${axe}; }`);
  for (const name of ['Login', 'Claims', 'Time', 'Tabs', 'Events', 'Storage', 'Findings']) {
    await textOf(name);
    assert.deepEqual(await violations(), [], name);
  }
});

test('a copy of the report is JSON, and without a clipboard it is a text to copy', async () => {
  await logIn();
  await open();
  const [written, shown] = await world.call(async () => {
    const root = window.panel.shadowRoot;
    const until = async (look) => { for (let n = 0; n < 200 && !look(); n += 1) await new Promise((resolve) => { setTimeout(resolve, 50); }); return look(); };
    let text;
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (given) => { text = given; } } });
    root.querySelector('#copy').click();
    await until(() => text);
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined });
    root.querySelector('#copy').click();
    const area = await until(() => root.querySelector('textarea'));
    return [text, area.value];
  });
  for (const text of [written, shown]) assert.equal(JSON.parse(text).report, 'oidc-client-wasm');
});

test('without a record one begins with the panel and ends with it; one of another prefix stands beside it, one of the same takes its place', async () => {
  watchPages(world);
  await world.visit('/');
  await startWatched(world);
  const { during, after } = await world.call(async () => {
    window.record.stop();
    window.endLog();
    const panels = ['oidc', 'oidc', 'other'].map((storagePrefix) => window.devtools.mountDevtools(window.oauth, { options: { storagePrefix } }));
    const during = panels.map(({ isConnected }) => isConnected);
    await window.oauth.demo.loadServerMetadata({ force: true });
    for (const panel of panels.reverse()) panel.close();
    return { during, after: [document.querySelectorAll('oidc-devtools').length, /native code/.test(String(window.fetch))] };
  });
  assert.deepEqual(during, [false, true, true]);
  assert.deepEqual(after, [0, true]);
});

test('in a page that is written from right to left, every text is in the picture and the panel reads as English', async () => {
  await logIn();
  await open({ tab: 'Time' });
  const { outside, direction, languages } = await world.call(() => {
    document.documentElement.dir = 'rtl';
    document.documentElement.lang = 'ar';
    const { entries } = window.record;
    const drawn = [300, 720].map((width) => window.devtools.sequenceDiagram(entries, { width }));
    const list = window.devtools.sequenceList(entries);
    document.body.append(...drawn, list);
    const section = window.panel.shadowRoot.querySelector('section');
    return {
      outside: drawn.map((svg) => [...svg.querySelectorAll('text')].filter((text) => {
        const { x, width } = text.getBBox();
        return x < -1 || x + width > svg.viewBox.baseVal.width + 1;
      }).length),
      direction: [section, list].map((element) => getComputedStyle(element).direction),
      languages: [drawn[0], list, section].map((element) => element.getAttribute('lang')),
    };
  });
  assert.deepEqual({ outside, direction, languages }, { outside: [0, 0], direction: ['ltr', 'ltr'], languages: ['en', 'en', 'en'] });
});

test('the focus stays where the person is: on a button while entries come, and in a field of the page when the panel is closed', async () => {
  await logIn();
  const seen = await world.call(async () => {
    const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
    const [button, field] = ['button', 'input'].map((tag) => document.body.appendChild(document.createElement(tag)));
    button.focus();
    const panel = window.devtools.mountDevtools(window.oauth, { log: window.record, tab: 'Findings', ...window.given });
    const root = panel.shadowRoot;
    for (let n = 0; n < 200 && !root.querySelector('#content button'); n += 1) await wait(50);
    root.querySelector('#content button').focus();
    const before = root.activeElement;
    await window.oauth.demo.userinfo();
    for (let n = 0; n < 100 && root.contains(before); n += 1) await wait(20);
    const { textContent, tagName } = root.activeElement;
    field.focus();
    panel.close();
    return { focused: `${tagName} ${textContent}`, isInField: document.activeElement === field };
  });
  assert.deepEqual(seen, { focused: 'BUTTON Look again', isInField: true });
});

test('Escape in the panel closes no dialog of the page, and paper has no panel', async () => {
  await logIn();
  await open();
  const { reached, rules } = await world.call(() => {
    let count = 0;
    addEventListener('keydown', () => { count += 1; });
    const root = window.panel.shadowRoot;
    const rules = [...root.adoptedStyleSheets[0].cssRules].filter((rule) => rule.conditionText === 'print').map(({ cssText }) => cssText.replace(/\s+/g, ' '));
    root.querySelector('#close').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }));
    return { reached: count, rules };
  });
  assert.equal(reached, 0);
  assert.deepEqual(rules, ['@media print { :host { display: none; } }']);
});

test('in a window of 320 by 256 pixels, as at 400 % of 1280 by 1024, each part of the panel can be reached', async () => {
  world.app.restrict({ 'frame-src': "'self'", 'frame-ancestors': "'self'" });
  world.app.serve('/small.js', { type: 'text/javascript', body: "import { mountDevtools } from '/package/devtools/index.js'; window.mount = mountDevtools;" });
  world.app.serve('/small', { type: 'text/html', body: '<!doctype html><title>Small</title><body><script type="module" src="/small.js"></script>' });
  await logIn();
  const cut = await world.call(async () => {
    const frame = Object.assign(document.createElement('iframe'), { src: '/small', width: 320, height: 256 });
    document.body.append(frame);
    for (let n = 0; n < 200 && !frame.contentWindow.mount; n += 1) await new Promise((resolve) => { setTimeout(resolve, 20); });
    const panel = frame.contentWindow.mount(window.oauth, { log: window.record, tab: 'Events' }).shadowRoot.querySelector('.panel');
    panel.scrollTop = panel.scrollHeight;
    const { bottom } = panel.querySelector('#content').getBoundingClientRect();
    return Math.max(0, Math.round(bottom - frame.contentWindow.innerHeight));
  });
  assert.equal(cut, 0);
});

test('in a window of 390 by 844 pixels no table is cut or scrolled sideways, the page keeps half, and the panel can be minimised', async () => {
  world.app.restrict({ 'frame-src': "'self'", 'frame-ancestors': "'self'" });
  world.app.serve('/phone.js', { type: 'text/javascript', body: "import { mountDevtools } from '/package/devtools/index.js'; window.mount = mountDevtools;" });
  world.app.serve('/phone', { type: 'text/html', body: '<!doctype html><title>Phone</title><body><script type="module" src="/phone.js"></script>' });
  await logIn();
  const seen = await world.call(async () => {
    const frame = Object.assign(document.createElement('iframe'), { src: '/phone', width: 390, height: 844 });
    document.body.append(frame);
    for (let n = 0; n < 200 && !frame.contentWindow.mount; n += 1) await new Promise((resolve) => { setTimeout(resolve, 20); });
    const root = frame.contentWindow.mount(window.oauth, { log: window.record }).shadowRoot;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    const panel = root.querySelector('.panel');
    const wide = {};
    for (const name of ['Claims', 'Storage', 'Tabs']) {
      root.querySelector(`#tab-${name}`).click();
      const scroll = root.querySelector('.scroll');
      wide[name] = scroll.scrollWidth - scroll.clientWidth;
    }
    root.querySelector('#tab-Claims').click();
    const label = frame.contentWindow.getComputedStyle(root.querySelector('td'), '::before').content;
    const { height } = panel.getBoundingClientRect();
    const button = root.querySelector('#minimise');
    button.click();
    const small = [panel.getBoundingClientRect().height < 100, button.textContent, root.querySelector('#tab-Claims').checkVisibility()];
    button.click();
    return { wide, label, isHalf: height <= 423, small, back: [panel.getBoundingClientRect().height === height, button.textContent] };
  });
  assert.deepEqual(seen, { wide: { Claims: 0, Storage: 0, Tabs: 0 }, label: seen.label, isHalf: true, small: [true, 'Show', false], back: [true, 'Minimise'] });
  assert.match(seen.label, /Value/);
});
