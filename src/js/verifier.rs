//! The exports that take functions from the skin: the loaders of the verifier in Rust and of windows.js, and `send` of vault.js.

#[cfg(vectors)]
mod vectors;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::http;
use crate::browser::page::windows;
use crate::browser::verifier::rust;

/// `loader` gives a promise of the `verify` of the module in `verifier/`, one for all callers.
#[wasm_bindgen(js_name = setVerifierLoader)]
pub fn set_verifier_loader(loader: Function) {
    rust::set_loader(loader);
}

/// `loader` gives a promise of `show` of windows.js.
#[wasm_bindgen(js_name = setWindowsLoader)]
pub fn set_windows_loader(loader: Function) {
    windows::set_loader(loader);
}

/// `send` is that of vault.js, whose worker runs.
#[wasm_bindgen(js_name = setWorker)]
pub fn set_worker(send: Function) {
    http::set_worker(send);
}
