import { expect, test as base } from '@playwright/test';
import { loginFixtures } from 'oidc-client-wasm/testing/playwright';

/** Who has signed in at the pages of the provider, in order. */
const logins = [];

const signIn = (sub) => async (page) => {
  logins.push(sub);
  await page.goto('/');
  await page.locator('#sign-in').click();
  await page.locator(`#sign-in-as-${sub}`).click();
  await expect(page.locator('#status')).toHaveText(/^signed-in/);
};
const people = { alice: signIn('alice'), bob: signIn('bob') };
const test = base.extend(loginFixtures(people));

const status = (page) => page.locator('#status');
const orders = async (page) => {
  await page.locator('#load').click();
  await expect(page.locator('pre')).toContainText('"sub":');
  return JSON.parse(await page.locator('pre').textContent());
};

test.describe.configure({ mode: 'default' });

test.describe('alice', () => {
  test.use({ person: 'alice' });

  test('a test begins signed in, on no page, without a step in the history', async ({ page }) => {
    expect(page.url()).toBe('about:blank');
    await page.goto('/any/place');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    expect((await orders(page)).sub).toBe('alice');
    expect(await page.evaluate(() => history.length)).toBe(2);
    expect(logins).toEqual(['alice']);
  });

  test('the next test has the session, too, and nobody signs in for it', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    expect((await orders(page)).orders).toHaveLength(2);
    expect(logins).toEqual(['alice']);
  });

  test('a second tab is signed in by the first', async ({ page, context }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    const second = await context.newPage();
    await second.goto('/');
    await expect(status(second)).toHaveText('signed-in Alice Moreau');
  });

  test('the provider knows the person, too', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    await page.evaluate(() => sessionStorage.clear());
    await page.goto('/');
    await page.locator('#sign-in').click();
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    expect(logins).toEqual(['alice']);
  });
});

test.describe('alice, by herself', () => {
  test.use({ person: 'alice', freshLogin: true });

  test('a logout ends the session of this test alone, and a reload brings nothing back', async ({ page }) => {
    expect(logins).toEqual(['alice', 'alice']);
    await page.goto('/');
    await page.locator('#sign-out').click();
    await expect(status(page)).toHaveText('signed-out');
    await page.reload();
    await expect(status(page)).toHaveText('signed-out');
    await page.locator('#sign-in').click();
    await expect(page.locator('#sign-in-as-alice')).toBeVisible();
  });
});

test.describe('after that', () => {
  test.use({ person: 'alice' });

  test('the copy of the worker is good still', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    expect((await orders(page)).sub).toBe('alice');
    expect(logins).toHaveLength(2);
  });
});

test.describe('bob', () => {
  test.use({ person: 'bob' });

  test('another person has a login of their own', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Bob Lindqvist');
    expect(logins.at(-1)).toBe('bob');
  });
});

test.describe('a test that signs out by mistake', () => {
  test.use({ person: 'bob' });

  test('the session of every copy ends', async ({ page }) => {
    await page.goto('/');
    await page.locator('#sign-out').click();
    await expect(status(page)).toHaveText('signed-out');
    expect(logins.filter((sub) => sub === 'bob')).toHaveLength(1);
  });

  test('the next test has a session of its own', async ({ page }) => {
    await page.goto('/');
    expect((await orders(page)).sub).toBe('bob');
    expect(logins.filter((sub) => sub === 'bob')).toHaveLength(2);
  });
});

/** What the page of a login finds: that of a project for phones, and an app behind a password. */
const found = [];
const phone = base.extend(loginFixtures({
  alice: async (page) => {
    found.push(await page.evaluate(() => [navigator.userAgent, navigator.language, screen.width, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches]));
    found.push((await page.goto('/secret', { timeout: 5000 })).status());
    await signIn('alice')(page);
  },
}));
phone.describe('a phone', () => {
  phone.use({
    person: 'alice', userAgent: 'phone', locale: 'de', viewport: { width: 400, height: 800 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, contextOptions: { colorScheme: 'dark' },
    httpCredentials: { username: 'alice', password: 'staging' },
  });

  phone('the person signs in with the options of the test', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText('signed-in Alice Moreau');
    expect(found).toEqual([['phone', 'de', 400, 2, true], 200]);
  });
});

test('without a person nobody is signed in, here and at the provider', async ({ page }) => {
  await page.goto('/');
  await expect(status(page)).toHaveText('signed-out');
  await page.locator('#sign-in').click();
  await expect(page.locator('#sign-in-as-alice')).toBeVisible();
});

/** A fixture by itself: what it gives, or why it fails. */
const saved = (browser, fixtures, person, kept = new Map()) => new Promise((resolve, reject) => {
  fixtures.savedLogin({ person, freshLogin: false, savedLogins: kept, browser, baseURL: process.env.APP }, async (given) => resolve(given)).catch(reject);
});

test('a person that there is not is an error with the people', async ({ browser }) => {
  await expect(saved(browser, loginFixtures(people), 'carol')).rejects.toThrow('There is no person "carol". There are: alice, bob.');
  await expect(saved(browser, loginFixtures(people), 'toString')).rejects.toThrow('There is no person "toString"');
});

test('a function that does not sign in is an error that says where it ended', async ({ browser }) => {
  const fixtures = loginFixtures({ alice: (page) => page.goto('/welcome?code=secret') }, { patience: 1 });
  await expect(saved(browser, fixtures, 'alice')).rejects.toThrow(`alice has no session in the page ${process.env.APP}/welcome, 1 seconds after`);
  expect(browser.contexts()).toEqual([]);
});

/** A person of an app with these options. */
const withOptions = (options) => ({
  alice: async (page) => {
    await page.goto('/');
    await page.evaluate((text) => localStorage.setItem('options', text), JSON.stringify(options));
    await signIn('alice')(page);
  },
});

const sessions = ({ items }) => items.filter(([key]) => key.includes(':session:')).map(([key]) => key.split(':')[0]);

test('an app with another prefix: the error says which one was looked for, and storagePrefix names it', async ({ browser }) => {
  const own = withOptions({ storagePrefix: 'own' });
  await expect(saved(browser, loginFixtures(own, { patience: 1 }), 'alice')).rejects.toThrow('begin with "oidc:session:"');
  expect(sessions(await saved(browser, loginFixtures(own, { storagePrefix: 'own' }), 'alice'))).toEqual(['own']);
});

test('a session that is kept for all tabs is in storageState', async ({ browser }) => {
  const copy = await saved(browser, loginFixtures(withOptions({ tokenStorage: 'local' })), 'alice');
  expect(sessions(copy)).toEqual([]);
  expect(copy.storageState.origins[0].localStorage.some(({ name }) => name.startsWith('oidc:session:'))).toBe(true);
});

test('a copy that is older than maxAge is made anew', async ({ browser }) => {
  const [kept, before] = [new Map(), logins.length];
  const short = loginFixtures(people, { maxAge: 0.001 });
  const first = await saved(browser, short, 'alice', kept);
  await expect.poll(() => Date.now() > first.until).toBe(true);
  await saved(browser, short, 'alice', kept);
  expect(logins.length - before).toBe(2);
});

for (const [given, options, words] of [
  [undefined, {}, /loginFixtures got no people\. Give/],
  [{ alice: 'alice' }, {}, /The person alice has no function\. Give/],
  [people, { maxAge: 0 }, /maxAge is 0\. Give seconds/],
  [people, { storagePrefix: '' }, /storagePrefix is \. Give that of the app/],
]) {
  test(`wrong arguments are an error with its cure: ${words}`, () => {
    expect(() => loginFixtures(given, options)).toThrow(words);
  });
}
