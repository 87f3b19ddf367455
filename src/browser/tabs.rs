//! The other tabs of the origin and the other registries of the page: [Web Locks](https://www.w3.org/TR/web-locks/) and BroadcastChannel. A
//! page may lack either of them (Web Locks exist in secure contexts only); then this tab works without the other tabs.

use std::any::Any;
use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use futures_util::future::select;
use js_sys::{Function, Object};
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::foreign::{bare, call, get, invoke, is_true, item, length, make, set, text, window};
use super::waiting::{after, deadline, promise, settled};
use super::window::{Browser, Listener};
use crate::ports::{Channel, Hearing, Lock, Nudged};

/// Milliseconds in which a broadcast message arrives. A message takes a few milliseconds, and more in a busy browser.
const ARRIVAL: u32 = 1000;

/// The event of the window by which one registry has the others look at a session. All copies of the package use it.
const NUDGE: &str = "oidc-client-wasm";

thread_local! {
    /// The channels that this page listens on. The page sends through the same channels, because a channel does not hear itself.
    static CHANNELS: RefCell<Vec<(String, JsValue)>> = const { RefCell::new(Vec::new()) };
}

/// Resolves the promise that the browser holds the lock by. Where the browser granted no lock, that has no effect.
pub struct HeldLock(Function);

impl Drop for HeldLock {
    fn drop(&mut self) {
        let _ = invoke(&self.0, &[]);
    }
}

impl Hearing for Browser {
    fn on_message(&self, channel: &str, heard: Box<dyn Fn(&str)>) {
        let Ok(listening) = make("BroadcastChannel", &[&channel.into()]) else { return };
        let on_message = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            if let Some(text) = text(&event, "data") {
                heard(&text);
            }
        });
        set(&listening, "onmessage", on_message.as_ref());
        // The listener lives as long as the page, so the closure is never dropped.
        on_message.forget();
        // Node has the method `unref`, without which the channel would keep the process of a test alive. A browser has no such method.
        let _ = call(&listening, "unref", &[]);
        CHANNELS.with_borrow_mut(|channels| channels.push((channel.to_owned(), listening)));
    }

    fn on_nudge(&self, nudged: Nudged) {
        let on_event = move |event: JsValue| {
            if let (Some(address), Some(reason)) = (text(&event, "address"), text(&event, "reason")) {
                nudged(&address, &reason);
            }
        };
        on_event_of_window(NUDGE, Box::new(on_event));
    }

    fn on_stored(&self, changed: Box<dyn Fn()>) {
        on_event_of_window("storage", Box::new(move |_| changed()));
    }

    fn on_sleep(&self, asleep: Box<dyn Fn()>) {
        on_event_of_window("pagehide", Box::new(move |_| asleep()));
    }

    fn on_return(&self, returned: Box<dyn Fn()>) {
        let returned = Rc::new(returned);
        for name in ["visibilitychange", "focus", "online"] {
            let returned = returned.clone();
            on_event_of_window(name, Box::new(move |_| returned()));
        }
    }

    fn is_offline(&self) -> bool {
        get(&get(&window(), "navigator"), "onLine") == false
    }

    fn on_wake(&self, woken: Box<dyn Fn()>) {
        on_event_of_window("pagehide", Box::new(|_| stop_listening()));
        let on_show = move |event: JsValue| {
            if is_true(&event, "persisted") {
                woken();
            }
        };
        on_event_of_window("pageshow", Box::new(on_show));
    }
}

/// As long as the page lives.
fn on_event_of_window(name: &'static str, listener: Box<dyn Fn(JsValue)>) {
    Listener::new(&window(), name, listener).keep();
}

/// A page with an open channel may not be put into the back/forward cache.
fn stop_listening() {
    for (_, channel) in CHANNELS.take() {
        let _ = call(&channel, "close", &[]);
    }
}

impl Lock for Browser {
    type Held = HeldLock;

    async fn lock(&self, name: &str, patience: u32) -> Option<HeldLock> {
        let locks = lock_manager()?;
        let (held, release) = promise();
        // This is made before the request: the browser may grant the lock after the caller has stopped waiting, and the lock must then end
        // at once.
        let lock = HeldLock(release);
        let (granted, grant) = promise();
        let on_grant = Closure::once_into_js(move || {
            let _ = invoke(&grant, &[]);
            held
        });
        let options: Object = bare();
        set(&options, "signal", &deadline(patience).into());
        let request = call(&locks, "request", &[&name.into(), &options, &on_grant]).ok()?;
        // The request settles first only if it failed: patience ran out, or the browser grants this page no locks.
        select(pin!(JsFuture::from(granted)), pin!(settled(&request))).await;
        Some(lock)
    }

    fn hold(&self, name: &str) -> Box<dyn Any> {
        let (held, release) = promise();
        if let Some(locks) = lock_manager() {
            let on_grant = Closure::once_into_js(move || held);
            if let Ok(request) = call(&locks, "request", &[&name.into(), &bare(), &on_grant]) {
                // The browser may refuse this page its locks, and then the promise of the request is rejected.
                spawn_local(async move { drop(settled(&request).await) });
            }
        }
        Box::new(HeldLock(release))
    }

    async fn holder(&self, beginning: &str) -> Option<Option<String>> {
        let query = call(&lock_manager()?, "query", &[]).ok()?;
        let held = get(&settled(&query).await.ok()?, "held");
        let mut holder = None;
        for index in 0..length(&held).ok()? {
            let name = item(&held, index).ok().and_then(|lock| text(&lock, "name"));
            holder = name.filter(|name| name.starts_with(beginning)).or(holder);
        }
        Some(holder)
    }

    fn unlock_soon(&self, held: HeldLock) {
        after(ARRIVAL, Box::new(move || drop(held)));
    }
}

impl Channel for Browser {
    fn broadcast(&self, channel: &str, message: &str) {
        let open = |(name, open): &(String, JsValue)| (name == channel).then(|| open.clone());
        // After the borrow: what stands in for a channel may deliver at once, to a page that begins to listen or goes to sleep.
        if let Some(channel) = CHANNELS.with_borrow(|channels| channels.iter().find_map(open)) {
            let _ = call(&channel, "postMessage", &[&message.into()]);
        }
    }

    fn nudge(&self, address: &str, reason: &str) {
        if let Ok(event) = make("Event", &[&NUDGE.into()]) {
            set(&event, "address", &address.into());
            set(&event, "reason", &reason.into());
            let _ = call(&window(), "dispatchEvent", &[&event]);
        }
    }
}

fn lock_manager() -> Option<JsValue> {
    let locks = get(&get(&window(), "navigator"), "locks");
    locks.is_object().then_some(locks)
}
