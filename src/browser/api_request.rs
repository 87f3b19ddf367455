//! A request of the app, built by the browser's own `Request`: its streams, signals and forms are never copied.

use std::rc::Rc;

use js_sys::Object;
use wasm_bindgen::JsValue;

use super::foreign::{bare, call, get, is, make, set, text};
use super::http::{discard, fetch, fetch_in_worker, header, status};
use super::page::Place;
use crate::ports::{ApiAnswer, ApiRequest, Terms, Unsent};
use crate::protocol::credential::Credential;

/// The two arguments of the platform's `Request`, fixed when the app called `fetch`.
pub struct BrowserRequest {
    input: Input,
    init: Object,
    terms: Terms,
    is_in_worker: bool,
}

pub enum Input {
    Url(String),
    Request(JsValue),
}

impl Input {
    pub fn build(&self, init: &JsValue) -> Result<JsValue, Unsent> {
        let input = match self {
            Self::Url(url) => &JsValue::from_str(url),
            Self::Request(request) => request,
        };
        make("Request", &[input, init]).map_err(refused)
    }

    fn url(&self) -> Option<String> {
        match self {
            Self::Url(url) => Some(url.clone()),
            Self::Request(request) => text(request, "url"),
        }
    }
}

fn refused(thrown: JsValue) -> Unsent {
    Unsent::Refused(Rc::new(thrown))
}

impl BrowserRequest {
    pub fn new(input: Input, init: Object, withhold_token: bool, is_in_worker: bool) -> Result<Self, Unsent> {
        let place = input.url().and_then(|url| Place::of(&url, &url)).ok_or(Unsent::Elsewhere)?;
        let mode = if withhold_token { None } else { mode(&input, &init)? };
        let is_no_cors = mode.as_deref() == Some("no-cors");
        Ok(Self { input, init, terms: Terms { origin: place.origin, is_no_cors, withhold_token }, is_in_worker })
    }
}

/// The mode of a request. A trial request with the same mode tells it, because only the browser knows how it reads a mode.
fn mode(input: &Input, init: &Object) -> Result<Option<String>, Unsent> {
    let mode = get(init, "mode");
    match input {
        Input::Request(request) if mode.is_undefined() => Ok(text(request, "mode")),
        _ if mode.is_undefined() => Ok(None),
        _ => {
            let init: JsValue = bare();
            set(&init, "mode", &mode);
            let request = make("Request", &[&"about:blank".into(), &init]).map_err(refused)?;
            Ok(text(&request, "mode"))
        }
    }
}

impl ApiRequest for BrowserRequest {
    type Answer = BrowserAnswer;

    fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The body of a `Request` may be a stream.
    fn is_repeatable(&self) -> bool {
        let body = get(&self.init, "body");
        match &self.input {
            _ if is(&body, "ReadableStream") => false,
            _ if !body.is_undefined() && !body.is_null() => true,
            Input::Url(_) => true,
            Input::Request(request) => {
                let has_no_body = get(request, "body").is_null();
                has_no_body || matches!(text(request, "method").as_deref(), Some("GET" | "HEAD"))
            }
        }
    }

    async fn send(&self, credential: Option<&Credential>) -> Result<BrowserAnswer, Unsent> {
        let request = self.input.build(&self.init)?;
        if let Some(credential) = credential {
            // The browser reads an object that only looks like a Request as a text, which may be any URL.
            let place = text(&request, "url").and_then(|url| Place::of(&url, &url));
            if place.is_none_or(|place| place.origin != self.terms.origin) {
                return Err(Unsent::Elsewhere);
            }
            let (headers, value) = (get(&request, "headers"), credential.authorization());
            call(&headers, "set", &[&"Authorization".into(), &value.as_str().into()]).map_err(refused)?;
        }
        let answer = match self.is_in_worker && credential.is_some() {
            true => {
                // WebKit reads no form with a file out of a Request.
                set(&request, "given", &get(&self.init, "body"));
                fetch_in_worker(&request, None).await
            }
            false => fetch(&request).await,
        };
        answer.map(BrowserAnswer).map_err(|thrown| Unsent::Unanswered(Rc::new(thrown)))
    }
}

/// The result of the page's `fetch`, which is a `Response` unless the page has replaced `fetch`.
pub struct BrowserAnswer(pub JsValue);

impl ApiAnswer for BrowserAnswer {
    fn status(&self) -> u16 {
        status(&self.0).unwrap_or_default()
    }

    fn challenge(&self) -> Option<String> {
        header(&self.0, "WWW-Authenticate")
    }

    fn discard(self) {
        discard(&self.0);
    }
}
