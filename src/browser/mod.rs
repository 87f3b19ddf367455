//! The adapters: one file per Web API, each implementing one port. Nothing here decides anything about OAuth.

mod background;
mod clock;
mod http;
mod page;
mod random;
mod rust_verifier;
mod storage;
mod tabs;
mod verifier;
mod webcrypto;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, UnwrapThrowExt};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

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

/// Sets a member of an object made here, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(object, &name.into(), value);
}

/// Waits until a signal is aborted. One that never is gets collected with its promise.
pub fn fired(signal: &AbortSignal) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let _ = signal.add_event_listener_with_callback("abort", resolve.unchecked_ref());
    }))
}

impl Browser {
    /// `None` under Node and in workers: there is no address bar to come back to.
    pub fn detect(verifier: Verifier) -> Option<Self> {
        web_sys::window().map(|_| Self { verifier })
    }

    /// Whether this is a secure context: https, or this very machine.
    pub fn is_secure(&self) -> bool {
        window().is_secure_context()
    }
}
