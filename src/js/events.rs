//! Events of the registry, for the skin's `EventTarget`.

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::client::token_to_js;
use crate::browser::foreign::set;
use crate::flow::events::Event;
use crate::flow::session::value::Session;

/// The event's type and its `detail`.
pub fn to_js(name: &str, event: Event) -> (&'static str, JsValue) {
    let detail = Object::new();
    set(&detail, "name", &name.into());
    let token = |session: &Session| set(&detail, "token", &token_to_js(session));
    let kind = match event {
        Event::Login(session, reason) => {
            token(&session);
            set(&detail, "reason", &reason.as_str().into());
            "login"
        }
        Event::TokenUpdate { session, before } => {
            token(&session);
            if !before.is_in_worker {
                let before = before.token();
                if let Some(refresh_token) = &before.refresh_token {
                    set(&detail, "refresh_token", &refresh_token.expose().into());
                }
                set(&detail, "access_token", &before.access_token.expose().into());
            }
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
