// The claims of a session, each with the check that it passed before the client began the session. src/protocol/id_token.rs makes these checks.

import { masked, shown } from "./record/mask.js";

const CORE = "OpenID Connect Core 1.0, section";
/** For each claim: the check, where it is written, and how the value may be told. The package does not check a claim that is not here. */
const CHECKS = {
  __proto__: null,
  iss: ["is the issuer of the settings and of the metadata, to the letter", `${CORE} 3.1.3.7, item 2`, (value) => shown("iss", value)],
  sub: ["is there, and is the same person in every later answer", `${CORE} 2, 5.3.2 and 12.2`],
  aud: ["names this client, and no audience that the settings do not trust", `${CORE} 3.1.3.7, item 3`, (value, clientId) => ([value].flat().includes(clientId) ? `${clientId}${[value].flat().length > 1 ? ` and ${[value].flat().length - 1} more` : ""}` : undefined)],
  azp: ["is this client", `${CORE} 3.1.3.7, item 5`, (value, clientId) => (value === clientId ? clientId : undefined)],
  exp: ["had not passed when the token came", `${CORE} 3.1.3.7, item 9`, date],
  iat: ["was not in the future", `${CORE} 3.1.3.7, item 10`, date],
  nbf: ["was not in the future", "RFC 7519, section 4.1.5", date],
  nonce: ["is that of this login", `${CORE} 3.1.3.7, item 11`],
  acr: ["is one of the essential acrValues, where the login had some", `${CORE} 3.1.3.7, item 12`],
  auth_time: ["is not older than maxAge, where the login had one", `${CORE} 3.1.3.7, item 13`, date],
  at_hash: ["fits the access token", `${CORE} 3.1.3.8`],
  sid: ["is compared when the provider ends the session", "OpenID Connect Front-Channel Logout 1.0, section 3"],
};

function date(value) {
  const ms = Number(value) * 1000;
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : undefined;
}

/** `{ name, value, check, section }` for each claim. A value of a person is masked. `check` is null where the package does not check the claim. */
export function explainClaims(claims, clientId) {
  const entries = Object.entries(claims ?? {}).slice(0, 200);
  const told = entries.map(([name, value]) => {
    const [check = null, section = null, tell] = CHECKS[name] ?? [];
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return { name: /^.{1,100}$/.test(name) ? name : "‹a name›", value: tell?.(value, clientId) ?? masked(typeof value === "string" ? "text" : typeof value, text), check, section };
  });
  return [...told.filter(({ check }) => check !== null), ...told.filter(({ check }) => check === null)];
}
