// The measures in which a peer is better than this package, found in the results by a rule.

import { floor, ours } from '../contenders/list.js';
import { list, number } from './text.js';

/** A difference below a tenth does not count: two runs of the same code differ as much. */
const clearly = 0.9;

const phase = (profile, name) => (results, contender) => results.flow?.[profile]?.[contender]?.[name]?.median;
const warm = (groups, name) => (results, contender) => results.getters?.[groups]?.[contender]?.[name]?.median;
const memory = (results, contender) => {
  const last = results.memory?.[contender]?.steps?.at(-1);
  return last && (last.heap + last.wasm) / 1024;
};
const crowd = (name) => (results, contender) => results.callers?.[contender]?.[name]?.median;

/** The measures: the words of the page, the unit, and the value of a contender. A smaller value is better. */
const measures = [
  ['Download (brotli)', 'kB', (results, contender) => results.flow?.lat0?.[contender]?.bytes?.brotli / 1000],
  ['Ready after the first script, nothing cached', 'ms', phase('lat0', 'ready')],
  ['Login at 0 ms, from the call to the navigation', 'ms', phase('lat0', 'login')],
  ['Login at 150 ms, from the call to the navigation', 'ms', phase('lat150', 'login')],
  ['Callback at 0 ms', 'ms', phase('lat0', 'callback')],
  ['Callback at 150 ms', 'ms', phase('lat150', 'callback')],
  ['Reload, from the first script to the user', 'ms', phase('lat0', 'restore')],
  ['Refresh at 0 ms', 'ms', phase('lat0', 'refresh')],
  ['Refresh at 150 ms', 'ms', phase('lat150', 'refresh')],
  ['Reading the claims, small id_token', 'µs', warm(0, 'claims')],
  ['Reading the claims, 300 groups', 'µs', warm(300, 'claims')],
  ['A valid access token, small id_token', 'µs', warm(0, 'getAccessToken')],
  ['1,000 callers with a valid token', 'ms', crowd('warm')],
  ['1,000 callers with an expired token', 'ms', crowd('expired')],
  ['Memory of the page after the refreshes, JavaScript and WebAssembly', 'KiB', memory],
];

/** A line for each measure in which a peer is clearly better than this package. The floor is no package and does not count. */
export function leads(results) {
  const lines = [];
  for (const [what, unit, value] of measures) {
    const own = value(results, ours);
    if (!Number.isFinite(own)) continue;
    const better = results.contenders
      .filter(({ name, variant }) => name !== ours && name !== floor && !variant)
      .map(({ name, title }) => ({ title, seen: value(results, name) }))
      .filter(({ seen }) => seen < own * clearly)
      .sort((one, other) => one.seen - other.seen)
      .map(({ title, seen }) => `${title} ${number(seen)}`);
    if (better.length) lines.push(`- ${what} (${unit}): ${list(better)}; ${ours} ${number(own)}.`);
  }
  return lines;
}
