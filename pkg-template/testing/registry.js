// The registry of the test double: the members of an `OAuth`, and of the promise of `createOAuth`. The states are those of the real client.

import { makeStates } from "../state.js";
import { VERBS, makeClient } from "./client.js";
import { oauthError } from "./errors.js";

/** What an `OAuth` has beside its clients. */
const MEMBERS = "register unregister client names handleRedirect addEventListener removeEventListener dispatchEvent".split(" ");

/** Gives `face` the members as its own, which no listing has, and which a test may replace. */
export function give(face, members) {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(members))) {
    Object.defineProperty(face, name, { ...member, enumerable: false, configurable: true });
  }
}

class OAuthClient {
  constructor(client, members) {
    give(this, client);
    give(this, members);
  }
}

/** Makes a registry without clients. `world` has `record`, `fetch`, `tell`, and `redirect()`, the answer to `handleRedirect`. */
export function makeRegistry(world) {
  const oauth = new EventTarget();
  const states = makeStates();
  const clients = new Map();
  const drives = new Map();

  const emit = (type, detail) => {
    states.note(type, detail);
    oauth.dispatchEvent(new CustomEvent(type, { detail }));
  };

  /** Notes a state that nothing has led to. */
  function settle(name, status, error, wait) {
    // What a renewed token does to the states: the error goes.
    states.note(error ? "error" : "tokenupdate", { name, error });
    const kinds = { "signing-in": "redirect", "signing-out": "logout" };
    if (status in kinds) states.during(status, wait(kinds[status]), name).catch(() => {});
  }

  function add(name, settings) {
    const { client, drive } = makeClient(name, settings, { ...world, emit, settle });
    const face = new OAuthClient(client, states.membersOf(client));
    clients.set(name, face);
    drives.set(name, drive);
    Object.defineProperty(oauth, name, { value: face, enumerable: true, configurable: true });
    // As long as there is the registry.
    face.subscribe(world.tell);
    return face;
  }

  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) give(oauth, { [name]: oauth[name].bind(oauth) });
  give(oauth, {
    register(name, settings, options) {
      if (MEMBERS.includes(name)) throw oauthError("config_invalid", { message: `A client cannot have the name "${name}".`, remedy: "Choose another name." });
      if (clients.has(name) && !options?.overwrite) throw oauthError("client_exists", { clientName: name });
      return add(name, settings);
    },
    unregister(name) {
      if (!clients.delete(name)) return false;
      drives.delete(name);
      return delete oauth[name];
    },
    client: (name) => clients.get(name),
    get names() { return [...clients.keys()]; },
    handleRedirect: () => world.redirect(),
  });
  return { oauth, emit, driveOf: (name) => drives.get(name) };
}

/** The promise of `createOAuth`, with the verbs that a page may call before it gives the registry. */
export function startingOf(loading, clientOf) {
  const clients = new Map();
  const starting = loading.then((oauth) => oauth);
  starting.catch(() => {});
  const makeStarting = (name) => {
    const client = {};
    for (const verb of VERBS) give(client, { [verb]: (...args) => clientOf(name)[verb](...args) });
    return client;
  };
  return Object.assign(starting, {
    client(name) {
      if (!clients.has(name)) clients.set(name, makeStarting(name));
      return clients.get(name);
    },
  });
}
