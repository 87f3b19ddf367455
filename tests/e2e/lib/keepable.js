// A page that browsers may keep in the back/forward cache while another one is shown: the fixture forbids it with its `no-store`.

import { readFile } from 'node:fs/promises';

/** Goes there. `kept` tells later whether the browser has kept the page; the package has not begun. */
export async function visitKeepable(world) {
  const body = (await readFile(new URL('../app/page.html', import.meta.url), 'utf8')).replace('SETTINGS', '{}');
  world.app.serve('/keepable', { type: 'text/html', body, headers: { 'cache-control': 'max-age=600' } });
  await world.visit('/keepable');
  await world.call(() => { addEventListener('pageshow', ({ persisted }) => { window.isKept = persisted; }); });
}

/** Goes Back to it. Tells whether the page was kept; otherwise it is loaded anew, and the package has not begun. */
export async function comeBack(world) {
  await world.driver.back();
  await world.driver.untilAt('the page before', ({ pathname }) => pathname === '/keepable');
  await world.ready();
  return world.call(() => window.isKept === true);
}
