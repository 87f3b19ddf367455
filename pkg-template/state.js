// The state of each client as the external store of a framework wants it: a snapshot that stays the same object until something changes, and a
// call when it has changed. Nothing here decides: the session is what the client says.

/** The `subscribe` of a state, which `read` gives: it calls the listener after each change, and returns the function that ends it. */
export const subscriber = (changes, read) => (listener) => {
  let seen = read();
  const hear = () => {
    const now = read();
    if (now === seen) return;
    seen = now;
    listener();
  };
  changes.addEventListener("change", hear);
  return () => changes.removeEventListener("change", hear);
};

/** The states of the clients of one registry. */
export function makeStates() {
  const changes = new EventTarget();
  const tell = () => changes.dispatchEvent(new Event("change"));
  /** What is under way, each as `[name, status]`, without a name where every client may be meant. */
  const busy = new Set();
  /** The last failure of each client. One without a name is of every client. */
  const errors = new Map();

  /** Takes note of an event, before the listeners of the page hear of it. */
  function note(type, { name, error }) {
    if (type === "error") errors.set(name, error);
    if (type === "login" || type === "tokenupdate") errors.delete(name);
    tell();
  }

  /** Gives what `work` gives, and takes note of it meanwhile. */
  function during(status, work, name) {
    const entry = [name, status];
    busy.add(entry);
    errors.delete(name);
    errors.delete(undefined);
    tell();
    const failed = (error) => {
      // The caller or another login has ended the others.
      if (!["aborted", "page_leaving"].includes(error.code)) errors.set(name ?? error.clientName, error);
      throw error;
    };
    return work.catch(failed).finally(() => {
      busy.delete(entry);
      tell();
    });
  }

  /** The members of a client that the states are in: the verbs that sign in or out, `subscribe` and `snapshot`. */
  function membersOf(client) {
    const { name } = client;
    let last;
    const look = () => {
      const { claims, isAuthenticated, token } = client;
      const statuses = [...busy].flatMap(([of, status]) => ([name, undefined].includes(of) ? status : []));
      const first = statuses.includes("signing-out") ? "signing-out" : isAuthenticated ? "signed-in" : statuses[0];
      const error = errors.get(name) ?? errors.get(undefined) ?? null;
      const now = { status: first ?? "signed-out", claims, error, expiresAt: token?.expires_at ?? null };
      if (Object.keys(now).some((member) => now[member] !== last?.[member])) last = Object.freeze(now);
      return last;
    };
    const members = {
      get snapshot() {
        return look();
      },
      subscribe: subscriber(changes, look),
    };
    for (const verb of ["authorizeRedirect", "authorizePopup", "authorizeAccessToken", "logoutRedirect"]) {
      const status = verb === "logoutRedirect" ? "signing-out" : "signing-in";
      members[verb] = (...given) => during(status, client[verb](...given), name);
    }
    return members;
  }
  return { during, note, membersOf };
}
