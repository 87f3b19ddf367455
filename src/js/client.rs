//! One client, as the contract's `OAuthClient`.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::abort::unless_aborted;
use super::convert::{self, Params};
use crate::browser::Browser;
use crate::error::{Error, Phase, in_phase};
use crate::flow::provider::Provider;
use crate::flow::redirect::OutcomeKind;
use crate::flow::registry::Registry;
use crate::flow::session::Session;
use crate::protocol::logout::{LogoutParams, Method};
use crate::wire::{AuthorizationUrl, LogoutUrl};

#[wasm_bindgen]
pub struct OAuthClient {
    registry: Rc<Registry<Browser>>,
    provider: Rc<Provider<Browser>>,
    /// The session as it was last handed out: as long as it is the same, so are the objects (React compares by identity).
    shown: RefCell<Option<Shown>>,
}

struct Shown {
    session: Session,
    token: JsValue,
    claims: JsValue,
}

impl OAuthClient {
    pub fn new(registry: Rc<Registry<Browser>>, provider: Rc<Provider<Browser>>) -> Self {
        Self { registry, provider, shown: RefCell::new(None) }
    }

    fn show<T>(&self, pick: impl Fn(&Shown) -> T) -> Option<T> {
        let session = self.provider.session()?;
        let mut shown = self.shown.borrow_mut();
        if let Some(shown) = shown.as_ref().filter(|shown| shown.session == session) {
            return Some(pick(shown));
        }
        let token = convert::freeze(token_to_js(&session));
        let claims = Reflect::get(&token, &"userinfo".into()).ok().filter(JsValue::is_object).unwrap_or(JsValue::NULL);
        Some(pick(shown.insert(Shown { session, token, claims })))
    }

    fn token_now(&self) -> JsValue {
        self.show(|shown| shown.token.clone()).unwrap_or(JsValue::NULL)
    }

    /// Errors of this client's calls say whose they are.
    fn named(&self) -> impl Fn(Error) -> JsValue + use<> {
        let name = self.provider.name.clone();
        move |error| error.of_client(&name).into()
    }
}

pub fn token_to_js(session: &Session) -> JsValue {
    convert::json_to_js(&session.token().to_json(session.claims()))
}

#[wasm_bindgen]
impl OAuthClient {
    #[wasm_bindgen(getter)]
    pub fn name(&self) -> String {
        self.provider.name.clone()
    }

    #[wasm_bindgen(getter, js_name = clientId)]
    pub fn client_id(&self) -> String {
        self.provider.config.client_id.clone()
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
        self.provider.session().is_some()
    }

    #[wasm_bindgen(getter, js_name = supportsRpLogout)]
    pub fn supports_rp_logout(&self) -> Option<bool> {
        Some(self.provider.remembered_metadata()?.end_session_endpoint().is_some())
    }

    #[wasm_bindgen(js_name = loadServerMetadata)]
    pub async fn load_server_metadata(&self, options: JsValue) -> Result<JsValue, JsValue> {
        let metadata = self.provider.server_metadata(convert::flag(&options, "force")).await.map_err(self.named())?;
        Ok(convert::json_to_js(&metadata.members().clone().into()))
    }

    #[wasm_bindgen(js_name = fetchJwkSet)]
    pub async fn fetch_jwk_set(&self, options: JsValue) -> Result<JsValue, JsValue> {
        let keys = self.provider.jwk_set(convert::flag(&options, "force")).await.map_err(self.named())?;
        Ok(convert::json_to_js(&keys.to_json()))
    }

    pub async fn preload(&self) -> Result<(), JsValue> {
        self.provider.preload().await.map_err(self.named())
    }

    #[wasm_bindgen(js_name = createAuthorizationUrl)]
    pub async fn create_authorization_url(&self, params: JsValue) -> Result<JsValue, JsValue> {
        let params = Params::read(&params).map_err(in_phase(Phase::Authorize)).map_err(self.named())?;
        let work = self.provider.create_authorization_url(params.json);
        let request = unless_aborted(params.signal, Phase::Authorize, work).await.map_err(self.named())?;
        Ok(convert::to_js(&AuthorizationUrl::of(&request)))
    }

