// A page that stays open for days: what a request needs is free again after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorld } from '../lib/world.js';

const world = useWorld();

/** Runs before the package loads: catches the tables in which its module holds values of JavaScript. */
const watch = `
  window.tables = [];
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...args) => original.apply(WebAssembly, args).then((result) => {
      const { exports } = result.instance ?? result;
      window.tables.push(...Object.values(exports).filter((value) => value instanceof WebAssembly.Table));
      return result;
    });
  }`;

/** The count of values that the module holds. */
const held = () => world.call(() => {
  let count = 0;
  for (const table of window.tables) {
    for (let at = 0; at < table.length; at += 1) if (table.get(at) != null) count += 1;
  }
  return count;
});

const request = (times) => world.call(async (count) => {
  for (let time = 0; time < count; time += 1) await window.oauth.demo.loadServerMetadata({ force: true });
}, times);

test('the module holds no more values of JavaScript after 60 requests than after 5', async () => {
  world.app.before(watch);
  await world.visit();
  await world.start();
  await request(5);
  const before = await held();
  assert.ok(before > 0, 'the module has a table');
  await request(60);
  // Before the mend each request left two closures.
  assert.ok(await held() < before + 30, `${before} values, then ${await held()}`);
});
