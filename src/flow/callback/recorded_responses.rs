//! Responses that this client has begun to act on, recorded by state across documents. Each is acted on once, and has the same outcome
//! again when the person reloads or goes back, or the provider redirects again.

use crate::flow::callback::outcome::{Outcome, OutcomeKind};
use crate::flow::records::{self, Dated, Records, Slot};
use crate::ports::{Storage, StorageError};
use crate::protocol::json::{Value, json};
use crate::protocol::record::Members;
use crate::protocol::time::UnixTime;

const VERSION: u8 = 2;
/// The number of responses that a person may reach by going back in one tab.
const MAX_RECORDED: usize = 8;

pub struct RecordedResponse {
    created_at: UnixTime,
    client: String,
    pub is_login: bool,
    /// Whether a sign-out came while the login was under way.
    is_ended: bool,
    /// `None` while the work is under way, and for ever if it failed or its tab died.
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
        let record = Members::of_version(record, VERSION)?;
        record.sound(Self {
            created_at: record.time("created_at"),
            client: record.text("client"),
            is_login: record.flag("is_login"),
            is_ended: record.flag("ended"),
            outcome: record.optional("outcome", Outcome::from_json),
        })
    }
}

pub struct RecordedResponses {
    pub records: Records,
    /// The name of the client.
    pub client: String,
}

impl RecordedResponses {
    pub fn read(&self, storage: &impl Storage, state: &str) -> Result<Option<RecordedResponse>, StorageError> {
        self.records.read(storage, Slot::RecordedResponse(state), RecordedResponse::from_json)
    }

    /// Records that the work on a response begins.
    pub fn begin(
        &self,
        storage: &impl Storage,
        state: &str,
        is_login: bool,
        now: UnixTime,
    ) -> Result<(), StorageError> {
        self.sweep(storage)?;
        self.write(storage, state, &self.response(is_login, None, now))
    }

    /// Records the outcome where storage takes it. Without the record, this response is an error when the person comes back to it.
    pub fn record_outcome(&self, storage: &impl Storage, state: &str, outcome: &Outcome, now: UnixTime) {
        let is_login = matches!(outcome.kind, OutcomeKind::Login { .. });
        let _ = self.write(storage, state, &self.response(is_login, Some(outcome.clone()), now));
    }

    /// A sign-out ends the logins that are on their way, those included that another copy of this package acts on: two copies in a page
    /// share only storage.
    pub fn end_logins(&self, storage: &impl Storage) -> Result<(), StorageError> {
        for state in self.records.states(storage, Slot::RecordedResponse)? {
            if let Some(response) =
                self.read(storage, &state)?.filter(|found| found.is_login && found.outcome.is_none())
            {
                let ended = self.write(storage, &state, &RecordedResponse { is_ended: true, ..response });
                // Full storage takes no mark. A record that is absent has the same effect.
                ended.or_else(|_| self.remove(storage, &state))?;
            }
        }
        Ok(())
    }

    /// Whether a sign-out of any copy of this package has ended the login of this state.
    pub fn is_ended(&self, storage: &impl Storage, state: &str) -> bool {
        self.read(storage, state).is_ok_and(|response| response.is_none_or(|response| response.is_ended))
    }

    fn response(&self, is_login: bool, outcome: Option<Outcome>, now: UnixTime) -> RecordedResponse {
        RecordedResponse { created_at: now, client: self.client.clone(), is_login, is_ended: false, outcome }
    }

    fn write(&self, storage: &impl Storage, state: &str, response: &RecordedResponse) -> Result<(), StorageError> {
        self.records.write(storage, Slot::RecordedResponse(state), &response.to_json())
    }

    pub fn remove(&self, storage: &impl Storage, state: &str) -> Result<(), StorageError> {
        self.records.remove(storage, Slot::RecordedResponse(state))
    }

    /// Removes the oldest beyond the limit. A record that cannot be read counts as older than all others.
    fn sweep(&self, storage: &impl Storage) -> Result<(), StorageError> {
        let mut all = Vec::new();
        for state in self.records.states(storage, Slot::RecordedResponse)? {
            let at = self.read(storage, &state)?.map(|response| response.created_at).unwrap_or_default();
            all.push(Dated { name: state, at });
        }
        for Dated { name, .. } in &records::take_surplus(&mut all, MAX_RECORDED) {
            self.remove(storage, name)?;
        }
        Ok(())
    }
}
