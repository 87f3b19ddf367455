// A person in front of Canaille's pages: the steps of lib/pages.js.

/** Where its pages' files are. Canaille lacks fonts that its own style sheet names, and the console says so. */
export const files = '/static/';

const name = '#loginform input[name=login]';
const password = 'input[name=password]';

/** That a page is shown which asks who is there, or only whether it is the same person still. */
export const untilAsked = (driver) => driver.until('the page to sign in at', async () => (
  await driver.isShown(name) || driver.isShown(password)
));

export async function signIn(driver, person) {
  await untilAsked(driver);
  if (await driver.has(name)) {
    await driver.fill(name, person.login);
    await driver.press('#loginform button[type=submit]');
  }
  await driver.fill(password, person.password);
  await driver.press('button[type=submit].primary');
}

export const allow = (driver) => driver.press('#accept');
export const deny = (driver) => driver.press('#deny');
/** Whoever has an id_token of the user is believed: nobody is asked. */
export const signOut = async () => {};
