//! The page: its address, and leaving it.

use super::Lock;

/// The page's place: read to find a response, replaced to clear it away.
pub trait AddressBar {
    fn url(&self) -> String;
    fn history_length(&self) -> u32;
    fn replace(&self, url: &str);
}

/// Leaving the page.
pub trait Navigation: Lock {
    /// Leaves for a URL, or with the fields of a form by a POST of that form. The future ends only if the page did not go, or came back.
    /// `patience` is in seconds: a page that is still there after that time counts as one that stayed. The lock is given up as soon as the
    /// page is hidden or has stayed.
    async fn leave(
        &self,
        url: &str,
        form: Option<&[(String, String)]>,
        patience: u32,
        held: Option<Self::Held>,
    ) -> Left;
}

/// The reason why a page is still there after it was to leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The person chose to stay or pressed Stop, another navigation cancelled this one, or the answer was no page.
    Stayed,
    /// The page left, and is shown again out of the back/forward cache.
    CameBack,
    /// The page's Content-Security-Policy does not let it post a form there.
    Forbidden,
}
