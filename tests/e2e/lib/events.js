// Listening to the registry, as a page would, and telling what was heard.

const types = ['login', 'tokenupdate', 'logout', 'userchange', 'expiring', 'error'];

/** From now on the page writes down every event, and what its state was while the listener ran. */
export function listen(world) {
  return world.call((names) => {
    window.heard = [];
    for (const name of names) {
      window.oauth.addEventListener(name, ({ type, detail }) => {
        const { isAuthenticated, claims, token } = window.oauth.demo;
        window.heard.push({
          type,
          detail: window.describe(detail),
          then: { isAuthenticated, sub: claims?.sub ?? null, access: token?.access_token ?? null, isStored: Object.keys(sessionStorage).some((key) => key.startsWith('oidc:session:demo:')) },
        });
      });
    }
  }, types);
}

/** What was heard since: [{ type, detail, then }]. */
export const heard = (world) => world.call(() => window.heard);
/** The same, types only. */
export const heardTypes = async (world) => (await heard(world)).map(({ type }) => type);

export function untilHeard(world, type) {
  return world.driver.until(`the event ${type}`, async () => (await heard(world)).find((event) => event.type === type));
}
