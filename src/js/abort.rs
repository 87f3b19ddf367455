//! A user's `AbortSignal`: raced against the work, never handed to a request that others may share.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::browser::foreign::{get, text};
use crate::browser::waiting::{fired, is_aborted};
use crate::error::{Cause, Code, Error, Phase};

/// `phase` tells what was given up.
pub async fn unless_aborted<T>(
    signal: Option<AbortSignal>,
    phase: Phase,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(signal) = signal else { return work.await };
    if is_aborted(&signal) {
        return Err(aborted(&signal, phase));
    }
    match select(pin!(work), pin!(fired(&signal))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(aborted(&signal, phase)),
    }
}

/// By the signal's own reason, which is the cause: `AbortSignal.timeout()` is a caller's time limit.
pub fn aborted(signal: &AbortSignal, phase: Phase) -> Error {
    let reason = get(signal, "reason").unwrap_or(JsValue::UNDEFINED);
    let (code, message) = match text(&reason, "name").as_deref() {
        Some("TimeoutError") => (Code::Timeout, "The time that the caller gave the operation is over."),
        _ => (Code::Aborted, "The caller aborted the operation."),
    };
    Error::new(code, phase, message).caused_by(Cause(Rc::new(reason)))
}
