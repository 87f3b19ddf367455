//! The page itself: its address bar, and leaving it.

use std::pin::pin;

use futures_util::future::{Either, select};
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, Url};

use super::foreign::{get, is_true, text};
use super::waiting::promise;
use super::{Browser, window};
use crate::ports::AddressBar;

fn address() -> String {
    window().location().href().unwrap_or_default()
}

impl AddressBar for Browser {
    fn url(&self) -> String {
        address()
    }

    fn history_length(&self) -> u32 {
        window().history().and_then(|history| history.length()).unwrap_or_default()
    }

    /// Keeps the router's `history.state`. A browser may refuse (too many calls in a second): then the response stays in sight,
    /// used up.
    fn replace(&self, url: &str) {
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(url));
        }
    }
}

impl Browser {
    /// What relative URLs of the page refer to.
    pub fn base_url() -> String {
        let base = window().document().and_then(|document| document.base_uri().ok().flatten());
        base.unwrap_or_else(address)
    }

    /// As the URL standard has it; `None` for what is no URL.
    pub fn resolve(url: &str, base: &str) -> Option<Place> {
        let url = Url::new_with_base(url, base).ok()?;
        Some(Place { href: text(&url, "href")?, origin: text(&url, "origin")? })
    }

    /// Calls back once, unless the page goes away before.
    pub fn after(milliseconds: u32, callback: impl FnOnce() + 'static) {
        let callback = Closure::once_into_js(callback);
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), milliseconds);
    }

    /// A page that is left may be shown again (back/forward cache): it listens to nobody meanwhile, and `woken` is called then.
    pub fn while_awake(&self, woken: impl Fn() + 'static) {
        let browser = *self;
        let hidden = Closure::<dyn Fn()>::new(move || browser.stop_listening());
        let shown = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if is_true(&event, "persisted") {
                woken();
            }
        });
        let _ = window().add_event_listener_with_callback("pagehide", hidden.as_ref().unchecked_ref());
        let _ = window().add_event_listener_with_callback("pageshow", shown.as_ref().unchecked_ref());
        // As long as the page: nothing to take back.
        hidden.forget();
        shown.forget();
    }

    /// Leaves for `url`. Returns only if that failed to start, or when the person came back to this very page (bfcache).
    pub async fn leave(&self, url: &str) {
        if window().location().assign(url).is_ok() {
            let _ = came_back().await;
        }
    }

    /// Leaves by a form POST, which keeps the fields out of URLs.
    pub async fn leave_by_post(&self, url: &str, fields: &[(String, String)]) -> Result<(), Forbidden> {
        // Where most browsers tell of it: to the caller of `submit`, a form that may not be sent looks like one that is.
        let forbidden = heard("securitypolicyviolation", |event| {
            text(event, "effectiveDirective").is_some_and(|directive| directive == "form-action")
        });
        // Firefox throws.
        submit(url, fields).map_err(|_| Forbidden)?;
        match select(pin!(came_back()), pin!(forbidden)).await {
            Either::Left(_) => Ok(()),
            Either::Right(_) => Err(Forbidden),
        }
    }
}

/// A URL, parsed.
pub struct Place {
    pub href: String,
    pub origin: String,
}

/// The page's Content-Security-Policy does not let it send a form there.
pub struct Forbidden;

fn submit(url: &str, fields: &[(String, String)]) -> Result<(), JsValue> {
    let document = window().document().ok_or(JsValue::UNDEFINED)?;
    let form: HtmlFormElement = document.create_element("form")?.dyn_into::<Element>()?.unchecked_into();
    form.set_method("post");
    form.set_action(url);
    form.set_hidden(true);
    // A form's controls are members of it, over its own: one named `submit` would hide the method. They join it at the end.
    let submit: Function = get(&form, "submit")?.dyn_into()?;
    let controls = document.create_element("div")?;
    for (name, value) in fields {
        let input: HtmlInputElement = document.create_element("input")?.unchecked_into();
        input.set_type("hidden");
        input.set_name(name);
        input.set_value(value);
        controls.append_child(&input)?;
    }
    let root = document.document_element().ok_or(JsValue::UNDEFINED)?;
    root.append_child(&form)?;
    form.append_child(&controls)?;
    let result = submit.call0(&form);
    // The browser has copied the fields; the id_token does not stay in the document.
    root.remove_child(&form)?;
    result.map(drop)
}

/// Settles when the page is shown again out of the back/forward cache: the one way a page that left can go on.
fn came_back() -> JsFuture {
    heard("pageshow", |event| is_true(event, "persisted"))
}

/// Listens from now on for an event of the window; settles at the first that is the one.
fn heard(name: &str, is_the_one: fn(&JsValue) -> bool) -> JsFuture {
    let (heard, resolve) = promise();
    let listener = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        if is_the_one(&event) {
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    let _ = window().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref());
    // Once per navigation of a page that is going away: nothing to take back.
    listener.forget();
    JsFuture::from(heard)
}