    #[wasm_bindgen(js_name = saveAuthorizeData)]
    pub async fn save_authorize_data(&self, data: JsValue) -> Result<(), JsValue> {
        let data = Params::read(&data).map_err(in_phase(Phase::Authorize)).map_err(self.named())?;
        self.provider.save_authorize_data(data.json, data.app_state).await.map_err(self.named())
    }

    #[wasm_bindgen(js_name = authorizeRedirect)]
    pub async fn authorize_redirect(&self, params: JsValue) -> Result<(), JsValue> {
        let params = Params::read(&params).map_err(in_phase(Phase::Authorize)).map_err(self.named())?;
        let work = self.provider.begin_login(params.json, params.app_state);
        let url = unless_aborted(params.signal, Phase::Authorize, work).await.map_err(self.named())?;
        self.provider.platform.leave(&url).await;
        Ok(())
    }

    /// Not `async`, for the reason of `handleRedirect`.
    #[wasm_bindgen(js_name = authorizeAccessToken)]
    pub fn authorize_access_token(&self, url: &JsValue) -> Promise {
        let named = self.named();
        let this = Self::new(self.registry.clone(), self.provider.clone());
        let begun =
            convert::optional_url(url).map(|url| self.registry.authorize_access_token(&this.provider.name, url));
        future_to_promise(async move {
            begun.map_err(&named)?.await.map_err(&named)?;
            Ok(this.token_now())
        })
    }

    #[wasm_bindgen(js_name = createLogoutUrl)]
    pub async fn create_logout_url(&self, params: JsValue) -> Result<JsValue, JsValue> {
        let (params, _) = logout_params(&params).map_err(self.named())?;
        let request = self.provider.create_logout_request(params).await.map_err(self.named())?;
        Ok(convert::to_js(&LogoutUrl::of(&request)))
    }

    #[wasm_bindgen(js_name = logoutRedirect)]
    pub async fn logout_redirect(&self, params: JsValue) -> Result<(), JsValue> {
        let (params, app_state) = logout_params(&params).map_err(self.named())?;
        let method = params.method;
        let request = self.provider.begin_logout(params, app_state).await.map_err(self.named())?;
        let page = &self.provider.platform;
        match (request, method) {
            (None, _) => {}
            (Some(request), Method::Get) => page.leave(&request.url()).await,
            (Some(request), Method::Post) => page.leave_by_post(&request.endpoint, &request.fields).await,
        }
        Ok(())
    }

    /// Not `async`, for the reason of `handleRedirect`.
    #[wasm_bindgen(js_name = validateLogoutResponse)]
    pub fn validate_logout_response(&self, url: &JsValue) -> Promise {
        let named = self.named();
        let begun =
            convert::optional_url(url).map(|url| self.registry.validate_logout_response(&self.provider.name, url));
        future_to_promise(async move {
            let outcome = begun.map_err(&named)?.await.map_err(&named)?;
            let result = Object::new();
            if let OutcomeKind::Logout { post_logout_redirect_uri } = &outcome.kind {
                Reflect::set(&result, &"post_logout_redirect_uri".into(), &post_logout_redirect_uri.into())?;
            }
            Reflect::set(&result, &"appState".into(), &convert::app_state_to_js(outcome.app_state.as_deref()))?;
            Ok(result.into())
        })
    }

    pub async fn clear(&self) -> Result<(), JsValue> {
        self.provider.sign_out_here().map_err(|error| self.named()(error.into()))
    }
}

fn logout_params(params: &JsValue) -> Result<(LogoutParams, Option<String>), Error> {
    let params = Params::read(params).map_err(in_phase(Phase::Logout))?;
    let parsed = LogoutParams::from_json(params.json).map_err(in_phase(Phase::Logout))?;
    Ok((parsed, params.app_state))
}
