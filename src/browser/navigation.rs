//! Leaving the page, and noticing that it stayed.
//!
//! A browser tells a page that it is left (`pagehide`) and, where there is the
//! [Navigation API](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api), that its navigation was cancelled.
//! No browser tells of an answer without a page (HTTP status 204, a download): patience ends there.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, pending, select};
use js_sys::Function;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, EventTarget, HtmlFormElement, HtmlInputElement};

use super::foreign::{get, is_true, text};
use super::waiting::{elapsed, promise};
use super::{Browser, window};
use crate::ports::{Left, Navigation};

impl Navigation for Browser {
    async fn leave(
        &self,
        url: &str,
        form: Option<&[(String, String)]>,
        patience: u32,
        held: Option<Self::Held>,
    ) -> Left {
        let window = window();
        let came_back = Heard::of(&window, "pageshow", |event| is_true(event, "persisted"));
        let hidden = Heard::of(&window, "pagehide", |_| true);
        // Where most browsers tell of it: to the caller of `submit`, a form that may not be sent looks like one that is.
        let forbidden = Heard::of(&window, "securitypolicyviolation", |event| {
            text(event, "effectiveDirective").is_some_and(|directive| directive == "form-action")
        });
        let cancelled = Cancelled::watch();
        let begun = match form {
            None => window.location().assign(url).map_err(|_| Left::Stayed),
            // Firefox throws.
            Some(fields) => submit(url, fields).map_err(|_| Left::Forbidden),
        };
        if let Err(left) = begun {
            return left;
        }
        let forbidden = async {
            if form.is_none() {
                pending::<()>().await;
            }
            forbidden.settled().await;
        };
        let stayed = async {
            select(pin!(cancelled.settled()), pin!(waited(patience))).await;
        };
        match select(pin!(hidden.settled()), pin!(select(pin!(forbidden), pin!(stayed)))).await {
            Either::Left(_) => {
                // A browser keeps no page in the back/forward cache that holds a lock.
                drop(held);
                came_back.settled().await;
                Left::CameBack
            }
            Either::Right((Either::Left(_), _)) => Left::Forbidden,
            Either::Right((Either::Right(_), _)) => Left::Stayed,
        }
    }
}

/// Second by second: a dialog ("Leave site?") halts the page and not the clock, and is not to use the patience up.
async fn waited(seconds: u32) {
    for _ in 0..seconds {
        elapsed(1000).await;
    }
}

/// Listens until it is dropped.
struct Listener {
    target: EventTarget,
    name: &'static str,
    heard: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    fn new(target: &EventTarget, name: &'static str, heard: impl Fn(JsValue) + 'static) -> Self {
        let heard = Closure::<dyn Fn(JsValue)>::new(heard);
        let _ = target.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        Self { target: target.clone(), name, heard }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.name, self.heard.as_ref().unchecked_ref());
    }
}

/// Waits for an event, from now on.
struct Heard {
    _listener: Listener,
    heard: JsFuture,
}

impl Heard {
    fn of(target: &EventTarget, name: &'static str, is_the_one: fn(&JsValue) -> bool) -> Self {
        let (heard, resolve) = promise();
        let _listener = Listener::new(target, name, move |event| {
            if is_the_one(&event) {
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        Self { _listener, heard: JsFuture::from(heard) }
    }

    async fn settled(self) {
        let _ = self.heard.await;
    }
}

/// How far the navigation that this page begins next has come, as the Navigation API tells it.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Expected,
    OnItsWay,
    Cancelled,
    /// A navigation within the document (`pushState`) came over it. The API forgets it then, and the browser does not.
    OutOfSight,
}

struct Cancelled {
    _listeners: Option<[Listener; 2]>,
    cancelled: JsFuture,
}

impl Cancelled {
    fn watch() -> Self {
        let (cancelled, resolve) = promise();
        let navigation = get(&window(), "navigation").ok().and_then(|navigation| navigation.dyn_into().ok());
        let _listeners = navigation.map(|navigation: EventTarget| {
            let progress = Rc::new(Cell::new(Progress::Expected));
            let (of_begin, of_end) = (progress.clone(), progress);
            let begins = Listener::new(&navigation, "navigate", move |event| {
                let stays = get(&event, "destination").is_ok_and(|destination| is_true(&destination, "sameDocument"));
                match of_begin.get() {
                    Progress::Expected if !stays => of_begin.set(Progress::OnItsWay),
                    Progress::Cancelled if stays => of_begin.set(Progress::OutOfSight),
                    _ => {}
                }
            });
            let ends = Listener::new(&navigation, "navigateerror", move |_| {
                if of_end.get() == Progress::OnItsWay {
                    of_end.set(Progress::Cancelled);
                    let (progress, resolve) = (of_end.clone(), resolve.clone());
                    // What came over it begins after this event, and at once.
                    Browser::after(0, move || {
                        if progress.get() == Progress::Cancelled {
                            let _ = resolve.call0(&JsValue::UNDEFINED);
                        }
                    });
                }
            });
            [begins, ends]
        });
        Self { _listeners, cancelled: JsFuture::from(cancelled) }
    }

    async fn settled(self) {
        let _ = self.cancelled.await;
    }
}

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
