//! One client, as the contract's `OAuthClient`.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::abort::unless_aborted;
use super::convert::{self, Params};
use super::warnings;
use crate::browser::Browser;
use crate::browser::foreign::{get, set};
use crate::error::{Error, Phase, in_phase};
use crate::flow::client::Client;
use crate::flow::registry::Registry;
use crate::flow::session::value::Session;
use crate::protocol::logout::LogoutParams;
use crate::settings::params;
use crate::wire::{AuthorizationUrl, LogoutResult, LogoutUrl};

#[wasm_bindgen]
pub struct OAuthClient {
    registry: Rc<Registry<Browser>>,
    pub(super) client: Rc<Client<Browser>>,
    /// The session as it was last handed out: as long as it is the same, so are the objects (React compares by identity).
    shown: RefCell<Option<Shown>>,
}

struct Shown {
    session: Session,
    token: JsValue,
    claims: JsValue,
}

impl OAuthClient {
    pub fn new(registry: Rc<Registry<Browser>>, client: Rc<Client<Browser>>) -> Self {
        Self { registry, client, shown: RefCell::new(None) }
    }

    fn show<T>(&self, pick: impl Fn(&Shown) -> T) -> Option<T> {
        let session = self.client.session()?;
        if let Some(shown) = self.shown.borrow().as_ref().filter(|shown| shown.session == session) {
            return Some(pick(shown));
        }
        // Not while `shown` is borrowed: a page that has replaced `JSON.parse` may look here again.
        let token = convert::freeze(token_to_js(&session));
        // Asked of the session first: a page may have let others put a `userinfo` into `Object.prototype`.
        let known = session.claims().and_then(|_| get(&token, "userinfo").ok());
        let claims = known.filter(JsValue::is_object).unwrap_or(JsValue::NULL);
        let shown = Shown { session, token, claims };
        let picked = pick(&shown);
        self.shown.replace(Some(shown));
        Some(picked)
    }

    fn token_now(&self) -> JsValue {
        self.show(|shown| shown.token.clone()).unwrap_or(JsValue::NULL)
    }

    /// Runs a call of this client; its errors say whose they are. Boxed, so that every method shares one piece of glue.
    pub(super) fn promise(&self, call: impl Future<Output = Result<JsValue, Error>> + 'static) -> Promise {
        let call: LocalBoxFuture<'static, Result<JsValue, Error>> = call.boxed_local();
        let client = self.client.clone();
        future_to_promise(
            async move { call.await.map_err(|error| client.advise(error).of_client(&client.name).into()) },
        )
    }
}

pub fn token_to_js(session: &Session) -> JsValue {
    convert::json_to_js(&session.token().to_json(session.claims()))
}

