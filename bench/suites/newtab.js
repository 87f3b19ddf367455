// A new tab: the time from its script until the application knows the user, beside one tab with the session, beside eight, and beside
// none, where the tab is signed out. A reload, which finds the session in its own storage, stands beside them.

import { ours } from '../contenders/list.js';
import { summary } from '../lib/statistics.js';
import { Visit } from '../lib/visit.js';

export async function newtab(bench, rounds) {
  const contender = bench.contenders.find(({ name }) => name === ours);
  bench.say(`a new tab: ${rounds} rounds`);
  const times = { reload: [], one: [], eight: [], none: [] };
  for (let round = 0; round < rounds; round += 1) {
    bench.reset();
    await Visit.with(bench, contender, async (visit) => {
      await visit.begin();
      await visit.open();
      times.reload.push((await visit.open()).user);
      const pages = [visit.page];
      const open = async () => {
        const page = await visit.context.newPage();
        await page.goto(visit.home, { waitUntil: 'domcontentloaded' });
        pages.push(page);
        return visit.marks(page);
      };
      const signedIn = async () => {
        const { user, sub } = await open();
        if (!sub) throw new Error('a new tab is signed out beside a tab that is signed in');
        return user;
      };
      times.one.push(await signedIn());
      while (pages.length < 8) await signedIn();
      times.eight.push(await signedIn());
      for (const page of pages) await page.goto('about:blank');
      const { user, sub } = await open();
      if (sub) throw new Error('a new tab is signed in, and no tab has the session');
      times.none.push(user);
    });
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, summary(list)]));
}
