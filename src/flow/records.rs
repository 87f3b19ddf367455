//! The records in storage and their keys. Every record is one JSON object with a version. A record without the expected shape counts as
//! absent.
//!
//! Each record belongs to a client's name, client id and provider, and its key says so: an app at another place of the origin that
//! uses the same name neither sees it nor removes it.

use std::rc::Rc;

use crate::ports::{Scope, Storage, StorageError};
use crate::protocol::json::{self, Value};
use crate::protocol::time::UnixTime;
use crate::settings::options::TokenStorage;

/// The kinds of records. The kind, the client and the state, where there is one, make the key
/// `<prefix>:<kind>:<name>:<owner>[:<state>]`.
#[derive(Clone, Copy)]
pub enum Slot<'a> {
    Transaction(&'a str),
    /// A response that this client has acted on.
    RecordedResponse(&'a str),
    Session,
    /// When the last session of this tab ended.
    SignedOut,
    Metadata,
    Jwks,
}

impl Slot<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::Transaction(_) => "transaction",
            Self::RecordedResponse(_) => "used",
            Self::Session => "session",
            Self::SignedOut => "left",
            Self::Metadata => "metadata",
            Self::Jwks => "jwks",
        }
    }
}

/// The records of one client. They lie in sessionStorage, except for the session where the option says localStorage.
///
/// Where the option says memory or worker, the record of the session is its identity: another kind of record, which no other mode takes for a session.
#[derive(Clone)]
pub struct Records(Rc<Place>);

struct Place {
    prefix: String,
    /// The client's name and owner.
    client: String,
    /// Where the record of the session lies, and its kind.
    session: (Scope, &'static str),
}

const IN_TAB: (Scope, &str) = (Scope::Tab, "session");
const OF_ALL_TABS: (Scope, &str) = (Scope::Origin, "session");
const IDENTITY: (Scope, &str) = (Scope::Tab, "identity");

impl Records {
    pub fn new(prefix: &str, client: &str, token_storage: TokenStorage) -> Self {
        let session = match token_storage {
            TokenStorage::Session => IN_TAB,
            TokenStorage::Local => OF_ALL_TABS,
            TokenStorage::Memory | TokenStorage::Worker => IDENTITY,
        };
        Self(Rc::new(Place { prefix: prefix.to_owned(), client: client.to_owned(), session }))
    }

    /// Whether all tabs of the origin have one session.
    pub fn share_session(&self) -> bool {
        self.0.session == OF_ALL_TABS
    }

    /// Whether storage has the identity only, and this page the session.
    pub fn keep_identity_only(&self) -> bool {
        self.0.session == IDENTITY
    }

    fn scope(&self, slot: Slot) -> Scope {
        if let Slot::Session = slot { self.0.session.0 } else { Scope::Tab }
    }

    /// The key of the records of a kind, or the beginning of their keys.
    pub fn key(&self, kind: &str) -> String {
        [&*self.0.prefix, kind, &*self.0.client].join(":")
    }

    fn key_of(&self, slot: Slot) -> String {
        let mut key = self.key(if let Slot::Session = slot { self.0.session.1 } else { slot.kind() });
        if let Slot::Transaction(state) | Slot::RecordedResponse(state) = slot {
            key.push(':');
            key.push_str(state);
        }
        key
    }

    pub fn text(&self, storage: &impl Storage, slot: Slot) -> Result<Option<Rc<str>>, StorageError> {
        storage.read(self.scope(slot), &self.key_of(slot))
    }

    /// The stored value; `null` stands for a text that is not JSON.
    pub fn value(&self, storage: &impl Storage, slot: Slot) -> Result<Option<Value>, StorageError> {
        let text = self.text(storage, slot)?;
        Ok(text.map(|text| json::parse_record(text.as_bytes()).unwrap_or_default()))
    }

    /// `shape` makes the record of what is stored, or `None` if the stored value has another shape.
    pub fn read<T>(
        &self,
        storage: &impl Storage,
        slot: Slot,
        shape: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, StorageError> {
        Ok(self.value(storage, slot)?.as_ref().and_then(shape))
    }

    /// Writes a record. Where storage is full, the cached documents of the provider make room: a session or a transaction is worth more.
    pub fn write(&self, storage: &impl Storage, slot: Slot, record: &Value) -> Result<(), StorageError> {
        let (scope, key, text) = (self.scope(slot), self.key_of(slot), record.to_text());
        match storage.write(scope, &key, &text) {
            Err(StorageError::Full) if self.make_room(storage)? => storage.write(scope, &key, &text),
            written => written,
        }
    }

    /// Drops the documents that this client can fetch again, and says whether there were any.
    fn make_room(&self, storage: &impl Storage) -> Result<bool, StorageError> {
        let mut has_made_room = false;
        for slot in [Slot::Metadata, Slot::Jwks] {
            if self.text(storage, slot)?.is_some() {
                self.remove(storage, slot)?;
                has_made_room = true;
            }
        }
        Ok(has_made_room)
    }

    pub fn remove(&self, storage: &impl Storage, slot: Slot) -> Result<(), StorageError> {
        storage.remove(self.scope(slot), &self.key_of(slot))
    }

    /// Removes a session that lies where another value of the option `tokenStorage` had it: its tokens would stay there unused.
    pub fn remove_session_elsewhere(&self, storage: &impl Storage) {
        for place in [IN_TAB, OF_ALL_TABS, IDENTITY] {
            if place != self.0.session {
                let _ = storage.remove(place.0, &self.key(place.1));
            }
        }
    }

    /// The states of all records of one kind, e.g. `states(storage, Slot::Transaction)`.
    pub fn states(
        &self,
        storage: &impl Storage,
        kind: fn(&'static str) -> Slot<'static>,
    ) -> Result<Vec<String>, StorageError> {
        let start = self.key_of(kind(""));
        let mut states = Vec::new();
        for key in storage.keys(Scope::Tab)? {
            states.extend(key.strip_prefix(&start).map(String::from));
        }
        Ok(states)
    }
}

/// An item that is dropped when it is among the oldest: its name, such as a state or a fingerprint, and its date.
#[derive(Clone)]
pub struct Dated {
    pub name: String,
    pub at: UnixTime,
}

/// Takes the oldest items out, so that one more stays within `limit`. They are picked one by one: a sort would cost kilobytes of
/// WebAssembly to order a handful.
pub fn take_surplus(items: &mut Vec<Dated>, limit: usize) -> Vec<Dated> {
    let mut surplus = Vec::new();
    while items.len() >= limit {
        match items.iter().enumerate().min_by_key(|(_, item)| item.at).map(|(index, _)| index) {
            Some(oldest) => surplus.push(items.remove(oldest)),
            None => break,
        }
    }
    surplus
}

#[cfg(test)]
mod tests {
    use super::{Dated, take_surplus};
    use crate::protocol::time::UnixTime;

    #[test]
    fn the_oldest_give_way() {
        let names = |items: &[Dated]| items.iter().map(|item| &*item.name).collect::<String>();
        let after = |limit: usize| {
            let mut stay =
                [("c", 3), ("a", 1), ("b", 2)].map(|(name, at)| Dated { name: name.into(), at: UnixTime(at) }).to_vec();
            let surplus = take_surplus(&mut stay, limit);
            (names(&stay), names(&surplus))
        };
        assert_eq!(after(4), ("cab".into(), String::new()));
        assert_eq!(after(3), ("cb".into(), "a".into()));
        assert_eq!(after(1), (String::new(), "abc".into()));
        assert_eq!(after(0), (String::new(), "abc".into()));
    }
}
