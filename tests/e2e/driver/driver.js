// One API over every engine. A test written against it does not know which browser runs it; what only some engines can do
// is a feature, asked for with `can` before use.

import { By, error as webdriverErrors } from 'selenium-webdriver';

const engines = ['chromium', 'firefox', 'webkit'];
const patience = 30_000;
const pollEvery = 40;

/** In the page: the element that `arguments[0]` selects, and whether a person sees it. The driver's own question is a script of 40 kB. */
const shown = `const element = document.querySelector(arguments[0]);
  // A closed <details> has boxes for what it hides, and checkVisibility knows of it.
  const isShown = Boolean(element) && element.checkVisibility({ visibilityProperty: true })
    && [...element.getClientRects()].some(({ width, height }) => width > 0 && height > 0);`;

/**
 * Starts the browser that BROWSER names (default chromium).
 * @param {{ leaveQuestion?: boolean }} [wanted] features that an engine has only where they are wanted
 */
export async function openDriver(name = process.env.BROWSER || 'chromium', wanted = {}) {
  if (!engines.includes(name)) throw new Error(`BROWSER=${name}: expected one of ${engines.join(', ')}`);
  const { launch } = await import(`./${name}.js`);
  const engine = await launch(wanted);
  // WebKit keeps the limit of a script with the page's own setTimeout, where tests hurry the package's limit of 30 s.
  await engine.webdriver.manage().setTimeouts({ script: 2 * patience, pageLoad: 2 * patience });
  return new Driver(name, engine);
}

class Driver {
  #engine;
  #web;

  constructor(name, engine) {
    this.name = name;
    this.#engine = engine;
    this.#web = engine.webdriver;
  }

