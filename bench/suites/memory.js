// The memory of a page over many refreshes: the JavaScript heap after garbage collection, the WebAssembly memory, and the time of a refresh.

import { Visit } from '../lib/visit.js';

/** Runs before the scripts of the page: catches the memory of each WebAssembly module that the page loads. */
function watch() {
  window.memories = [];
  const note = (result) => {
    for (const value of Object.values((result.instance ?? result).exports)) if (value instanceof WebAssembly.Memory) window.memories.push(value);
    return result;
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = (...args) => original.apply(WebAssembly, args).then(note);
  }
}

/** Runs in the page: the mean milliseconds of the first and of the last hundred refreshes. */
async function refresh(times) {
  const each = [];
  for (let time = 0; time < times; time += 1) {
    const start = performance.now();
    await window.api.refresh();
    each.push(performance.now() - start);
  }
  const mean = (part) => part.reduce((sum, value) => sum + value, 0) / part.length;
  return { first: mean(each.slice(0, 100)), last: mean(each.slice(-100)) };
}

export async function memory(bench, steps) {
  const results = {};
  for (const contender of bench.contenders) {
    bench.say(`memory: ${contender.name}, ${steps.at(-1)} refreshes`);
    bench.reset();
    results[contender.name] = await Visit.with(bench, contender, (visit) => run(visit, steps)).catch((error) => ({ failed: error.message }));
  }
  return results;
}

async function run(visit, steps) {
  await visit.page.evaluateOnNewDocument(watch);
  await visit.begin();
  // A reload, because the callback page still has the garbage of the login.
  await visit.open();
  const devtools = await visit.page.createCDPSession();
  const look = async (refreshes, times) => {
    await devtools.send('HeapProfiler.collectGarbage');
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const wasm = await visit.page.evaluate(() => window.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
    return { refreshes, heap: usedSize, wasm, ...times };
  };
  const seen = [await look(0)];
  for (const step of steps) {
    const { refreshes } = seen.at(-1);
    seen.push(await look(step, await visit.page.evaluate(refresh, step - refreshes)));
  }
  return { steps: seen };
}
