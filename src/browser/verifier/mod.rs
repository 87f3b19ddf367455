//! The choice of the verifier: WebCrypto where the page has it, else the module in Rust.

pub mod rust;
mod webcrypto;

use super::window::Browser;
use crate::ports::{CryptoError, SignatureVerifier};
use crate::protocol::jose::{Jwk, SignatureCheck, SigningAlgorithm};
use crate::settings::options::Verifier;

impl SignatureVerifier for Browser {
    async fn prepare(&self) {
        let is_needed = match self.verifier {
            Verifier::Auto => webcrypto::subtle().is_err(),
            Verifier::WebCrypto => false,
            Verifier::Rust => true,
        };
        if is_needed {
            // The verification asks later whether the module came.
            let _ = rust::load().await;
        }
    }

    async fn verify(&self, check: &SignatureCheck<'_>) -> Result<bool, CryptoError> {
        judge(self.verifier, check.algorithm(), check.key(), check.signing_input(), check.signature()).await
    }
}

pub async fn judge(
    verifier: Verifier,
    algorithm: SigningAlgorithm,
    key: &Jwk,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<bool, CryptoError> {
    if verifier != Verifier::Rust {
        match webcrypto::verify(algorithm, key, signing_input, signature).await {
            // WebCrypto gave no verdict. A verdict about a key or a signature would stand.
            Err(CryptoError::Subtle | CryptoError::Algorithm(_)) if verifier == Verifier::Auto => {}
            verdict => return verdict,
        }
    }
    rust::verify(algorithm, key, signing_input, signature).await
}
