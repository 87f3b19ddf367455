//! Warnings in the console for a developer, once for each page load.

use std::cell::Cell;
use std::thread::LocalKey;

use crate::browser::foreign::warn;
use crate::flow::callback::find::UNREAD_RESPONSE;

thread_local! {
    static WARNED_OF_SECRET: Cell<bool> = const { Cell::new(false) };
    static WARNED_OF_PLAIN_HTTP: Cell<bool> = const { Cell::new(false) };
    static WARNED_OF_UNREAD_RESPONSE: Cell<bool> = const { Cell::new(false) };
}

/// The setting is allowed. The warning tells a developer who did not know that every visitor can read the value.
pub fn of_secret() {
    warn_once(
        &WARNED_OF_SECRET,
        "oidc-client-wasm: insecureClientSecret is readable by every visitor of this page, so it protects nothing. Use it \
         only if the provider demands a secret of public clients, and never put a value into it that must stay secret.",
    );
}

/// Warns about a page that is neither https nor of this machine, which the caller has checked.
pub fn of_plain_http() {
    warn_once(
        &WARNED_OF_PLAIN_HTTP,
        "oidc-client-wasm: this page was loaded over plain http. An attacker on the network can change the page and everything that it \
         loads, so the checks of this client do not protect its users. Serve the page over https, except in a network that you trust.",
    );
}

/// Warns about an unread response. A page that starts a login wherever no person is signed in and reads no response would start logins for
/// ever.
pub fn of_unread_response() {
    let warning =
        ["oidc-client-wasm: a login starts on a page that holds the answer to one. ", UNREAD_RESPONSE].concat();
    warn_once(&WARNED_OF_UNREAD_RESPONSE, &warning);
}

/// Writes a warning once for each page load.
fn warn_once(warned: &'static LocalKey<Cell<bool>>, warning: &str) {
    if !warned.replace(true) {
        warn(warning);
    }
}
