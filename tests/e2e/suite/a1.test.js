import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectToProvider, signInAtProvider } from '../lib/steps.js';
import { handleWatched, startWatched, watchPages } from '../lib/watched.js';
import { useWorld } from '../lib/world.js';
const world = useWorld({ refreshTokens: 'always' });
async function logIn() {
  world.app.restrict({ 'frame-src': "'self'", 'frame-ancestors': "'self'" });
  world.app.serve('/blank-of-the-test', { type: 'text/html', body: '<!doctype html><title>x</title><body><p>x<script type=module src=/mount-of-the-test.js></script>' });
  world.app.serve('/mount-of-the-test.js', { type: 'text/javascript', body: "import * as all from '/package/devtools/index.js'; window.mounted = all;" });
  watchPages(world);
  await world.visit('/');
  await startWatched(world, { level: 'error' });
  await redirectToProvider(world);
  await signInAtProvider(world);
  await handleWatched(world, { level: 'error' });
}
test('small', async () => {
  await logIn();
  console.log(await world.call(async () => {
    const out = [];
    for (const [w, h] of [[320, 256], [390, 320], [667, 320], [667, 375], [390, 600]]) {
      const frame = document.createElement('iframe');
      frame.src = '/blank-of-the-test'; frame.width = w; frame.height = h;
      document.body.append(frame);
      await new Promise((r) => { frame.onload = r; });
      const win = frame.contentWindow;
      const { mountDevtools } = true ? await (async () => { for (let n = 0; n < 100 && !win.mounted; n += 1) await new Promise((r) => setTimeout(r, 20)); return win.mounted; })() : {};
      win.entries = window.record.entries;
      const panel = mountDevtools(window.oauth, { log: window.record });
      await new Promise((r) => setTimeout(r, 150));
      const root = panel.shadowRoot;
      const rect = root.querySelector('#content').getBoundingClientRect();
      const p = root.querySelector('.panel').getBoundingClientRect();
      out.push({ w, h, iw: win.innerWidth, content: [rect.top, rect.bottom], panel: [p.top, p.bottom] });
      panel.close();
      frame.remove();
    }
    return JSON.stringify(out);
  }));
});
