// The values that a component reads each time it renders, in a signed-in page: microseconds a call, and the ratio to a
// `sessionStorage.getItem` of a record that is as long as the token response.

import { ratio, summary } from '../lib/statistics.js';
import { Visit } from '../lib/visit.js';

const names = ['claims', 'isAuthenticated', 'token', 'getAccessToken'];

/** Runs in the page. Awaits the promise where a call gives a promise, as an application has to. */
async function measure(record) {
  const { api } = window;
  const run = async (read, calls) => {
    const start = performance.now();
    for (let call = 0; call < calls; call += 1) {
      const value = read();
      if (typeof value?.then === 'function') await value;
    }
    return performance.now() - start;
  };
  // Doubles the count of calls until the calls take long enough for the browser's coarse clock.
  const each = async (read) => {
    let calls = 50;
    for (;;) {
      const milliseconds = await run(read, calls);
      if (milliseconds > 60) return (milliseconds * 1000) / calls;
      calls *= 2;
    }
  };
  sessionStorage.setItem('bench', record);
  const { claims, isAuthenticated, token } = api.warm;
  return {
    getItem: await each(() => sessionStorage.getItem('bench').length),
    claims: await each(claims), isAuthenticated: await each(isAuthenticated), token: await each(token), getAccessToken: await each(() => api.token()),
  };
}

export async function getters(bench, rounds) {
  const results = {};
  for (const groups of [0, 300]) {
    bench.say(`warm getters, ${groups} groups: ${rounds} rounds`);
    const runs = new Map(bench.contenders.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of bench.contenders) {
        bench.reset();
        bench.provider.groups = groups;
        const run = await Visit.with(bench, contender, async (visit) => {
          await visit.begin();
          return visit.page.evaluate(measure, bench.provider.lastTokens);
        }).catch((error) => ({ failed: error.message }));
        runs.get(contender.name).push(run);
      }
    }
    results[groups] = Object.fromEntries([...runs].map(([name, all]) => [name, summarised(all)]));
  }
  return results;
}

function summarised(all) {
  const of = (name) => all.map((run) => run[name]);
  return {
    getItem: summary(of('getItem')),
    ...Object.fromEntries(names.map((name) => [name, summary(of(name))])),
    toGetItem: Object.fromEntries(names.map((name) => [name, ratio(of(name), of('getItem'))])),
    failed: all.filter((run) => run.failed).map((run) => run.failed),
  };
}
