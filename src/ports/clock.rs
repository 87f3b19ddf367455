//! The time of day.

use crate::protocol::time::UnixTime;

pub trait Clock {
    fn now(&self) -> UnixTime;
}
