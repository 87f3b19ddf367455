// The entry `oidc-client-wasm/hint` after a reload: the time until the user is known, beside the time of the default entry.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { ours } from '../contenders/list.js';
import { bundle, modules } from '../lib/bundle.js';
import { sizes } from '../lib/sizes.js';
import { summary } from '../lib/statistics.js';
import { Visit } from '../lib/visit.js';

export async function hint(bench, rounds, folder) {
  // A package without this entry gives no result.
  if (!existsSync(path.join(modules, ours, 'hint.js'))) return undefined;
  bench.say(`the hint: ${rounds} rounds`);
  const files = await bundle({ name: 'hint', adapter: 'hint.js' }, folder);
  const contender = bench.contenders.find(({ name }) => name === ours);
  bench.apps.add('hint', files, bench.apps.settingsOf(ours));
  const [withHint, withPackage] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bench.reset();
    await Visit.with(bench, contender, async (visit) => {
      await visit.begin();
      // Two visits each, because the second visit finds its files in the cache, as a reload does.
      for (const [url, times] of [[bench.apps.home('hint'), withHint], [visit.home, withPackage]]) {
        await visit.open(url);
        const { user, sub } = await visit.open(url);
        if (!sub) throw new Error('the hint knows no user');
        times.push(user);
      }
    });
  }
  return { hint: summary(withHint), restore: summary(withPackage), bytes: sizes([...files.values()]) };
}
