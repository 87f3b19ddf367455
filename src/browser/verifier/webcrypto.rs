//! Signature verification by WebCrypto ([Web Cryptography](https://www.w3.org/TR/webcrypto-2/)): native code, which adds no bytes to the
//! package.

use crate::protocol::text::decimal;
use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, SubtleCrypto};

use super::super::foreign::{bare, get, set, text};
use super::super::waiting::settled;
use super::super::window::window;
use crate::ports::CryptoError;
use crate::protocol::jose::{Jwk, KeyType, SigningAlgorithm};

pub async fn verify(
    algorithm: SigningAlgorithm,
    key: &Jwk,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<bool, CryptoError> {
    let subtle = subtle()?;
    let params = params(algorithm);
    // The object has only the members that make the key: `use`, `alg`, `key_ops` and `ext` were checked already, and engines differ on
    // them.
    let jwk: Object = bare();
    for (name, value) in key.public_members(algorithm) {
        set(&jwk, name, &value.into());
    }
    let usages = Array::of1(&"verify".into());
    let imported = subtle.import_key_with_object("jwk", &jwk, &params, false, &usages);
    let key = record_outcome(imported, algorithm).await?.unchecked_into::<CryptoKey>();
    let verified = subtle.verify_with_object_and_u8_array_and_u8_array(&params, &key, signature, signing_input);
    // Only `true` is a valid signature, not another truthy value.
    Ok(record_outcome(verified, algorithm).await? == JsValue::TRUE)
}

/// A secure context has `crypto.subtle`; elsewhere the property is absent, which the typed getter would not tell.
pub fn subtle() -> Result<SubtleCrypto, CryptoError> {
    let crypto = window().crypto().map_err(|_| CryptoError::Subtle)?;
    let subtle = get(&crypto, "subtle");
    if subtle.is_object() { Ok(subtle.unchecked_into()) } else { Err(CryptoError::Subtle) }
}

fn params(algorithm: SigningAlgorithm) -> Object {
    use SigningAlgorithm::*;
    let params: Object = bare();
    let name = match algorithm {
        Rs256 | Rs384 | Rs512 => "RSASSA-PKCS1-v1_5",
        Ps256 | Ps384 | Ps512 => "RSA-PSS",
        Es256 | Es384 | Es512 => "ECDSA",
        Ed25519 => "Ed25519",
    };
    set(&params, "name", &name.into());
    set(&params, "hash", &["SHA-", &decimal(algorithm.hash_bits())].concat().into());
    if let KeyType::Ec(curve, _) = algorithm.key_type() {
        set(&params, "namedCurve", &curve.into());
    }
    // RFC 7518 section 3.5: the salt is as long as the hash.
    set(&params, "saltLength", &(algorithm.hash_bits() / 8).into());
    params
}

async fn record_outcome<T: wasm_bindgen::convert::FromWasmAbi + JsCast + 'static>(
    promise: Result<js_sys::Promise<T>, JsValue>,
    algorithm: SigningAlgorithm,
) -> Result<JsValue, CryptoError> {
    let ended = match promise {
        Ok(promise) => settled(&promise.into()).await,
        Err(thrown) => Err(thrown),
    };
    ended.map_err(|thrown| match text(&thrown, "name").as_deref() {
        Some("DataError" | "OperationError") => CryptoError::Key,
        _ => CryptoError::Algorithm(algorithm.name()),
    })
}
