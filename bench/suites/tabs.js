// A duplicated tab has a copy of sessionStorage, and so a copy of the refresh token. This suite makes seven copies of a tab, lets the access
// token expire, and has all eight tabs ask for a token at the same moment. The provider ends the session at the second use of a refresh token.

import { Visit, pause } from '../lib/visit.js';

const copies = 7;
const latency = 150;

/** Runs in the page: the token, or null where ten seconds give no token. */
function token() {
  const late = new Promise((resolve) => { setTimeout(resolve, 10_000, null); });
  return Promise.race([Promise.resolve().then(() => window.api.token()).catch(() => null), late]);
}

export async function tabs(bench) {
  const results = {};
  for (const contender of bench.contenders) {
    for (const store of contender.local ? ['session', 'local'] : ['session']) {
      const name = store === 'local' ? `${contender.name} in localStorage` : contender.name;
      bench.say(`8 tabs: ${name}`);
      bench.apps.set(contender.name, { store });
      results[name] = await run(bench, contender).catch((error) => ({ failed: error.message }));
      results[name].contender = contender.name;
      bench.apps.set(contender.name, { store: 'session' });
    }
  }
  return results;
}

async function run(bench, contender) {
  bench.reset();
  const { provider, apps } = bench;
  apps.ahead = 0;
  provider.strict = true;
  return Visit.with(bench, contender, async (visit) => {
    await visit.begin();
    await visit.open();
    const pages = [visit.page];
    for (let copy = 0; copy < copies; copy += 1) {
      const opened = new Promise((resolve) => { visit.page.once('popup', resolve); });
      await visit.page.evaluate((url) => { window.open(url); }, visit.home);
      pages.push(await opened);
    }
    const marks = await Promise.all(pages.map((page) => visit.marks(page)));
    const old = new Set(await Promise.all(pages.map((page) => page.evaluate(token))));
    await pause(200);
    provider.latency = latency;

    const ask = async (hours) => {
      apps.ahead = hours * 3600;
      provider.ahead = hours * 3600;
      provider.requests = [];
      await Promise.all(pages.map((page) => page.evaluate((seconds) => { window.setAhead(seconds); }, hours * 3600)));
      const tokens = await Promise.all(pages.map((page) => page.evaluate(token).catch(() => null)));
      await pause(500);
      const requests = provider.requests.filter(({ name }) => name === 'token');
      const fresh = tokens.filter((value) => value && !old.has(value)).length;
      tokens.forEach((value) => old.add(value));
      return { fresh, requests: requests.length, refused: requests.filter(({ refused }) => refused).length };
    };
    const first = await ask(2);
    // A tab can have the new access token and still have lost the refresh token. The second expiry shows that.
    const second = await ask(4);
    return { known: marks.filter(({ sub }) => sub).length, first, second };
  });
}
