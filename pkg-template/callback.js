// The script of callback.html, the page at the redirect URI of logins in a popup and in a hidden frame. It hands the response on to the page
// that began the login and acts on nothing itself. Copy it beside callback.html: it is complete.

import { relay } from "./relay.js";

const PATIENCE = 5000;

const response = location.search + location.hash;
history.replaceState(null, "", location.pathname);

function say(sentence) {
  document.querySelector("p")?.replaceChildren(sentence);
}

const late = setTimeout(say, PATIENCE, "The page that began this sign-in does not answer. You can close this window, and sign in again.");

function taken() {
  clearTimeout(late);
  say("You can close this window.");
  // A browser closes a window that a script has opened.
  close();
}

if (!relay(response, taken)) {
  clearTimeout(late);
  say("There is nothing to do here. You can close this window.");
}
