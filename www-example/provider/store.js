// In-memory adapter of oidc-provider: one Map per provider instance, so several instances in one process never meet.
// The bundled in-memory adapter would do, but announces itself with a warning on every start.

// Artifacts that die with the grant they came from.
const grantable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

export function createStore() {
  const entries = new Map();
  const now = () => Date.now() / 1000;

  const read = (key) => {
    const entry = entries.get(key);
    if (entry && entry.expiresAt > now()) return entry;
    entries.delete(key);
    return undefined;
  };

  const adapter = (model) => {
    const keyOf = (id) => `${model}:${id}`;
    const first = (test) => {
      for (const [key, entry] of entries) {
        if (entry.model === model && test(entry.payload) && read(key)) return structuredClone(entry.payload);
      }
      return undefined;
    };
    return {
      async upsert(id, payload, expiresIn) {
        const expiresAt = typeof expiresIn === 'number' ? now() + expiresIn : Infinity;
        // Through JSON, as a real database would keep it: what comes out shares nothing with what went in.
        entries.set(keyOf(id), { model, payload: JSON.parse(JSON.stringify(payload)), expiresAt });
      },
      async find(id) {
        const entry = read(keyOf(id));
        return entry && structuredClone(entry.payload);
      },
      findByUid: async (uid) => first((payload) => payload.uid === uid),
      findByUserCode: async (userCode) => first((payload) => payload.userCode === userCode),
      async consume(id) {
        const entry = read(keyOf(id));
        if (entry) entry.payload.consumed = Math.floor(now());
      },
      async destroy(id) {
        entries.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const [key, { model: kind, payload }] of entries) {
          if (grantable.has(kind) && payload.grantId === grantId) entries.delete(key);
        }
      },
    };
  };
  /** Forgets everything of these models at once, as a provider that withdraws it would. */
  adapter.forget = (...models) => {
    for (const [key, { model }] of entries) if (models.includes(model)) entries.delete(key);
  };
  return adapter;
}
