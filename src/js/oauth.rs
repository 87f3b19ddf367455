//! The registry, for the skin's `OAuth` class.

use std::future::{pending, ready};
use std::rc::Rc;

use futures_util::FutureExt;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::{OAuthClient, nothing, token_to_js};
use super::convert;
use super::promise::promise;
use super::{events, functions, warnings};
use crate::browser::foreign::{get, invoke, set, window};
use crate::browser::waiting::is_aborted;
use crate::browser::window::Browser;
use crate::error::{Code, Error, Phase};
use crate::flow::abort::unless_aborted;
use crate::flow::awake;
use crate::flow::hooks::FetchToken;
use crate::flow::page_state::PageState;
use crate::flow::registry::Registry;
use crate::flow::settings_file;
use crate::settings::options::Options;
use crate::wire::Fields;

thread_local! {
    static DOCUMENT: Rc<PageState> = Rc::default();
}

#[wasm_bindgen]
pub struct OAuthCore {
    registry: Rc<Registry<Browser>>,
    /// `fetchToken` for clients without one of their own.
    fetch_token: Option<FetchToken>,
}

#[wasm_bindgen]
impl OAuthCore {
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<OAuthCore, JsValue> {
        let options = convert::own_members(&options, "options")?;
        // The skin has used them.
        for name in ["wasm", "verifierWasm", "workerUrl"] {
            let _ = Reflect::delete_property(&options, &name.into());
        }
        let fetch_token = functions::take_fetch_token(&options)?;
        functions::take_log(&options)?;
        let options = Options::from_json(convert::settings(&options, "options")?).map_err(Error::from)?;
        let no_page = || {
            let message = "createOAuth needs a page, and there is no page here.";
            Error::new(Code::ConfigInvalid, Phase::Config, message).with_remedy(
                "Call createOAuth in the browser and not on the server, for example in an effect or in onMount.",
            )
        };
        let browser = Browser::detect(&options).ok_or_else(no_page)?;
        if !browser.is_secure() {
            warnings::of_plain_http();
        }
        let registry = Rc::new(Registry::new(options, Rc::new(browser), DOCUMENT.with(Rc::clone)));
        awake::live_among_tabs(&registry);
        Ok(Self { registry, fetch_token })
    }

    /// Calls `listener` with the type of each event and its detail. An exception of the listener is ignored.
    #[wasm_bindgen(js_name = onEvent)]
    pub fn on_event(&self, listener: Function) {
        awake::listen(&self.registry, move |name, event| {
            let (kind, detail) = events::to_js(name, event);
            let _ = invoke(&listener, &[&kind.into(), &detail]);
        });
    }

    /// Finds the settings at any place that they may have, and gives a list of `[name, settings]`: the value of a promise must not have a
    /// `then`, which a settings object may have.
    #[wasm_bindgen(js_name = loadSettings)]
    pub fn load_settings(&self, source: JsValue) -> Promise {
        let registry = self.registry.clone();
        let work = async move {
            let object = if let Some(url) = convert::url_text(&source) {
                settings_file::fetch(&*registry.platform, &url, registry.options.request_timeout).await?
            } else if let Some(text) = convert::script_text(&source) {
                settings_file::parse(text.as_bytes())?
            } else {
                return convert::clients(&source);
            };
            convert::clients(&convert::json_to_js(&object))
        };
        promise(work.boxed_local())
    }

    pub fn register(&self, name: JsValue, settings: JsValue, options: JsValue) -> Result<OAuthClient, JsValue> {
        let no_name = || Error::new(Code::ConfigInvalid, Phase::Config, "\"name\" must be a string.");
        let name = &*name.as_string().ok_or_else(no_name)?;
        let read = || {
            let options = convert::own_members(&options, "options")?;
            let overwrite = get(&options, "overwrite") == true;
            let (settings, functions) = functions::take(&settings)?;
            Ok((convert::settings(&settings, "settings")?, functions, overwrite))
        };
        let (settings, mut functions, overwrite) = read().map_err(|error: Error| error.of_client(name))?;
        functions.fetch_token = functions.fetch_token.or_else(|| self.fetch_token.clone());
        let client = self.registry.register(name, settings, functions, overwrite)?;
        if client.config.insecure_client_secret.is_some() {
            warnings::of_secret();
        }
        awake::begin(&self.registry, &client);
        Ok(OAuthClient::new(self.registry.clone(), client))
    }

    /// Asks the other tabs for the sessions that are not here. The promise waits for the answers, for half a second at most, and not for the
    /// silent logins that begin then. A page in a frame of its own origin begins none: the frame may be that of such a login, whose
    /// response was lost on the way, and the page in it would show a frame with the same page again.
    pub fn ask(&self) -> Promise {
        let asking = match get(&window(), "frameElement").is_object() {
            true => awake::ask(&self.registry),
            false => awake::bring_back(&self.registry),
        };
        promise(async move { Ok(asking.map(nothing).await) }.boxed_local())
    }

    pub fn unregister(&self, name: JsValue) -> bool {
        name.as_string().is_some_and(|name| self.registry.unregister(&name))
    }

    /// The URL is read during this call: a router may change it a moment later.
    #[wasm_bindgen(js_name = handleRedirect)]
    pub fn handle_redirect(&self, url: JsValue, options: JsValue) -> Promise {
        let registry = self.registry.clone();
        let signal = match convert::signal_of(&options) {
            Ok(signal) => signal,
            Err(error) => return promise(ready(Err(error)).boxed_local()),
        };
        // Nothing begins for a caller that has given up already.
        let is_given_up = signal.as_ref().is_some_and(is_aborted);
        let begun = (!is_given_up).then(|| convert::optional_url(&url).map(|url| registry.handle_redirect(url)));
        let work = async move {
            let Some(begun) = begun else { return pending().await };
            let Some(outcome) = begun?.await? else { return Ok(JsValue::NULL) };
            let result = convert::to_js(&Fields::of_redirect(&outcome));
            if let Some(session) = registry.client(&outcome.client).and_then(|client| client.session()) {
                set(&result, "token", &token_to_js(&session));
            }
            set(&result, "appState", &convert::app_state_to_js(outcome.app_state.as_deref()));
            Ok(result)
        };
        let work = work.boxed_local();
        promise(async move { unless_aborted(signal.as_ref(), Phase::Callback, work).await }.boxed_local())
    }
}
