//! What lies in storage, under which key. Every record is one JSON object with a version; one that does not have the expected
//! shape is treated as absent, never half-used.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ports::{Storage, StorageError};

/// The kinds of records; the kind and an id make the key `<prefix>:<kind>:<id>`.
#[derive(Clone, Copy)]
pub enum Slot<'a> {
    /// By state.
    Transaction(&'a str),
    /// By state: a response that was already answered.
    Used(&'a str),
    /// By client name.
    Session(&'a str),
    Metadata(&'a str),
    Jwks(&'a str),
}

impl Slot<'_> {
    fn key(self, prefix: &str) -> String {
        match self {
            Self::Transaction(id) => format!("{prefix}:transaction:{id}"),
            Self::Used(id) => format!("{prefix}:used:{id}"),
            Self::Session(id) => format!("{prefix}:session:{id}"),
            Self::Metadata(id) => format!("{prefix}:metadata:{id}"),
            Self::Jwks(id) => format!("{prefix}:jwks:{id}"),
        }
    }
}

pub fn read<T: DeserializeOwned>(storage: &impl Storage, prefix: &str, slot: Slot) -> Result<Option<T>, StorageError> {
    let value = storage.read(&slot.key(prefix))?;
    Ok(value.and_then(|value| serde_json::from_value(value).ok()))
}

pub fn write(storage: &impl Storage, prefix: &str, slot: Slot, record: &impl Serialize) -> Result<(), StorageError> {
    // A record is plain data with string keys: it always has a JSON form.
    let value = serde_json::to_value(record).unwrap_or(Value::Null);
    storage.write(&slot.key(prefix), &value)
}

pub fn remove(storage: &impl Storage, prefix: &str, slot: Slot) -> Result<(), StorageError> {
    storage.remove(&slot.key(prefix))
}

/// The ids of all records of one kind, e.g. `ids(storage, prefix, Slot::Transaction)`.
pub fn ids(storage: &impl Storage, prefix: &str, kind: fn(&'static str) -> Slot<'static>) -> Result<Vec<String>, StorageError> {
    let start = kind("").key(prefix);
    let keys = storage.keys()?;
    Ok(keys.iter().filter_map(|key| key.strip_prefix(&start).map(String::from)).collect())
}
