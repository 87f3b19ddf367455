//! The time of day, and waiting.

use std::any::Any;

use crate::protocol::time::UnixTime;

pub trait Clock {
    fn now(&self) -> UnixTime;
}

pub trait Timer {
    async fn pause(&self, milliseconds: u32);
    /// Calls `then` once, unless the alarm is dropped before, or the page goes away.
    fn after(&self, milliseconds: u32, then: Box<dyn FnOnce()>) -> Alarm;
}

/// An alarm that is set. To drop it switches it off.
pub type Alarm = Box<dyn Any>;
