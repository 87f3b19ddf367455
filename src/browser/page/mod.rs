//! The address of the page, and the resolution of URLs against it.

mod navigation;
pub mod windows;

use super::foreign::{call, get, length, make, text, window};
use super::window::{Browser, address};
use crate::ports::AddressBar;

impl AddressBar for Browser {
    fn url(&self) -> String {
        address()
    }

    fn history_length(&self) -> u32 {
        length(&get(&window(), "history")).unwrap_or_default()
    }

    /// Replaces the address and keeps the router's `history.state`. A browser may refuse (too many calls in a second): then the used
    /// response stays in the address bar.
    fn replace(&self, url: &str) {
        let history = get(&window(), "history");
        let _ = call(&history, "replaceState", &[&get(&history, "state"), &"".into(), &url.into()]);
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
        let url = make("URL", &[&url.into(), &base.into()]).ok()?;
        Some(Self { href: text(&url, "href")?, origin: text(&url, "origin")? })
    }
}

/// The base of the relative URLs of the page.
pub fn base_url() -> String {
    text(&get(&window(), "document"), "baseURI").unwrap_or_else(address)
}