#[wasm_bindgen]
impl OAuthClient {
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.client.name.clone()
    }

    #[wasm_bindgen(getter, js_name = clientId)]
    pub fn client_id(&self) -> String {
        self.client.config.client_id.clone()
    }

    #[wasm_bindgen(getter)]
    pub fn claims(&self) -> JsValue {
        self.show(|shown| shown.claims.clone()).unwrap_or(JsValue::NULL)
    }

    #[wasm_bindgen(getter)]
    pub fn token(&self) -> JsValue {
        self.token_now()
    }

    #[wasm_bindgen(getter, js_name = isAuthenticated)]
    pub fn is_authenticated(&self) -> bool {
        self.client.session().is_some()
    }

    #[wasm_bindgen(getter, js_name = supportsRpLogout)]
    pub fn supports_rp_logout(&self) -> Option<bool> {
        Some(self.client.cached_metadata()?.end_session_endpoint().is_some())
    }

    #[wasm_bindgen(js_name = loadServerMetadata)]
    pub fn load_server_metadata(&self, options: &JsValue) -> Promise {
        let (client, force) = (self.client.clone(), convert::force(options).map_err(in_phase(Phase::Metadata)));
        self.promise(async move {
            let metadata = client.server_metadata(force?).await?;
            Ok(convert::json_to_js(&metadata.members().clone().into()))
        })
    }

    #[wasm_bindgen(js_name = fetchJwkSet)]
    pub fn fetch_jwk_set(&self, options: &JsValue) -> Promise {
        let (client, force) = (self.client.clone(), convert::force(options).map_err(in_phase(Phase::IdToken)));
        self.promise(async move { Ok(convert::json_to_js(&client.jwk_set(force?).await?.to_json().into())) })
    }

    pub fn preload(&self) -> Promise {
        let client = self.client.clone();
        self.promise(async move { client.preload().await.map(|()| JsValue::UNDEFINED) })
    }

    #[wasm_bindgen(js_name = createAuthorizationUrl)]
    pub fn create_authorization_url(&self, params: &JsValue) -> Promise {
        let (client, params) = (self.client.clone(), Params::read(params).map_err(in_phase(Phase::Authorize)));
        self.promise(async move {
            let params = params?;
            let work = client.create_authorization_url(params.json);
            let request = unless_aborted(params.signal, Phase::Authorize, work).await?;
            Ok(convert::to_js(&AuthorizationUrl::of(&request)))
        })
    }

    #[wasm_bindgen(js_name = saveAuthorizeData)]
    pub fn save_authorize_data(&self, data: &JsValue) -> Promise {
        let (client, data) = (self.client.clone(), Params::read(data).map_err(in_phase(Phase::Authorize)));
        self.promise(async move {
            let data = data?;
            client.save_authorize_data(data.json, data.app_state).await.map(|()| JsValue::UNDEFINED)
        })
    }

    #[wasm_bindgen(js_name = authorizeRedirect)]
    pub fn authorize_redirect(&self, params: &JsValue) -> Promise {
        let (client, params) = (self.client.clone(), Params::read(params).map_err(in_phase(Phase::Authorize)));
        if client.has_unread_response() {
            warnings::of_unread_response();
        }
        let begun = params.map(|params| (params.signal, client.prepare_login(params.json, params.app_state)));
        self.promise(async move {
            let (signal, work) = begun?;
            let ready = unless_aborted(signal, Phase::Authorize, work).await?;
            client.leave_for_login(ready).await.map(|()| JsValue::UNDEFINED)
        })
    }

    /// The URL is read when this is called, not a moment later when a router may have changed it.
    #[wasm_bindgen(js_name = authorizeAccessToken)]
    pub fn authorize_access_token(&self, url: &JsValue) -> Promise {
        let this = Self::new(self.registry.clone(), self.client.clone());
        let begun = convert::optional_url(url).map(|url| self.registry.authorize_access_token(&this.client.name, url));
        self.promise(async move {
            begun?.await?;
            Ok(this.token_now())
        })
    }

    #[wasm_bindgen(js_name = createLogoutUrl)]
    pub fn create_logout_url(&self, params: &JsValue) -> Promise {
        let (client, params) = (self.client.clone(), logout_params(params));
        self.promise(async move {
            let request = client.create_logout_request(params?.0).await?;
            Ok(convert::to_js(&LogoutUrl::of(&request)))
        })
    }

    #[wasm_bindgen(js_name = logoutRedirect)]
    pub fn logout_redirect(&self, params: &JsValue) -> Promise {
        let begun = logout_params(params).map(|(params, app_state)| self.client.logout_redirect(params, app_state));
        self.promise(async move { begun?.await.map(|()| JsValue::UNDEFINED) })
    }

    /// The URL is read at once, as for `authorizeAccessToken`.
    #[wasm_bindgen(js_name = validateLogoutResponse)]
    pub fn validate_logout_response(&self, url: &JsValue) -> Promise {
        let begun = convert::optional_url(url)
            .map(|url| self.registry.validate_logout_response(&self.client.name, url))
            .map_err(in_phase(Phase::Logout));
        self.promise(async move {
            let outcome = begun?.await?;
            let result = convert::to_js(&LogoutResult::of(&outcome));
            set(&result, "appState", &convert::app_state_to_js(outcome.app_state.as_deref()));
            Ok(result)
        })
    }

    pub fn clear(&self) -> Promise {
        let cleared = self.client.sign_out_here();
        self.promise(async move { Ok(cleared.map(|()| JsValue::UNDEFINED)?) })
    }
}

fn logout_params(params: &JsValue) -> Result<(LogoutParams, Option<String>), Error> {
    let read = Params::read(params).map_err(in_phase(Phase::Logout))?;
    let parsed = params::logout(read.json).map_err(in_phase(Phase::Logout))?;
    Ok((parsed, read.app_state))
}
