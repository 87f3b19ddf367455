// The people of the provider, and which of their claims a scope opens (OpenID Connect Core 1.0 section 5.4).

export const USERS = [
  {
    sub: "alice",
    name: "Alice Moreau",
    given_name: "Alice",
    family_name: "Moreau",
    preferred_username: "alice",
    locale: "en",
    zoneinfo: "Europe/Paris",
    email: "alice@example.com",
    email_verified: true,
  },
  {
    sub: "bob",
    name: "Bob Lindqvist",
    given_name: "Bob",
    family_name: "Lindqvist",
    preferred_username: "bob",
    locale: "en",
    zoneinfo: "Europe/Stockholm",
    email: "bob@example.com",
    email_verified: false,
  },
];

const OF_SCOPE = {
  profile: [
    "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate", "zoneinfo",
    "locale", "updated_at",
  ],
  email: ["email", "email_verified"],
  address: ["address"],
  phone: ["phone_number", "phone_number_verified"],
};
const SCOPED = new Map(Object.entries(OF_SCOPE).flatMap(([scope, names]) => names.map((name) => [name, scope])));

export const CLAIMS = ["sub", ...SCOPED.keys()];

/** The claims of a user that these scopes open, and the claims that no scope knows: roles, groups, the own ones of an app. */
export function claimsOf(user, scope) {
  const scopes = scope.split(" ");
  return Object.fromEntries(Object.entries(user).filter(([name]) => !SCOPED.has(name) || scopes.includes(SCOPED.get(name))));
}

/** The user with this `sub`, user name or email address. */
export function findUser(users, hint) {
  if (typeof hint !== "string" || hint === "") return undefined;
  const isSame = (text) => typeof text === "string" && text.toLowerCase() === hint.toLowerCase();
  return users.find(({ sub }) => sub === hint) ?? users.find(({ email, preferred_username }) => isSame(email) || isSame(preferred_username));
}

export const nameOf = ({ name, preferred_username, email, sub }) => String(name ?? preferred_username ?? email ?? sub);
