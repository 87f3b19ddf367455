// From an empty page to a signed-in user, a reload, and a refresh: the times and the requests of each phase.

import { profiles } from '../lib/profiles.js';
import { floor } from '../contenders/list.js';
import { sizes } from '../lib/sizes.js';
import { chain, describe } from '../lib/requests.js';
import { ratio, summary } from '../lib/statistics.js';
import { Visit, pause } from '../lib/visit.js';

const phases = ['ready', 'login', 'callback', 'fromScript', 'restore', 'refresh'];

export async function flow(bench, profileNames, rounds) {
  const results = {};
  for (const name of profileNames) {
    bench.say(`${profiles[name].title}: ${rounds} rounds`);
    results[name] = await rounded(bench, profiles[name], rounds);
  }
  return results;
}

async function rounded(bench, profile, rounds) {
  const runs = new Map(bench.contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // The order rotates, because the first run of a round meets the machine in another state than the later runs.
    const order = bench.contenders.map((_, at, all) => all[(at + round) % all.length]);
    for (const contender of order) {
      runs.get(contender.name).push(await run(bench, contender, profile).catch((error) => ({ failed: error.message })));
    }
  }
  const base = runs.get(floor) ?? [];
  return Object.fromEntries([...runs].map(([name, all]) => [name, summarised(all, base)]));
}

function summarised(all, base) {
  const of = (runs, phase) => runs.map((run) => run[phase]);
  const whole = all.find((run) => run.requests);
  return {
    ...Object.fromEntries(phases.map((phase) => [phase, summary(of(all, phase))])),
    toFloor: Object.fromEntries(phases.map((phase) => [phase, ratio(of(all, phase), of(base, phase))])),
    requests: whole && Object.fromEntries(Object.entries(whole.requests).map(([phase, list]) => [phase, { text: describe(list), chain: chain(list) }])),
    bytes: whole?.bytes,
    failed: all.filter((run) => run.failed).map((run) => run.failed),
  };
}

async function run(bench, contender, profile) {
  const { provider, apps } = bench;
  bench.reset();
  return Visit.with(bench, contender, async (visit) => {
    const first = await visit.open();
    if (first.error) throw new Error(first.error);
    await pause(30);
    const requests = { ready: [...provider.requests] };
    const signedIn = await visit.signIn();
    if (!signedIn.marks.sub) throw new Error(signedIn.marks.error ?? 'nobody is signed in');
    Object.assign(requests, signedIn.requests);
    const bytes = sizes(apps.downloaded(contender.name).map(([, file]) => file));
    provider.requests = [];
    const reloaded = await visit.open();
    if (!reloaded.sub) throw new Error(reloaded.error ?? 'nobody is signed in after a reload');
    await pause(30);
    requests.restore = [...provider.requests];
    const refresh = await visit.call('refresh');
    requests.refresh = refresh.requests;
    return {
      ready: first.ready, login: signedIn.login, callback: signedIn.callback, fromScript: signedIn.fromScript,
      restore: reloaded.user, refresh: refresh.milliseconds, requests, bytes,
    };
  }, profile);
}

