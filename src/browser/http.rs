//! Fetch. gloo-net builds the request; sending is done by hand, because gloo-net's `send` is `unreachable!()` when a patched
//! `fetch` rejects with something that is no `Error`.

use gloo_net::http::{Method as GlooMethod, RequestBuilder};
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect, Response};

use super::{Browser, window};
use crate::ports::{Http, HttpError};
use crate::protocol::http::{HttpRequest, HttpResponse, Method};

impl Http for Browser {
    async fn send(&self, request: &HttpRequest, timeout: u32) -> Result<HttpResponse, HttpError> {
        // Ours alone, so that its reason is known; a user's signal is raced against outside. It bounds the body, too.
        let deadline = AbortSignal::timeout_with_u32(timeout.saturating_mul(1000));
        exchange(request, &deadline).await.map_err(|fault| match fault {
            Fault::TooLarge => HttpError::TooLarge,
            Fault::Thrown if deadline.aborted() => HttpError::Timeout,
            Fault::Thrown => HttpError::Network,
        })
    }
}

enum Fault {
    /// A browser does not say why: offline, refused, CORS, CSP, a redirect.
    Thrown,
    TooLarge,
}

impl From<JsValue> for Fault {
    fn from(_: JsValue) -> Self {
        Self::Thrown
    }
}

async fn exchange(request: &HttpRequest, deadline: &AbortSignal) -> Result<HttpResponse, Fault> {
    let builder = RequestBuilder::new(&request.url)
        .method(match request.method {
            Method::Get => GlooMethod::GET,
            Method::Post => GlooMethod::POST,
        })
        .header("Accept", request.accept)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(deadline));
    let builder = match &request.bearer {
        Some(token) => builder.header("Authorization", &format!("Bearer {}", token.expose())),
        None => builder,
    };
    let built = match &request.form {
        Some(form) => builder.header("Content-Type", "application/x-www-form-urlencoded").body(form.as_str()),
        None => builder.build(),
    };
    let built: web_sys::Request = built.map_err(|_| Fault::Thrown)?.into();
    let response: Response = JsFuture::from(window().fetch_with_request(&built)).await?.dyn_into()?;
    let header = |name| response.headers().get(name).ok().flatten();
    let announced = header("Content-Length").and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > request.body_limit) {
        return Err(Fault::TooLarge);
    }
    let body: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    if body.byte_length() as usize > request.body_limit {
        return Err(Fault::TooLarge);
    }
    Ok(HttpResponse {
        status: response.status(),
        content_type: header("Content-Type"),
        challenge: header("WWW-Authenticate"),
        body: Uint8Array::new(&body).to_vec(),
    })
}
