// Remembers every secret of the flows it watches, and looks for them in everything that others could read.

/** Runs in every page from the start: what is told to other tabs and windows, and what is kept where others could read it. */
const eavesdrop = () => {
  const overheard = [];
  const handedOver = [];
  Object.assign(window, { overheard, handedOver });
  const note = (how, ...what) => overheard.push(`${how}: ${what.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(' ')}`);
  // Another object than the package's own, so that it hears what that one says.
  const channel = new BroadcastChannel('oidc');
  channel.onmessage = ({ data }) => (JSON.parse(data).replaces ? handedOver.push(data) : note('broadcast', data));
  // Of windows, workers and ports alike, in either direction.
  window.addEventListener('message', ({ data }) => note('message heard', data));
  const wrap = (owner, name, how, is = () => true) => {
    const original = owner[name];
    owner[name] = function wrapped(...args) {
      if (is(this)) note(how, ...args);
      return original.apply(this, args);
    };
  };
  wrap(window, 'postMessage', 'message sent');
  wrap(MessagePort.prototype, 'postMessage', 'message sent');
  wrap(Storage.prototype, 'setItem', 'localStorage', (storage) => storage === window.localStorage);
  wrap(History.prototype, 'pushState', 'history');
  wrap(History.prototype, 'replaceState', 'history');
};

/** What the page itself lets be seen. sessionStorage is not among it: tokens live there. */
const visible = async () => ({
  url: location.href,
  navigation: performance.getEntriesByType('navigation').map(({ name }) => name),
  referrer: document.referrer,
  title: document.title,
  cookie: document.cookie,
  windowName: window.name,
  historyState: JSON.stringify(history.state),
  document: document.documentElement.outerHTML,
  loads: performance.getEntries().filter(({ entryType }) => entryType !== 'navigation').map(({ name }) => name),
  localStorage: { ...localStorage },
  databases: await window.indexedDB?.databases?.() ?? [],
  caches: await window.caches?.keys() ?? [],
  recorded: window.recorded ?? [],
  overheard: window.overheard ?? [],
  handedOver: window.handedOver ?? [],
  printed: window.oauth ? [String(window.oauth), JSON.stringify(window.oauth), String(window.oauth.demo), JSON.stringify(window.oauth.demo)] : [],
});

/** What an answer of the provider has in its URL. */
const ofTheAnswer = ['code', 'state', 'logout state'];

/** What a session is made of; the nonce is a claim of its id_token. */
const ofASession = ['access token', 'refresh token', 'id_token', 'nonce'];

/**
 * What the fixture's HTML names: the page itself loads these files, with its own address as the referrer. WebKit does so with
 * what they import, too. They are of the server that was just asked for that very address.
 */
const filesOfThePage = [
  '/recorder.js', '/before.js', '/page.js', '/favicon.ico', '/package/entry.js', '/package/index.js', '/package/core.js',
];

export class Witness {
  #world;
  #seen = [];
  #issued = [];

  /** Watches from now on. `tampering` may change token responses further. */
  constructor(world) {
    this.#world = world;
    world.app.before(`(${eavesdrop})();`);
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

  /** Notes what the current page shows and says. `own` names secrets whose place its URL is (or was), as in the redirect itself. */
  async look(where, own = []) {
    const { value } = await this.#world.driver.run(visible);
    const { url, navigation, handedOver, ...rest } = value;
    this.#seen.push({ where: `URL of ${where}`, text: url, own });
    // The browser's own note of the address that was loaded, which no script can take back.
    const loadedWith = /[?#].*\bstate=/.test(navigation[0] ?? '') ? ofTheAnswer : [];
    this.#seen.push({ where: `navigation of ${where}`, text: JSON.stringify(navigation), own: [...own, ...loadedWith] });
    // A refresh gives the tabs that share the session its new tokens. A channel is the origin's, as storage is; nothing else goes there.
    this.#seen.push({ where: `tokens handed over by ${where}`, text: JSON.stringify(handedOver), own: ofASession });
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
      if (path === paths.endSession) add('logout state', query.state ?? body.state);
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
      place(`request of ${path}`, url, isPage ? ofTheAnswer : []);
      if (!filesOfThePage.includes(path)) place(`referrer of ${path}`, headers.referer);
    }
    const own = {
      [paths.authorization]: ['state', 'nonce'],
      [paths.endSession]: ['id_token', 'logout state'],
    };
    const ownBody = {
      [paths.token]: ['code', 'verifier', 'refresh token'],
      [paths.revocation]: ['access token', 'refresh token'],
      [paths.endSession]: ['id_token', 'logout state'],
    };
    for (const { path, url, headers, rawBody } of provider.requests) {
      place(`request of the provider's ${path}`, url, own[path]);
      place(`headers of the provider's ${path}`, JSON.stringify(headers));
      place(`body of the provider's ${path}`, rawBody, ownBody[path]);
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
