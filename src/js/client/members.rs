//! The members of `OAuthClient` by their numbers: a method or a getter of its own for each of them would be glue for each.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::OAuthClient;

#[wasm_bindgen]
impl OAuthClient {
    /// Calls a method, by its place in the list `VERBS` of pkg-template/core.js.
    pub fn call(&self, verb: usize, first: &JsValue, second: &JsValue) -> JsValue {
        match verb {
            0 => self.authorize_redirect(first),
            1 => self.authorize_popup(first, second),
            2 => self.authorize_access_token(first, second),
            3 => self.create_authorization_url(first),
            4 => self.save_authorize_data(first),
            5 => self.preload(first),
            6 => self.load_server_metadata(first),
            7 => self.fetch_jwk_set(first),
            8 => self.get_access_token(first),
            9 => self.refresh_token(first),
            10 => self.revoke_token(first, second),
            11 => self.parse_id_token(first, second),
            12 => self.userinfo(first),
            13 => self.request(None, first, second),
            14 => self.request(Some("GET"), first, second),
            15 => self.request(Some("POST"), first, second),
            16 => self.request(Some("PUT"), first, second),
            17 => self.request(Some("PATCH"), first, second),
            18 => self.request(Some("DELETE"), first, second),
            19 => self.logout_redirect(first),
            20 => self.create_logout_url(first),
            21 => self.validate_logout_response(first),
            22 => self.handle_front_channel_logout(first),
            23 => self.clear(),
            24 => self.touch(),
            25 => self.monitor_session(first, second),
            _ => JsValue::UNDEFINED,
        }
    }

    /// Gives the value of a getter, by its place in the list `GETTERS` of pkg-template/core.js.
    pub fn see(&self, getter: usize) -> JsValue {
        match getter {
            0 => self.name(),
            1 => self.client_id(),
            2 => self.claims(),
            3 => self.token(),
            4 => self.is_authenticated(),
            5 => self.supports_rp_logout(),
            _ => JsValue::UNDEFINED,
        }
    }
}
