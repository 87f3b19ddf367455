//! Responses that were taken up, remembered by state across documents: each is acted on once, and answered again the same way
//! when the person reloads, goes back, or the provider redirects again.

use serde_json::{Value, json};

use super::provider::Provider;
use super::redirect::{Outcome, OutcomeKind};
use super::store::{self, Slot};
use crate::ports::{Clock, Storage, StorageError};
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;

const VERSION: u8 = 1;
/// As many as a person may reach by going back in one tab.
const MAX_USED: usize = 8;

pub struct Used {
    created_at: UnixTime,
    pub client: String,
    pub is_login: bool,
    /// `None` while it is under way, and for ever when it failed or its tab died.
    pub outcome: Option<Outcome>,
}

impl Used {
    fn to_json(&self) -> Value {
        json!({
            "v": VERSION,
            "created_at": self.created_at.0,
            "client": self.client,
            "is_login": self.is_login,
            "outcome": self.outcome.as_ref().map(Outcome::to_json),
        })
    }

    fn from_json(record: &Value) -> Option<Self> {
        let record = Members::of(record).filter(|record| record.is_version(VERSION))?;
        let outcome = |record: Members, name: &str| Outcome::from_json(Members::of(record.get(name)?)?);
        Some(Self {
            created_at: record.time("created_at")?,
            client: record.text("client")?,
            is_login: record.flag("is_login")?,
            outcome: record.optional("outcome", outcome)?,
        })
    }
}

pub fn read(storage: &impl Storage, prefix: &str, state: &str) -> Result<Option<Used>, StorageError> {
    store::read(storage, prefix, Slot::Used(state), Used::from_json)
}

impl<P: Storage + Clock> Provider<P> {
    /// Takes the transaction of this state, so that no response is ever acted on by it again.
    pub(super) fn take_transaction(&self, state: &str, is_login: bool) -> Result<(), StorageError> {
        store::remove(&*self.platform, self.prefix(), Slot::Transaction(state))?;
        self.sweep_used()?;
        self.write_used(state, is_login, None)
    }

    /// Best effort: without it, coming back to this response is an error instead of the same result.
    pub(super) fn settle(&self, state: &str, outcome: &Outcome) {
        let _ = self.write_used(state, matches!(outcome.kind, OutcomeKind::Login { .. }), Some(outcome.clone()));
    }

    fn write_used(&self, state: &str, is_login: bool, outcome: Option<Outcome>) -> Result<(), StorageError> {
        let created_at = self.platform.now();
        let used = Used { created_at, client: self.name.clone(), is_login, outcome };
        store::write(&*self.platform, self.prefix(), Slot::Used(state), &used.to_json())
    }

    fn sweep_used(&self) -> Result<(), StorageError> {
        let (platform, prefix) = (&*self.platform, self.prefix());
        let mut all = Vec::new();
        for state in store::ids(platform, prefix, Slot::Used)? {
            let used = read(platform, prefix, &state)?;
            all.push((used.map(|used| used.created_at), state));
        }
        for state in store::surplus(all, MAX_USED) {
            store::remove(platform, prefix, Slot::Used(&state))?;
        }
        Ok(())
    }
}
