// The entry `oidc-client-wasm/hint`: reads the person who was signed in from the stored session record, for the first paint. The entry
// is synchronous, has no WebAssembly, and verifies nothing. src/flow/session/record.rs and tombstones.rs write the records that it reads.

/** The version of the session records of this build. The records of other builds give no hint. */
const VERSION = 3;
/** Seconds by which a clock may be set back without an end of the session. */
const MAX_SETBACK = 300;

/** An object without the members that a page let others put into `Object.prototype`. */
function own(value) {
  return { __proto__: null, ...value };
}

/** The value of a text of JSON, or `undefined`. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a session record was written for these settings. */
function isOf(record, { clientId, issuer, metadata, expectedIssuer }) {
  // With the function, the settings name a template of the issuer.
  const expected = expectedIssuer ? undefined : (own(metadata).issuer ?? issuer);
  return (
    record.v === VERSION &&
    (clientId === undefined || record.client_id === clientId) &&
    (expected === undefined || record.issuer === String(expected))
  );
}

/** The latest date beside one of the names, after the login: tombstones are pairs of a fingerprint (of a person, or of a session at the provider) and a date, and activities pairs of a login and a date. */
function latest(key, names, login) {
  let at = login;
  try {
    for (const pair of parse(localStorage.getItem(key))) {
      if (typeof pair?.[0] === "string" && names.includes(pair[0]) && typeof pair[1] === "number") at = Math.max(at, Math.floor(pair[1]));
    }
  } catch {
    // Without localStorage the client knows of neither.
  }
  return at;
}

/** Whether the session of the record has ended in another tab since, or by itself. `key` gives the key of what localStorage has of the client. */
function isEnded({ subject_fingerprint, provider_session, login, logged_in_at, obtained_at, ends_at }, key, lifetime) {
  const { max, idle } = own(lifetime);
  const now = Math.floor(Date.now() / 1000);
  const active = idle ? latest(key("active"), [login], logged_in_at) : logged_in_at;
  const end = Math.min(ends_at ?? Infinity, logged_in_at + (max ?? Infinity), active + (idle ?? Infinity));
  return (
    latest(key("ended"), [subject_fingerprint, provider_session], logged_in_at) > logged_in_at ||
    now >= end ||
    (end < Infinity && Math.max(active, obtained_at) - now > MAX_SETBACK)
  );
}

/** The hint that a record gives, or null where the record has another shape than the client writes. */
function hintOf(record) {
  const { access_token, expires_at } = own(record.token);
  const claims = record.claims ?? null;
  const isWhole =
    typeof record.subject_fingerprint === "string" &&
    typeof record.logged_in_at === "number" &&
    typeof access_token === "string" &&
    (claims === null || typeof own(claims).sub === "string");
  if (!isWhole) return null;
  return { unverifiedClaims: claims, ...(typeof expires_at === "number" && { expires_at }) };
}

export function readHint(name, settings, options) {
  try {
    const { storagePrefix = "oidc", tokenStorage, sessionLifetime } = own(options);
    const records = tokenStorage === "local" ? localStorage : sessionStorage;
    const start = `${storagePrefix}:${["memory", "worker"].includes(tokenStorage) ? "identity" : "session"}:${name}:`;
    const found = [];
    for (let at = 0; at < records.length; at += 1) {
      const key = records.key(at);
      const owner = key.slice(start.length);
      // The name of another client may begin with this name and a colon. The fingerprint of an owner has 43 characters.
      if (!key.startsWith(start) || !/^[\w-]{43}$/.test(owner)) continue;
      const record = own(parse(records.getItem(key)));
      if (isOf(record, own(settings))) found.push({ record, owner });
    }
    // Two owners have a record, and only the client knows which of the two records is its own.
    if (found.length !== 1) return null;
    const [{ record, owner }] = found;
    return isEnded(record, (kind) => `${storagePrefix}:${kind}:${name}:${owner}`, sessionLifetime) ? null : hintOf(record);
  } catch {
    return null;
  }
}
