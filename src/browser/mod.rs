//! The adapters: one file per Web API, each implementing one port. Nothing here decides anything about OAuth.

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
mod verifier;
pub mod waiting;
mod webcrypto;

use wasm_bindgen::UnwrapThrowExt;

pub use page::Place;
pub use rust_verifier::set_loader as set_verifier_loader;

use crate::protocol::options::Verifier;

/// The page this module was loaded into.
#[derive(Clone, Copy)]
pub struct Browser {
    verifier: Verifier,
}

/// `js/` lets nobody past the door without a window, so below it there always is one.
fn window() -> web_sys::Window {
    web_sys::window().expect_throw("a window")
}

impl Browser {
    /// `None` under Node and in workers: there is no address bar to come back to.
    pub fn detect(verifier: Verifier) -> Option<Self> {
        web_sys::window().map(|_| Self { verifier })
    }

    /// Whether this is a secure context: https, or this very machine.
    pub fn is_secure(&self) -> bool {
        foreign::is_true(&window(), "isSecureContext")
    }
}
