//! The page itself: its address bar and its timers.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Url;

use super::foreign::text;
use super::waiting::start_timer;
use super::{Browser, window};
use crate::ports::AddressBar;

pub fn address() -> String {
    window().location().href().unwrap_or_default()
}

impl AddressBar for Browser {
    fn url(&self) -> String {
        address()
    }

    fn history_length(&self) -> u32 {
        window().history().and_then(|history| history.length()).unwrap_or_default()
    }

    /// Keeps the router's `history.state`. A browser may refuse (too many calls in a second): then the response stays in sight,
    /// used up.
    fn replace(&self, url: &str) {
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(url));
        }
    }
}

impl Browser {
    /// What relative URLs of the page refer to.
    pub fn base_url() -> String {
        let base = window().document().and_then(|document| document.base_uri().ok().flatten());
        base.unwrap_or_else(address)
    }

    /// As the URL standard has it; `None` for what is no URL.
    pub fn resolve(url: &str, base: &str) -> Option<Place> {
        let url = Url::new_with_base(url, base).ok()?;
        Some(Place { href: text(&url, "href")?, origin: text(&url, "origin")? })
    }

    /// Calls back once, unless the page goes away before.
    pub fn after(milliseconds: u32, callback: impl FnOnce() + 'static) {
        start_timer(Closure::once_into_js(callback).unchecked_ref(), milliseconds);
    }
}

/// A URL, parsed.
pub struct Place {
    pub href: String,
    pub origin: String,
}
