//! The address of the page, and what other addresses mean on it.

use wasm_bindgen::JsValue;
use web_sys::Url;

use super::foreign::text;
use super::window::{Browser, address, window};
use crate::ports::AddressBar;

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

/// A URL, parsed.
pub struct Place {
    pub href: String,
    pub origin: String,
}

impl Place {
    /// As the URL standard has it; `None` for what is no URL. What is relative refers to `base`.
    pub fn of(url: &str, base: &str) -> Option<Self> {
        let url = Url::new_with_base(url, base).ok()?;
        Some(Self { href: text(&url, "href")?, origin: text(&url, "origin")? })
    }
}

/// What relative URLs of the page refer to.
pub fn base_url() -> String {
    let base = window().document().and_then(|document| document.base_uri().ok().flatten());
    base.unwrap_or_else(address)
}
