// A page that stays open for days: what a request needs is free again after it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorld } from '../lib/world.js';

const world = useWorld();

/** Runs before the package loads: catches the list in which its glue holds values for its module. The list begins with 1024 places for
    the arguments of calls and with four constants. */
const watch = `
  window.lists = [];
  const { push } = Array.prototype;
  Array.prototype.push = function (...items) {
    if (this.length === 1024 && items.length === 4 && items[1] === null) window.lists.push(this);
    return push.apply(this, items);
  };`;

/** The count of values that the module holds. A free place has the number of the next free place. */
const held = () => world.call(() => {
  let count = 0;
  for (const list of window.lists) count += list.slice(1028).filter((value) => typeof value !== 'number').length;
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
  assert.ok(before > 0, 'the module has a list');
  await request(60);
  // Before the mend each request left two closures.
  assert.ok(await held() < before + 30, `${before} values, then ${await held()}`);
});
