// The package alone, in a session that lives long: the token requests of fifty tabs whose access token expires at the same moment, and the
// time from the end of a sleep until the page has a new access token.

import { ours } from '../contenders/list.js';
import { summary } from '../lib/statistics.js';
import { Visit, pause } from '../lib/visit.js';

const TABS = 50;
const HOURS = 2;

export async function living(bench, rounds) {
  const contender = bench.contenders.find(({ name }) => name === ours);
  bench.say(`${TABS} tabs, and ${rounds} times asleep`);
  const expire = async (pages) => {
    const ahead = HOURS * 3600;
    bench.apps.ahead = ahead;
    Object.assign(bench.provider, { ahead, requests: [] });
    await Promise.all(pages.map((page) => page.evaluate((seconds) => { window.setAhead(seconds); }, ahead)));
  };
  const asked = () => bench.provider.requests.filter(({ name }) => name === 'token');
  const begin = async (visit) => {
    bench.reset();
    bench.apps.ahead = 0;
    bench.provider.strict = true;
    await visit.begin();
    await visit.open();
  };

  const fifty = await Visit.with(bench, contender, async (visit) => {
    await begin(visit);
    const pages = [visit.page];
    while (pages.length < TABS) {
      const page = await visit.context.newPage();
      await page.goto(visit.home, { waitUntil: 'domcontentloaded' });
      if (!(await visit.marks(page)).sub) throw new Error('a new tab is signed out beside a tab that is signed in');
      pages.push(page);
    }
    await expire(pages);
    const tokens = await Promise.all(pages.map((page) => page.evaluate(() => window.api.token())));
    await pause(500);
    return { tabs: pages.length, tokens: new Set(tokens).size, requests: asked().length, refused: asked().filter(({ refused }) => refused).length };
  });

  const wake = {};
  for (const latency of [0, 150]) {
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      times.push(await Visit.with(bench, contender, async (visit) => {
        await begin(visit);
        const devtools = await visit.page.createCDPSession();
        await visit.page.evaluate(() => {
          window.woken = new Promise((resolve, reject) => {
            document.addEventListener('resume', () => {
              const start = performance.now();
              window.api.token().then(() => resolve(performance.now() - start), reject);
            }, { once: true });
          });
        });
        await expire([visit.page]);
        bench.provider.latency = latency;
        await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
        await pause(200);
        await devtools.send('Page.setWebLifecycleState', { state: 'active' });
        const time = await visit.page.evaluate(() => window.woken);
        if (asked().length !== 1) throw new Error('the page had a token without a request');
        return time;
      }));
    }
    wake[`lat${latency}`] = summary(times);
  }
  bench.say(JSON.stringify({ fifty, wake }));
  return { fifty, wake };
}
