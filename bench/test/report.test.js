import assert from 'node:assert/strict';
import test from 'node:test';
import { chart } from '../report/chart.js';
import { leads } from '../report/leads.js';
import { page } from '../report/page.js';
import { factor, list, number, range, table } from '../report/text.js';

const summary = (median) => ({ median, low: median, high: median });
const measured = (ready, brotli) => ({
  ready: summary(ready), login: summary(1), callback: summary(2), restore: summary(3), refresh: summary(4), toFloor: { callback: 1.07 },
  requests: { callback: { text: 'token ∥ jwks', chain: 1 } }, bytes: { raw: 3 * brotli, gzip: 2 * brotli, brotli }, failed: [],
});

const results = {
  date: '2026-01-02', quick: false, rounds: 11, machine: { browser: 'Chrome/156.0', node: 'v20.0.0', system: 'Linux', cores: 2 },
  contenders: [
    { name: 'oidc-client-wasm', title: 'oidc-client-wasm', version: '1.0.0' }, { name: 'floor', title: 'the floor' },
    { name: 'peer', title: '@scope/peer', version: '2.0.0', note: 'iframe' },
  ],
  flow: { lat0: { 'oidc-client-wasm': measured(40, 100_000), floor: measured(10, 1000), peer: measured(30, 99_000) } },
  forged: { 'oidc-client-wasm': { 'alg none': 'refused: unsupported_algorithm' }, floor: { 'alg none': 'accepted' }, peer: { 'alg none': 'accepted' } },
};

test('a measurement has about two digits', () => {
  assert.deepEqual([0, 0.034, 0.34, 3.44, 34.4, 1234.5, 8, undefined].map(number), ['0', '0.03', '0.34', '3.4', '34', '1,235', '8', '–']);
  assert.deepEqual([1.066, undefined].map(factor), ['1.07', '–']);
  assert.equal(range({ median: 34.4, low: 31, high: 40 }), '34 (31–40)');
});

test('a table keeps to its columns', () => {
  assert.equal(table(['a', 'b'], [['x', 'y|z']]), '| a | b |\n|---|---:|\n| x | y\\|z |');
  assert.deepEqual([list([]), list(['a']), list(['a', 'b', 'c'])], ['', 'a', 'a, b and c']);
});

test('a peer leads by a tenth or not at all, and the floor leads nobody', () => {
  assert.deepEqual(leads(results), ['- Ready after the first script, nothing cached (ms): @scope/peer 30; oidc-client-wasm 40.']);
});

test('the page has the suites that ran and no others', () => {
  const text = page(results);
  for (const part of ['Measured on 2026-01-02 in 11 rounds, with Chrome 156.0', '| oidc-client-wasm | 300.0 | 200.0 | 100.0 |', '| @scope/peer (iframe) | **accepted** |', 'token ∥ jwks']) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!text.includes('## Memory') && !text.includes('undefined') && !text.includes('NaN'));
});

test('the chart is drawn for light pages and dark ones, and marks faults', () => {
  const svg = chart(results);
  assert.ok(svg.includes('prefers-color-scheme: dark') && svg.includes('class="own"'));
  assert.equal(svg.match(/class="bad"/g).length, 2);
  assert.ok(!svg.includes('NaN') && !svg.includes('undefined'));
});
