// Remembers every secret of the flows it watches, and looks for them in everything that others could read.

/** What the page itself lets be seen. Storage is not among it: tokens live there. */
const visible = () => ({
  url: location.href,
  referrer: document.referrer,
  title: document.title,
  cookie: document.cookie,
  windowName: window.name,
  historyState: JSON.stringify(history.state),
  loads: performance.getEntriesByType('resource').map(({ name }) => name),
  recorded: window.recorded ?? [],
  printed: window.oauth ? [String(window.oauth), JSON.stringify(window.oauth), String(window.oauth.demo), JSON.stringify(window.oauth.demo)] : [],
});

/** Files that the fixture's HTML names: the page itself loads them, with its own address as the referrer. */
const filesOfThePage = ['/recorder.js', '/before.js', '/page.js', '/favicon.ico'];

export class Witness {
  #world;
  #seen = [];
  #issued = [];

  /** Watches from now on. `tampering` may change token responses further. */
  constructor(world) {
    this.#world = world;
    this.watchTokens();
  }

  /** `change` may make the provider lie; what it really issued is a secret all the same. */
  watchTokens(change = () => {}) {
    this.#world.provider.tamper(this.#world.provider.paths.token, (answer) => {
      this.#issued.push({ ...answer.body });
      change(answer);
      this.#issued.push({ ...answer.body });
    });
  }

  /** Notes what the current page shows and says. `own` names secrets whose place its URL is, as in the redirect itself. */
  async look(where, own = []) {
    const { value } = await this.#world.driver.run(visible);
    const { url, ...rest } = value;
    this.#seen.push({ where: `URL of ${where}`, text: url, own });
    for (const [name, content] of Object.entries(rest)) {
      this.#seen.push({ where: `${name} of ${where}`, text: JSON.stringify(content), own: [] });
    }
    if (this.#world.driver.can('console')) {
      // Each line begins with the address of its page, which is the browser's doing: only what follows was said.
      for (const { text } of await this.#world.driver.console()) {
        this.#seen.push({ where: `console of ${where}`, text: text.slice(text.indexOf(' ')), own: [] });
      }
    }
  }

  async lookAtHistory(where) {
    if (!this.#world.driver.can('history')) return;
    for (const url of await this.#world.driver.history()) this.#seen.push({ where: `history at ${where}`, text: url, own: [] });
  }

  /** Notes a failure as the page's own error reporting would send it away. */
  note(where, error) {
    this.#seen.push({ where, text: `${error.message}\n${JSON.stringify({ ...error, appState: undefined })}\n${error.reported}`, own: [] });
  }

  /** Every secret, as [what it is, its text]. */
  #secrets() {
    const { provider } = this.#world;
    const { paths } = provider;
    const secrets = new Map();
    const add = (what, text) => { if (text) secrets.set(text, what); };
    for (const { path, query, body } of provider.requests) {
      if (path === paths.authorization) {
        add('state', query.state);
        add('nonce', query.nonce);
      }
      if (path === paths.token) {
        add('code', body.code);
        add('verifier', body.code_verifier);
      }
      if (path === paths.endSession) add('logout state', query.state);
    }
    for (const { access_token: access, refresh_token: refresh, id_token: id } of this.#issued) {
      add('access token', access);
      add('refresh token', refresh);
      // Its parts are secrets too: the claims are the user's, the signature makes the rest usable.
      for (const part of id?.split('.').slice(1) ?? []) add('id_token', part);
    }
    return [...secrets].map(([text, what]) => [what, text]);
  }

  /** What each request carried, and which secrets belong there. */
  #requests() {
    const { app, provider } = this.#world;
    const { paths } = provider;
    const places = [];
    const place = (where, text, own = []) => places.push({ where, text: text ?? '', own });
    for (const { path, url, headers } of app.requests) {
      const isPage = headers['sec-fetch-dest'] === 'document';
      place(`request of ${path}`, url, isPage ? ['code', 'state', 'logout state'] : []);
      if (!filesOfThePage.includes(path)) place(`referrer of ${path}`, headers.referer);
    }
    const own = {
      [paths.authorization]: ['state', 'nonce'],
      [paths.endSession]: ['id_token', 'logout state'],
    };
    for (const { path, url, headers, rawBody } of provider.requests) {
      place(`request of the provider's ${path}`, url, own[path]);
      place(`headers of the provider's ${path}`, JSON.stringify(headers));
      place(`body of the provider's ${path}`, rawBody, path === paths.token ? ['code', 'verifier'] : []);
    }
    return places;
  }

  /** Kinds of secrets that were seen at all, sorted: a witness that knows none proves nothing. */
  kinds() {
    return [...new Set(this.#secrets().map(([what]) => what))].sort();
  }

  /** Every place where a secret was that it does not belong to. */
  leaks() {
    const secrets = this.#secrets();
    return [...this.#seen, ...this.#requests()].flatMap(({ where, text, own }) => (
      secrets.filter(([what, secret]) => !own.includes(what) && text.includes(secret)).map(([what]) => `${what} in the ${where}`)
    ));
  }
}
