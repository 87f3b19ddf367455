//! The one export.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::PublicKey;

/// `undefined` where the key is no key of this algorithm.
#[wasm_bindgen]
pub fn verify(algorithm: &str, first: &[u8], second: &[u8], signing_input: &[u8], signature: &[u8]) -> Option<bool> {
    crate::verify(algorithm, PublicKey { first, second }, signing_input, signature).ok()
}

fn no_random_numbers(_: &mut [u8]) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}

getrandom::register_custom_getrandom!(no_random_numbers);
