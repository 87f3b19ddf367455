//! A user's `AbortSignal`: raced against the work, never handed to a request that others may share.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use crate::browser::fired;
use crate::error::{Cause, Code, Error, Phase};

/// `phase` tells what was given up.
pub async fn unless_aborted<T>(
    signal: Option<AbortSignal>,
    phase: Phase,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(signal) = signal else { return work.await };
    if signal.aborted() {
        return Err(aborted(&signal, phase));
    }
    match select(pin!(work), pin!(fired(&signal))).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(aborted(&signal, phase)),
    }
}

/// By the signal's own reason, which is the cause: `AbortSignal.timeout()` is a caller's time limit.
pub fn aborted(signal: &AbortSignal, phase: Phase) -> Error {
    let reason = Reflect::get(signal, &"reason".into()).unwrap_or(JsValue::UNDEFINED);
    let name = reason.dyn_ref::<js_sys::Error>().map(|error| String::from(error.name()));
    let (code, message) = match name.as_deref() {
        Some("TimeoutError") => (Code::Timeout, "The time that the caller gave the operation is over."),
        _ => (Code::Aborted, "The caller aborted the operation."),
    };
    Error::new(code, phase, message).caused_by(Cause(Rc::new(reason)))
}
