//! The navigation that leaves the page, and the detection of a page that stayed.
//!
//! A browser tells a page that it is left (`pagehide`) and, where there is the [Navigation
//! API](https://html.spec.whatwg.org/multipage/nav-history-apis.html#navigation-api), that its navigation was cancelled. No browser tells
//! of an answer without a page (HTTP status 204, a download): there, the time limit `patience` ends the wait.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::super::foreign::{call, get, invoke, is_true, list, set, text, window};
use super::super::waiting::{after, elapsed, promise};
use super::super::window::{Browser, Listener};
use crate::ports::{Left, Navigation};

impl Navigation for Browser {
    async fn leave(
        &self,
        url: &str,
        form: Option<&[(String, String)]>,
        patience: u32,
        held: Option<Self::Held>,
    ) -> Left {
        let (over, end) = promise();
        let (came_back, come_back) = promise();
        let _listeners = listen(&end, &come_back, form.is_some());
        let begun = match form {
            None => call(&get(&window(), "location"), "assign", &[&url.into()]).map_err(|_| Left::Stayed),
            // Firefox throws.
            Some(fields) => submit(url, fields).map_err(|_| Left::Forbidden),
        };
        if let Err(left) = begun {
            return left;
        }
        let event = match select(JsFuture::from(over), pin!(waited(patience))).await {
            Either::Left((Ok(event), _)) => text(&event, "type").unwrap_or_default(),
            _ => String::new(),
        };
        match event.as_str() {
            HIDDEN => {
                // A browser keeps no page in the back/forward cache that holds a lock.
                drop(held);
                let _ = JsFuture::from(came_back).await;
                Left::CameBack
            }
            FORBIDDEN => Left::Forbidden,
            _ => Left::Stayed,
        }
    }
}

const HIDDEN: &str = "pagehide";
const FORBIDDEN: &str = "securitypolicyviolation";

/// Resolves `end` with the first event that says how the navigation ended, and `come_back` with the event that says that the page is shown
/// again, until the listeners are dropped.
fn listen(end: &Function, come_back: &Function, is_form: bool) -> Vec<Listener> {
    let window = window();
    let mut listeners = Vec::new();
    let mut listen = |name, resolve: &Function, is_the_one: fn(&JsValue) -> bool| {
        let resolve = resolve.clone();
        let heard = move |event: JsValue| {
            if is_the_one(&event) {
                let _ = invoke(&resolve, &[&event]);
            }
        };
        listeners.push(Listener::new(&window, name, Box::new(heard)));
    };
    listen("pageshow", come_back, |event| is_true(event, "persisted"));
    listen(HIDDEN, end, |_| true);
    if is_form {
        // Most browsers report a form that may not be sent by this event only: the caller of `submit` sees no difference.
        listen(FORBIDDEN, end, |event| text(event, "effectiveDirective").as_deref() == Some("form-action"));
    }
    listen_for_cancellation(&get(&window, "navigation"), end, &mut listeners);
    listeners
}

/// Waits second by second: a dialog ("Leave site?") halts the page and not the clock, and must not count as waiting time.
async fn waited(seconds: u32) {
    for _ in 0..seconds {
        elapsed(1000).await;
    }
}

/// The progress of the navigation that this page begins next, as the Navigation API tells it.
#[derive(Clone, Copy, PartialEq)]
enum Progress {
    Expected,
    OnItsWay,
    Cancelled,
    /// A navigation within the document (`pushState`) came during it. The API then reports the navigation no more, and the browser still
    /// continues it.
    OutOfSight,
}

/// Resolves `end` when the navigation that begins next is cancelled. `navigation` is `undefined` where a browser lacks that API.
fn listen_for_cancellation(navigation: &JsValue, end: &Function, listeners: &mut Vec<Listener>) {
    let progress = Rc::new(Cell::new(Progress::Expected));
    let (of_begin, of_end, end) = (progress.clone(), progress, end.clone());
    let begins = move |event: JsValue| {
        let stays = is_true(&get(&event, "destination"), "sameDocument");
        match of_begin.get() {
            Progress::Expected if !stays => of_begin.set(Progress::OnItsWay),
            Progress::Cancelled if stays => of_begin.set(Progress::OutOfSight),
            _ => {}
        }
    };
    let ends = move |event: JsValue| {
        if of_end.get() == Progress::OnItsWay {
            of_end.set(Progress::Cancelled);
            let (progress, end) = (of_end.clone(), end.clone());
            // The other navigation begins directly after this event.
            let resolve = move || {
                if progress.get() == Progress::Cancelled {
                    let _ = invoke(&end, &[&event]);
                }
            };
            after(0, Box::new(resolve));
        }
    };
    listeners.push(Listener::new(navigation, "navigate", Box::new(begins)));
    listeners.push(Listener::new(navigation, "navigateerror", Box::new(ends)));
}

fn submit(url: &str, fields: &[(String, String)]) -> Result<JsValue, JsValue> {
    let document = get(&window(), "document");
    let form = element(&document, "form", &[("method", "post"), ("action", url), ("hidden", "hidden")])?;
    // The controls of a form are its members and hide its own: a control named `submit` would hide the method. So the controls join the
    // form at the end.
    let submit: Function = get(&form, "submit").dyn_into()?;
    let controls = element(&document, "div", &[])?;
    for (name, value) in fields {
        let control = element(&document, "input", &[("type", "hidden"), ("name", name), ("value", value)])?;
        append(&controls, &control)?;
    }
    let root = get(&document, "documentElement");
    append(&root, &form)?;
    append(&form, &controls)?;
    let result = submit.apply(&form, &list(&[]));
    // The browser has copied the fields; the id_token does not stay in the document.
    call(&root, "removeChild", &[&form])?;
    result
}

fn append(parent: &JsValue, child: &JsValue) -> Result<JsValue, JsValue> {
    call(parent, "appendChild", &[child])
}

/// Makes an element with these texts as its members.
fn element(document: &JsValue, tag: &str, members: &[(&str, &str)]) -> Result<JsValue, JsValue> {
    let element = call(document, "createElement", &[&tag.into()])?;
    for (name, text) in members {
        set(&element, name, &JsValue::from_str(text));
    }
    Ok(element)
}
