// The records of the client in storage: whose they are, and how large. Never what they hold.

const MEANINGS = {
  __proto__: null,
  session: "a session",
  identity: "the identity of a session whose tokens are in memory",
  transaction: "a login or a logout under way",
  used: "a response that was acted on",
  left: "when the last session of this tab ended",
  metadata: "the provider’s metadata",
  jwks: "the provider’s keys",
  ended: "logouts, for tabs that sleep",
  answered: "responses that were acted on, for other tabs",
  spent: "refresh tokens that were replaced, as fingerprints",
  sid: "sessions at the provider, as fingerprints",
  active: "when the person last did something",
  lease: "the tab that refreshes, where the browser has no locks",
};

/** `kind`, `client` and `owner` of a key, or `null` for a key that is not of this prefix. */
export function readKey(key, prefix) {
  if (!key.startsWith(`${prefix}:`)) return null;
  const rest = key.slice(prefix.length + 1);
  if (rest === "devtools") return { kind: "devtools", client: null, owner: null };
  // A name may have colons. The fingerprint of the owner has 43 characters, and so has a state.
  const [, kind, client, owner] = /^([a-z]+):(.+?):([\w-]{43})(?::[^:]*)?$/.exec(rest) ?? [];
  return { kind: kind ?? "unknown", client: client ?? null, owner: owner ? `${owner.slice(0, 6)}…` : null };
}

/** The records of a prefix in both storages of the page. */
export function storageRecords(prefix, names) {
  const found = [];
  for (const place of ["sessionStorage", "localStorage"]) {
    try {
      const storage = globalThis[place];
      for (let at = 0; at < storage.length && found.length < 300; at += 1) {
        const key = storage.key(at);
        const read = readKey(key, prefix);
        if (read === null) continue;
        const isOfPage = read.client === null || names.includes(read.client);
        const meaning = read.kind === "devtools" ? "the record of the devtools, masked" : (MEANINGS[read.kind] ?? "not a record of this version of the client");
        found.push({ place, ...read, meaning, characters: storage.getItem(key).length, owned: isOfPage });
      }
    } catch {
      found.push({ place, kind: "blocked", client: null, owner: null, meaning: "The browser lets this page have no storage here.", characters: 0, owned: true });
    }
  }
  return found.sort((one, other) => one.place.localeCompare(other.place) * -1 || one.kind.localeCompare(other.kind));
}
