//! `fetch` with the access token. The request is the browser's own: what can be in it (streams, signals, forms) passes through
//! the platform's `Request` and is never copied.

use std::rc::Rc;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, ReadableStream, Request, Url};

use super::abort::{aborted, unless_aborted};
use super::client::OAuthClient;
use super::convert;
use crate::browser::Browser;
use crate::error::{Cause, Code, Error, Phase};
use crate::flow::provider::Provider;
use crate::protocol::secret::Secret;

/// A request as it was asked for, fixed when `fetch` is called.
struct Asked {
    input: Input,
    init: Object,
    origin: String,
    withhold_token: bool,
    signal: Option<AbortSignal>,
}

enum Input {
    Url(String),
    Request(Request),
}

impl Asked {
    fn read(provider: &Provider<Browser>, input: &JsValue, init: &JsValue) -> Result<Self, Error> {
        let given = match init {
            init if init.is_undefined() || init.is_null() => Object::new(),
            init if init.is_object() => init.clone().unchecked_into(),
            _ => return Err(unusable("\"init\" must be an object.")),
        };
        let init = convert::own_members(&given);
        let withhold_token = convert::flag(&init, "withholdToken");
        let _ = Reflect::delete_property(&init, &"withholdToken".into());
        let (input, url) = match input.clone().dyn_into::<Request>() {
            Ok(request) => {
                let url = request.url();
                (Input::Request(request), url)
            }
            Err(_) => {
                let text = convert::url_text(input).ok_or_else(|| unusable("The URL must be a string or a URL."))?;
                let url = resolve(&text, provider.config.api_base_url.as_deref())?;
                (Input::Url(url.clone()), url)
            }
        };
        let origin = Url::new(&url).map(|url| url.origin()).map_err(|_| unusable("The URL cannot be read."))?;
        let own_signal = Reflect::get(&init, &"signal".into()).ok().and_then(|signal| signal.dyn_into().ok());
        let signal = own_signal.or_else(|| match &input {
            Input::Request(request) => Some(request.signal()),
            Input::Url(_) => None,
        });
        Ok(Self { input, init, origin, withhold_token, signal })
    }

    /// Whether the body can be sent again: a stream is read once, and what a `Request` holds may be one.
    fn is_repeatable(&self) -> bool {
        let body = Reflect::get(&self.init, &"body".into()).unwrap_or(JsValue::UNDEFINED);
        match &self.input {
            _ if body.is_instance_of::<ReadableStream>() => false,
            _ if !body.is_undefined() && !body.is_null() => true,
            Input::Url(_) => true,
            Input::Request(request) => {
                let has_none = Reflect::get(request, &"body".into()).is_ok_and(|body| body.is_null());
                has_none || matches!(request.method().as_str(), "GET" | "HEAD")
            }
        }
    }

    /// Gives what the page's `fetch` gave, which is a `Response` unless the page has replaced it.
    async fn send(&self, token: Option<&Secret>) -> Result<JsValue, Error> {
        let built = match &self.input {
            Input::Url(url) => Request::new_with_str_and_init(url, self.init.unchecked_ref()),
            Input::Request(request) => Request::new_with_request_and_init(request, self.init.unchecked_ref()),
        };
        let request =
            built.map_err(|thrown| unusable("The browser refuses this request.").caused_by(Cause(Rc::new(thrown))))?;
        if let Some(token) = token {
            // Tokens are visible ASCII, which every header takes.
            let _ = request.headers().set("Authorization", &format!("Bearer {}", token.expose()));
        }
        Browser::fetch(&request).await.map_err(|thrown| self.failure(thrown))
    }

    fn failure(&self, thrown: JsValue) -> Error {
        match &self.signal {
            Some(signal) if signal.aborted() => aborted(signal, Phase::Request),
            _ => Error::new(Code::Network, Phase::Request, "The API could not be reached.")
                .caused_by(Cause(Rc::new(thrown))),
        }
    }
}

async fn send_with_token(provider: Rc<Provider<Browser>>, asked: Asked) -> Result<JsValue, Error> {
    if asked.withhold_token {
        return asked.send(None).await;
    }
    let borrowed = unless_aborted(asked.signal.clone(), Phase::Request, provider.token_for(&asked.origin)).await?;
    let response = asked.send(Some(&borrowed.token.access_token)).await?;
    let (status, challenge) = (Browser::status(&response), Browser::header(&response, "WWW-Authenticate"));
    if !provider.is_worth_a_new_token(status.unwrap_or_default(), challenge.as_deref()) {
        return Ok(response);
    }
    // Renewed even where the request cannot be repeated: the next one will need it.
    let renewed = async { Ok(provider.token_instead_of(&borrowed).await) };
    match unless_aborted(asked.signal.clone(), Phase::Request, renewed).await? {
        Some(token) if asked.is_repeatable() => {
            Browser::discard(&response);
            asked.send(Some(&token.access_token)).await
        }
        _ => Ok(response),
    }
}

/// As the URL standard has it: a path of the base without a slash at its end loses its last segment.
fn resolve(url: &str, base: Option<&str>) -> Result<String, Error> {
    let page;
    let base = match base {
        Some(base) => base,
        None => {
            page = Browser::base_url();
            &page
        }
    };
    Url::new_with_base(url, base).map(|url| url.href()).map_err(|_| unusable("The URL cannot be read."))
}

fn unusable(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Request, message)
}

#[wasm_bindgen]
impl OAuthClient {
    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Promise {
        let (provider, asked) = (self.provider.clone(), Asked::read(&self.provider, input, init));
        self.promise(async move { send_with_token(provider, asked?).await })
    }
}
