//! ECDSA ([RFC 7518 section 3.4](https://www.rfc-editor.org/rfc/rfc7518#section-3.4)): the signature is R and S, each as long as a
//! coordinate, and not DER.

use crate::{PublicKey, UnsoundKey};

/// The curves differ in their types only.
macro_rules! ecdsa {
    ($curve:ident, $octets:literal) => {
        pub fn $curve(key: PublicKey<'_>, signing_input: &[u8], signature: &[u8]) -> Result<bool, UnsoundKey> {
            use ::$curve::ecdsa::signature::Verifier;
            use ::$curve::ecdsa::{Signature, VerifyingKey};

            if key.first.len() != $octets || key.second.len() != $octets {
                return Err(UnsoundKey);
            }
            // SEC 1 section 2.3.3: an uncompressed point. Whether it is on the curve is checked by the key.
            let point = [&[4], key.first, key.second].concat();
            let key = VerifyingKey::from_sec1_bytes(&point).map_err(|_| UnsoundKey)?;
            // Refuses another length, and an R or S that is zero or not below the order of the curve.
            let signature = Signature::from_slice(signature);
            Ok(signature.is_ok_and(|signature| key.verify(signing_input, &signature).is_ok()))
        }
    };
}

ecdsa!(p256, 32);
ecdsa!(p384, 48);
ecdsa!(p521, 66);
