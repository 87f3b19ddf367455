// A visit: a page of a contender in a browser profile of its own, with an empty cache and without a session.

import { slowDown } from './browser.js';
import { now } from './time.js';

const patience = 15_000;
export const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

export class Visit {
  constructor(bench, contender) {
    this.bench = bench;
    this.contender = contender;
    this.home = bench.apps.home(contender.name);
  }

  /** Runs `use(visit)` and removes the browser profile. */
  static async with(bench, contender, use, profile = {}) {
    const visit = new Visit(bench, contender);
    bench.provider.latency = profile.latency ?? 0;
    visit.context = await bench.browser.createBrowserContext();
    try {
      visit.page = await visit.context.newPage();
      await slowDown(visit.page, profile);
      return await use(visit);
    } finally {
      await visit.context.close();
    }
  }

  /** The marks of the page: { ready, user, sub, error }. Waits while the browser replaces the page. */
  async marks(page = this.page, limit = patience) {
    const end = Date.now() + limit;
    while (Date.now() < end) {
      let timer;
      const late = new Promise((resolve) => { timer = setTimeout(resolve, end - Date.now(), undefined); });
      const marks = await Promise.race([page.evaluate(() => (window.left ? undefined : window.finished)).catch(() => undefined), late]);
      clearTimeout(timer);
      if (marks) return marks;
      await pause(5);
    }
    return { error: 'no answer' };
  }

  async open(url = this.home) {
    await this.page.goto(url, { waitUntil: 'commit' }).catch(() => this.page.goto(url, { waitUntil: 'domcontentloaded' }));
    return this.marks();
  }

  /** Signs in and gives { login, callback, fromScript, marks, requests: { login, callback } }, times in milliseconds. */
  async signIn(limit) {
    const { provider, apps } = this.bench;
    const [from, pages] = [provider.requests.length, apps.requests.length];
    const called = await this.page.evaluate(() => {
      window.left = true;
      const at = performance.timeOrigin + performance.now();
      void window.api.login();
      return at;
    });
    const authorize = await this.#seen(() => provider.requests.slice(from).find(({ name }) => name === 'authorize'), 'authorize');
    const marks = await this.marks(this.page, limit);
    await pause(20);
    const arrived = apps.requests.slice(pages).find(({ path }) => path.startsWith(`/${this.contender.name}/`) && !path.includes('/assets/') && !path.endsWith('/silent'));
    const { timeOrigin, t0 } = await this.page.evaluate(() => ({ timeOrigin: performance.timeOrigin, t0: window.t0 }));
    const requests = provider.requests.slice(from);
    const at = requests.indexOf(authorize);
    return {
      login: authorize.arrived - called,
      callback: timeOrigin + t0 + marks.user - (arrived?.arrived ?? timeOrigin + t0),
      fromScript: marks.user,
      marks,
      requests: { login: requests.slice(0, at), callback: requests.slice(at + 1) },
    };
  }

  /** Calls a function of the adapter in the page and gives { milliseconds, requests }. */
  async call(name) {
    const from = this.bench.provider.requests.length;
    const milliseconds = await this.page.evaluate(async (method) => {
      const start = performance.now();
      await window.api[method]();
      return performance.now() - start;
    }, name);
    return { milliseconds, requests: this.bench.provider.requests.slice(from) };
  }

  /** Opens the page and signs in. Throws where the login fails. */
  async begin() {
    const opened = await this.open();
    if (opened.error) throw new Error(`${this.contender.name}: ${opened.error}`);
    const { marks } = await this.signIn();
    if (!marks.sub) throw new Error(`${this.contender.name} does not sign in: ${marks.error}`);
  }

  async #seen(find, what) {
    const end = now() + patience;
    for (;;) {
      const found = find();
      if (found) return found;
      if (now() > end) throw new Error(`${this.contender.name}: no request to ${what}`);
      await pause(2);
    }
  }
}
