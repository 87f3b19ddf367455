// A server that takes its time, for as long as a test wants: no clock decides what happens first.

/**
 * Holds the answers at `path` back, which `change` may change. Gives `held` (entries of the server's log), `asked` (waits until
 * so many are held) and `release` (these and all later ones go out).
 */
export function hold(server, path, change = () => {}) {
  const held = [];
  let open;
  const gate = new Promise((resolve) => { open = resolve; });
  server.tamper(path, async (answer) => {
    held.push(answer.request);
    await gate;
    return change(answer);
  });
  return {
    held,
    asked: (world, count = 1) => world.driver.until(`${count} request(s) at ${path}`, () => held.length >= count),
    release: open,
  };
}

/** Waits until the connection of a request has ended before its answer was through. */
export function untilAborted(world, request) {
  return world.driver.until(`the end of ${request.method} ${request.path}`, () => request.aborted);
}
