//! Several tabs of one origin. Each has a session of its own in its sessionStorage, and still:
//!
//! - a logout ends the sessions of the same person in every tab, those included that sleep, are in the back/forward cache or
//!   are closed and restored later (a notice is pinned up for them);
//! - a duplicated tab begins with a copy of the session, refresh token included: the tab that refreshes hands the new tokens
//!   to the others that hold the replaced one, so that none of them redeems it again (a provider would take that for theft). A
//!   copy that slept through it finds a notice, and asks;
//! - a login waits while a logout of the same client leaves the page of another tab, where the browser has locks.
//!
//! What another tab says is judged like what lies in storage: anything on this origin may have written it.

use std::rc::Rc;

use serde_json::{Value, json};

use crate::flow::client::Client;
use crate::flow::events::{Event, LogoutReason};
use crate::flow::session::changes::is_new_token;
use crate::flow::session::value::Session;
use crate::ports::Platform;
use crate::protocol::secret::{Secret, fingerprint};

/// How often, and after how many milliseconds each, an answer is looked for.
const LOOKS: u32 = 5;
const BETWEEN_LOOKS: u32 = 200;

/// Seconds that a logout waits for the logout of another tab.
const MOMENT: u32 = 1;

/// Read and written by hand: what serde would generate for this enum alone is eight kilobytes of WebAssembly.
enum Message {
    /// The tokens of a refresh, for whoever holds the refresh token that it replaced.
    Refreshed {
        replaces: String,
        session: Value,
    },
    /// Who has the successor of this refresh token?
    Asks {
        replaced: String,
    },
    Ended {
        who: String,
    },
}

impl Message {
    fn to_json(&self, client: &str) -> Value {
        match self {
            Self::Refreshed { replaces, session } => {
                json!({ "client": client, "replaces": replaces, "session": session })
            }
            Self::Asks { replaced } => json!({ "client": client, "asks": replaced }),
            Self::Ended { who } => json!({ "client": client, "ended": who }),
        }
    }

    fn from_json(message: &Value) -> Option<Self> {
        let text = |name: &str| message.get(name)?.as_str().map(String::from);
        if let Some(who) = text("ended") {
            return Some(Self::Ended { who });
        }
        if let Some(replaced) = text("asks") {
            return Some(Self::Asks { replaced });
        }
        Some(Self::Refreshed { replaces: text("replaces")?, session: message.get("session")?.clone() })
    }
}

impl<P: Platform> Client<P> {
    /// Tabs contend only if they hold the same refresh token.
    pub(in crate::flow) fn lock_name(&self, refresh_token: &Secret) -> String {
        format!("{}:refresh:{}", self.prefix(), fingerprint(refresh_token.expose()))
    }

    /// The lock that a logout holds while it leaves its page. If another tab logs out at the same moment, the logout goes on without the
    /// lock: the lock of the other tab keeps the logins back.
    pub(in crate::flow) async fn keep_logins_back(&self) -> Option<P::Held> {
        self.platform.lock(&self.leaving_lock(), MOMENT).await
    }

    /// A login waits until the provider has answered the logout of another tab: before that, the provider would sign the person in again
    /// unasked.
    pub(in crate::flow) async fn wait_for_logouts_elsewhere(&self) {
        drop(self.platform.lock(&self.leaving_lock(), self.options.request_timeout).await);
    }

    fn leaving_lock(&self) -> String {
        format!("{}:leaving:{}", self.prefix(), self.key)
    }

    /// A refresh is over: a notice for the tabs that sleep, if it has replaced their refresh token. Before its successor is stored:
    /// a tab that died in between would have its copies redeem the old one, which costs the successor what it is worth.
    pub(in crate::flow) fn record_replaced(&self, before: &Session, session: &Session) {
        let replaced = before.token().refresh_token.as_ref();
        if let Some(replaced) = replaced.filter(|token| session.token().refresh_token.as_ref() != Some(token)) {
            self.record_spent(replaced);
        }
    }

