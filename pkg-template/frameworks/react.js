"use client";
// The entry `oidc-client-wasm/react`: a provider, hooks and a guard on `oidc-client-wasm/store`, for React 18 and 19.

import { createContext, createElement, useCallback, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { clientOf, goOn, misuse, needsLoginHere, provided, signInHere, verbsOf } from "./adapter.js";
import { LOADING } from "./store.js";

export { createAuth } from "./store.js";

const Auths = createContext([]);

const server = () => LOADING;

function useClient(name) {
  const auths = useContext(Auths);
  if (auths.length === 0) throw misuse("There is no <AuthProvider> above this component.", "Put <AuthProvider auth={auth}> around the app, with the auth of createAuth(settings).");
  return clientOf(auths, name);
}

export function AuthProvider({ auth, navigate, children }) {
  const above = useContext(Auths);
  const auths = useMemo(() => provided(auth, above, "<AuthProvider>"), [auth, above]);
  const latest = useRef(navigate);
  useEffect(() => {
    latest.current = navigate;
  });
  useEffect(() => goOn(auth, () => latest.current), [auth]);
  return createElement(Auths.Provider, { value: auths }, children);
}

export function useAuth(name) {
  const client = useClient(name);
  const snapshot = useSyncExternalStore(client.subscribe, () => client.snapshot, server);
  const verbs = useMemo(() => verbsOf(client), [client]);
  return useMemo(() => ({ ...snapshot, ...verbs }), [snapshot, verbs]);
}

export function useAccessToken(name) {
  const client = useClient(name);
  return useCallback((options) => client.getAccessToken(options), [client]);
}

/** A component of its own, so that a fallback may call hooks. */
const Fallback = ({ render, ...state }) => render(state);

/** A component in `memo()` or `forwardRef()` is an object, as an element is. */
const isWrapped = (fallback) => /memo|forward_ref/.test(String(fallback?.$$typeof));

export function RequireAuth({ name, fallback = null, params, children }) {
  const { status, error, client, signIn } = useAuth(name);
  // While the markup of a server is taken over, the state is that of the server.
  const needsLogin = status === "signed-out" && needsLoginHere(client);
  useEffect(() => {
    if (needsLogin) signInHere(client, params);
  }, [needsLogin, client]);
  if (status === "signed-in") return children;
  // The login begins after this render: the fallback must not ask the user to click meanwhile.
  const state = { status: needsLogin ? "signing-in" : status, error, signIn };
  if (isWrapped(fallback)) return createElement(fallback, state);
  return typeof fallback === "function" ? createElement(Fallback, { render: fallback, ...state }) : fallback;
}

export function withAuth(Component, options) {
  const Guarded = (props) => createElement(RequireAuth, options, createElement(Component, props));
  Guarded.displayName = `withAuth(${Component.displayName ?? Component.name ?? "Component"})`;
  return Guarded;
}

// React names a component by these in its messages, where the code is minified.
AuthProvider.displayName = "AuthProvider";
RequireAuth.displayName = "RequireAuth";
