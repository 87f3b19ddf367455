// Several tabs of one person. A duplicated tab begins with a copy of sessionStorage, and with it of the session.

/** Opens a tab with a copy of the current tab's sessionStorage, as duplicating it does, and goes there. No page is at work yet. */
export async function duplicateAsleep(world) {
  const entries = await world.call(() => Object.entries(sessionStorage));
  const tab = await world.driver.newTab();
  // Filled where no package runs: what it finds later is there from the start.
  await world.driver.goto(world.app.url('/blank'));
  await world.driver.run((all) => { for (const [key, value] of all) sessionStorage.setItem(key, value); }, entries);
  return tab;
}

/** The same, with the fixture page, which has not begun to act. */
export async function duplicate(world) {
  const tab = await duplicateAsleep(world);
  await world.visit('/');
  return tab;
}

/** Runs `scenario` in another tab and comes back. */
export async function inTab(world, tab, scenario) {
  const here = await world.driver.tab();
  await world.driver.to(tab);
  try {
    return await scenario();
  } finally {
    await world.driver.to(here);
  }
}

/** Lets so much time pass that a logout is not of the same second as the login before it, which counts as the later one. */
export function untilNextSecond(world) {
  const since = Math.floor(Date.now() / 1000);
  return world.driver.until('the next second', () => Math.floor(Date.now() / 1000) > since);
}
