//! The address of the page, and the resolution of URLs against it.

mod navigation;
pub mod windows;

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

    /// Replaces the address and keeps the router's `history.state`. A browser may refuse (too many calls in a second): then the used
    /// response stays in the address bar.
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
    /// Parses a URL by the URL standard; a relative URL refers to `base`. `None` where the text is no URL.
    pub fn of(url: &str, base: &str) -> Option<Self> {
        let url = Url::new_with_base(url, base).ok()?;
        Some(Self { href: text(&url, "href")?, origin: text(&url, "origin")? })
    }
}

/// The base of the relative URLs of the page.
pub fn base_url() -> String {
    let base = window().document().and_then(|document| document.base_uri().ok().flatten());
    base.unwrap_or_else(address)
}
