//! Responses that were taken up, remembered by state across documents: each is acted on once, and answered again the same way
//! when the person reloads, goes back, or the provider redirects again.

use serde_json::{Value, json};

use crate::flow::callback::entry::{Outcome, OutcomeKind};
use crate::flow::client::Client;
use crate::flow::records::{self, Slot};
use crate::ports::{Clock, Storage, StorageError};
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;

const VERSION: u8 = 2;
/// As many as a person may reach by going back in one tab.
const MAX_RECORDED: usize = 8;

pub struct RecordedResponse {
    created_at: UnixTime,
    pub client: String,
    pub is_login: bool,
    /// A sign-out came while it was under way.
    is_ended: bool,
    /// `None` while it is under way, and for ever when it failed or its tab died.
    pub outcome: Option<Outcome>,
}

impl RecordedResponse {
    fn to_json(&self) -> Value {
        json!({
            "v": VERSION,
            "created_at": self.created_at.0,
            "client": self.client,
            "is_login": self.is_login,
            "ended": self.is_ended,
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
            is_ended: record.flag("ended")?,
            outcome: record.optional("outcome", outcome)?,
        })
    }
}

impl<P: Storage> Client<P> {
    pub(in crate::flow) fn read_response(&self, state: &str) -> Result<Option<RecordedResponse>, StorageError> {
        self.records.read(&*self.platform, Slot::RecordedResponse(state), RecordedResponse::from_json)
    }
}

impl<P: Storage + Clock> Client<P> {
    /// Takes the transaction of this state, so that no response is ever acted on by it again.
    pub(in crate::flow) fn take_transaction(&self, state: &str, is_login: bool) -> Result<(), StorageError> {
        self.records.remove(&*self.platform, Slot::Transaction(state))?;
        self.sweep_responses()?;
        self.write_response(state, is_login, None)
    }

    /// Best effort: without it, coming back to this response is an error instead of the same result.
    pub(in crate::flow) fn record_outcome(&self, state: &str, outcome: &Outcome) {
        let _ = self.write_response(state, matches!(outcome.kind, OutcomeKind::Login { .. }), Some(outcome.clone()));
    }

    fn write_response(&self, state: &str, is_login: bool, outcome: Option<Outcome>) -> Result<(), StorageError> {
        let created_at = self.platform.now();
        let used = RecordedResponse { created_at, client: self.name.clone(), is_login, is_ended: false, outcome };
        self.records.write(&*self.platform, Slot::RecordedResponse(state), &used.to_json())
    }

    /// A sign-out ends the logins that are on their way, those included that another copy of this package has taken up: two copies in
    /// a page share nothing but storage.
    pub(in crate::flow) fn end_logins_on_their_way(&self) -> Result<(), StorageError> {
        for state in self.records.states(&*self.platform, Slot::RecordedResponse)? {
            if let Some(used) = self.read_response(&state)?.filter(|used| used.is_login && used.outcome.is_none()) {
                let ended = self.records.write(
                    &*self.platform,
                    Slot::RecordedResponse(&state),
                    &RecordedResponse { is_ended: true, ..used }.to_json(),
                );
                // Full storage takes no mark. A record that is gone says the same.
                ended.or_else(|_| self.records.remove(&*self.platform, Slot::RecordedResponse(&state)))?;
            }
        }
        Ok(())
    }

    /// Whether a sign-out of any copy of this package has ended the login of this state.
    pub(in crate::flow) fn was_ended_in_storage(&self, state: &str) -> bool {
        self.read_response(state).is_ok_and(|used| used.is_none_or(|used| used.is_ended))
    }

    fn sweep_responses(&self) -> Result<(), StorageError> {
        let mut all = Vec::new();
        for state in self.records.states(&*self.platform, Slot::RecordedResponse)? {
            all.push((self.read_response(&state)?.map(|used| used.created_at), state));
        }
        for state in records::surplus(all, MAX_RECORDED) {
            self.records.remove(&*self.platform, Slot::RecordedResponse(&state))?;
        }
        Ok(())
    }
}
