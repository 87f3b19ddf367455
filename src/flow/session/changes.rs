//! Each registry tells the change of a session since the last one that it told, wherever the change was made: in this registry, another one
//! of the page, another copy of the package in the page, another tab, or a page of this tab while this one was in the back/forward cache.
//!
//! The registry that acts tells its own change, in its own order, and nudges the others of the page. A nudge has no secret, and any script
//! of the page may forge it: it only makes a registry look.

use std::rc::Rc;

use super::value::Session;
use crate::flow::client::Client;
use crate::flow::events::{Event, LoginReason, LogoutReason};
use crate::ports::Platform;
use crate::protocol::secret::Secret;

/// Tells a change that was made here, and has every other registry of the page look.
pub(in crate::flow) fn emit<P: Platform>(client: &Client<P>, event: Event) {
    let (session, reason) = match &event {
        Event::Logout(reason) => (None, *reason),
        Event::Login(session, LoginReason::OtherTab) => (Some(session.clone()), LogoutReason::OtherTab),
        Event::Login(session, _) | Event::TokenUpdate { session, .. } => (Some(session.clone()), LogoutReason::Local),
        _ => return client.emit(event),
    };
    replace_told(client, session);
    client.emit(event);
    client.platform.nudge(&client.address(), reason.as_str());
}

/// Notes the session that the listeners are told of, and gives the one before it. A worker forgets the tokens of a login that is over.
pub(in crate::flow) fn replace_told<P: Platform>(
    client: &Client<P>,
    session: Option<Rc<Session>>,
) -> Option<Rc<Session>> {
    let before = client.told.replace(session.clone());
    if let Some(before) = before.as_ref().filter(|before| before.is_in_worker)
        && let Some(token) = ending_token(before, session.as_deref())
    {
        client.platform.forget(token);
    }
    before
}

/// A token that ends with a session, where `next` takes its place. A provider may give a later login, or another client, the same access token:
/// the refresh token tells the login best.
fn ending_token<'a>(before: &'a Session, next: Option<&Session>) -> Option<&'a Secret> {
    let token = before.token();
    let mut tokens = token.refresh_token.iter().chain([&token.access_token]);
    let Some(next) = next else { return tokens.next() };
    let goes_on =
        |token: &Secret| next.token().refresh_token.as_ref() == Some(token) || next.token().access_token == *token;
    if next.login() == before.login() { None } else { tokens.find(|token| !goes_on(token)) }
}

/// Compares the session with the one that was told last, and tells the difference once. `reason` is that of a session that is gone. It also tells whether a
/// session that is new came from another tab.
pub(in crate::flow) fn look<P: Platform>(client: &Client<P>, reason: LogoutReason) {
    let now = client.session();
    let before = replace_told(client, now.clone());
    let login = if reason == LogoutReason::OtherTab { LoginReason::OtherTab } else { LoginReason::Response };
    match (before, now) {
        (None, None) => {}
        (Some(before), None) => {
            // Another tab, or another registry, may have ended a session whose time was over.
            let expiry = client.sessions.expiry_of(&*client.platform, &before);
            client.emit(Event::Logout(expiry.unwrap_or(reason)));
        }
        (None, Some(session)) => client.emit(Event::Login(session, login)),
        (Some(before), Some(session)) if before.login() == session.login() => {
            if session.has_new_access_token(&before) {
                client.emit(Event::TokenUpdate { session, before });
            }
        }
        (Some(before), Some(session)) => {
            if let Some(change) = user_change(&before, &session) {
                client.emit(change);
            }
            // A listener may have signed that person out. That was told at the time.
            let is_told = client.told.borrow().as_ref().is_some_and(|told| Rc::ptr_eq(told, &session));
            if is_told {
                client.emit(Event::Login(session, login));
            }
        }
    }
}

/// The event for a session that took the place of the session of another person.
pub(in crate::flow) fn user_change(before: &Session, session: &Session) -> Option<Event> {
    let (previous_sub, sub) = (before.sub()?.to_owned(), session.sub()?.to_owned());
    (previous_sub != sub).then_some(Event::UserChange { previous_sub, sub })
}
