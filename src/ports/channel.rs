//! Messages to the other tabs of an origin, and to the other registries of a page.

/// Best effort: a message arrives only where a tab is awake.
pub trait Channel {
    /// To every other tab that is awake. JSON text.
    fn broadcast(&self, channel: &str, message: &str);
    /// To every registry of this page, at once, those of other copies of the package included: the session of a client has changed.
    fn nudge(&self, _address: &str, _reason: &str) {}
}
