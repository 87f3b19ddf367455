//! The adapters: one file per Web API, each implementing one port. Nothing here decides anything about OAuth.

pub mod api_request;
mod background;
mod clock;
pub mod foreign;
mod http;
mod navigation;
mod page;
mod random;
mod rust_verifier;
mod storage;
mod tabs;
mod timer;
mod verifier;
pub mod waiting;
mod webcrypto;

use wasm_bindgen::JsCast;

pub use page::Place;
pub use rust_verifier::set_loader as set_verifier_loader;

use crate::protocol::uri::Uri;
use crate::settings::options::Verifier;

/// The page this module was loaded into.
#[derive(Clone, Copy)]
pub struct Browser {
    verifier: Verifier,
}

/// The global object, which `js/` takes for a window after [`Browser::detect`]. It is not asked whether it is an instance of
/// `Window`: the global object of a test environment (jsdom, happy-dom) has a window's members, and is no instance of `Window`.
fn window() -> web_sys::Window {
    js_sys::global().unchecked_into()
}

impl Browser {
    /// `None` under Node and in workers: there is no address bar to come back to.
    pub fn detect(verifier: Verifier) -> Option<Self> {
        let has = |name| foreign::get(&window(), name).is_ok_and(|member| member.is_object());
        (has("document") && has("location")).then_some(Self { verifier })
    }

    /// Whether the page came by https or from this very machine. A test environment does not say it, and its address does.
    pub fn is_secure(&self) -> bool {
        let told = foreign::get(&window(), "isSecureContext").ok().and_then(|told| told.as_bool());
        told.unwrap_or_else(|| {
            let address = page::address();
            !address.starts_with("http:") || Uri::parse(&address).is_ok_and(|uri| uri.is_loopback())
        })
    }
}
