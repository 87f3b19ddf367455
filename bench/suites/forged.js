// Forged logins with a single fault each: does the contender accept the login?

import { forgeries } from '../lib/tokens.js';
import { Visit } from '../lib/visit.js';

/** A page that waits for longer than these milliseconds counts as a refusal. */
const limit = 5000;

export async function forged(bench) {
  const results = {};
  for (const contender of bench.contenders) {
    bench.say(`forged logins: ${contender.name}`);
    results[contender.name] = {};
    for (const forgery of forgeries) {
      bench.reset();
      results[contender.name][forgery] = await Visit.with(bench, contender, async (visit) => {
        await visit.open();
        bench.provider.forgery = forgery;
        const { marks } = await visit.signIn(limit);
        return marks.sub ? 'accepted' : `refused: ${String(marks.error ?? 'nobody is signed in').slice(0, 120)}`;
      }).catch((error) => `refused: ${error.message.slice(0, 120)}`);
    }
  }
  return results;
}
