//! The export that takes functions from the skin.

#[cfg(vectors)]
mod vectors;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::skin;

/// `functions` is an object without a prototype: `makeError` gives an `OAuthError` of its fields, `loadVerifier` a promise of the `verify` of the
/// module in `verifier/`, `loadWindows` a promise of `show` of windows.js, and `send`, where a worker keeps the tokens, is that of vault.js.
#[wasm_bindgen(js_name = setSkin)]
pub fn set_skin(functions: JsValue) {
    skin::set(functions);
}
