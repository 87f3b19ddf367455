//! The export that takes the loader of the verifier in Rust from the skin.

#[cfg(vectors)]
mod vectors;

use js_sys::Function;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::verifier::rust;

/// `loader` gives a promise of the `verify` of the module in `verifier/`, one for all callers.
#[wasm_bindgen(js_name = setVerifierLoader)]
pub fn set_verifier_loader(loader: Function) {
    rust::set_loader(loader);
}
