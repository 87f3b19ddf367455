//! Fetch. The headers are gloo-net's; this file builds, sends and reads requests itself. A page, or a script in it, may have replaced
//! `fetch` by a function that throws, gives no promise or no response, or never ends: every step here can fail and says so, where
//! gloo-net's `send` is `unreachable!()` and web-sys's getters throw through the module, whose caller would wait for ever. gloo-net's
//! builder makes each request twice and takes its URL apart between, for parameters that are not used here.

use std::pin::pin;

use futures_util::future::{Either, select};
use gloo_net::http::Headers;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::foreign::{bare, bytes, call, get, is, make, set, try_get, window};
use super::skin;
use super::waiting::{deadline, elapsed, is_aborted, settled};
use super::window::Browser;
use crate::ports::{Http, HttpError, Signal};
use crate::protocol::http::{HttpRequest, HttpResponse, Method};
use crate::protocol::secret::Secret;

impl Http for Browser {
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError> {
        // The signal belongs to this request alone, so that its reason is known; the caller's signal is raced elsewhere. It bounds the
        // body, too.
        let deadline = deadline(timeout);
        let over = async {
            match &deadline {
                Some(deadline) => deadline.fired().await,
                None => elapsed(timeout.saturating_mul(1000)).await,
            }
        };
        // The signal is handed in and also raced here, because a replaced `fetch` may ignore it.
        match select(pin!(exchange(request, deadline.as_ref(), self.is_in_worker)), pin!(over)).await {
            Either::Left((Ok(response), _)) => response.ok_or(HttpError::TooLarge),
            Either::Left((Err(_), _)) if !deadline.as_ref().is_some_and(is_aborted) => Err(HttpError::Network),
            _ => Err(HttpError::Timeout),
        }
    }

    fn forget(&self, handle: &Secret) {
        let _ = skin::call("send", &[&handle.expose().into()]);
    }
}

/// `None` where the body is too large. A browser does not say why it throws: offline, refused, CORS, CSP, a redirect.
async fn exchange(
    request: &HttpRequest,
    deadline: Option<&AbortSignal>,
    is_in_worker: bool,
) -> Result<Option<HttpResponse>, JsValue> {
    // The signals of a test environment may have another class than its requests expect, which then refuse them.
    let built = build(request, deadline).or_else(|_| build(request, None))?;
    // A form may have a code or a token. Every other request without a credential asks for a public document.
    let response = match is_in_worker && (request.form.is_some() || request.credential.is_some()) {
        true => fetch_in_worker(&built, request.places.as_deref()).await?,
        false => fetch(&built).await?,
    };
    // No browser gives a redirected answer or an answer of the status 0 (an opaque one) here, so it comes from a replaced `fetch`.
    let is_answer = is(&response, "Response") && !try_get(&response, "redirected")?.is_truthy();
    let Some(status) = status(&response).filter(|status| is_answer && *status != 0) else {
        return Err(JsValue::UNDEFINED);
    };
    let body = read(&get(&response, "body"), request.body_limit).await?;
    Ok(body.map(|body| HttpResponse {
        status,
        content_type: header(&response, "Content-Type"),
        challenge: header(&response, "WWW-Authenticate"),
        body,
    }))
}

fn build(request: &HttpRequest, deadline: Option<&AbortSignal>) -> Result<JsValue, JsValue> {
    // gloo-net assumes that `Headers` exists, and a test environment may have no fetch.
    if !get(&window(), "Headers").is_function() {
        return Err(JsValue::UNDEFINED);
    }
    let headers = Headers::new();
    headers.set("Accept", request.accept);
    if let Some(credential) = &request.credential {
        headers.set("Authorization", &credential.authorization());
    }
    let init: JsValue = bare();
    if let Some(form) = &request.form {
        headers.set("Content-Type", "application/x-www-form-urlencoded");
        set(&init, "body", &form.as_str().into());
    }
    set(&init, "headers", &headers.into_raw());
    if let Some(deadline) = deadline {
        set(&init, "signal", deadline);
    }
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    for (name, value) in [
        ("method", method),
        ("credentials", "omit"),
        ("cache", "no-store"),
        ("redirect", "error"),
        ("referrerPolicy", "no-referrer"),
    ] {
        set(&init, name, &value.into());
    }
    make("Request", &[&request.url.as_str().into(), &init])
}

/// Reads the body as it comes and stops at the first byte too many. The announced length is not used: it may be wrong, and of a compressed
/// body it is the shorter length.
async fn read(stream: &JsValue, limit: usize) -> Result<Option<Vec<u8>>, JsValue> {
    let mut body = Vec::new();
    // A response with the status 204 has no body.
    if stream.is_null() {
        return Ok(Some(body));
    }
    // WebKit looks for the mode of a reader in `Object.prototype`, too.
    let reader = call(stream, "getReader", &[&bare()])?;
    loop {
        let step = settled(&call(&reader, "read", &[])?).await?;
        if try_get(&step, "done")?.is_truthy() {
            return Ok(Some(body));
        }
        let Some(chunk) = bytes(&get(&step, "value"), limit - body.len())? else {
            // This ends the connection, because the other end may go on for ever.
            let _ = call(&reader, "cancel", &[]);
            return Ok(None);
        };
        body.extend(chunk);
    }
}

/// The page's own `fetch`.
pub async fn fetch(request: &JsValue) -> Result<JsValue, JsValue> {
    settled(&call(&window(), "fetch", &[request])?).await
}

/// The `fetch` of the worker that keeps the tokens.
pub async fn fetch_in_worker(request: &JsValue, places: Option<&str>) -> Result<JsValue, JsValue> {
    let places = places.map_or(JsValue::UNDEFINED, JsValue::from_str);
    skin::ask("send", &[request, &places]).await
}

pub fn status(response: &JsValue) -> Option<u16> {
    get(response, "status").as_f64().map(|status| status as u16)
}

pub fn header(response: &JsValue, name: &str) -> Option<String> {
    call(&get(response, "headers"), "get", &[&name.into()]).ok()?.as_string()
}

/// Cancels the body of a response that stays unread.
pub fn discard(response: &JsValue) {
    let _ = call(&get(response, "body"), "cancel", &[]);
}
