// The two people who exist at this provider. Passwords in clear text: it is a demo that forgets everything when it stops.

export const users = [
  {
    sub: 'alice',
    email: 'alice@example.com',
    password: 'alice',
    claims: {
      name: 'Alice Moreau',
      given_name: 'Alice',
      family_name: 'Moreau',
      preferred_username: 'alice',
      locale: 'en',
      zoneinfo: 'Europe/Paris',
      updated_at: 1735689600,
      email: 'alice@example.com',
      email_verified: true,
    },
  },
  {
    sub: 'bob',
    email: 'bob@example.com',
    password: 'bob',
    claims: {
      name: 'Bob Lindqvist',
      given_name: 'Bob',
      family_name: 'Lindqvist',
      preferred_username: 'bob',
      locale: 'en',
      zoneinfo: 'Europe/Stockholm',
      updated_at: 1735689600,
      email: 'bob@example.com',
      email_verified: false,
    },
  },
];

/** The user with this email (or short name) and password; undefined when the pair does not match. */
export function authenticate(login, password) {
  const name = String(login ?? '').trim().toLowerCase();
  const user = users.find(({ sub, email }) => name === email || name === sub);
  return user && user.password === password ? user : undefined;
}

/** Claims that others than this provider vouch for (OpenID Connect Core 5.6.2): of bob, where `claimSources` is asked for. */
export const sourcedClaims = ['shoe_size', 'credit_score'];

const sourcesOf = (issuer) => ({
  _claim_names: { shoe_size: 'cobbler', credit_score: 'bureau' },
  _claim_sources: {
    // Aggregated: a JWT of the other party, here an unreadable one. Distributed: where to ask, and with what.
    cobbler: { JWT: 'eyJhbGciOiJFUzI1NiJ9.eyJzaG9lX3NpemUiOjQ0fQ.c2lnbmF0dXJl' },
    bureau: { endpoint: `${issuer}/bureau`, access_token: 'for-the-bureau-only' },
  },
});

/** What oidc-provider calls an account. A `sub` that nobody has is undefined, never an invented account. */
export const createFindAccount = ({ issuer, claimSources }) => async (_ctx, sub) => {
  const user = users.find((candidate) => candidate.sub === sub);
  if (!user) return undefined;
  const sourced = claimSources && sub === 'bob' ? sourcesOf(issuer) : {};
  return { accountId: sub, claims: async () => ({ sub, ...user.claims, ...sourced }) };
};
