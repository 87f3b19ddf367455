// A person in front of the pages of Django and of django-oauth-toolkit: the steps of lib/pages.js.

/** Its site has no icon, and the console says so. */
export const files = '/favicon.ico';

/** That the page is shown which asks who is there. */
export const untilAsked = (driver) => driver.untilShown('#sign-in');

/** Its people sign in by their short names. */
export async function signIn(driver, { sub, password }) {
  await untilAsked(driver);
  await driver.fill('input[name=username]', sub);
  await driver.fill('input[name=password]', password);
  await driver.press('#sign-in');
}

export const allow = (driver) => driver.press('#authorizationForm input[name=allow]');
export const deny = (driver) => driver.press('#authorizationForm input[type=submit]:not([name])');
/** Agrees to be signed out. */
export const signOut = allow;
