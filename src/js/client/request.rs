//! `fetch` and its verbs: the arguments of the platform's `fetch`, with `withholdToken` among them.

use futures_util::FutureExt;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::super::convert;
use super::OAuthClient;
use crate::browser::api_request::{BrowserRequest, Input};
use crate::browser::foreign::{self, get, is_true, set};
use crate::browser::page::{Place, base_url};
use crate::browser::waiting::signal;
use crate::error::{Error, Phase};
use crate::flow::tokens::api::{self, unusable};

/// Reads the arguments when `fetch` is called. `method` is that of a verb, which wins over the one in `init`.
fn read(
    base: Option<&str>,
    method: Option<&str>,
    input: &JsValue,
    init: &JsValue,
    is_in_worker: bool,
) -> Result<(BrowserRequest, Option<AbortSignal>), Error> {
    let mut input = match request(input) {
        Some(request) => Input::Request(request),
        None => {
            let text = convert::url_text(input).ok_or_else(|| unusable("The URL must be a string or a URL."))?;
            Input::Url(resolve(&text, base)?.href)
        }
    };
    let init = match request(init) {
        // The platform reads the members of a `Request`, which belong to its class and are not its own.
        Some(request) => {
            input = Input::Request(input.build(&request)?);
            foreign::copy(init).map_err(convert::unreadable("init"))
        }
        None => convert::own_members(init, "init"),
    };
    let init = init?;
    if let Some(method) = method {
        set(&init, "method", &method.into());
    }
    let withhold_token = is_true(&init, "withholdToken");
    let _ = Reflect::delete_property(&init, &"withholdToken".into());
    let its_signal = match &input {
        Input::Request(request) => signal_of(request),
        Input::Url(_) => None,
    };
    let signal = signal_of(&init).or(its_signal);
    Ok((BrowserRequest::new(input, init, withhold_token, is_in_worker)?, signal))
}

fn signal_of(object: &JsValue) -> Option<AbortSignal> {
    signal(&get(object, "signal"))
}

fn request(value: &JsValue) -> Option<JsValue> {
    foreign::is(value, "Request").then(|| value.clone())
}

/// A path of the base without a slash at its end loses its last segment, as the URL standard has it.
fn resolve(url: &str, base: Option<&str>) -> Result<Place, Error> {
    let place = match base {
        Some(base) => Place::of(url, base),
        None => Place::of(url, &base_url()),
    };
    place.ok_or_else(|| unusable("The URL cannot be read."))
}

impl OAuthClient {
    /// `fetch`, and with a `method` its verb.
    pub(super) fn request(&self, method: Option<&str>, input: &JsValue, init: &JsValue) -> JsValue {
        let is_in_worker = self.client.platform.is_in_worker;
        let asked = read(self.client.config.api_base_url.as_deref(), method, input, init, is_in_worker);
        let client = self.client.clone();
        self.plain_verb(
            Phase::Request,
            asked.map(|(request, signal)| {
                async move { api::fetch(client, request, signal).await.map(|answer| answer.0) }.boxed_local()
            }),
        )
    }
}
