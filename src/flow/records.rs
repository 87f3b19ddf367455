//! What lies in storage, under which key. Every record is one JSON object with a version; one that does not have the expected
//! shape is treated as absent, never half-used.
//!
//! Each record belongs to a client's name, client id and provider, and its key says so: an app at another place of the origin that
//! uses the same name neither sees it nor removes it.

use serde_json::Value;

use crate::flow::client::Client;
use crate::ports::{Scope, Storage, StorageError};
use crate::protocol::json;

/// The kinds of records. The kind, the client and the state, where there is one, make the key
/// `<prefix>:<kind>:<name>:<owner>[:<state>]`.
#[derive(Clone, Copy)]
pub enum Slot<'a> {
    Transaction(&'a str),
    /// A response that was already answered.
    RecordedResponse(&'a str),
    Session,
    Metadata,
    Jwks,
}

impl Slot<'_> {
    fn key(self, prefix: &str, client: &str) -> String {
        match self {
            Self::Transaction(state) => format!("{prefix}:transaction:{client}:{state}"),
            Self::RecordedResponse(state) => format!("{prefix}:used:{client}:{state}"),
            Self::Session => format!("{prefix}:session:{client}"),
            Self::Metadata => format!("{prefix}:metadata:{client}"),
            Self::Jwks => format!("{prefix}:jwks:{client}"),
        }
    }
}

impl<P: Storage> Client<P> {
    fn storage_key(&self, slot: Slot) -> String {
        slot.key(self.prefix(), &self.key)
    }

    /// `shape` makes the record of what is stored, or `None` if the stored value has another shape.
    pub(in crate::flow) fn read_record<T>(
        &self,
        slot: Slot,
        shape: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, StorageError> {
        let text = self.platform.read(Scope::Tab, &self.storage_key(slot))?;
        // `null` for what is not JSON: there is something, and it is not a record.
        Ok(text.map(|text| json::parse_record(text.as_bytes()).unwrap_or_default()).as_ref().and_then(shape))
    }

    /// Where storage is full, what is only a memory makes room: a session, or the way back from a provider, is worth more.
    pub(in crate::flow) fn write_record(&self, slot: Slot, record: &Value) -> Result<(), StorageError> {
        let (key, text) = (self.storage_key(slot), record.to_string());
        match self.platform.write(Scope::Tab, &key, &text) {
            Err(StorageError::Full) if self.make_room()? => self.platform.write(Scope::Tab, &key, &text),
            written => written,
        }
    }

    /// Drops what this client can fetch again. Whether there was anything.
    fn make_room(&self) -> Result<bool, StorageError> {
        let mut has_made_room = false;
        for slot in [Slot::Metadata, Slot::Jwks] {
            let key = self.storage_key(slot);
            if self.platform.read(Scope::Tab, &key)?.is_some() {
                self.platform.remove(Scope::Tab, &key)?;
                has_made_room = true;
            }
        }
        Ok(has_made_room)
    }

    pub(in crate::flow) fn remove_record(&self, slot: Slot) -> Result<(), StorageError> {
        self.platform.remove(Scope::Tab, &self.storage_key(slot))
    }

    /// The states of all records of one kind, e.g. `states(Slot::Transaction)`.
    pub(in crate::flow) fn states(&self, kind: fn(&'static str) -> Slot<'static>) -> Result<Vec<String>, StorageError> {
        let start = self.storage_key(kind(""));
        let keys = self.platform.keys(Scope::Tab)?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(&start).map(String::from)).collect())
    }
}

/// The oldest records that must go so that one more stays within `limit`. Picked one by one: a sort would cost kilobytes of
/// WebAssembly to order a handful.
pub fn surplus<D: Ord>(mut records: Vec<(D, String)>, limit: usize) -> Vec<String> {
    let mut surplus = Vec::new();
    while records.len() >= limit {
        let oldest = records.iter().enumerate().min_by(|(_, (a, _)), (_, (b, _))| a.cmp(b)).map(|(index, _)| index);
        match oldest {
            Some(index) => surplus.push(records.swap_remove(index).1),
            None => break,
        }
    }
    surplus
}

#[cfg(test)]
mod tests {
    use super::surplus;

    #[test]
    fn the_oldest_give_way() {
        let records = vec![(3, "c".to_owned()), (1, "a".to_owned()), (2, "b".to_owned())];
        assert_eq!(surplus(records.clone(), 4), Vec::<String>::new());
        assert_eq!(surplus(records.clone(), 3), ["a"]);
        assert_eq!(surplus(records.clone(), 1), ["a", "b", "c"]);
        assert_eq!(surplus(records, 0), ["a", "b", "c"]);
    }
}
