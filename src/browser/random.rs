use super::window::{Browser, window};
use crate::ports::{CryptoError, Random};

impl Random for Browser {
    /// `crypto.getRandomValues`, which unlike `crypto.subtle` exists on plain http, too.
    fn octets(&self) -> Result<[u8; 32], CryptoError> {
        let mut octets = [0; 32];
        let crypto = window().crypto().map_err(|_| CryptoError::Random)?;
        crypto.get_random_values_with_u8_array(&mut octets).map_err(|_| CryptoError::Random)?;
        Ok(octets)
    }
}
