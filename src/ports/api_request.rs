//! Requests of the app to an API, which the platform sends: bodies, streams and forms stay with the platform.

use std::any::Any;
use std::rc::Rc;

use crate::protocol::credential::Credential;

/// A request as the app asked for it, fixed when the app called `fetch`.
pub trait ApiRequest {
    type Answer: ApiAnswer;

    fn terms(&self) -> &Terms;
    /// Whether the body can be sent again. A stream is read once.
    fn is_repeatable(&self) -> bool;
    async fn send(&self, credential: Option<&Credential>) -> Result<Self::Answer, Unsent>;
}

/// The properties of a request that decide whether the access token may go with it.
pub struct Terms {
    /// Where the request goes, as a browser's URL parser writes an origin.
    pub origin: String,
    /// The mode `no-cors`, in which a browser lets no `Authorization` header pass.
    pub is_no_cors: bool,
    /// The app asked for a request without the token.
    pub withhold_token: bool,
}

/// The API's answer, with its body unread.
pub trait ApiAnswer {
    fn status(&self) -> u16;
    /// `WWW-Authenticate`, where CORS lets a page see it.
    fn challenge(&self) -> Option<String>;
    /// The app will not see this answer.
    fn discard(self);
}

/// The reason why a request has no answer.
pub enum Unsent {
    /// The browser does not take the request, for example for the name of a header.
    Refused(Thrown),
    /// The request that the browser built would go to another origin than that of [`Terms`].
    Elsewhere,
    /// The request left, and no answer came.
    Unanswered(Thrown),
}

/// A value that the browser, or code of the page, threw.
pub type Thrown = Rc<dyn Any>;
