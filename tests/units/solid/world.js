// A page with Solid, without its compiler.

import { createComponent, createEffect, createRoot } from 'solid-js';
import { render } from 'solid-js/web';
import { afterEach } from 'vitest';
import { AuthProvider } from 'oidc-client-wasm/solid';
import { soon } from '../vue/stub-auth.js';

export { soon };

const ends = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});

export const place = () => document.body.appendChild(document.createElement('div'));
export const adopt = (end) => ends.push(end);

/** The tree of these auths, each in the one before, around what `Inside` renders. */
export function tree([auth, ...rest], Inside, props) {
  if (!auth) return createComponent(Inside, {});
  return createComponent(AuthProvider, { auth, ...props, get children() { return tree(rest, Inside, props); } });
}

/** Renders the tree. Gives the function that ends it. */
export function start(auths, Inside = () => 'app', props = undefined) {
  const end = render(() => tree(auths, Inside, props), place());
  ends.push(end);
  return end;
}

/** Calls these in a component below the auths. Gives what they give. */
export function inside(auths, ...calls) {
  let given;
  start(auths, () => {
    given = calls.map((call) => call());
    return '';
  });
  return given;
}

/** Every value that an effect sees. */
export function values(read) {
  const seen = [];
  ends.push(createRoot((end) => {
    createEffect(() => seen.push(read()));
    return end;
  }));
  return seen;
}

export const text = () => document.body.textContent;

/** The text once everything has happened that waits for nothing but promises. */
export async function shown() {
  await soon();
  return text();
}

/** What this throws. */
export function refused(act) {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
