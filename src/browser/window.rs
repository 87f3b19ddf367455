//! The page that this module was loaded into, and its events.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use super::foreign::{call, get, text, window};
use crate::protocol::uri::Uri;
use crate::settings::options::{Options, Verifier};

/// The browser as a platform. The adapters implement the ports for it.
#[derive(Clone, Copy)]
pub struct Browser {
    pub(super) verifier: Verifier,
    /// Whether the requests with tokens go through a worker.
    pub is_in_worker: bool,
}

impl Browser {
    /// `None` under Node and in workers, which have no address bar for a response.
    pub fn detect(options: &Options) -> Option<Self> {
        let has = |name| get(&window(), name).is_object();
        (has("document") && has("location"))
            .then(|| Self { verifier: options.verifier, is_in_worker: options.is_in_worker() })
    }

    /// Whether the page came by https or from this machine. A test environment has no `isSecureContext`, so the address decides there.
    pub fn is_secure(&self) -> bool {
        get(&window(), "isSecureContext").as_bool().unwrap_or_else(|| {
            let address = address();
            !address.starts_with("http:") || Uri::parse(&address).is_ok_and(|uri| uri.is_loopback())
        })
    }
}

pub fn address() -> String {
    text(&get(&window(), "location"), "href").unwrap_or_default()
}

/// Listens until it is dropped.
pub struct Listener {
    target: JsValue,
    name: &'static str,
    heard: Closure<dyn Fn(JsValue)>,
}

impl Listener {
    pub fn new(target: &JsValue, name: &'static str, heard: Box<dyn Fn(JsValue)>) -> Self {
        let heard = Closure::wrap(heard);
        let _ = call(target, "addEventListener", &[&name.into(), heard.as_ref()]);
        Self { target: target.clone(), name, heard }
    }

    /// Listens as long as the page lives.
    pub fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = call(&self.target, "removeEventListener", &[&self.name.into(), self.heard.as_ref()]);
    }
}
