// What one test file works in: a provider, an application and a browser, fresh before every test.

import { after, afterEach, before, beforeEach } from 'node:test';
import { startApp } from '../app/server.js';
import { openDriver } from '../driver/driver.js';
import { PageError } from './page-error.js';
import { providers } from './providers.js';

const lifetimes = { AccessToken: 3600, IdToken: 3600 };

/**
 * Sets a world up around the tests of the calling file and returns it. Its members are there once a test runs.
 * @param {object} [providerOptions] for what starts the provider
 * @param {string} [name] which of lib/providers.js; default `oidc-provider`
 * @param {{ isSecure?: boolean, leaveQuestion?: boolean }} [page] not `isSecure`: the page comes over plain http from a name that is not
 *   loopback, where the driver `can('plainHost')`; `leaveQuestion`: the driver may be able to answer a `beforeunload` question
 */
export function useWorld(providerOptions = {}, name = 'oidc-provider', page = {}) {
  const world = new World(providers[name], page);
  before(() => world.open(providerOptions));
  beforeEach(() => world.fresh());
  afterEach(() => world.provider?.reset()); // so that a failed test leaves no provider that hangs
  after(() => world.close());
  return world;
}

class World {
  #start;
  #isSecure;
  #wanted;

  constructor({ start, pages }, { isSecure = true, ...wanted }) {
    this.#start = start;
    this.#isSecure = isSecure;
    this.#wanted = wanted;
    /** What a person does on the provider's pages. */
    this.pages = pages;
  }

  async open(providerOptions) {
    try {
      this.driver = await openDriver(undefined, this.#wanted);
      // Where the name is missing, the tests that need it are skipped.
      this.app = await startApp({ host: this.#isSecure ? undefined : this.driver.plainHost });
      this.provider = await this.#start({ appOrigin: this.app.origin, ...providerOptions });
      this.app.allow(this.provider.issuer);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close() {
    await this.driver?.close();
    await this.provider?.close();
    await this.app?.close();
  }

  async fresh() {
    await this.provider.reset();
    this.provider.setTtl?.(lifetimes);
    await this.provider.setConsent(false);
    this.app.reset();
    await this.driver.fresh(this.#places());
    this.provider.clearRequests();
    this.app.reset();
  }

  /** A page of every host that keeps something. The provider's cookies are there, too: they know no port. */
  #places() {
    const here = new URL(this.app.url('/blank'));
    const usual = new URL(here);
    usual.hostname = 'localhost';
    return [...new Set([here.href, usual.href])];
  }

  /** Settings of one client named `demo`, with `members` over the usual ones. */
  settings(members = {}) {
    return {
      demo: {
        clientId: this.provider.clientId,
        issuer: this.provider.issuer,
        scope: 'openid profile email',
        redirectUri: this.app.url('/callback'),
        postLogoutRedirectUri: this.app.url('/'),
        ...members,
      },
    };
  }

  // ---- the page

  /** Waits until the fixture page in the current tab can be driven. */
  async ready() {
    await this.driver.until('the fixture page', () => this.driver.look('window.ready === true'));
  }

  async visit(target = '/') {
    await this.driver.goto(this.app.url(target));
    await this.ready();
  }

  async reload() {
    await this.driver.reload();
    await this.ready();
  }

  /** Calls the package in the page: `body` runs there, with JSON arguments, and its result or error comes back. */
  async call(body, ...args) {
    const { value, thrown } = await this.driver.run(body, ...args);
    if (thrown !== undefined) throw new PageError(thrown);
    return value;
  }

  /** `createOAuth` in the page, as `oauth`. */
  start(settings = this.settings(), options = {}) {
    return this.call((s, o) => window.start(s, o), settings, options);
  }

  /** The same in a new page at the app's start. */
  async startAtHome(settings, options) {
    await this.visit('/');
    await this.start(settings, options);
  }

  /** Calls something that leaves the page, and waits until it is left. Throws what it threw if the page stayed instead. */
  async leave(body, ...args) {
    const before = (await this.driver.url()).href;
    await this.driver.start(`(...args) => window.watch((${body})(...args))`, ...args);
    const outcome = await this.driver.until('the page to be left', async () => (
      (await this.driver.url()).href !== before || (await this.driver.run('() => window.outcome')).value
    ));
    if (outcome?.thrown) throw new PageError(outcome.thrown);
  }

  // ---- what was asked of the provider

  requestsTo(path, method) { return this.provider.requestsTo(this.provider.paths[path], method); }
  /** The latest authorization request's parameters. */
  authorization() { return this.requestsTo('authorization').at(-1).query; }
  /** Requests to the provider that scripts make: everything but the pages that the browser showed, and their files. */
  scriptedRequests() {
    const { files } = this.pages;
    return this.provider.requests.filter(({ headers, path }) => headers['sec-fetch-mode'] !== 'navigate' && !(files && path.startsWith(files)));
  }
  /** The same, each as `METHOD /path`. */
  scripted() { return this.scriptedRequests().map(({ method, path }) => `${method} ${path}`); }
}
