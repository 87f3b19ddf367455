import assert from 'node:assert/strict';
import test from 'node:test';
import { median, ratio, summary } from '../lib/statistics.js';

test('the median of an even count lies between the two in the middle', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([10, 2, 30]), 10);
});

test('a run that failed has no value and does not count', () => {
  assert.equal(median([undefined, 5, NaN]), 5);
  assert.equal(median([undefined]), undefined);
  assert.equal(summary([]), undefined);
});

test('the quartiles lie around the median', () => {
  assert.deepEqual(summary([1, 2, 3, 4, 5]), { median: 3, low: 2, high: 4 });
});

test('a ratio is taken within a round, so that a slow round does not count', () => {
  assert.equal(ratio([20, 200, 22], [10, 100, 11]), 2);
  assert.equal(ratio([20, undefined], [undefined, 10]), undefined);
});
