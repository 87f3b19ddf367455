//! The adapters: one file per Web API, each implementing one port. Nothing here decides anything about OAuth.

mod background;
mod clock;
mod http;
mod page;
mod random;
mod storage;
mod tabs;
mod verifier;

use wasm_bindgen::{JsValue, UnwrapThrowExt};

/// The page this module was loaded into.
#[derive(Clone, Copy, Default)]
pub struct Browser;

/// `js/` lets nobody past the door without a window, so below it there always is one.
fn window() -> web_sys::Window {
    web_sys::window().expect_throw("a window")
}

/// Sets a member of an object made here, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(object, &name.into(), value);
}

impl Browser {
    /// `None` under Node and in workers: there is no address bar to come back to.
    pub fn detect() -> Option<Self> {
        web_sys::window().map(|_| Self)
    }
}
