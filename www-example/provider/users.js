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

/** What oidc-provider calls an account. A `sub` that nobody has is undefined, never an invented account. */
export async function findAccount(_ctx, sub) {
  const user = users.find((candidate) => candidate.sub === sub);
  return user && { accountId: user.sub, claims: async () => ({ sub: user.sub, ...user.claims }) };
}
