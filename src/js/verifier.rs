//! What the skin hands in for the verifier in Rust, and the verifiers by themselves.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::{self, Browser};
use crate::error::Error;
use crate::ports::CryptoError;
use crate::protocol::jose::{JoseError, JwkSet, SigningAlgorithm, is_well_formed};
use crate::protocol::json::{self, Value, json};
use crate::settings::options::Options;

/// `loader` gives a promise of the `verify` of the module in `verifier/`, one for all callers.
#[wasm_bindgen(js_name = setVerifierLoader)]
pub fn set_verifier_loader(loader: Function) {
    browser::set_verifier_loader(loader);
}

/// One signature, judged by the verifier that the options name. Not exported by the package: published test vectors go through
/// the code as it is shipped, and their messages are no JWS.
#[wasm_bindgen(js_name = verifySignature)]
pub async fn verify_signature(
    verifier: String,
    algorithm: String,
    key: String,
    signing_input: Vec<u8>,
    signature: Vec<u8>,
) -> Result<bool, JsValue> {
    let options = Options::from_json(json!({ "verifier": verifier })).map_err(Error::from)?;
    let browser = Browser::detect(options.verifier).ok_or(Error::from(CryptoError::Subtle))?;
    let algorithm =
        SigningAlgorithm::parse(&algorithm).ok_or_else(|| Error::from(JoseError::Algorithm(algorithm.clone())))?;
    let key: Value = json::parse(key.as_bytes()).map_err(|_| Error::from(JoseError::KeySet))?;
    let keys = json!({ "keys": [key] });
    let keys = keys.as_object().map_or(Err(JoseError::KeySet), JwkSet::from_json).map_err(Error::from)?;
    let key = keys.select(algorithm, None).map_err(Error::from)?;
    if !is_well_formed(algorithm, key, &signature) {
        return Ok(false);
    }
    Ok(browser.judge(algorithm, key, &signing_input, &signature).await.map_err(Error::from)?)
}
