// The entry `oidc-client-wasm/solid`: a provider, state as accessors, and a guard on `oidc-client-wasm/store`, for Solid 1.9. It is plain JavaScript: no compiler has
// to see it.

import { createComponent, createContext, createEffect, createMemo, createSignal, getOwner, onCleanup, onMount, sharedConfig, Show, useContext } from "solid-js";
import { clientOf, goOn, misuse, needsLoginHere, provided, signInHere, verbsOf } from "./adapter.js";
import { LOADING } from "./store.js";

export { createAuth } from "./store.js";

const Auths = createContext([]);
const isPage = () => typeof document === "object";

export function AuthProvider(props) {
  const { auth } = props;
  const above = useContext(Auths);
  const value = provided(auth, above, "<AuthProvider>");
  onMount(() => onCleanup(goOn(auth, () => props.navigate)));
  return createComponent(Auths.Provider, {
    value,
    get children() {
      return props.children;
    },
  });
}

function checkPlace() {
  if (!getOwner()) throw misuse("A function of oidc-client-wasm was called outside of a component.", "Call it in the body of a component, before the first await. Elsewhere, use auth.client(name).");
}

function useClient(name) {
  checkPlace();
  const auths = useContext(Auths);
  if (auths.length === 0) throw misuse("There is no <AuthProvider> above this component.", "Put <AuthProvider auth={auth}> around the app, with the auth of createAuth(settings).");
  return clientOf(auths, name);
}

/** The snapshot of a client as a signal. */
function watch(client) {
  // A component that a server has rendered renders the same as the server did, until it is mounted.
  const isRendered = Boolean(sharedConfig.context);
  const [snapshot, set] = createSignal(isRendered ? LOADING : client.snapshot);
  const look = () => set(client.snapshot);
  if (isRendered) onMount(look);
  // On a server nothing changes.
  if (isPage()) onCleanup(client.subscribe(look));
  return snapshot;
}

export function useAuth(name) {
  const client = useClient(name);
  const snapshot = watch(client);
  const member = (key) => createMemo(() => snapshot()[key]);
  return { status: member("status"), claims: member("claims"), error: member("error"), expiresAt: member("expiresAt"), ...verbsOf(client) };
}

export function useAccessToken(name) {
  const client = useClient(name);
  return (options) => client.getAccessToken(options);
}

/** Another name is another guard. */
export function RequireAuth(props) {
  checkPlace();
  const name = createMemo(() => props.name);
  return createMemo(() => createComponent(Guard, { name: name(), props }));
}

function Guard({ name, props }) {
  const client = useClient(name);
  const snapshot = watch(client);
  const { signIn } = verbsOf(client);
  // The login begins after the first look at the page, which must not ask the user to click meanwhile.
  const status = createMemo(() => {
    const now = snapshot().status;
    return now === "signed-out" && needsLoginHere(client) ? "signing-in" : now;
  });
  createEffect(() => {
    snapshot();
    signInHere(client, props.params);
  });
  return createComponent(Show, {
    get when() {
      return status() === "signed-in";
    },
    get fallback() {
      const { fallback } = props;
      // A function without parameters is an element of Solid.
      if (typeof fallback !== "function" || fallback.length === 0) return fallback;
      return createComponent(fallback, {
        get status() {
          return status();
        },
        get error() {
          return snapshot().error;
        },
        signIn,
      });
    },
    get children() {
      return props.children;
    },
  });
}
