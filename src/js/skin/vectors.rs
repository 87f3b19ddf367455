//! The verifiers by themselves, for published test vectors, whose messages are no JWS. The package does not have this: `cargo xtask
//! vectors` compiles it in (`--cfg vectors`) and makes a module for tests/e2e/suite/vectors.test.js.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::verifier::judge;
use crate::error::Error;
use crate::protocol::jose::{JoseError, JwkSet, SigningAlgorithm, is_well_formed};
use crate::protocol::json::{self, Value, json};
use crate::settings::options::Options;

/// Judges one signature by the verifier that the options name.
#[wasm_bindgen(js_name = verifySignature)]
pub async fn verify_signature(
    verifier: String,
    algorithm: String,
    key: String,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
) -> Result<bool, JsValue> {
    let options = Options::from_json(json!({ "verifier": verifier })).map_err(Error::from)?;
    let algorithm =
        SigningAlgorithm::parse(&algorithm).ok_or_else(|| Error::from(JoseError::Algorithm(algorithm.clone())))?;
    let key: Value = json::parse(key.as_bytes()).map_err(|_| Error::from(JoseError::KeySet))?;
    let keys = json!({ "keys": [key] });
    let keys = keys.as_object().map_or(Err(JoseError::KeySet), JwkSet::from_json).map_err(Error::from)?;
    let key = keys.select(algorithm, None).map_err(Error::from)?;
    if !is_well_formed(algorithm, key, &signature) {
        return Ok(false);
    }
    Ok(judge(options.verifier, algorithm, key, &signing_input, &signature).await.map_err(Error::from)?)
}
