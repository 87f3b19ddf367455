// Faults at any single thing that a page does to the world outside. Nothing of the package is known here: what it calls is the
// browser's, wrapped before the package is loaded.

/** Runs in the page, before anything else. */
function install() {
  const plan = { kind: null, at: 0, met: 0 };
  const realSetItem = Storage.prototype.setItem;
  const lands = (kind, effect) => ({
    storage: ['sessionStorage', 'look'].includes(effect),
    request: effect === 'request',
    answer: effect === 'answer',
    // A tab that is closed in the middle: this effect does not happen, and no later one. Merely looking is none.
    closed: !['answer', 'look'].includes(effect),
  }[kind]);

  const fails = (effect) => {
    if (plan.kind === null || !lands(plan.kind, effect)) return false;
    const index = plan.met;
    plan.met += 1;
    const isHit = plan.kind === 'closed' ? index >= plan.at : index === plan.at;
    if (isHit && index === plan.at) {
      realSetItem.call(localStorage, 'struck', plan.kind);
      if (plan.kind === 'closed') location.replace('/blank');
    }
    return isHit;
  };

  const wrap = (owner, name, around) => {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    const key = descriptor.get ? 'get' : 'value';
    const real = descriptor[key];
    Object.defineProperty(owner, name, { ...descriptor, [key](...args) { return around(this, () => real.apply(this, args), name); } });
  };
  for (const name of ['getItem', 'setItem', 'removeItem', 'key', 'length']) {
    wrap(Storage.prototype, name, (storage, go) => {
      const looks = !['setItem', 'removeItem'].includes(name);
      if (storage === localStorage ? looks || !fails('localStorage') : !fails(looks ? 'look' : 'sessionStorage')) return go();
      throw name === 'setItem' ? new DOMException('No room.', 'QuotaExceededError') : new DOMException('Blocked.', 'SecurityError');
    });
  }
  for (const [owner, name] of [[BroadcastChannel.prototype, 'postMessage'], [History.prototype, 'replaceState']]) {
    wrap(owner, name, (_self, go) => { if (!fails(name)) go(); });
  }
  wrap(window, 'fetch', async (_self, go) => {
    if (fails('request')) {
      if (plan.kind === 'closed') await new Promise(() => {});
      throw new TypeError('Failed to fetch');
    }
    const answer = await go();
    if (fails('answer')) throw new TypeError('Failed to fetch');
    return answer;
  });

  /** From now on, the effect number `at` (from 0) of those that the kind can strike fails. */
  window.fault = (kind, at) => { Object.assign(plan, { kind, at, met: 0 }); };
}

/** From the next page on, faults can be ordered. */
export function allowFaults(world) {
  world.app.before(`(${install})();`);
}

/**
 * Runs `body` in the page with a fault on its way, until it has ended or left the page. Gives how it ended (`{ value }` or
 * `{ thrown }`, or nothing if the page was left) and whether the fault struck.
 */
export async function withFault(world, { kind, at }, body) {
  await world.driver.start(`(kind, at) => { window.isHere = true; window.fault(kind, at); window.watch((${body})()); }`, kind, at);
  // A provider that knows the person may have sent it back to the very URL by then: only the document tells.
  const outcome = await world.driver.until('the end of the round', async () => (
    (await world.driver.run('() => (window.isHere ? window.outcome : {})')).value
  ));
  await world.visit('/');
  const struck = await world.call(() => {
    const was = localStorage.getItem('struck');
    localStorage.removeItem('struck');
    return was !== null;
  });
  return { ...outcome, struck };
}
