use js_sys::Uint8Array;

use super::foreign::{call, get, window};
use super::window::Browser;
use crate::ports::{CryptoError, Random};

impl Random for Browser {
    /// `crypto.getRandomValues`, which unlike `crypto.subtle` exists on plain http, too.
    fn octets(&self) -> Result<[u8; 32], CryptoError> {
        let octets = Uint8Array::new_with_length(32);
        let crypto = get(&window(), "crypto");
        call(&crypto, "getRandomValues", &[&octets]).map_err(|_| CryptoError::Random)?;
        octets.to_vec().try_into().map_err(|_| CryptoError::Random)
    }
}