  /**
   * Whether this engine has a feature: `collectGarbage`, `console`, `freeze` (a tab can be frozen), `history`, `leaveQuestion` (the question of a `beforeunload` handler, whether to leave
   * the page, waits for an answer, where a test wants it), `openedTabs` (a tab that the page itself opens is reachable),
   * `plainHost` (a name that leads to this machine, although no browser takes it for its own), `sharedFrames` (a frame of the same
   * site shares the storage and the channels of its origin), or `strictHttp` (an answer whose
   * length or encoding is not what it says is an error).
   */
  can(feature) { return feature in this.#engine.features; }
  /** The reason to give where a test skips what needs the feature. */
  lacks(feature) { return `${this.name} has no ${feature} through WebDriver`; }

  /** What the console said since the last call. Needs `console`. */
  console() { return this.#engine.features.console(); }
  /** Has the current tab let go of what no code holds. Needs `collectGarbage`. */
  collectGarbage() { return this.#engine.features.collectGarbage(); }
  /** Freezes the current tab, or lets it go on. A frozen tab runs no script, not even those of a test. Needs `freeze`. */
  freeze(isFrozen) { return this.#engine.features.freeze(isFrozen); }
  /** URLs in this tab's history. Needs `history`. */
  history() { return this.#engine.features.history(); }
  /** A name of this machine that makes no secure context over plain http. Needs `plainHost`. */
  get plainHost() { return this.#engine.features.plainHost; }

  /** Waits for the question whether to leave the page, and answers "Stay". Needs `leaveQuestion`. */
  stay() {
    return this.until('the question whether to leave', async () => {
      await this.#web.switchTo().alert().dismiss();
      return true;
    });
  }

  // ---- navigation

  goto(url) { return this.#web.get(String(url)); }
  async url() { return new URL(await this.#web.getCurrentUrl()); }
  reload() { return this.#web.navigate().refresh(); }
  /**
   * Goes back, and waits for the page. The browser shows the new address while a page is still on its way out of the back/forward cache, and a
   * script that comes then is lost with its answer ("Not attached to an active page"): so the tab is chosen anew and asked until it is there.
   */
  async back() {
    const tab = await this.tab();
    const from = await this.#web.getCurrentUrl();
    // Chromium refuses a step ("aborted by navigation") while the page before is on its way into the cache: the step is asked for again, unless it was done.
    await this.until('the step back', async () => {
      if (await this.#web.getCurrentUrl() === from) await this.#web.navigate().back();
      return true;
    });
    await this.until('the page before to be shown', async () => {
      await this.to(tab);
      return this.look("document.readyState === 'complete'");
    });
  }

  /** Waits until `condition()` is truthy and returns its value. A page that is just being replaced counts as «not yet». */
  async until(what, condition, milliseconds = patience) {
    let last;
    const transient = (error) => error instanceof webdriverErrors.WebDriverError
      && !(error instanceof webdriverErrors.NoSuchSessionError) && !(error instanceof webdriverErrors.NoSuchWindowError);
    try {
      return await this.#web.wait(async () => {
        try {
          return await condition();
        } catch (error) {
          if (!transient(error)) throw error;
          last = error;
          return false;
        }
      }, milliseconds, undefined, pollEvery);
    } catch (error) {
      if (!(error instanceof webdriverErrors.TimeoutError)) throw error;
      const where = await this.#web.getCurrentUrl().catch(() => 'an unknown place');
      throw new Error(`waited in vain for ${what}, at ${where}`, { cause: last ?? error });
    }
  }

  /** Waits for an address; `matches` gets it as a URL. */
  untilAt(what, matches) {
    return this.until(what, async () => {
      const url = await this.url();
      return matches(url) && url;
    });
  }

  // ---- elements, by CSS selector

  #find(selector) {
    return this.until(`the element ${selector}`, async () => (await this.#web.findElements(By.css(selector)))[0]);
  }

  async click(selector) {
    await this.until(`a click on ${selector}`, async () => {
      const element = await this.#find(selector);
      if (!await element.isDisplayed() || !await element.isEnabled()) return false;
      await element.click();
      return true;
    });
  }

  /**
   * Clicks by script, where no test is about the click: on a provider's page. A real one is two moves of a mouse, and costs a tenth of a second
   * in each of a thousand logins. The click comes after the answer of the script: a page that leaves could take the answer with it, and a
   * second click would send a form twice.
   */
  press(selector) {
    return this.until(`a click on ${selector}`, () => this.#web.executeScript(`${shown}
      if (!isShown || element.disabled || element.isPressed) return false;
      element.isPressed = true;
      setTimeout(() => element.click());
      return true;`, selector));
  }

  /** Sets the text of a field at once. Typed keys cost a frame of the browser each, and no test is about keys. */
  async fill(selector, text) {
    await this.until(`the field ${selector}`, () => this.#web.executeScript(`${shown}
      if (!element) return false;
      element.value = arguments[1];
      element.dispatchEvent(new Event('input', { bubbles: true }));
      return true;`, selector, text));
  }

  async has(selector) { return (await this.#web.findElements(By.css(selector))).length > 0; }
  isShown(selector) { return this.#web.executeScript(`${shown} return isShown;`, selector); }
  async text(selector) { return (await this.#find(selector)).getText(); }
  untilShown(selector) { return this.until(`${selector} to be seen`, () => this.isShown(selector)); }
  untilText(selector, matches) {
    return this.until(`the text of ${selector}`, async () => {
      const [element] = await this.#web.findElements(By.css(selector));
      const text = element && await element.isDisplayed() && await element.getText();
      return text && matches(text) && text;
    });
  }

  // ---- scripts

  /** The value of an expression of the page, at once. Unlike that of `run`, its answer needs no page that lives on, so a page in transition loses none. */
  look(expression) { return this.#web.executeScript(`return ${expression};`); }

  /**
   * Runs `body`, a function or the source of one, in the page with JSON arguments and waits for what it gives. Whatever it
   * throws comes back as { thrown }, described by the page's own `describe` where it has one.
   */
  async run(body, ...args) {
    const source = `
      const done = arguments[arguments.length - 1];
      const describe = window.describe || ((value) => value instanceof Error ? { name: value.name, message: value.message } : value);
      const args = Array.prototype.slice.call(arguments, 0, -1);
      (async () => (${body})(...args))().then(
        (value) => done({ value: describe(value) }),
        (error) => done({ thrown: describe(error) }),
      );`;
    return (await this.#web.executeAsyncScript(source, ...args)) ?? {};
  }

  /** Starts `body` and does not wait: for calls that leave the page. */
  start(body, ...args) {
    return this.#web.executeScript(`void (${body})(...arguments);`, ...args);
  }

  // ---- tabs

  tab() { return this.#web.getWindowHandle(); }
  tabs() { return this.#web.getAllWindowHandles(); }
  to(tab) { return this.#web.switchTo().window(tab); }
  /** A tab that shares nothing but cookies and localStorage with the others. */
  async newTab() {
    await this.#web.switchTo().newWindow('tab');
    return this.tab();
  }

  /** Closes the current tab. Another one has to be chosen by `to`. */
  closeTab() { return this.#web.close(); }

  /** Runs `open`, which makes the page open a tab, and goes there. */
  async follow(open) {
    const before = await this.tabs();
    await open();
    const opened = await this.until('a tab to open', async () => (await this.tabs()).find((tab) => !before.includes(tab)));
    await this.to(opened);
    return opened;
  }

  // ---- leaving nothing behind

  /** Closes all tabs but a new one, and clears the storage and the cookies at the URLs `pages` (the cookies of all hosts, where the engine can). */
  async fresh(pages) {
    const old = await this.tabs();
    await this.newTab();
    const kept = await this.tab();
    for (const tab of old) {
      await this.to(tab);
      await this.#web.close();
    }
    await this.to(kept);
    // A visit of each page costs a tenth of a second, before each of a thousand tests.
    if (this.#engine.forget) await this.#engine.forget(pages.map((page) => new URL(page).origin));
    else for (const page of pages) await this.#clear(page);
    if (this.can('console')) await this.console();
  }

  async #clear(page) {
    await this.goto(page);
    await this.#web.executeScript('localStorage.clear(); sessionStorage.clear();');
    await this.#web.manage().deleteAllCookies();
  }

  close() { return this.#engine.close(); }
}
