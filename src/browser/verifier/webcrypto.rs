//! Signature verification by WebCrypto ([Web Cryptography](https://www.w3.org/TR/webcrypto-2/)): native code, which adds no bytes to the
//! package.

use crate::protocol::text::decimal;
use js_sys::{Object, Uint8Array};
use wasm_bindgen::JsValue;

use super::super::foreign::{bare, call, get, list, set, text, window};
use super::super::waiting::settled;

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
    let usages = list(&[&"verify".into()]);
    let imported = call(&subtle, "importKey", &[&"jwk".into(), &jwk, &params, &JsValue::FALSE, &usages]);
    let key = record_outcome(imported, algorithm).await?;
    let (signature, input) = (Uint8Array::from(signature), Uint8Array::from(signing_input));
    let verified = call(&subtle, "verify", &[&params, &key, &signature, &input]);
    // Only `true` is a valid signature, not another truthy value.
    Ok(record_outcome(verified, algorithm).await? == JsValue::TRUE)
}

/// A secure context has `crypto.subtle`; elsewhere the property is absent.
pub fn subtle() -> Result<JsValue, CryptoError> {
    let subtle = get(&get(&window(), "crypto"), "subtle");
    if subtle.is_object() { Ok(subtle) } else { Err(CryptoError::Subtle) }
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

async fn record_outcome(
    promise: Result<JsValue, JsValue>,
    algorithm: SigningAlgorithm,
) -> Result<JsValue, CryptoError> {
    let ended = match promise {
        Ok(promise) => settled(&promise).await,
        Err(thrown) => Err(thrown),
    };
    ended.map_err(|thrown| match text(&thrown, "name").as_deref() {
        Some("DataError" | "OperationError") => CryptoError::Key,
        _ => CryptoError::Algorithm(algorithm.name()),
    })
}
