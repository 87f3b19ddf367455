// An auth as `createAuth` gives it, whose clients a test leads from state to state: nothing leaves a jsdom page.

import { LOADING } from 'oidc-client-wasm/store';

export const alice = { sub: 'alice', name: 'Alice' };

function makeClient(name) {
  const listeners = new Set();
  let snapshot = LOADING;
  let hasLeft = false;
  const client = {
    name,
    calls: [],
    needsLogin: false,
    get listeners() { return listeners.size; },
    get snapshot() { return snapshot; },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** What the client says from now on. */
    show(status, members = {}) {
      hasLeft = status !== 'signed-in' && (hasLeft || snapshot.status === 'signed-in' || status === 'signing-out');
      client.needsLogin = status === 'signed-out' && !members.error && !hasLeft;
      snapshot = Object.freeze({ ...LOADING, status, claims: status === 'signed-in' ? alice : null, error: null, ...members });
      [...listeners].forEach((listener) => listener());
    },
    /** What a login does in the test; by default its page leaves, and it never ends. */
    login: () => new Promise(() => {}),
  };
  for (const verb of ['authorizeRedirect', 'logoutRedirect', 'getAccessToken']) {
    client[verb] = (...given) => {
      client.calls.push([verb, ...given]);
      if (verb !== 'authorizeRedirect') return Promise.resolve(verb);
      client.show('signing-in');
      return client.login();
    };
  }
  return client;
}

/** `answer(result)` and `fail(error)` settle `redirect`, the response in the address bar. */
export function stubAuth(...names) {
  const clients = Object.fromEntries((names.length ? names : ['demo']).map((name) => [name, makeClient(name)]));
  let settle;
  const redirect = new Promise((answer, fail) => { settle = { answer, fail }; });
  redirect.catch(() => {});
  const auth = {
    names: Object.keys(clients),
    client(name = Object.keys(clients)[0]) {
      if (!Object.hasOwn(clients, name)) throw new Error(`no ${name}`);
      return clients[name];
    },
    redirect,
    answered: redirect,
  };
  return { auth, ...settle, ...clients };
}

/** Lets everything happen that waits for nothing but promises. */
export const soon = () => new Promise((resolve) => { setTimeout(resolve); });
