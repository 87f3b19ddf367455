// The popup and the hidden frame of a login. The skin imports this file when a login needs it first. It decides nothing about a login: the
// Rust code begins the login, and judges the response that comes out of the window.

import { TAKEN, channelOf, relay, statesOf } from "./relay.js";

/** Milliseconds in which a response arrives that was sent before its window was closed. */
const GRACE = 500;
/** Milliseconds after which the provider has answered, and its headers have cut off the window if they do. */
const ANSWERED = 2000;
/** The ends without a response, as an error has them. */
const ENDS = {
  __proto__: null,
  closed: { code: "popup_closed", message: "The window was closed before the login had ended." },
  left: { code: "aborted", message: "The page was left before the login had ended." },
  forbidden: {
    code: "config_invalid",
    message: "The frame-src of the page's Content-Security-Policy does not let it show the login in a frame.",
    remedy: "In frame-src, list the provider and 'self'.",
  },
  popupLate: {
    code: "timeout",
    message: "No response came out of the popup in time.",
    remedy: "Serve callback.html and callback.js of the package at the redirect URI, or call handleRedirect() on the page that is there.",
  },
  frameLate: {
    code: "timeout",
    message: "No response came out of the hidden frame in time.",
    remedy:
      "Check that frame-src of the page's Content-Security-Policy allows the provider and 'self'; that X-Frame-Options and frame-ancestors, both of the " +
      "provider and of the page at the redirect URI, allow a frame in this page; and that the page at the redirect URI is callback.html of the " +
      "package, or calls handleRedirect(). Where the browser blocks third-party cookies, use authorizeRedirect({ prompt: \"none\", appState }).",
  },
};

/** Milliseconds that a page has to take a response that is handed on to it. */
const PATIENCE = 5000;

/**
 * Shows a URL in the popup, or in a hidden frame where there is no popup. Calls `done` with the query and the fragment of the response of this
 * `state`, or with one of the ends. Returns a function that ends all of this.
 */
export function show(url, state, popup, seconds, done) {
  const listening = new AbortController();
  const on = (target, name, heard) => target.addEventListener(name, heard, { __proto__: null, signal: listening.signal });
  const channel = channelOf(state);
  channel.onmessage = ({ data }) => {
    // Any script of the origin may send here.
    if (typeof data !== "string" || !statesOf(data).includes(state)) return;
    channel.postMessage(TAKEN);
    done(data);
  };
  const timer = setTimeout(done, seconds * 1000, popup ? ENDS.popupLate : ENDS.frameLate);
  on(window, "pagehide", () => done(ENDS.left));
  const frame = popup ? undefined : showFrame(url, on, done);
  if (popup) showPopup(url, popup, on, done);
  return () => {
    listening.abort();
    clearTimeout(timer);
    channel.close();
    frame?.remove();
  };
}

function showPopup(url, popup, on, done) {
  if (popup.closed) {
    done(ENDS.closed);
    return;
  }
  popup.location.replace(url);
  // No browser tells that another window was closed, so this looks when the person turns to this page. A page of the provider with
  // Cross-Origin-Opener-Policy cuts its window off, which then counts as closed, although the person is still there: this page has no focus.
  let isCutOff = false;
  const look = () => {
    if (isCutOff || !popup.closed) return;
    if (document.hasFocus()) setTimeout(done, GRACE, ENDS.closed);
    else isCutOff = true;
  };
  for (const name of ["focus", "blur", "pointerdown", "keydown", "visibilitychange"]) on(window, name, look);
  setTimeout(look, ANSWERED);
}

function showFrame(url, on, done) {
  const places = [new URL(url).origin, location.origin];
  on(document, "securitypolicyviolation", ({ blockedURI, disposition, effectiveDirective }) => {
    const isOfFrame = effectiveDirective === "frame-src" && places.some((place) => blockedURI.startsWith(place));
    if (isOfFrame && disposition === "enforce") done(ENDS.forbidden);
  });
  const frame = document.createElement("iframe");
  // It has no sandbox: a browser would write the URL of the response, with its code, to the console, because the page at the redirect URI
  // needs both scripts and its origin.
  frame.hidden = true;
  frame.title = "Sign-in";
  frame.src = url;
  document.documentElement.append(frame);
  return frame;
}

/** Hands on the response of a login in this window, and closes the window. */
export function handOn(response) {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      console.warn("oidc-client-wasm: the page that began the login of this window does not answer.");
      resolve();
    }, PATIENCE);
    relay(response, () => {
      clearTimeout(late);
      close();
      // The window goes before the app here goes on.
      setTimeout(resolve, GRACE);
    });
  });
}
