//! The method of `OAuthClient` that logs a person in beside the page: in a popup, and in a hidden frame.

use futures_util::FutureExt;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::OAuthClient;
use super::convert;
use crate::browser::page::windows::as_popup;
use crate::error::Phase;
use crate::flow::leave::windows::{Window, authorize_in};

#[wasm_bindgen]
impl OAuthClient {
    /// `authorizePopup`, and `authorizeSilent` where `popup` is `undefined`. The window is `null` if the browser has blocked it.
    #[wasm_bindgen(js_name = authorizePopup)]
    pub fn authorize_popup(&self, params: JsValue, popup: JsValue) -> Promise {
        self.verb(Phase::Authorize, &params, &mut |client, params| {
            let window = match &popup {
                popup if popup.is_undefined() => Window::Frame,
                popup if popup.is_null() => Window::Popup(None),
                popup => Window::Popup(Some(as_popup(popup).ok_or_else(|| convert::bad("popup", "a Window"))?)),
            };
            let begun = authorize_in(window, &client, params.json.take(), params.app_state.take());
            let this = Self::new(self.registry.clone(), client);
            Ok(async move { begun.await.map(|_| this.token()) }.boxed_local())
        })
    }
}
