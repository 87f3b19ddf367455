// The bench. `cargo xtask bench` installs the packed package, sets CHROME and starts this program, which runs the suites and writes
// results.json to the given folder. With --write the program also writes the page docs/benchmarks.md and the chart docs/benchmarks.svg.

import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contenders as all, floor, ours } from './contenders/list.js';
import { Apps } from './lib/apps.js';
import { openBrowser } from './lib/browser.js';
import { bundle, versionOf } from './lib/bundle.js';
import { profiles } from './lib/profiles.js';
import { Provider } from './lib/provider.js';
import { write } from './report/write.js';
import { callers } from './suites/callers.js';
import { flow } from './suites/flow.js';
import { forged } from './suites/forged.js';
import { getters } from './suites/getters.js';
import { hint } from './suites/hint.js';
import { living } from './suites/living.js';
import { memory } from './suites/memory.js';
import { newtab } from './suites/newtab.js';
import { tabs } from './suites/tabs.js';

const { values, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' }, suite: { type: 'string' }, rounds: { type: 'string' } },
});

const { quick } = values;
/** The rounds of the suite `flow`. The suites whose single round is long run about half as many. */
const rounds = Number(values.rounds ?? (quick ? 3 : 11));
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');
const half = Math.max(1, Math.floor(rounds / 2));
const apps = path.join(folder, 'apps');
const suites = {
  flow: (bench) => flow(bench, quick ? ['lat0', 'lat150'] : Object.keys(profiles), rounds),
  hint: (bench) => hint(bench, rounds, apps),
  getters: (bench) => getters(bench, half),
  callers: (bench) => callers(bench, half, 1000),
  tabs: (bench) => tabs(bench),
  newtab: (bench) => newtab(bench, rounds),
  living: (bench) => living(bench, half),
  memory: (bench) => memory(bench, quick ? [200] : [1000, 2000]),
  forged: (bench) => forged(bench),
};

function chosen(list, wanted, always) {
  if (!wanted) return list;
  const names = wanted.split(',');
  const unknown = names.filter((name) => !list.some((entry) => (entry.name ?? entry) === name));
  if (unknown.length) throw new Error(`the bench knows no ${unknown.join(', ')}`);
  return list.filter((entry) => names.includes(entry.name ?? entry) || always.includes(entry.name));
}

const bench = {
  contenders: chosen(all, values.only, [ours, floor]),
  provider: await new Provider().start(),
  apps: await new Apps().start(),
  say: (text) => { console.log(`${new Date().toISOString().slice(11, 19)}  ${text}`); },
  reset() {
    this.provider.reset();
    this.apps.reset();
  },
};

try {
  for (const contender of bench.contenders) {
    const home = bench.apps.home(contender.name);
    bench.apps.add(contender.name, await bundle(contender, apps), {
      issuer: contender.secure ? bench.provider.secureIssuer : bench.provider.plainIssuer,
      clientId: contender.name, redirectUri: `${home}callback`, home, scope: 'openid profile email offline_access', store: 'session',
    }, contender.preload);
  }
  bench.browser = await openBrowser(bench.provider.spkiHash);
  const results = {
    date: new Date().toISOString().slice(0, 10), quick: Boolean(quick), rounds,
    machine: { browser: await bench.browser.version(), node: process.version, system: os.type(), cores: os.cpus().length },
    contenders: bench.contenders.map(({ name, title, note, variant, package: from }) => ({ name, title, note, variant, version: from && versionOf(from) })),
  };
  const distinct = { ...bench, contenders: bench.contenders.filter(({ variant }) => !variant) };
  for (const name of chosen(Object.keys(suites), values.suite, [])) results[name] = await suites[name](name === 'flow' ? bench : distinct);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'results.json');
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`);
  bench.say(file);
  if (values.write) {
    write(results);
    bench.say('docs/benchmarks.md and docs/benchmarks.svg');
  }
} finally {
  await bench.browser?.close();
  bench.provider.close();
  bench.apps.close();
}
