//! A user's `AbortSignal`: raced against the work, never handed to a request that others may share.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::error::{Code, Error, Phase};

/// `phase` tells what was given up.
pub async fn unless_aborted<T>(
    signal: Option<AbortSignal>,
    phase: Phase,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let Some(signal) = signal else { return work.await };
    let aborted = || Err(Error::new(Code::Aborted, phase, "The caller aborted the operation."));
    if signal.aborted() {
        return aborted();
    }
    // Resolved by the event itself; a signal that never fires is collected with its promise.
    let fired = Promise::new(&mut |resolve, _| {
        let _ = signal.add_event_listener_with_callback("abort", resolve.unchecked_ref());
    });
    let fired = pin!(JsFuture::from(fired));
    match select(pin!(work), fired).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => aborted(),
    }
}
