//! Skeleton.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = OAuthCore)]
pub struct OAuthCore;
