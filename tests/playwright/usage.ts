// The types of the fixtures, as a test of an app uses them.

import { test as base } from '@playwright/test';
import { loginFixtures } from 'oidc-client-wasm/testing/playwright';

export const test = base.extend(loginFixtures({
  alice: async (page) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign in' }).click();
  },
  bob: async (page) => page.goto('/'),
}, { maxAge: 60 }));

test.use({ person: 'alice', freshLogin: true });
test.use({ person: null });
// @ts-expect-error: there is no such person
test.use({ person: 'carol' });
// @ts-expect-error: seconds are a number
loginFixtures({ alice: async () => {} }, { maxAge: '60' });

test('typed', async ({ page, person, freshLogin }) => {
  const name: 'alice' | 'bob' | null = person;
  const isFresh: boolean = freshLogin;
  await page.goto(`/${name}/${isFresh}`);
});
