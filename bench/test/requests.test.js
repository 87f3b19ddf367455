import assert from 'node:assert/strict';
import test from 'node:test';
import { chain, describe } from '../lib/requests.js';

const request = (name, arrived, answered) => ({ name, arrived, answered });

test('requests that wait for one another are a chain', () => {
  const all = [request('discovery', 0, 50), request('token', 51, 101), request('jwks', 102, 150)];
  assert.equal(chain(all), 3);
  assert.equal(describe(all), 'discovery → token → jwks');
});

test('requests side by side cost one round trip', () => {
  const all = [request('token', 0, 50), request('jwks', 1, 51)];
  assert.equal(chain(all), 1);
  assert.equal(describe(all), 'token ∥ jwks');
});

test('the longest of two chains counts', () => {
  const all = [request('discovery', 0, 50), request('jwks', 10, 200), request('token', 55, 100), request('userinfo', 101, 150)];
  assert.equal(chain(all), 3);
});

test('a phase without requests has no chain', () => {
  assert.equal(chain([]), 0);
  assert.equal(describe([]), '–');
});
