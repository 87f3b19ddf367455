//! The registry, for the skin's `OAuth` class.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::client::OAuthClient;
use super::convert::{self, Source};
use crate::browser::{Browser, set};
use crate::error::{Code, Error, Phase};
use crate::flow::document::Document;
use crate::flow::registry::Registry;
use crate::flow::settings;
use crate::protocol::options::Options;
use crate::wire::RedirectFields;

thread_local! {
    static DOCUMENT: Rc<Document> = Rc::default();
}

#[wasm_bindgen]
pub struct OAuthCore {
    registry: Rc<Registry<Browser>>,
}

#[wasm_bindgen]
impl OAuthCore {
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<OAuthCore, JsValue> {
        let options = Options::from_json(convert::settings(options, "options")?).map_err(Error::from)?;
        let no_page =
            || Error::new(Code::ConfigInvalid, Phase::Config, "createOAuth needs a page: call it in a browser window.");
        let browser = Browser::detect().ok_or_else(no_page)?;
        let registry = Registry::new(options, Rc::new(browser), DOCUMENT.with(Rc::clone));
        Ok(Self { registry: Rc::new(registry) })
    }

    /// The settings object, wherever it is.
    #[wasm_bindgen(js_name = loadSettings)]
    pub async fn load_settings(&self, source: JsValue) -> Result<JsValue, JsValue> {
        let object = match convert::source(&source) {
            Source::Object => return Ok(convert::require_object(source, "settings")?),
            Source::Url(url) => settings::fetch(&Browser, &url, self.registry.options.request_timeout).await?,
            Source::Text(text) => settings::parse(text.as_bytes())?,
        };
        Ok(convert::json_to_js(&object.into()))
    }

    pub fn register(&self, name: &str, settings: &JsValue, overwrite: bool) -> Result<OAuthClient, JsValue> {
        let settings = convert::settings(settings, "settings")?;
        let provider = self.registry.register(name, settings, overwrite)?;
        Ok(OAuthClient::new(self.registry.clone(), provider))
    }

    pub fn unregister(&self, name: &str) -> bool {
        self.registry.unregister(name)
    }

    #[wasm_bindgen(getter)]
    pub fn names(&self) -> Vec<String> {
        self.registry.names()
    }

    /// Not `async`: the URL is read when this is called, not a moment later when a router may have changed it.
    #[wasm_bindgen(js_name = handleRedirect)]
    pub fn handle_redirect(&self, url: &JsValue) -> Promise {
        let registry = self.registry.clone();
        let begun = convert::optional_url(url).map(|url| registry.handle_redirect(url));
        future_to_promise(async move {
            let Some(outcome) = begun?.await? else { return Ok(JsValue::NULL) };
            let result = convert::to_js(&RedirectFields::of(&outcome));
            if let Some(session) = registry.client(&outcome.client).and_then(|client| client.session()) {
                set(&result, "token", &convert::freeze(super::client::token_to_js(&session)));
            }
            set(&result, "appState", &convert::app_state_to_js(outcome.app_state.as_deref()));
            Ok(result)
        })
    }
}
