//! The client's tokens: having them renewed, revoked and explained.

use js_sys::Promise;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::abort::unless_aborted;
use super::client::OAuthClient;
use super::convert::{self, Params};
use crate::error::{Code, Error, Phase, in_phase};
use crate::protocol::revocation::TokenKind;
use crate::settings::params::{self, TokenOptions};

#[wasm_bindgen]
impl OAuthClient {
    #[wasm_bindgen(js_name = getAccessToken)]
    pub fn get_access_token(&self, options: &JsValue) -> Promise {
        let (client, options) = (self.client.clone(), read_options(options, false));
        self.promise(async move {
            let (options, signal) = options?;
            let token = unless_aborted(signal, Phase::Token, client.access_token(&options)).await?;
            Ok(token.access_token.expose().into())
        })
    }

    #[wasm_bindgen(js_name = refreshToken)]
    pub fn refresh_token(&self, options: &JsValue) -> Promise {
        let (client, options) = (self.client.clone(), read_options(options, true));
        self.promise(async move {
            let (options, signal) = options?;
            let token = unless_aborted(signal, Phase::Refresh, client.access_token(&options)).await?;
            let session = client.session();
            let claims = session.as_ref().and_then(|session| session.claims());
            Ok(convert::freeze(convert::json_to_js(&token.to_json(claims))))
        })
    }

    #[wasm_bindgen(js_name = revokeToken)]
    pub fn revoke_token(&self, hint: &JsValue) -> Promise {
        let client = self.client.clone();
        let kind = match hint.as_string() {
            None if hint.is_undefined() || hint.is_null() => Ok(None),
            hint => hint.as_deref().and_then(TokenKind::parse).map(Some).ok_or_else(|| {
                let message = "\"hint\" must be \"access_token\" or \"refresh_token\".";
                Error::new(Code::ConfigInvalid, Phase::Token, message)
            }),
        };
        self.promise(async move { client.revoke_token(kind?).await.map(|()| JsValue::UNDEFINED) })
    }

    pub fn userinfo(&self, options: &JsValue) -> Promise {
        let (client, options) = (self.client.clone(), Params::read(options).map_err(in_phase(Phase::Userinfo)));
        self.promise(async move {
            let claims = unless_aborted(options?.signal, Phase::Userinfo, client.userinfo()).await?;
            Ok(convert::json_to_js(&Value::Object(claims)))
        })
    }

    #[wasm_bindgen(js_name = parseIdToken)]
    pub fn parse_id_token(&self, id_token: &JsValue, expected: &JsValue) -> Promise {
        let (client, id_token) = (self.client.clone(), id_token.as_string());
        let expected = Params::read(expected).and_then(|read| Ok(params::parse_id_token(read.json)?));
        self.promise(async move {
            let id_token = id_token
                .ok_or_else(|| Error::new(Code::ConfigInvalid, Phase::IdToken, "\"idToken\" must be a string."))?;
            let claims = client.parse_id_token(&id_token, expected.map_err(in_phase(Phase::IdToken))?).await?;
            Ok(convert::freeze(convert::json_to_js(&Value::Object(claims.as_object().clone()))))
        })
    }
}

fn read_options(options: &JsValue, is_refresh: bool) -> Result<(TokenOptions, Option<web_sys::AbortSignal>), Error> {
    let phase = if is_refresh { Phase::Refresh } else { Phase::Token };
    let read = Params::read(options).map_err(in_phase(phase))?;
    let options = params::access_token(read.json, is_refresh).map_err(in_phase(phase))?;
    Ok((options, read.signal))
}
