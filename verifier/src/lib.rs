//! Verifies the signature of a JWS ([RFC 7515 section 5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)) in Rust alone.
//!
//! A WebAssembly module of its own, which a page loads only where its browser has no WebCrypto, or lacks the algorithm. It knows
//! keys, octets and signatures, and nothing of OpenID: which key and which algorithm may be used is decided before.
//!
//! The arithmetic is RustCrypto's. What stands here is what RFC 7518 demands beyond it: the exact length of a signature, the
//! length of a salt, the range of a number. A panic means a bug, never bad input.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable)]
#![deny(clippy::indexing_slicing, clippy::string_slice)]

mod ecdsa;
mod eddsa;
#[cfg(target_arch = "wasm32")]
mod js;
mod rsa;

/// A public key, as the octets of its JWK members (RFC 7518 section 6, RFC 8037 section 2).
#[derive(Clone, Copy)]
pub struct PublicKey<'a> {
    /// `n` of an RSA key, `x` of any other.
    pub first: &'a [u8],
    /// `e` of an RSA key, `y` of an EC key; empty for Ed25519.
    pub second: &'a [u8],
}

/// No key of this algorithm: a point that is not on the curve or is of small order, an RSA key that is too small or too large, or
/// a number that cannot be a modulus or an exponent. Also an algorithm that is none of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsoundKey;

/// Whether the signature is that of the key over the signing input. `algorithm` is the `alg` of RFC 7518 section 3.1 or RFC 9864.
pub fn verify(algorithm: &str, key: PublicKey<'_>, signing_input: &[u8], signature: &[u8]) -> Result<bool, UnsoundKey> {
    match algorithm {
        "ES256" => ecdsa::p256(key, signing_input, signature),
        "ES384" => ecdsa::p384(key, signing_input, signature),
        "ES512" => ecdsa::p521(key, signing_input, signature),
        "Ed25519" => eddsa::ed25519(key, signing_input, signature),
        _ => rsa::verify(rsa::Scheme::parse(algorithm).ok_or(UnsoundKey)?, key, signing_input, signature),
    }
}
