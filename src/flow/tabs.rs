//! Several tabs of one origin. Each has a session of its own in its sessionStorage, and still:
//!
//! - a logout ends the sessions of the same person in every tab, those included that sleep, are in the back/forward cache or
//!   are closed and restored later (a notice is pinned up for them);
//! - a duplicated tab begins with a copy of the session, refresh token included: the tab that refreshes hands the new tokens
//!   to the others that hold the replaced one, so that none of them redeems it again (a provider would take that for theft).
//!
//! What another tab says is judged like what lies in storage: anything on this origin may have written it.

use std::rc::Rc;

use serde_json::{Value, json};

use super::events::{Event, LogoutReason};
use super::provider::Provider;
use super::session::Session;
use super::store;
use crate::ports::{Clock, Storage, Tabs};
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;

/// Logouts of as many people as may share a browser profile within the life of a tab.
const MAX_ENDED: usize = 16;

/// One logout: whose, and when. Pinned up as `[who, at]`.
struct Ended {
    who: String,
    at: UnixTime,
}

/// Read and written by hand: what serde would generate for this enum alone is eight kilobytes of WebAssembly.
enum Message {
    /// The tokens of a refresh, for whoever holds the refresh token that it replaced.
    Refreshed {
        replaces: String,
        session: Value,
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
            Self::Ended { who } => json!({ "client": client, "ended": who }),
        }
    }

    fn from_json(message: &Value) -> Option<Self> {
        let text = |name: &str| message.get(name)?.as_str().map(String::from);
        if let Some(who) = text("ended") {
            return Some(Self::Ended { who });
        }
        Some(Self::Refreshed { replaces: text("replaces")?, session: message.get("session")?.clone() })
    }
}

impl<P: Storage + Clock + Tabs> Provider<P> {
    /// Of whom a session is, without naming them: it lies in localStorage after they left.
    fn who(&self, session: &Session) -> String {
        let parts = [session.issuer(), Some(self.config.client_id.as_str()), session.sub()];
        fingerprint(&json!(parts).to_string())
    }

    pub(super) fn channel(&self) -> &str {
        self.prefix()
    }

    /// Tabs contend only if they hold the same refresh token.
    pub(super) fn lock_name(&self, refresh_token: &Secret) -> String {
        format!("{}:refresh:{}", self.prefix(), fingerprint(refresh_token.expose()))
    }

    pub(super) fn announce_refreshed(&self, replaced: &Secret, session: &Session) {
        self.announce(&Message::Refreshed {
            replaces: fingerprint(replaced.expose()),
            session: self.session_record(session),
        });
    }

    /// A logout, for every tab where the same person is signed in.
    pub(super) fn announce_ended(&self, session: &Session) {
        let (who, at) = (self.who(session), self.platform.now());
        let mut all = self.ended();
        all.retain(|ended| ended.who != who);
        for oldest in store::surplus(all.iter().map(|ended| (ended.at, ended.who.clone())).collect(), MAX_ENDED) {
            all.retain(|ended| ended.who != oldest);
        }
        all.push(Ended { who: who.clone(), at });
        self.pin_ended(&all);
        self.announce(&Message::Ended { who });
    }

    /// A login counts, even if a clock that was fast then has dated a logout after it.
    pub(super) fn unpin_future_ends(&self, session: &Session) {
        let (who, now) = (self.who(session), self.platform.now());
        let mut all = self.ended();
        let before = all.len();
        all.retain(|ended| ended.who != who || ended.at <= now);
        if all.len() < before {
            self.pin_ended(&all);
        }
    }

    fn announce(&self, message: &Message) {
        self.platform.announce(self.channel(), &message.to_json(&self.name));
    }

    fn notice_key(&self) -> String {
        format!("{}:ended:{}", self.prefix(), self.name)
    }

    fn ended(&self) -> Vec<Ended> {
        let notice = self.platform.notice(&self.notice_key());
        let read = |pair: &Value| {
            let (who, at) = (pair.get(0)?.as_str()?.to_owned(), UnixTime::from_numeric_date(pair.get(1)?)?);
            Some(Ended { who, at })
        };
        notice.as_ref().and_then(Value::as_array).into_iter().flatten().filter_map(read).collect()
    }

    fn pin_ended(&self, all: &[Ended]) {
        let pairs = all.iter().map(|ended| json!([ended.who, ended.at.0])).collect();
        self.platform.pin_notice(&self.notice_key(), &Value::Array(pairs));
    }

    /// Whether a logout in another tab ended it. A logout in the very second of a login is taken for the earlier of the two.
    pub(super) fn was_ended_elsewhere(&self, session: &Session) -> bool {
        let ended = self.ended();
        !ended.is_empty() && {
            let who = self.who(session);
            ended.iter().any(|ended| ended.who == who && session.logged_in_at() < ended.at)
        }
    }

    /// Called when this page wakes up (out of the back/forward cache, say): tells of a session that ended meanwhile.
    pub fn wake_up(&self) {
        if self.own_session().is_some_and(|session| self.was_ended_elsewhere(&session)) {
            self.end_by_other_tab();
        }
    }

    /// What another tab announced.
    fn hear(&self, message: Message) {
        // Whether it was ended is what the message may be about: the notice is pinned up before it is announced.
        let Some(session) = self.own_session() else { return };
        match message {
            Message::Ended { who } if who == self.who(&session) => self.end_by_other_tab(),
            Message::Refreshed { replaces, session: record } => {
                let replaced = session.token().refresh_token.clone();
                let is_ours = replaced.as_ref().is_some_and(|token| fingerprint(token.expose()) == replaces);
                let Some(refreshed) = self.restore_session(&record).filter(|_| is_ours) else { return };
                // A refresh changes nobody's identity, neither here nor there; and a tab that slept may know less than this one.
                let is_same = self.who(&refreshed) == self.who(&session) && !self.was_ended_elsewhere(&session);
                // A rotated refresh token is newer than the one it replaced, whatever the clock says.
                let is_rotated = refreshed.token().refresh_token != replaced;
                let is_newer = is_rotated || refreshed != session && refreshed.obtained_at() >= session.obtained_at();
                if is_same && is_newer && self.keep_session(&refreshed).is_ok() {
                    let access_token = session.token().access_token.clone();
                    self.tell(Event::TokenUpdate { session: refreshed, refresh_token: replaced, access_token });
                }
            }
            Message::Ended { .. } => {}
        }
    }

    fn end_by_other_tab(&self) {
        if self.clear_session().is_ok() {
            self.tell(Event::Logout(LogoutReason::OtherTab));
        }
    }
}

/// Hands a message of the channel to the client it is for; what is no message of ours is passed over.
pub fn hear<P: Storage + Clock + Tabs>(message: &Value, client: impl Fn(&str) -> Option<Rc<Provider<P>>>) {
    let provider = message.get("client").and_then(Value::as_str).and_then(client);
    if let (Some(provider), Some(message)) = (provider, Message::from_json(message)) {
        provider.hear(message);
    }
}
