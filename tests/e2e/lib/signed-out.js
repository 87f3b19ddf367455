// How a page looks in which a person is not signed in.

import assert from 'node:assert/strict';
import { session, storedKeys } from './steps.js';

/** What `session` gives then. */
export const signedOut = Object.freeze({ isAuthenticated: false, claims: null, token: null });

/** The page has no session, and its storage has none. */
export async function assertSignedOut(world) {
  assert.deepEqual(await session(world), signedOut);
  assert.deepEqual(await storedKeys(world, 'oidc:session:'), []);
}
