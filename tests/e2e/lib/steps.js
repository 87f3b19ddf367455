// Steps that many scenarios share, in a person's order of events.

const { freeze } = Object;

export const alice = freeze({ login: 'alice@example.com', password: 'alice', sub: 'alice', name: 'Alice Moreau' });
export const bob = freeze({ login: 'bob@example.com', password: 'bob', sub: 'bob', name: 'Bob Lindqvist' });

/** Leaves the started page for the provider. */
export function redirectToProvider(world, params = {}) {
  return world.leave((p) => window.oauth.demo.authorizeRedirect(p), params);
}

/** Fills in the provider's login page. */
export function enterPassword(world, user = alice) {
  return world.pages.signIn(world.driver, user);
}

const answered = /[?&#](?:code|error|response)=/;

/** Waits until the provider has sent the browser back to the application, and gives that URL; the page has not acted on it yet. */
export async function untilAnswered(world) {
  const url = await world.driver.untilAt('the answer of the provider', ({ origin, search, hash }) => (
    origin === world.app.origin && answered.test(search + hash)
  ));
  await world.ready();
  return url;
}

/** From the provider's login page to the callback URL, which the page has not acted on yet. */
export async function signInAtProvider(world, user = alice) {
  await enterPassword(world, user);
  return untilAnswered(world);
}

/** From a fresh page to the callback URL, which the page has not acted on yet. */
export async function reachCallback(world, { user = alice, params, settings, options } = {}) {
  await world.startAtHome(settings, options);
  await redirectToProvider(world, params);
  return signInAtProvider(world, user);
}

/** What an application does on every page load. */
export async function handle(world, settings, options) {
  await world.start(settings, options);
  return world.call(() => window.oauth.handleRedirect());
}

/** The same in the page of before, loaded anew. */
export async function reloadAndHandle(world) {
  await world.reload();
  return handle(world);
}

/** A whole login; gives what `handleRedirect` told. */
export async function login(world, { user, params, settings, options } = {}) {
  await reachCallback(world, { user, params, settings, options });
  return handle(world, settings, options);
}

/** A login of a person whom the provider still knows, from a started page; gives what `handleRedirect` told. */
export async function loginAgain(world) {
  await redirectToProvider(world);
  await untilAnswered(world);
  return handle(world);
}

/** The state of the session as the page's code sees it, read without a request. */
export function session(world) {
  return world.call(() => {
    const { isAuthenticated, claims, token } = window.oauth.demo;
    return { isAuthenticated, claims, token };
  });
}

/** From a signed-in page through the provider's logout page; gives the URL of the return, which the page has not acted on yet. */
export async function logoutAtProvider(world, params = {}) {
  await world.leave((p) => window.oauth.demo.logoutRedirect(p), params);
  await world.pages.signOut(world.driver);
  const url = await world.driver.untilAt('the application after the logout', ({ origin }) => origin === world.app.origin);
  await world.ready();
  return url;
}

// ---- storage

/** A copy of the tab's sessionStorage, values parsed. */
export function stored(world) {
  return world.call(() => Object.fromEntries(Object.entries(sessionStorage).map(([key, value]) => [key, JSON.parse(value)])));
}

/** The record of a client's session; its key ends with a fingerprint of the client id and the provider. */
export async function storedSession(world, name = 'demo') {
  const found = Object.entries(await stored(world)).find(([key]) => key.startsWith(`oidc:session:${name}:`));
  return found?.[1];
}

export async function storedKeys(world, prefix) {
  return Object.keys(await stored(world)).filter((key) => key.startsWith(prefix)).sort();
}

// ---- the page's surroundings

/** Whether the browser sends a stream as the body of a request. */
export const canStream = (world) => world.call(() => {
  let asked = false;
  const request = new Request('/', { method: 'POST', body: new ReadableStream(), get duplex() { asked = true; return 'half'; } });
  return asked && !request.headers.has('content-type');
});

/** From the next page on, the page's clock is wrong by so many seconds. */
export function skewClock(world, seconds) {
  world.app.before(`
    (() => {
      const Real = Date;
      const off = ${seconds * 1000};
      function Skewed(...args) {
        if (!new.target) return new Skewed().toString();
        return args.length ? Reflect.construct(Real, args, new.target) : Reflect.construct(Real, [Real.now() + off], new.target);
      }
      Object.setPrototypeOf(Skewed, Real);
      Skewed.prototype = Real.prototype;
      Skewed.now = () => Real.now() + off;
      window.Date = Skewed;
    })();`);
}

/** From the next page on, reading `sessionStorage` throws, as in a browser that blocks site data. */
export function blockSessionStorage(world) {
  world.app.before(`
    Object.defineProperty(window, 'sessionStorage', {
      get() { throw new DOMException('The operation is insecure.', 'SecurityError'); },
    });`);
}

/** Leaves no room for another byte in sessionStorage, nor anything in it that the package would give up to have some. */
export function fillSessionStorage(world) {
  return world.call(() => {
    for (const key of Object.keys(sessionStorage)) if (/^oidc:(?:metadata|jwks):/.test(key)) sessionStorage.removeItem(key);
    for (let size = 1 << 20; size >= 1; size = Math.floor(size / 2)) {
      for (let n = 0; ; n += 1) {
        try {
          sessionStorage.setItem(`filling-${size}-${n}`, 'x'.repeat(size));
        } catch {
          break;
        }
      }
    }
  });
}

/** Console output that no flow should cause, where the engine lets it be read. What a provider's pages cause is its own affair. */
export async function troubles(world) {
  const { value: recorded = [] } = await world.driver.run('() => window.recorded');
  const seen = world.driver.can('console') ? await world.driver.console() : [];
  const { pages, provider } = world;
  const isOfItsPages = (text) => pages.files && text.startsWith(provider.issuer + pages.files);
  return [...recorded, ...seen].filter(({ level, text }) => (
    !['DEBUG', 'INFO', 'debug', 'log', 'info'].includes(level) && !isOfItsPages(text)
  ));
}
