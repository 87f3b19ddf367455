//! Events of the registry, for the skin's `EventTarget`; and the timer behind `expiring`.

use std::rc::{Rc, Weak};

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::client::token_to_js;
use super::convert;
use crate::browser::Browser;
use crate::browser::foreign::set;
use crate::flow::client::Client;
use crate::flow::events::Event;
use crate::flow::registry::Registry;
use crate::flow::session::value::Session;
use crate::flow::tokens::at_hand;
use crate::ports::Clock;

/// A timer of a browser counts 31 bits of milliseconds; one that would end later looks again after a day.
const LONGEST_WAIT: i64 = 86_400;

/// The event's type and its `detail`.
pub fn to_js(name: &str, event: Event) -> (&'static str, JsValue) {
    let detail = Object::new();
    set(&detail, "name", &name.into());
    let token = |session: &Session| set(&detail, "token", &convert::freeze(token_to_js(session)));
    let kind = match event {
        Event::Login(session) => {
            token(&session);
            "login"
        }
        Event::TokenUpdate { session, before } => {
            token(&session);
            if let Some(refresh_token) = &before.token().refresh_token {
                set(&detail, "refresh_token", &refresh_token.expose().into());
            }
            set(&detail, "access_token", &before.token().access_token.expose().into());
            "tokenupdate"
        }
        Event::Logout(reason) => {
            set(&detail, "reason", &reason.as_str().into());
            "logout"
        }
        Event::UserChange { previous_sub, sub } => {
            set(&detail, "previousSub", &previous_sub.into());
            set(&detail, "sub", &sub.into());
            "userchange"
        }
        Event::Expiring(expires_at) => {
            set(&detail, "expires_at", &(expires_at.0 as f64).into());
            "expiring"
        }
        Event::Error(error) => {
            set(&detail, "error", &error.into());
            "error"
        }
    };
    (kind, detail.into())
}

/// Waits for the access token at hand to be expiring. A timer whose token was replaced meanwhile does nothing: the new token
/// has one of its own.
pub fn watch_expiry(registry: &Weak<Registry<Browser>>, client: &Rc<Client<Browser>>) {
    let Some((at, expires_at)) = at_hand::expiring_at(client) else { return };
    let wait = at.since(client.platform.now()).clamp(0, LONGEST_WAIT);
    let (registry, watched) = (registry.clone(), Rc::downgrade(client));
    Browser::after((wait as u32).saturating_mul(1000), move || {
        // Not if the name was given to another client, or to none.
        let Some(client) = watched.upgrade().filter(|client| is_registered(&registry, client)) else { return };
        match at_hand::expiring_at(&client) {
            Some((at, same)) if same == expires_at && at > client.platform.now() => watch_expiry(&registry, &client),
            _ => at_hand::emit_expiring(&client, expires_at),
        }
    });
}

fn is_registered(registry: &Weak<Registry<Browser>>, client: &Rc<Client<Browser>>) -> bool {
    let registered = registry.upgrade().and_then(|registry| registry.client(&client.name));
    registered.is_some_and(|registered| Rc::ptr_eq(&registered, client))
}
