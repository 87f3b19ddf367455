// A page whose client has a log of every level and a record of the devtools. What they tell is kept across the pages of a test.

/** Runs in every page from the start. */
const watched = () => {
  const key = 'lines of the test';
  window.linesOf = () => JSON.parse(sessionStorage.getItem(key) ?? '[]');
  window.startWatched = async (settings, options = {}, level = 'debug') => {
    const [{ createLog }, devtools] = await Promise.all(['/package/log.js', '/package/devtools/index.js'].map((name) => window.importModule(name)));
    window.devtools = devtools;
    window.record = devtools.recordRequests(options.storagePrefix && { storagePrefix: options.storagePrefix });
    const write = (of, line, entry) => sessionStorage.setItem(key, JSON.stringify([...window.linesOf(), { of, line, entry }]));
    const log = (starting) => {
      window.endLog = createLog({ level, write })(starting);
      window.record(starting);
    };
    window.given = { settings, options };
    window.oauth = await window.api.createOAuth(settings, { ...options, log });
  };
};

/** From the next page on. */
export const watchPages = (world) => world.app.before(`(${watched})();`);

export const startWatched = (world, { settings = world.settings(), options, level } = {}) => (
  world.call((s, o, l) => window.startWatched(s, o, l), settings, options ?? {}, level ?? 'debug')
);

/** What an application does on every page load. */
export async function handleWatched(world, given) {
  await startWatched(world, given);
  return world.call(() => window.oauth.handleRedirect());
}

/** What the log has said, in every page of the test. */
export const lines = (world) => world.call(() => window.linesOf());

/** Everything that the log and the devtools tell, as one text. */
export const everythingTold = (world) => world.call(async () => {
  const report = await window.devtools.diagnose(window.oauth, { log: window.record, ...window.given });
  const element = window.devtools.mountDevtools(window.oauth, { log: window.record, ...window.given });
  const shown = [];
  for (const tab of element.shadowRoot.querySelectorAll('[role=tab]')) {
    tab.click();
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    shown.push(element.shadowRoot.querySelector('.panel').outerHTML);
  }
  element.close();
  return [JSON.stringify(window.linesOf()), JSON.stringify(window.record.entries), sessionStorage.getItem('oidc:devtools'), JSON.stringify(report), ...shown].join('\n');
});