    /// And the tokens for those that are awake and hold the same refresh token.
    pub(in crate::flow) fn broadcast_refreshed(&self, before: &Session, session: &Session) {
        if let Some(replaced) = &before.token().refresh_token {
            self.hand_over(fingerprint(replaced.expose()), session);
        }
    }

    fn hand_over(&self, replaces: String, session: &Session) {
        self.broadcast(&Message::Refreshed { replaces, session: self.session_record(session) });
    }

    /// Asks the tabs that are awake for the successor of a session's refresh token; whether there is an answer, or no need of one.
    pub(in crate::flow) async fn ask_for_successor(&self, session: &Session, epoch: u32) -> bool {
        let Some(refresh_token) = &session.token().refresh_token else { return false };
        self.broadcast(&Message::Asks { replaced: fingerprint(refresh_token.expose()) });
        for _ in 0..LOOKS {
            self.platform.pause(BETWEEN_LOOKS).await;
            if self.has_moved_on(session, epoch) {
                return true;
            }
        }
        false
    }

    /// A logout, for every tab where the same person is signed in.
    pub(in crate::flow) fn broadcast_ended(&self, session: &Session) {
        let who = self.subject_fingerprint(session);
        self.record_ended(who.clone());
        self.broadcast(&Message::Ended { who });
    }

    fn broadcast(&self, message: &Message) {
        self.platform.broadcast(self.prefix(), &message.to_json(&self.key).to_string());
    }

    /// Called when this page wakes up (out of the back/forward cache, say): tells of a session that ended meanwhile.
    pub fn wake_up(&self) {
        if self.own_session().is_some_and(|session| self.was_ended_elsewhere(&session)) {
            self.end_by_other_tab();
        }
        // Another page of this tab may have changed the session meanwhile.
        self.look(LogoutReason::Local);
    }

    /// What another tab announced.
    fn on_message(&self, message: Message) {
        // Whether it was ended is what the message may be about: the notice is pinned up before it is announced.
        let Some(session) = self.own_session() else { return };
        match message {
            Message::Ended { who } if who == self.subject_fingerprint(&session) => self.end_by_other_tab(),
            Message::Refreshed { replaces, session: record } => {
                let replaced = session.token().refresh_token.clone();
                let is_ours = replaced.as_ref().is_some_and(|token| fingerprint(token.expose()) == replaces);
                let Some(refreshed) = self.restore_session(&record).filter(|_| is_ours) else { return };
                // A refresh changes nobody's identity, neither here nor there; and a tab that slept may know less than this one.
                let is_same = self.subject_fingerprint(&refreshed) == self.subject_fingerprint(&session)
                    && !self.was_ended_elsewhere(&session);
                // A rotated refresh token is newer than the one it replaced, whatever the clock says.
                let is_rotated = refreshed.token().refresh_token != replaced;
                let is_newer = is_rotated || refreshed != session && refreshed.obtained_at() >= session.obtained_at();
                if !(is_same && is_newer) {
                    return;
                }
                // Where storage takes no more, this page keeps it.
                let _ = self.keep_session(&refreshed, &session);
                // A refresh token alone, or one that came with a token for another audience, changes without an event.
                if is_new_token(&refreshed, &session) {
                    let access_token = session.token().access_token.clone();
                    self.emit_change(Event::TokenUpdate { session: refreshed, refresh_token: replaced, access_token });
                }
            }
            Message::Asks { replaced } if session.has_replaced(&replaced) => self.hand_over(replaced, &session),
            Message::Ended { .. } | Message::Asks { .. } => {}
        }
    }

    fn end_by_other_tab(&self) {
        if self.clear_session().is_ok() {
            self.emit_change(Event::Logout(LogoutReason::OtherTab));
        }
    }
}

/// Hands a message of the channel to the client it is for; what is no message of ours is passed over.
pub fn on_message<P: Platform>(message: &Value, client: impl Fn(&str) -> Option<Rc<Client<P>>>) {
    let client = message.get("client").and_then(Value::as_str).and_then(client);
    if let (Some(client), Some(message)) = (client, Message::from_json(message)) {
        client.on_message(message);
    }
}
