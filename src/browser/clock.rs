use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use super::waiting::{elapsed, start_timer, stop_timer};
use super::window::Browser;
use crate::ports::{Alarm, Clock, Timer};
use crate::protocol::time::UnixTime;

impl Clock for Browser {
    fn now(&self) -> UnixTime {
        UnixTime((js_sys::Date::now() / 1000.0) as i64)
    }
}

impl Timer for Browser {
    async fn pause(&self, milliseconds: u32) {
        elapsed(milliseconds).await;
    }

    fn after(&self, milliseconds: u32, then: Box<dyn FnOnce()>) -> Alarm {
        let then = Closure::once(then);
        let timer = start_timer(then.as_ref().unchecked_ref(), milliseconds);
        Box::new(AlarmTimer { timer, _then: then })
    }
}

/// The timer of an alarm, with the function that it calls. Its drop stops the timer.
struct AlarmTimer {
    timer: JsValue,
    _then: Closure<dyn FnMut()>,
}

impl Drop for AlarmTimer {
    fn drop(&mut self) {
        stop_timer(&self.timer);
    }
}
