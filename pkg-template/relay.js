// The relay of a response, from the window of a login to the page that began the login: what callback.js and windows.js share. A
// BroadcastChannel reaches pages of this origin only, and it also reaches a page from which Cross-Origin-Opener-Policy has cut the window off.

/** The answer of the page that took a response. */
export const TAKEN = "taken";

/** The channel of one login: a page that does not know the `state` can neither listen nor send there. */
export function channelOf(state) {
  return new BroadcastChannel(`oidc-client-wasm:${state}`);
}

/** Every `state` in the query and the fragment of a URL. */
export function statesOf(text) {
  return text.split(/[?#]/).flatMap((part) => new URLSearchParams(part).getAll("state"));
}

/** Hands a response on, and calls `taken` when a page has taken it. Says whether there was a response. */
export function relay(text, taken) {
  const states = new Set(statesOf(text));
  for (const state of states) {
    const channel = channelOf(state);
    channel.onmessage = ({ data }) => {
      if (data === TAKEN) taken();
    };
    channel.postMessage(text);
  }
  return states.size > 0;
}
