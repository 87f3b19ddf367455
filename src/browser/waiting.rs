//! Waiting for promises of any kind, for signals, and for time.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::foreign::window;
use super::foreign::{call, call_global, get, invoke, is, is_true, text};
use crate::ports::{Reason, Signal};

/// A signal that is aborted after some seconds. `None` in a test environment whose signals have no `timeout`.
pub fn deadline(seconds: u32) -> Option<AbortSignal> {
    let signal = call_global("AbortSignal", "timeout", &[&seconds.saturating_mul(1000).into()]);
    signal.ok().map(JsCast::unchecked_into)
}

/// A promise, and the function that resolves it.
pub fn promise() -> (Promise, Function) {
    let mut resolver = None;
    let promise = Promise::new(&mut |resolve, _| resolver = Some(resolve));
    // The executor has run: `Promise` calls it before it returns. Not `unwrap_or_default`, which is `new Function("")` in the glue: no
    // call reaches it, but a tool that looks for what a Content-Security-Policy forbids would find it.
    (promise, resolver.unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into()))
}

/// Waits for a value as `await` does. A promise of this module resolves with the value, because `Promise.resolve` would hand on a foreign
/// promise, whose `then` may be any function.
pub fn settled(value: &JsValue) -> JsFuture {
    let (promise, resolve) = promise();
    let _ = invoke(&resolve, &[value]);
    JsFuture::from(promise)
}

/// `None` where the value is no signal: a value that merely has the prototype of a signal takes no listener.
pub fn signal(value: &JsValue) -> Option<AbortSignal> {
    let is_signal = get(value, "aborted").as_bool().is_some();
    (is_signal && is(value, "AbortSignal")).then(|| value.clone().unchecked_into())
}

pub fn is_aborted(signal: &AbortSignal) -> bool {
    is_true(signal, "aborted")
}

impl Signal for AbortSignal {
    /// Reads the signal's own reason: that of `AbortSignal.timeout()` has the name `TimeoutError`.
    fn reason(&self) -> Option<Reason> {
        let thrown = is_aborted(self).then(|| get(self, "reason"))?;
        let is_timeout = text(&thrown, "name").as_deref() == Some("TimeoutError");
        Some(Reason { is_timeout, thrown: Rc::new(thrown) })
    }

    /// A caller that drops this future listens no more: a signal may live as long as the page.
    async fn fired(&self) {
        let (heard, hear) = promise();
        let _listening = Listening::new(self, hear);
        // Code that runs beside this may have aborted the signal meanwhile.
        if !is_aborted(self) {
            let _ = JsFuture::from(heard).await;
        }
    }
}

struct Listening<'a> {
    signal: &'a AbortSignal,
    listener: Function,
}

impl<'a> Listening<'a> {
    fn new(signal: &'a AbortSignal, listener: Function) -> Self {
        let _ = call(signal, "addEventListener", &[&"abort".into(), &listener]);
        Self { signal, listener }
    }
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        let _ = call(self.signal, "removeEventListener", &[&"abort".into(), &self.listener]);
        settle(&self.listener);
    }
}

/// Resolves a promise whose waiter is gone: a `JsFuture` keeps its two closures until its promise is settled, so each request would leave a
/// pair of them in memory.
fn settle(resolve: &Function) {
    let _ = invoke(resolve, &[]);
}

/// Waits for some time. The timer stops when the future is dropped.
pub async fn elapsed(milliseconds: u32) {
    let (over, end) = promise();
    let _timer = PauseTimer { timer: start_timer(&end, milliseconds), end };
    let _ = JsFuture::from(over).await;
}

/// Calls back once, unless the page goes away before.
pub fn after(milliseconds: u32, callback: Box<dyn FnOnce()>) {
    start_timer(Closure::once_into_js(callback).unchecked_ref(), milliseconds);
}

/// Gives the timer, as the page has it, or `undefined` where the page has no timers.
pub fn start_timer(callback: &Function, milliseconds: u32) -> JsValue {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    call(&window(), "setTimeout", &[callback, &milliseconds.into()]).unwrap_or_default()
}

pub fn stop_timer(timer: &JsValue) {
    let _ = call(&window(), "clearTimeout", &[timer]);
}

/// The timer that ends a pause. Its drop stops the timer and settles the promise that `end` resolves.
struct PauseTimer {
    timer: JsValue,
    end: Function,
}

impl Drop for PauseTimer {
    fn drop(&mut self) {
        stop_timer(&self.timer);
        settle(&self.end);
    }
}
