// A person in front of the pages of www-example's provider. Every provider has such a module: scenarios know what a person
// does and not how a page looks. Each step begins by waiting for its page.

/** That the page is shown which asks who is there. */
export const untilAsked = (driver) => driver.untilShown('#sign-in');

export async function signIn(driver, { login, password }) {
  await untilAsked(driver);
  await driver.fill('input[name=login]', login);
  await driver.fill('input[name=password]', password);
  await driver.press('#sign-in');
}

export const allow = (driver) => driver.press('#allow');
/** Does not sign in. */
export async function denyLogin(driver) {
  await untilAsked(driver);
  await driver.press('#deny');
}
/** Does not agree. The page of the login, which may still be there, has the same button. */
export async function deny(driver) {
  await driver.untilShown('#allow');
  await driver.press('#deny');
}
/** Agrees to be signed out. */
export const signOut = (driver) => driver.press('#logout-yes');
