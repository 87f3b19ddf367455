//! The work behind an export that gives a promise, and one piece of glue that makes the promise of any work.

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use crate::error::Error;

/// The work is boxed, so that the glue of a promise exists once and not for each kind of work.
pub type Work = LocalBoxFuture<'static, Result<JsValue, Error>>;

pub fn promise(work: Work) -> Promise {
    future_to_promise(async move { Ok(work.await?) })
}
