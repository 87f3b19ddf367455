//! Session monitoring: [OpenID Connect Session Management 1.0](https://openid.net/specs/openid-connect-session-1_0.html). A page of the
//! provider in a hidden frame compares the state of the session that this client knows with the state that the provider's cookies tell.
//! monitor.js of the package shows the frame, and begins the silent login.
//!
//! The frame alone ends no session. Where its answer is `changed`, a silent login asks the provider who is there. A browser that keeps the
//! cookies from the frame makes every answer `changed`, and every silent login `login_required`: so a `changed` counts only after a frame of
//! this page has said `unchanged`, which takes the cookies.

use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::session::value::Session;
use crate::flow::session::{changes, sharing, tabs};
use crate::ports::Platform;

/// The next step of the monitor.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// There is no session to watch.
    Rest,
    /// The frame is asked this.
    Ask(String),
    /// A silent login is due.
    LogIn,
}

/// Judges the answer to a question: that of the frame, or the code of an error that the silent login ended with and that will not pass by
/// itself. The answer to an earlier question says nothing about this session.
pub fn watch<P: Platform>(client: &Client<P>, question: &str, answer: &str) -> Step {
    let watch = &client.state.watch;
    let watched = || client.session().filter(|session| !watch.has_given_up(session.login()));
    if let Some(session) = watched().filter(|session| text(client, session).as_deref() == Some(question)) {
        match answer {
            "unchanged" => watch.is_proven.set(true),
            "changed" if watch.is_proven.get() && watch.may_log_in(client.platform.now()) => return Step::LogIn,
            // No answer, or one that says nothing yet. A silent login is aborted when the page is left, for example.
            "" | "changed" | "aborted" => {}
            // The provider knows no person, or another one.
            "login_required" | "subject_mismatch" => end(client, &session),
            // Section 3.1: after "error" no new login follows, because its session would have the same error.
            _ => watch.give_up(session.login()),
        }
    }
    watched().and_then(|session| text(client, &session)).map_or(Step::Rest, Step::Ask)
}

/// Section 3.1: the client id and the state, with a space between them. `None` also where no id_token has named the person: then a silent
/// login could not tell one person from another.
fn text<P>(client: &Client<P>, session: &Session) -> Option<String> {
    let state = session.session_state.as_deref().filter(|_| session.sub().is_some())?;
    Some([&*client.config.client_id, " ", state].concat())
}

/// The session is over in every tab of the person.
fn end<P: Platform>(client: &Client<P>, session: &Session) {
    if sharing::end_session(client).is_ok() {
        tabs::record_ended(client, session, LogoutReason::SessionEnded);
        changes::emit(client, Event::Logout(LogoutReason::SessionEnded));
    }
}
