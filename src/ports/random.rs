//! Randomness.

use super::CryptoError;

/// Cryptographically secure random octets.
pub trait Random {
    fn octets(&self) -> Result<[u8; 32], CryptoError>;
}
