//! The session of a client: one record in sessionStorage or localStorage, written whole or not at all, and read back without the network.
//!
//! With `tokenStorage: "memory"` the record is the identity: the session without its tokens. The session itself lies over it, as one that
//! storage did not take does in every mode.
//!
//! A record is parsed and checked once for each text: as long as the text is the same, so is the session.

use std::cell::RefCell;
use std::rc::Rc;

use super::lifetime;
use super::memo::Memo;
use super::record::SessionRules;
use super::tombstones::{Kind, Tombstones};
use super::value::{LoginId, Session, Times};
use crate::flow::events::LogoutReason;
use crate::flow::records::{Dated, Records, Slot};
use crate::ports::{Clock, Storage, StorageError};
use crate::protocol::json;
use crate::protocol::time::UnixTime;

/// The knowledge of a page about the session of a client, beside its record. It survives a change of settings.
#[derive(Default)]
pub struct SessionState {
    overlay: RefCell<Option<Overlay>>,
    /// The last change that this page made to the session. It decides where storage cannot be read.
    last: RefCell<Option<Last>>,
    /// The login whose person did something in this page, and the time.
    active: RefCell<Option<Dated>>,
}

enum Last {
    SignedIn(LoginId),
    SignedOut,
}

/// The record of a session that storage did not take, was not given, or has not shown to this page yet. It counts as long as storage still holds the record that it could not replace:
/// another page may have stored a later record.
struct Overlay {
    text: Rc<str>,
    over: Option<Rc<str>>,
}

/// Seconds by which the stored time of an activity may be behind, and a hundredth of the idle time if that is less.
const ACTIVITY_STEP: u32 = 10;

/// Stands for the access token in the record of an identity.
const NO_TOKEN: &str = "-";

/// A session without its tokens: it says who was signed in, and opens nothing.
pub(in crate::flow) struct Identity(Session);

impl Identity {
    pub fn session(&self) -> &Session {
        &self.0
    }
}

pub struct SessionStore {
    records: Records,
    rules: SessionRules,
    state: Rc<SessionState>,
    pub(in crate::flow) tombstones: Tombstones,
    memo: Memo<Option<Rc<Session>>>,
}

impl SessionStore {
    pub fn new(records: Records, rules: SessionRules, state: Rc<SessionState>) -> Self {
        let tombstones = Tombstones::new(records.clone());
        Self { records, rules, state, tombstones, memo: Memo::default() }
    }

    /// The session of the person who is signed in. A session that ended in another tab has ended here, too, even if this tab slept
    /// meanwhile.
    pub fn current(&self, storage: &(impl Storage + Clock)) -> Option<Rc<Session>> {
        self.own(storage).filter(|session| self.end_of(storage, session).is_none())
    }

    /// The reason for which the session has ended by itself, or elsewhere, if it has.
    pub fn end_of(&self, storage: &(impl Storage + Clock), session: &Session) -> Option<LogoutReason> {
        self.expiry_of(storage, session).or_else(|| self.tombstones.end_of(storage, session, None))
    }

    /// The reason for which the session has ended by itself, if it has.
    pub fn expiry_of(&self, storage: &(impl Storage + Clock), session: &Session) -> Option<LogoutReason> {
        let (at, reason) = self.ends_at(storage, session)?;
        lifetime::is_over(session, self.active_at(storage, session), at, storage.now()).then_some(reason)
    }

    /// When the session ends by itself, if it does, and the reason then.
    pub fn ends_at(&self, storage: &impl Storage, session: &Session) -> Option<(UnixTime, LogoutReason)> {
        lifetime::end_of(self.rules.lifetime, session, self.active_at(storage, session))
    }

    /// When the person of the session last did something, in any tab.
    fn active_at(&self, storage: &impl Storage, session: &Session) -> UnixTime {
        let mut latest = session.logged_in_at();
        if self.rules.lifetime.idle.is_some() {
            let stored = self.tombstones.read(storage, Kind::Activity);
            for active in stored.iter().chain(self.state.active.borrow().iter()) {
                if active.name == session.login().as_str() {
                    latest = latest.max(active.at);
                }
            }
        }
        latest
    }

    /// The session of a silent login, with the ends of the session before it: the person was not asked, and did nothing.
    pub fn follow(&self, storage: &(impl Storage + Clock), session: Session, before: &Session) -> Session {
        if self.end_of(storage, before).is_some() {
            return session;
        }
        let times = Times {
            logged_in_at: before.logged_in_at(),
            ends_at: session.times.ends_at.or(before.times.ends_at),
            ..session.times
        };
        if self.rules.lifetime.idle.is_some() {
            let (name, at) = (session.login().as_str().to_owned(), self.active_at(storage, before));
            self.tombstones.add(storage, Kind::Activity, name.clone(), at);
            self.state.active.replace(Some(Dated { name, at }));
        }
        Session { times, ..session }
    }

    /// The person of the session does something now. The other tabs read it in localStorage, which is written seldom.
    pub fn touch(&self, storage: &(impl Storage + Clock), session: &Session) {
        let Some(idle) = self.rules.lifetime.idle else { return };
        let (login, at) = (session.login().as_str(), storage.now());
        let stored = self.tombstones.read(storage, Kind::Activity);
        let is_recent = |active: &Dated| {
            active.name == login && (0..=i64::from(ACTIVITY_STEP.min(idle / 100))).contains(&at.since(active.at))
        };
        if !stored.iter().any(is_recent) {
            self.tombstones.add(storage, Kind::Activity, login.to_owned(), at);
        }
        self.state.active.replace(Some(Dated { name: login.to_owned(), at }));
    }

    /// The session that this tab remembers, without a look at the tombstones of other tabs.
    pub fn own(&self, storage: &impl Storage) -> Option<Rc<Session>> {
        self.read(storage).ok()?
    }

