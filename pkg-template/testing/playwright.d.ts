/**
 * `oidc-client-wasm/testing/playwright`: fixtures with which a test of Playwright begins signed in. A person signs in at the real pages of the provider, once in
 * a worker; each test gets a copy of that session, which Playwright's `storageState` does not have, because the package keeps it in `sessionStorage`.
 */
import type { Fixtures, Page, PlaywrightTestArgs, PlaywrightTestOptions, PlaywrightWorkerArgs, PlaywrightWorkerOptions } from "@playwright/test";

export interface LoginFixtures<Person extends string> {
  /** Who is signed in, by `test.use({ person: "alice" })`. Default `null`: nobody. */
  person: Person | null;
  /** `true`: the test signs in by itself, and no other test has its session. A test that signs out needs it, because a provider ends the session of every copy.
   *  Where such a test has the copy all the same, and ends on a page of the app, the next one signs in anew. */
  freshLogin: boolean;
}

/** What the fixtures keep, for themselves. */
export interface SavedLogin {
  readonly origin: string;
  readonly items: readonly (readonly [string, string])[];
  readonly storageState: Awaited<ReturnType<import("@playwright/test").BrowserContext["storageState"]>>;
  readonly until: number;
}

export interface LoginOptions {
  /** Seconds after which a person signs in anew. It should be less than the access token lives: copies of one session that renew it use one refresh token, and
   *  a provider that rotates refresh tokens takes the second use for theft. Default 600. */
  maxAge?: number;
  /** Seconds in which the session has to be there, once the function that signs in has ended. Default 10. */
  patience?: number;
  /** The option `storagePrefix` of the app. Default `oidc`. */
  storagePrefix?: string;
}

/**
 * The fixtures, for `test.extend`. The `page` of a test begins at `about:blank`, with the session of `person` in it.
 *
 * @param people for each person the function that goes to the app and signs in, by the pages of the provider. It ends in the app.
 * @throws Error that says what to change
 */
export function loginFixtures<Person extends string>(
  people: Readonly<Record<Person, (page: Page) => Promise<unknown>>>,
  options?: LoginOptions,
): Fixtures<
  LoginFixtures<Person> & { savedLogin: SavedLogin | null },
  { savedLogins: Map<string, SavedLogin> },
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions
>;
