//! The popup and the hidden frame of a login: JavaScript of its own, which the skin loads when a login needs it first (windows.js).

use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::super::foreign::{get, invoke, text};
use super::super::skin;
use super::super::waiting::promise;
use super::super::window::Browser;
use crate::ports::{End, Popup, Unrelayed, Windows};

/// A window of the page, as the port passes it on. Every window has `closed`, also one that shows a page of another origin.
pub fn as_popup(window: &JsValue) -> Option<Popup> {
    let is_window = get(window, "closed").as_bool().is_some();
    is_window.then(|| Rc::new(window.clone()) as Popup)
}

/// Ends what `show` has begun: its listeners, and its frame.
struct Shown(Function);

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = invoke(&self.0, &[]);
    }
}

impl Windows for Browser {
    async fn relayed(&self, url: &str, state: &str, popup: Option<&Popup>, patience: u32) -> Result<String, Unrelayed> {
        let show: Function = skin::ask("loadWindows", &[]).await.and_then(JsValue::dyn_into).map_err(not_loaded)?;
        let (over, end) = promise();
        let window = popup.and_then(|popup| popup.downcast_ref::<JsValue>()).cloned().unwrap_or_default();
        let arguments = [&url.into(), &state.into(), &window, &patience.into(), &end];
        let stop = invoke(&show, &arguments).map_err(not_loaded)?;
        let _shown = stop.dyn_into().map(Shown);
        let said = JsFuture::from(over).await.unwrap_or_default();
        said.as_string().ok_or_else(|| {
            let end = match &*text(&said, "code").unwrap_or_default() {
                "popup_closed" => End::Closed,
                "config_invalid" => End::Forbidden,
                "aborted" => End::Left,
                _ => End::Late,
            };
            unrelayed(end, &said)
        })
    }
}

/// The skin gives the error of a file that did not come (load.js).
fn not_loaded(thrown: JsValue) -> Unrelayed {
    unrelayed(End::NotLoaded, &thrown)
}

fn unrelayed(end: End, said: &JsValue) -> Unrelayed {
    let words = |name| text(said, name).unwrap_or_default();
    Unrelayed { end, message: words("message"), remedy: words("remedy") }
}
