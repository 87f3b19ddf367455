//! The messages and events that a page hears while it is awake.

pub trait Hearing {
    /// Calls `heard` with each text that another tab broadcasts on the channel, until the page sleeps.
    fn on_message(&self, channel: &str, heard: Box<dyn Fn(&str)>);
    /// Calls `nudged` with the address and the reason of each nudge in this page, as long as the page lives.
    fn on_nudge(&self, nudged: Nudged);
    /// Calls `changed` when another page of the origin has changed localStorage, after this page can read the change.
    fn on_stored(&self, changed: Box<dyn Fn()>);
    /// Calls `asleep` before the page may be put into the back/forward cache, or goes away.
    fn on_sleep(&self, asleep: Box<dyn Fn()>);
    /// Calls `returned` when a person may be back: the page is shown again or gets the focus, or the network is there again.
    fn on_return(&self, returned: Box<dyn Fn()>);
    /// Whether the browser knows that it has no network.
    fn is_offline(&self) -> bool;
    /// Calls `woken` when the page is shown again out of the back/forward cache. While the page slept, it heard no message.
    fn on_wake(&self, woken: Box<dyn Fn()>);
}

/// A function that is called with an address and a reason.
pub type Nudged = Box<dyn Fn(&str, &str)>;
