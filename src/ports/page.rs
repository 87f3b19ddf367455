//! The page: its address, leaving it, and the windows beside it.

use std::any::Any;
use std::rc::Rc;

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

/// The windows that a page shows beside itself for a login.
pub trait Windows {
    /// Shows a URL in the popup, or in a hidden frame where there is no popup. Waits until the page that the window ends on relays a response
    /// of this `state`: its query and its fragment. `patience` is in seconds. When the future is dropped, the frame is gone and a later
    /// response goes unheard.
    async fn relayed(&self, url: &str, state: &str, popup: Option<&Popup>, patience: u32) -> Result<String, Unrelayed>;
}

/// A window of the platform.
pub type Popup = Rc<dyn Any>;

/// No response came out of a window: the words are those of the platform, which knows its windows.
#[derive(Clone, Debug)]
pub struct Unrelayed {
    pub end: End,
    pub message: String,
    /// Empty where the code of the error says enough.
    pub remedy: String,
}

/// The end of a window without a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The part of the package that shows windows did not load.
    NotLoaded,
    /// The person closed the popup.
    Closed,
    /// The page's Content-Security-Policy does not let it show the URL in a frame.
    Forbidden,
    /// The page with the login was left.
    Left,
    /// Patience ran out.
    Late,
}
