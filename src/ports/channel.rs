//! Messages to the other tabs of an origin, and to the other registries of a page.

/// Messages that may be lost: a message arrives only where a tab is awake.
pub trait Channel {
    /// Sends JSON text to every other tab that is awake.
    fn broadcast(&self, channel: &str, message: &str);
    /// Tells every registry of this page at once, those of other copies of the package included, that the session of a client has changed.
    fn nudge(&self, _address: &str, _reason: &str) {}
}
