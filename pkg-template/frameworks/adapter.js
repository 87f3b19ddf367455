// What the adapters of the frameworks share on top of `oidc-client-wasm/store`.

import { OAuthError } from "../index.js";
import { ignorable, placeHere, returnTo } from "./store.js";

/** The error of a mistake in the code of the app. */
export function misuse(message, remedy) {
  return new OAuthError({ code: "config_invalid", phase: "config", message, remedy });
}

/** What is below a provider: its auth, and those of the providers above. `providers` is their name. */
export function provided(auth, above, providers) {
  if (!auth?.answered) throw misuse(`One of the ${providers} has no auth.`, "Give it the auth of createAuth(settings). In a circle of imports it may be undefined.");
  if (above.includes(auth)) return above;
  const twice = auth.names?.find((name) => above.some(({ names }) => names?.includes(name)));
  if (twice !== undefined) throw misuse(`Two ${providers} have a client "${twice}".`, "Give the clients of an app different names, or all of them to one createAuth(settings).");
  return [auth, ...above];
}

/** The client of this name. Without a name: the first of the nearest provider. */
export function clientOf(auths, name) {
  const auth = auths.find(({ names }) => names?.includes(name)) ?? (name !== undefined && auths.find(({ names }) => !names));
  return (auth || auths[0]).client(name);
}

/**
 * Calls a verb with the parameters of the app. The event that a handler gets, as of `onClick={signIn}`, is no parameter. Vue takes what a handler returns, and reports
 * its failure: there a mistake of the app is left, and any other failure is the error of the client alone.
 */
function call(verb, given) {
  if (!given?.preventDefault) return ignorable(verb(given));
  return verb().catch((error) => {
    if (error.kind === "usage") throw error;
  });
}

/** Goes on to where the login began that the response in the address bar has ended, by the function that `navigate` gives at that moment. Gives the function that ends this. */
export function goOn(auth, navigate) {
  let isGone = false;
  // A login that failed goes back, too: its place says what to do next.
  const go = (result) => isGone || returnTo(result, navigate());
  auth.answered.then(go, go);
  return () => {
    isGone = true;
  };
}

/** What every adapter gives beside the state of a client. A button may call the verbs without waiting for them. */
export const verbsOf = (client) => ({
  client,
  signIn: (given) => call((params) => client.authorizeRedirect({ appState: placeHere(), ...params }), given),
  signOut: (given) => call((params) => client.logoutRedirect(params), given),
});

/** Where a guard has begun the last login of each client. */
const begun = new WeakMap();

/** Whether a guard at this address should begin a login. A person who comes back from the provider without a login is not sent there again. */
export const needsLoginHere = (client) => client.needsLogin && begun.get(client) !== location.href;

/** Begins the login of a guard, once for all guards of the address. Its failure is the error of the client. */
export function signInHere(client, params) {
  if (!needsLoginHere(client)) return;
  begun.set(client, location.href);
  verbsOf(client).signIn(params);
}
