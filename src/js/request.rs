//! `fetch` with the access token. The request is the browser's own: what can be in it (streams, signals, forms) passes through
//! the platform's `Request` and is never copied.

use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, Headers, ReadableStream, Request, RequestInit};

use super::abort::{aborted, unless_aborted};
use super::client::OAuthClient;
use super::convert;
use crate::browser::foreign::{self, get, is_true, set, text};
use crate::browser::waiting::{is_aborted, signal};
use crate::browser::{Browser, Place};
use crate::error::{Cause, Code, Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::protocol::credential::Credential;

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

impl Input {
    fn build(&self, init: &RequestInit) -> Result<Request, Error> {
        let built = match self {
            Self::Url(url) => Request::new_with_str_and_init(url, init),
            Self::Request(request) => Request::new_with_request_and_init(request, init),
        };
        built.map_err(refused)
    }
}

impl Asked {
    /// `method` is that of a verb, which wins over what `init` says.
    fn read(client: &Client<Browser>, method: Option<&str>, input: &JsValue, init: &JsValue) -> Result<Self, Error> {
        let base = client.config.api_base_url.as_deref();
        let mut input = match request(input) {
            Some(request) => Input::Request(request),
            None => {
                let text = convert::url_text(input).ok_or_else(|| unusable("The URL must be a string or a URL."))?;
                Input::Url(resolve(&text, base)?.href)
            }
        };
        let init = match request(init) {
            // The platform takes one for its members, which are not its own but its class's.
            Some(request) => {
                input = Input::Request(input.build(request.unchecked_ref())?);
                foreign::copy(init).map_err(convert::unreadable("init"))
            }
            None => convert::own_members(init, "init"),
        };
        let init = init.map_err(in_phase(Phase::Request))?;
        if let Some(method) = method {
            set(&init, "method", &method.into());
        }
        let withhold_token = is_true(&init, "withholdToken");
        let _ = Reflect::delete_property(&init, &"withholdToken".into());
        let url = match &input {
            Input::Url(url) => Some(url.clone()),
            Input::Request(request) => text(request, "url"),
        };
        let origin = resolve(&url.ok_or_else(|| unusable("The URL cannot be read."))?, None)?.origin;
        let own_signal = get(&init, "signal").ok().and_then(|value| signal(&value));
        let its_signal = || match &input {
            Input::Request(request) => get(request, "signal").ok().and_then(|value| signal(&value)),
            Input::Url(_) => None,
        };
        let signal = own_signal.or_else(its_signal);
        let asked = Self { input, init, origin, withhold_token, signal };
        if !withhold_token && asked.mode()?.as_deref() == Some("no-cors") {
            return Err(unusable("The mode \"no-cors\" lets no access token pass: use \"cors\", or withholdToken."));
        }
        Ok(asked)
    }

    /// Asked of a request of the same mode, because only the browser knows how it reads one.
    fn mode(&self) -> Result<Option<String>, Error> {
        let mode = get(&self.init, "mode").unwrap_or(JsValue::UNDEFINED);
        match &self.input {
            Input::Request(request) if mode.is_undefined() => Ok(text(request, "mode")),
            _ if mode.is_undefined() => Ok(None),
            _ => {
                let init = RequestInit::new();
                set(&init, "mode", &mode);
                let request = Request::new_with_str_and_init("about:blank", &init).map_err(refused)?;
                Ok(text(&request, "mode"))
            }
        }
    }

    /// Whether the body can be sent again: a stream is read once, and what a `Request` holds may be one.
    fn is_repeatable(&self) -> bool {
        let body = get(&self.init, "body").unwrap_or(JsValue::UNDEFINED);
        match &self.input {
            _ if foreign::is::<ReadableStream>(&body, "[object ReadableStream]") => false,
            _ if !body.is_undefined() && !body.is_null() => true,
            Input::Url(_) => true,
            Input::Request(request) => {
                let has_none = get(request, "body").is_ok_and(|body| body.is_null());
                has_none || matches!(text(request, "method").as_deref(), Some("GET" | "HEAD"))
            }
        }
    }

    /// Gives what the page's `fetch` gave, which is a `Response` unless the page has replaced it.
    async fn send(&self, credential: Option<Credential>) -> Result<JsValue, Error> {
        let request = self.input.build(self.init.unchecked_ref())?;
        if let Some(credential) = credential {
            // What only has the look of a Request is read by the browser as a text, which may be any URL.
            let place = text(&request, "url").and_then(|url| Browser::resolve(&url, &url));
            if place.is_none_or(|place| place.origin != self.origin) {
                return Err(unusable("The URL cannot be read."));
            }
            let set = get(&request, "headers").map(Headers::unchecked_from_js);
            set.and_then(|headers| headers.set("Authorization", &credential.authorization())).map_err(refused)?;
        }
        Browser::fetch(&request).await.map_err(|thrown| self.failure(thrown))
    }

    fn failure(&self, thrown: JsValue) -> Error {
        match &self.signal {
            Some(signal) if is_aborted(signal) => aborted(signal, Phase::Request),
            _ => Error::new(Code::Network, Phase::Request, "The API could not be reached.")
                .caused_by(Cause(Rc::new(thrown))),
        }
    }
}

async fn send_with_token(client: Rc<Client<Browser>>, asked: Asked) -> Result<JsValue, Error> {
    if asked.withhold_token {
        return asked.send(None).await;
    }
    let borrowed = unless_aborted(asked.signal.clone(), Phase::Request, client.token_for(&asked.origin)).await?;
    let response = asked.send(Some(borrowed.token.credential())).await?;
    let (status, challenge) = (Browser::status(&response), Browser::header(&response, "WWW-Authenticate"));
    if !client.is_worth_a_new_token(status.unwrap_or_default(), challenge.as_deref()) {
        return Ok(response);
    }
    // Renewed even where the request cannot be repeated: the next one will need it.
    let renewed = async { Ok(client.token_instead_of(&borrowed).await) };
    match unless_aborted(asked.signal.clone(), Phase::Request, renewed).await? {
        Some(token) if asked.is_repeatable() => {
            Browser::discard(&response);
            asked.send(Some(token.credential())).await
        }
        _ => Ok(response),
    }
}

fn request(value: &JsValue) -> Option<Request> {
    foreign::is::<Request>(value, "[object Request]").then(|| value.clone().unchecked_into())
}

/// A path of the base without a slash at its end loses its last segment, as the URL standard has it.
fn resolve(url: &str, base: Option<&str>) -> Result<Place, Error> {
    let place = match base {
        Some(base) => Browser::resolve(url, base),
        None => Browser::resolve(url, &Browser::base_url()),
    };
    place.ok_or_else(|| unusable("The URL cannot be read."))
}

fn refused(thrown: JsValue) -> Error {
    unusable("The browser refuses this request.").caused_by(Cause(Rc::new(thrown)))
}

fn unusable(message: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Request, message)
}

impl OAuthClient {
    fn request(&self, method: Option<&str>, input: &JsValue, init: &JsValue) -> Promise {
        let (client, asked) = (self.client.clone(), Asked::read(&self.client, method, input, init));
        self.promise(asked.map(|asked| send_with_token(client, asked).boxed_local()))
    }
}

#[wasm_bindgen]
impl OAuthClient {
    pub fn fetch(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(None, input, init)
    }

    pub fn get(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(Some("GET"), input, init)
    }

    pub fn post(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(Some("POST"), input, init)
    }

    pub fn put(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(Some("PUT"), input, init)
    }

    pub fn patch(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(Some("PATCH"), input, init)
    }

    pub fn delete(&self, input: &JsValue, init: &JsValue) -> Promise {
        self.request(Some("DELETE"), input, init)
    }
}
