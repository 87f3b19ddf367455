//! Signature verification by the module in `verifier/`: a file of its own, which the skin (index.js) loads when it is needed first.

use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::{Function, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::super::foreign::invoke;
use super::super::skin;
use super::super::waiting::elapsed;
use crate::ports::CryptoError;
use crate::protocol::jose::{Jwk, SigningAlgorithm};

/// Milliseconds for the module to arrive. A load that takes longer goes on, and a later verification may find it done.
const PATIENCE: u32 = 30_000;

pub async fn load() -> Result<Function, CryptoError> {
    match select(pin!(skin::ask("loadVerifier", &[])), pin!(elapsed(PATIENCE))).await {
        Either::Left((Ok(verify), _)) => verify.dyn_into().map_err(|_| CryptoError::NotLoaded),
        _ => Err(CryptoError::NotLoaded),
    }
}

pub async fn verify(
    algorithm: SigningAlgorithm,
    key: &Jwk,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<bool, CryptoError> {
    let verify = load().await?;
    let octets = |octets: &[u8]| JsValue::from(Uint8Array::from(octets));
    let [first, second] = key.public_octets(algorithm);
    let [first, second] = [octets(&first), octets(&second)];
    let arguments = [&algorithm.name().into(), &first, &second, &octets(signing_input), &octets(signature)];
    // The function throws only when the module has trapped, which is a bug. That is no verdict, so the signature counts as unverified.
    let verdict = invoke(&verify, &arguments).map_err(|_| CryptoError::NotLoaded)?;
    verdict.as_bool().ok_or(CryptoError::Key)
}
