//! Each registry tells what changed against what it last told, wherever the change was made: in this registry, another one of the
//! page, another copy of the package in the page, another tab, or a page of this tab while this one was in the back/forward cache.
//!
//! The registry that acts tells its own change, in its own order, and nudges the others of the page. A nudge has no secret, and
//! anything in the page may forge it: it only makes a registry look.

use serde_json::Value;

use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::session::value::Session;
use crate::ports::Platform;

impl<P: Platform> Client<P> {
    /// Tells a change that was made here, and has every other registry of the page look.
    pub(in crate::flow) fn emit_change(&self, event: Event) {
        let (session, reason) = match &event {
            Event::Logout(reason) => (None, *reason),
            Event::Login(session) | Event::TokenUpdate { session, .. } => (Some(session.clone()), LogoutReason::Local),
            _ => return self.emit(event),
        };
        self.told.replace(session);
        self.emit(event);
        self.platform.nudge(&self.address(), reason.as_str());
    }

    /// What a nudge names: the prefix, the name and the owner.
    pub(in crate::flow) fn address(&self) -> String {
        format!("{}:{}", self.prefix(), self.key)
    }

    /// What was there when the registry began counts as told.
    pub(in crate::flow) fn note_session(&self) {
        self.told.replace(self.session());
    }

    /// Compares the session with the one that was last told, and tells the difference, once. `reason` is that of a session that is
    /// gone.
    pub(in crate::flow) fn look(&self, reason: LogoutReason) {
        let now = self.session();
        let before = self.told.replace(now.clone());
        match (before, now) {
            (None, None) => {}
            (Some(_), None) => self.emit(Event::Logout(reason)),
            (None, Some(session)) => self.emit(Event::Login(session)),
            (Some(before), Some(session)) if self.is_later_of(&session, &before) => {
                // What is kept beside the access token changes without an event.
                if is_new_token(&session, &before) {
                    let (refresh_token, access_token) =
                        (before.token().refresh_token.clone(), before.token().access_token.clone());
                    self.emit(Event::TokenUpdate { session, refresh_token, access_token });
                }
            }
            (Some(before), Some(session)) => {
                if let Some(change) = user_change(&before, &session) {
                    self.emit(change);
                }
                // A listener may have signed that person out, which was told then.
                if self.told.borrow().as_ref() == Some(&session) {
                    self.emit(Event::Login(session));
                }
            }
        }
    }

    /// Whether both are of one login. Two logins of a second have different nonces.
    fn is_later_of(&self, session: &Session, before: &Session) -> bool {
        let nonce = |session: &Session| session.claims().and_then(|claims| claims.get("nonce")).cloned();
        let is_other = |(one, other): (Value, Value)| one != other;
        self.is_same_login(Some(before), Some(session)) && !nonce(session).zip(nonce(before)).is_some_and(is_other)
    }
}

pub(in crate::flow) fn is_new_token(session: &Session, before: &Session) -> bool {
    session.token().access_token != before.token().access_token || session.obtained_at() != before.obtained_at()
}

/// Another person signed in where somebody was signed in already.
pub(in crate::flow) fn user_change(before: &Session, session: &Session) -> Option<Event> {
    let (previous_sub, sub) = (before.sub()?.to_owned(), session.sub()?.to_owned());
    (previous_sub != sub).then_some(Event::UserChange { previous_sub, sub })
}
