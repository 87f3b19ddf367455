// The entry `oidc-client-wasm/testing/playwright`: fixtures with which a test of Playwright begins signed in. A person signs in at the real pages of the provider,
// once in a worker; each test gets a copy of that session. Nothing is imported: the fixtures are plain functions.

/** Where nothing of the app is loaded, on any origin. */
const BLANK = "/__oidc-client-wasm-blank";
const SECONDS = 1000;

const mistake = (message, cure) => new Error(`${message} ${cure}`);

/** In the page: what the package keeps in this tab. */
const keptInTab = (prefix) => Object.entries(sessionStorage).filter(([key]) => key.startsWith(`${prefix}:`));

/** In the page: whether a session is kept, in this tab or for all tabs. */
const hasSession = (prefix) => [sessionStorage, localStorage].some((storage) => Object.keys(storage).some((key) => key.startsWith(`${prefix}:session:`)));

function check(people, { maxAge, patience, storagePrefix }) {
  if (typeof people !== "object" || people === null) throw mistake("loginFixtures got no people.", "Give { alice: async (page) => { … } }: for each person, the function that signs in.");
  for (const [name, signIn] of Object.entries(people)) {
    if (typeof signIn !== "function") throw mistake(`The person ${name} has no function.`, "Give async (page) => { … }, which goes to the app and signs in.");
  }
  for (const [name, value] of Object.entries({ maxAge, patience })) {
    if (!(Number.isFinite(value) && value > 0)) throw mistake(`${name} is ${String(value)}.`, "Give seconds, more than 0.");
  }
  if (typeof storagePrefix !== "string" || storagePrefix === "") throw mistake(`storagePrefix is ${String(storagePrefix)}.`, "Give that of the app, or leave it out.");
}

/** The copy of a session: what Playwright keeps by itself, and what it does not. */
async function copyOf(page, person, { patience, storagePrefix }) {
  const limit = Date.now() + patience * SECONDS;
  // A page that is just leaving runs no script.
  while (!(await page.evaluate(hasSession, storagePrefix).catch(() => false))) {
    if (Date.now() > limit) {
      const { origin, pathname } = new URL(page.url());
      throw mistake(
        `${person} has no session in the page ${origin}${pathname}, ${patience} seconds after the function that signs in has ended.`,
        `Let it sign in, and wait for what the app shows then. Keys of sessionStorage that begin with "${storagePrefix}:session:" are the sessions; storagePrefix is that of the app.`,
      );
    }
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return { origin: new URL(page.url()).origin, items: await page.evaluate(keptInTab, storagePrefix), storageState: await page.context().storageState() };
}

/** Puts the copy into a tab, before a page of the app is in it. */
async function restore(page, { origin, items }) {
  const url = origin + BLANK;
  await page.route(url, (route) => route.fulfill({ contentType: "text/html", body: "<!DOCTYPE html><title>Blank</title>" }));
  // A step that replaces the one before: Back leads to no page that the test has not opened.
  const replace = (place) => { location.replace(place); };
  await page.evaluate(replace, url);
  await page.waitForURL(url);
  await page.evaluate((entries) => {
    for (const [key, value] of entries) sessionStorage.setItem(key, value);
  }, items);
  await page.evaluate(replace, "about:blank");
  await page.waitForURL("about:blank");
  await page.unroute(url);
}

/** Whether a page of the app is left that has no session any more. One that is gone says nothing. */
async function hasEnded(page, { origin }, storagePrefix) {
  if (page.isClosed() || !page.url().startsWith(`${origin}/`)) return false;
  return !(await page.evaluate(hasSession, storagePrefix).catch(() => true));
}

export function loginFixtures(people, options = {}) {
  const { maxAge = 600, patience = 10, storagePrefix = "oidc" } = options;
  check(people, { maxAge, patience, storagePrefix });

  return {
    person: [null, { option: true }],
    freshLogin: [false, { option: true }],

    /** The copies of this worker, by person and app. */
    savedLogins: [async ({}, use) => { // eslint-disable-line no-empty-pattern
      await use(new Map());
    }, { scope: "worker" }],

    // The options of the test, by name, because Playwright reads the names here. Offline, or without scripts, nobody signs in.
    savedLogin: async ({
      person, freshLogin, savedLogins, browser, baseURL, bypassCSP, clientCertificates, colorScheme, contextOptions, deviceScaleFactor, extraHTTPHeaders, geolocation, hasTouch,
      httpCredentials, ignoreHTTPSErrors, isMobile, locale, permissions, proxy, serviceWorkers, timezoneId, userAgent, viewport,
    }, use) => {
      if (person === null) return use(null);
      if (!Object.hasOwn(people, person)) throw mistake(`There is no person ${JSON.stringify(person)}.`, `There are: ${Object.keys(people).join(", ")}.`);
      const key = JSON.stringify([person, baseURL]);
      let saved = freshLogin ? undefined : savedLogins.get(key);
      if (!saved || saved.until < Date.now()) {
        const context = await browser.newContext({
          ...contextOptions, baseURL, bypassCSP, clientCertificates, colorScheme, deviceScaleFactor, extraHTTPHeaders, geolocation, hasTouch, httpCredentials, ignoreHTTPSErrors,
          isMobile, locale, permissions, proxy, serviceWorkers, timezoneId, userAgent, viewport, storageState: undefined,
        });
        try {
          const page = await context.newPage();
          await people[person](page);
          saved = { ...await copyOf(page, person, { patience, storagePrefix }), until: Date.now() + maxAge * SECONDS };
        } finally {
          await context.close();
        }
        if (!freshLogin) savedLogins.set(key, saved);
      }
      await use(saved);
    },

    storageState: async ({ savedLogin, storageState }, use) => {
      await use(savedLogin ? savedLogin.storageState : storageState);
    },

    page: async ({ page, savedLogin, savedLogins }, use) => {
      if (!savedLogin) return use(page);
      await restore(page, savedLogin);
      await use(page);
      // A test that has signed out has ended the session of every copy.
      if (await hasEnded(page, savedLogin, storagePrefix)) for (const [key, kept] of savedLogins) if (kept === savedLogin) savedLogins.delete(key);
    },
  };
}
