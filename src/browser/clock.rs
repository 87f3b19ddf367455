use super::Browser;
use crate::ports::Clock;
use crate::protocol::time::UnixTime;

impl Clock for Browser {
    fn now(&self) -> UnixTime {
        UnixTime((js_sys::Date::now() / 1000.0) as i64)
    }
}
