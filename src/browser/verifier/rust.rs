//! Signature verification by the module in `verifier/`: a file of its own, which the skin (index.js) loads when it is needed first.

use std::cell::RefCell;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use super::super::waiting::{elapsed, settled};
use crate::ports::CryptoError;
use crate::protocol::jose::{Jwk, SigningAlgorithm};

thread_local! {
    static LOADER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// `loader` gives a promise of the module's `verify`, one for all callers.
pub fn set_loader(loader: Function) {
    LOADER.set(Some(loader));
}

/// Milliseconds for the module to arrive. A load that takes longer goes on, and a later verification may find it done.
const PATIENCE: u32 = 30_000;

pub async fn load() -> Result<Function, CryptoError> {
    let loader = LOADER.with_borrow(Clone::clone).ok_or(CryptoError::NotLoaded)?;
    let loading = loader.call0(&JsValue::UNDEFINED).map_err(|_| CryptoError::NotLoaded)?;
    match select(pin!(settled(&loading)), pin!(elapsed(PATIENCE))).await {
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
    let arguments = Array::of5(&algorithm.name().into(), &first, &second, &octets(signing_input), &octets(signature));
    // The function throws only when the module has trapped, which is a bug. That is no verdict, so the signature counts as unverified.
    let verdict = verify.apply(&JsValue::UNDEFINED, &arguments).map_err(|_| CryptoError::NotLoaded)?;
    verdict.as_bool().ok_or(CryptoError::Key)
}
