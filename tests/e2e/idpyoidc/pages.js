// A person in front of the pages of idpyoidc: the steps of lib/pages.js.

/** Its site has no icon, and the console says so. */
export const files = '/favicon.ico';

/** That the page is shown which asks who is there. */
export const untilAsked = (driver) => driver.untilShown('#sign-in');

export async function signIn(driver, { login, password }) {
  await untilAsked(driver);
  await driver.fill('input[name=username]', login);
  await driver.fill('input[name=password]', password);
  await driver.press('#sign-in');
}

/** Agrees to be signed out. */
export const signOut = (driver) => driver.press('#sign-out');
