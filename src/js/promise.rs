//! What an export that gives a promise is made of: work, and one piece of glue for all of it.

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use crate::error::Error;

/// Boxed, because the glue of a promise is more code than most of what a promise is given for.
pub type Work = LocalBoxFuture<'static, Result<JsValue, Error>>;

pub fn promise(work: Work) -> Promise {
    future_to_promise(async move { Ok(work.await?) })
}
