// A person in front of the pages of dev-provider: the steps of lib/pages.js.

const button = ({ sub }) => `#sign-in-as-${sub}`;

/** That the page is shown which asks who is there. */
export const untilAsked = (driver) => driver.untilShown('form[action$="/login"] button');

export async function signIn(driver, person) {
  await untilAsked(driver);
  await driver.press(button(person));
}

export const allow = (driver) => driver.press('#allow');
export async function denyLogin(driver) {
  await untilAsked(driver);
  await driver.press('#deny');
}
/** The provider does not ask whether to sign out: the id_token is of the session. */
export async function signOut() {}
