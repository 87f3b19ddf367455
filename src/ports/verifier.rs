//! Signatures.

use crate::protocol::jose::SignatureCheck;

pub trait SignatureVerifier {
    /// Says that a signature will have to be verified soon, so that a verifier that must be loaded can be on its way already.
    async fn prepare(&self);
    /// Whether this is the key's signature of the signing input.
    async fn verify(&self, check: &SignatureCheck<'_>) -> Result<bool, CryptoError>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CryptoError {
    Random,
    /// No `crypto.subtle`: the page is not a secure context.
    Subtle,
    /// This browser's WebCrypto does not know the algorithm.
    Algorithm(&'static str),
    /// The verifier in Rust is a file of its own, and it did not load.
    NotLoaded,
    /// The verifier does not take the key, e.g. a point that is not on the curve.
    Key,
}

impl CryptoError {
    pub fn describe(self) -> String {
        match self {
            Self::Random => "The browser offers no secure random numbers.".into(),
            Self::Subtle => "The browser offers no WebCrypto to this page.".into(),
            Self::Algorithm(name) => ["The browser cannot verify ", name, " signatures."].concat(),
            Self::NotLoaded => "The Rust verifier of oidc-client-wasm could not be loaded.".into(),
            Self::Key => "The provider's signing key is not a sound one.".into(),
        }
    }
}
