// A page with Svelte, and the markup of a server for it.

import { flushSync, mount, unmount } from 'svelte';
import { afterEach } from 'vitest';
import { provideAuth } from 'oidc-client-wasm/svelte';
import { soon } from '../vue/stub-auth.js';
import Tree from './Tree.svelte';

export { soon };


const mounted = [];
afterEach(async () => {
  for (const component of mounted.splice(0)) await unmount(component);
  document.body.replaceChildren();
  history.replaceState(null, '', '/');
});

export const adopt = (component) => mounted.push(component);
export const place = () => document.body.appendChild(document.createElement('div'));

/** Mounts a tree in which these auths are provided. `inside` are more properties of Tree.svelte. */
export function start(auths, inside = {}, options = undefined) {
  const target = place();
  const component = mount(Tree, { target, props: Object.assign(inside, { provide: () => auths.forEach((auth) => provideAuth(auth, options)) }) });
  mounted.push(component);
  flushSync();
  return { target, component, end: () => unmount(mounted.splice(mounted.indexOf(component), 1)[0]) };
}

/** Text of the page, as a reader sees it. */
export function text() {
  flushSync();
  return document.body.textContent.replace(/\s+/g, ' ').trim();
}

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
