// Many callers at the same moment in one page: with a valid token, then with an expired token.

import { floor } from '../contenders/list.js';
import { ratio, summary } from '../lib/statistics.js';
import { Visit } from '../lib/visit.js';

const hours = 2;
/** A contender that sends a request for each caller can take minutes. The suite stops waiting after these milliseconds. */
const limit = 20_000;

/** Runs in the page. */
async function ask(count, patience) {
  const start = performance.now();
  const late = new Promise((resolve) => { setTimeout(resolve, patience, 'late'); });
  const asked = Promise.allSettled(Array.from({ length: count }, () => window.api.token()));
  const settled = await Promise.race([asked, late]);
  if (settled === 'late') return { milliseconds: patience, late: true };
  const tokens = settled.map(({ value }) => value).filter(Boolean);
  return { milliseconds: performance.now() - start, failed: settled.length - tokens.length, different: new Set(tokens).size };
}

export async function callers(bench, rounds, count) {
  bench.say(`${count} callers at once: ${rounds} rounds`);
  const runs = new Map(bench.contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of bench.contenders) {
      runs.get(contender.name).push(await run(bench, contender, count).catch((error) => ({ failure: error.message })));
    }
  }
  const of = (all, name) => all.map((run) => run[name]?.milliseconds);
  const base = runs.get(floor) ?? [];
  return Object.fromEntries([...runs].map(([name, all]) => [name, {
    warm: summary(of(all, 'warm')), expired: summary(of(all, 'expired')),
    toFloor: { warm: ratio(of(all, 'warm'), of(base, 'warm')), expired: ratio(of(all, 'expired'), of(base, 'expired')) },
    requests: all[0].requests, failedCalls: all[0].expired?.failed, late: all.some((run) => run.expired?.late), failed: all.flatMap((run) => run.failure ?? []),
  }]));
}

async function run(bench, contender, count) {
  bench.reset();
  bench.apps.ahead = 0;
  bench.provider.strict = true;
  return Visit.with(bench, contender, async (visit) => {
    await visit.begin();
    await visit.page.evaluate(ask, 10, limit);
    const warm = await visit.page.evaluate(ask, count, limit);
    bench.provider.requests = [];
    bench.provider.ahead = hours * 3600;
    const expired = await visit.page.evaluate((seconds, source, many, patience) => {
      window.setAhead(seconds);
      return new Function(`return (${source}).apply(null, arguments)`)(many, patience);
    }, hours * 3600, String(ask), count, limit);
    return { warm, expired, requests: bench.provider.requests.filter(({ name }) => name === 'token').length };
  });
}
