//! Ed25519 ([RFC 8037 section 3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1), RFC 8032 section 5.1.7).

use ed25519_dalek::{Signature, VerifyingKey};

use crate::{PublicKey, UnsoundKey};

pub fn ed25519(key: PublicKey<'_>, signing_input: &[u8], signature: &[u8]) -> Result<bool, UnsoundKey> {
    let octets = key.first.try_into().map_err(|_| UnsoundKey)?;
    let key = VerifyingKey::from_bytes(octets).map_err(|_| UnsoundKey)?;
    // A point of small order, under which one signature fits any text, is no signer.
    if key.is_weak() {
        return Err(UnsoundKey);
    }
    let signature = Signature::from_slice(signature);
    // Strict: nor does an honest signature begin with such a point.
    Ok(signature.is_ok_and(|signature| key.verify_strict(signing_input, &signature).is_ok()))
}
