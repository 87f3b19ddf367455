//! Tombstones in localStorage, for tabs that sleep, are closed and restored, or are yet to come: sessions, states and refresh tokens that
//! must not count any more. They hold fingerprints and dates, never a secret and never a name. Any script of this origin may have written
//! them, and the worst effect of a forged tombstone is that a person has to sign in again.

use std::rc::Rc;

use super::memo::Memo;
use super::value::Session;
use crate::flow::events::LogoutReason;
use crate::flow::records::{self, Dated, Records};
use crate::ports::{Scope, Storage};
use crate::protocol::json::{self, Value, json};
use crate::protocol::secret::{Secret, fingerprint};
use crate::protocol::time::UnixTime;

/// The tombstones of one kind and one client; the oldest give way.
const MAX_TOMBSTONES: usize = 16;

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// People who logged out, and sessions that the provider ended.
    SignedOut,
    /// States whose response was acted on.
    ConsumedState,
    /// Refresh tokens that were redeemed and replaced.
    SpentRefreshToken,
    /// Sessions at the provider that logins of this origin began with. They are stored like tombstones, for the front-channel logout.
    ProviderSession,
    /// The logins of this origin, each with the time when its person last did something. They are stored like tombstones.
    Activity,
    /// The lease of the tab that refreshes where the browser has no locks. It is stored like a tombstone.
    Lease,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "ended",
            Self::ConsumedState => "answered",
            Self::SpentRefreshToken => "spent",
            Self::ProviderSession => "sid",
            Self::Activity => "active",
            Self::Lease => "lease",
        }
    }
}

pub struct Tombstones {
    records: Records,
    /// The logouts: each look at a session looks for its person among them.
    memo: Memo<Rc<Vec<Dated>>>,
}

impl Tombstones {
    pub fn new(records: Records) -> Self {
        Self { records, memo: Memo::default() }
    }

    /// Whether a logout elsewhere ended the session. A logout in the very second of a login is taken for the earlier of the two. With
    /// `now`, for a session whose login is under way, a logout of the future does not count: a clock was fast once.
    pub fn has_end_of(&self, storage: &impl Storage, session: &Session, now: Option<UnixTime>) -> bool {
        self.end_of(storage, session, now).is_some()
    }

    /// The reason for which the session has ended elsewhere, if it has.
    pub fn end_of(&self, storage: &impl Storage, session: &Session, now: Option<UnixTime>) -> Option<LogoutReason> {
        let all = self.read(storage, Kind::SignedOut);
        let counts = |tombstone: &&Dated| {
            tombstone.at > session.logged_in_at()
                && now.is_none_or(|now| tombstone.at <= now)
                && session.is_named(&tombstone.name)
        };
        let is_of_person = all.iter().find(counts)?.name == session.subject();
        Some(if is_of_person { LogoutReason::OtherTab } else { LogoutReason::FrontChannel })
    }

    /// Removes the logouts of this person that are dated after `now`. The new login counts, even if a fast clock dated an earlier logout
    /// after it.
    pub fn remove_future_ends(&self, storage: &impl Storage, session: &Session, now: UnixTime) {
        self.keep(storage, Kind::SignedOut, &|tombstone| !session.is_named(&tombstone.name) || tombstone.at <= now);
    }

    /// Removes the entry of this fingerprint, and says whether there was one.
    pub fn remove(&self, storage: &impl Storage, kind: Kind, fingerprint: &str) -> bool {
        self.keep(storage, kind, &|tombstone| tombstone.name != fingerprint)
    }

    /// Removes the entries that do not stay, and says whether there was one.
    fn keep(&self, storage: &impl Storage, kind: Kind, stays: &dyn Fn(&Dated) -> bool) -> bool {
        let all = self.read(storage, kind);
        let mut kept = Vec::clone(&all);
        kept.retain(stays);
        let has_removed = kept.len() < all.len();
        if has_removed {
            self.write(storage, kind, &kept);
        }
        has_removed
    }

    pub fn has(&self, storage: &impl Storage, kind: Kind, secret: &Secret) -> bool {
        let all = self.read(storage, kind);
        !all.is_empty() && {
            let fingerprint = fingerprint(secret.expose());
            all.iter().any(|tombstone| tombstone.name == fingerprint)
        }
    }

    /// A refresh token that the provider gives or takes is good, although it was refused before: some providers give the same one again.
    pub fn forget_spent(&self, storage: &impl Storage, session: &Session) {
        if let Some(token) = &session.token().refresh_token {
            let fingerprint = fingerprint(token.expose());
            self.remove(storage, Kind::SpentRefreshToken, &fingerprint);
        }
    }

    pub fn add_of(&self, storage: &impl Storage, kind: Kind, secret: &Secret, now: UnixTime) {
        self.add(storage, kind, fingerprint(secret.expose()), now);
    }

    pub fn add(&self, storage: &impl Storage, kind: Kind, fingerprint: String, at: UnixTime) {
        let mut all = Vec::clone(&self.read(storage, kind));
        all.retain(|tombstone| tombstone.name != fingerprint);
        records::take_surplus(&mut all, MAX_TOMBSTONES);
        all.push(Dated { name: fingerprint, at });
        self.write(storage, kind, &all);
    }

    /// Writes where it can: if localStorage is blocked or full, the tabs know less of each other.
    pub fn write(&self, storage: &impl Storage, kind: Kind, all: &[Dated]) {
        let pairs = all.iter().map(|tombstone| json!([tombstone.name, tombstone.at.0])).collect();
        let text = Value::Array(pairs).to_text();
        let _ = storage.write(Scope::Origin, &self.records.key(kind.as_str()), &text);
    }

    pub fn read(&self, storage: &impl Storage, kind: Kind) -> Rc<Vec<Dated>> {
        match storage.read(Scope::Origin, &self.records.key(kind.as_str())) {
            Ok(Some(text)) if kind == Kind::SignedOut => self.memo.of(&text, parse),
            Ok(Some(text)) => parse(&text),
            _ => Rc::default(),
        }
    }
}

fn parse(text: &str) -> Rc<Vec<Dated>> {
    let mut tombstones = Vec::new();
    if let Ok(Value::Array(pairs)) = json::parse_record(text.as_bytes()) {
        for pair in &pairs {
            if let Some([Value::String(fingerprint), at, ..]) = pair.as_array().map(Vec::as_slice)
                && let Some(at) = UnixTime::from_numeric_date(at)
            {
                tombstones.push(Dated { name: fingerprint.clone(), at });
            }
        }
    }
    Rc::new(tombstones)
}
