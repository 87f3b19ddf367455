//! The methods of `OAuthClient` for what a page shows beside itself: the popup and the hidden frame of a login, and the frame of the monitor.

use futures_util::FutureExt;
use wasm_bindgen::JsValue;

use super::super::convert;
use super::OAuthClient;
use crate::browser::page::windows::as_popup;
use crate::error::Phase;
use crate::flow::leave::monitor::{self, Step};
use crate::flow::leave::windows::{Window, authorize_in};

impl OAuthClient {
    /// `authorizePopup`, and `authorizeSilent` where `popup` is `undefined`. The window is `null` if the browser has blocked it.
    pub(super) fn authorize_popup(&self, params: &JsValue, popup: &JsValue) -> JsValue {
        self.verb(Phase::Authorize, params, &mut |client, params| {
            let window = match popup {
                popup if popup.is_undefined() => Window::Frame,
                popup if popup.is_null() => Window::Popup(None),
                popup => Window::Popup(Some(as_popup(popup).ok_or_else(|| convert::bad("popup", "a Window"))?)),
            };
            let begun = authorize_in(window, &client, params.json.take(), params.app_state.take());
            let this = Self::new(self.registry.clone(), client);
            Ok(async move { begun.await.map(|_| this.token()) }.boxed_local())
        })
    }

    /// The next step of the session monitor (monitor.js): the question for the frame, `true` for a silent login, or `undefined`. `answer` is
    /// what the frame said to `question`, or the code of the error that the silent login ended with.
    pub(super) fn monitor_session(&self, question: &JsValue, answer: &JsValue) -> JsValue {
        let said = |text: &JsValue| text.as_string().unwrap_or_default();
        match monitor::watch(&self.client, &said(question), &said(answer)) {
            Step::Rest => JsValue::UNDEFINED,
            Step::Ask(question) => JsValue::from_str(&question),
            Step::LogIn => JsValue::TRUE,
        }
    }
}
