// oidc-provider, told to take its requests by POST as well.

/** Options for `useWorld`. */
export const takesPosts = {
  configure: (configuration) => ({
    ...configuration,
    enableHttpPostMethods: true,
    // oidc-provider wants this with posts, since pages of other sites send them.
    cookies: { ...configuration.cookies, long: { ...configuration.cookies.long, sameSite: 'none' } },
  }),
};

/** Without TLS no browser keeps a SameSite=None cookie. All of this world is one site, localhost, so Lax does the same here. */
export function makeCookiesLax({ provider }, isMeant = () => true) {
  provider.tamper(isMeant, ({ headers }) => {
    const cookies = headers['set-cookie'];
    if (cookies) headers['set-cookie'] = [cookies].flat().map((cookie) => cookie.replace(/samesite=none/i, 'samesite=lax'));
  });
}