    pub fn read(&self, storage: &impl Storage) -> Result<Option<Rc<Session>>, StorageError> {
        let stored = self.records.text(storage, Slot::Session);
        let overlay = self.state.overlay.borrow();
        let text = match (&*overlay, stored) {
            (Some(overlay), Err(_)) => overlay.text.clone(),
            (Some(overlay), Ok(stored)) if stored == overlay.over => overlay.text.clone(),
            (_, stored) => match stored? {
                Some(text) if !self.records.keep_identity_only() => text,
                _ => return Ok(None),
            },
        };
        Ok(self.memo.of(&text, |text| {
            // The settings may have been overwritten meanwhile, and may refuse this record.
            self.restore(&json::parse_record(text.as_bytes()).ok()?).map(Rc::new)
        }))
    }

    /// A session of a record, e.g. one that another tab handed over.
    pub fn restore(&self, record: &json::Value) -> Option<Session> {
        self.rules.restore(record)
    }

    pub fn to_record(&self, session: &Session) -> json::Value {
        self.rules.to_record(session)
    }

    /// Whether a record lies there that is not a session of this client.
    pub fn has_unfit_record(&self, storage: &impl Storage) -> bool {
        matches!(self.read(storage), Ok(None))
            && matches!(self.records.text(storage, Slot::Session), Ok(Some(_)))
            && self.identity(storage).is_none()
    }

    /// The person of this tab as far as storage tells, where the session is in the memory of a page.
    pub(in crate::flow) fn identity(&self, storage: &impl Storage) -> Option<Identity> {
        let record = self.records.value(storage, Slot::Session).ok()?.filter(|_| self.records.keep_identity_only())?;
        self.restore(&record).filter(|session| session.token.access_token.expose() == NO_TOKEN).map(Identity)
    }

    /// The record of a session for storage.
    fn stored(&self, session: &Session) -> json::Value {
        if self.records.keep_identity_only() {
            return self.to_record(&session.without_tokens(NO_TOKEN));
        }
        self.to_record(session)
    }

    /// Whether another tab, with a copy of this one's storage, has redeemed the refresh token. A provider that sees the refresh token again
    /// takes that for theft and ends every session that the token belongs to.
    pub fn is_spent(&self, storage: &impl Storage, session: &Session) -> bool {
        let refresh_token = &session.token().refresh_token;
        refresh_token.as_ref().is_some_and(|token| self.tombstones.has(storage, Kind::SpentRefreshToken, token))
    }

    pub fn save(&self, storage: &impl Storage, session: &Session) -> Result<(), StorageError> {
        let stored = self.stored(session);
        self.records.write(storage, Slot::Session, &stored)?;
        let overlay = self
            .records
            .keep_identity_only()
            .then(|| Overlay { text: self.to_record(session).to_text().into(), over: Some(stored.to_text().into()) });
        self.state.overlay.replace(overlay);
        self.state.last.replace(Some(Last::SignedIn(session.login().clone())));
        Ok(())
    }

    /// Saves the session after a refresh. The answer may be the only copy of a rotated refresh token, so this page keeps the session where
    /// storage takes no more. `before` is the session that it follows.
    pub fn keep(&self, storage: &impl Storage, session: &Session, before: &Session) -> Result<(), StorageError> {
        let saved = self.save(storage, session);
        if saved.is_err() {
            self.lay_over(storage, session, before);
        }
        saved
    }

    /// Takes over the session that another tab has refreshed. Where all tabs have one session, that tab has stored it, or could not: this
    /// page holds it until the stored record changes, and writes nothing over a record that may be newer by then.
    pub fn take_over(&self, storage: &impl Storage, session: &Session, before: &Session) {
        if self.is_shared() {
            self.lay_over(storage, session, before);
        } else {
            // Where storage is full, this page keeps the session.
            let _ = self.keep(storage, session, before);
        }
    }

    fn lay_over(&self, storage: &impl Storage, session: &Session, before: &Session) {
        let overlay = self.state.overlay.take();
        // The stored record may belong to earlier settings, or to another page.
        let over = match (self.records.text(storage, Slot::Session), overlay) {
            (Ok(Some(stored)), _) => Some(stored),
            (_, Some(overlay)) => overlay.over,
            _ => Some(self.stored(before).to_text().into()),
        };
        let text = self.to_record(session).to_text().into();
        self.state.overlay.replace(Some(Overlay { text, over }));
    }

    /// Whether the tokens are in the memory of this page only.
    pub fn is_in_memory(&self) -> bool {
        self.records.keep_identity_only()
    }

    /// Whether all tabs of the origin have one session.
    pub fn is_shared(&self) -> bool {
        self.records.share_session()
    }

    pub fn clear(&self, storage: &impl Storage) -> Result<(), StorageError> {
        self.state.overlay.replace(None);
        self.state.last.replace(Some(Last::SignedOut));
        self.records.remove(storage, Slot::Session)
    }

    /// Whether a session is gone by now, or has another refresh token. Where storage cannot be read, the tombstones and the last change of
    /// this page decide.
    pub fn has_moved_on(&self, storage: &(impl Storage + Clock), session: &Session) -> bool {
        self.end_of(storage, session).is_some()
            || match self.read(storage) {
                Ok(now) => now.is_none_or(|now| !now.is_as(session)),
                Err(_) => !self.is_signed_in(session.login()),
            }
    }

    /// Whether this page has neither ended the login nor begun another one.
    pub fn is_signed_in(&self, login: &LoginId) -> bool {
        match &*self.state.last.borrow() {
            Some(Last::SignedIn(last)) => last == login,
            Some(Last::SignedOut) => false,
            None => true,
        }
    }
}
