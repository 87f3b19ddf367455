//! What lies in storage, under which key. Every record is one JSON object with a version; one that does not have the expected
//! shape is treated as absent, never half-used.

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

/// `shape` makes the record of what is stored, or `None` of what is no such record.
pub fn read<T>(
    storage: &impl Storage,
    prefix: &str,
    slot: Slot,
    shape: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, StorageError> {
    Ok(storage.read(&slot.key(prefix))?.as_ref().and_then(shape))
}

/// Where storage is full, what is only a memory makes room: a session, or the way back from a provider, is worth more.
pub fn write(storage: &impl Storage, prefix: &str, slot: Slot, record: &Value) -> Result<(), StorageError> {
    let key = slot.key(prefix);
    match storage.write(&key, record) {
        Err(StorageError::Full) if make_room(storage, prefix)? => storage.write(&key, record),
        written => written,
    }
}

/// Drops what can be fetched again. Whether there was anything.
fn make_room(storage: &impl Storage, prefix: &str) -> Result<bool, StorageError> {
    let memories = [Slot::Metadata(""), Slot::Jwks("")].map(|slot| slot.key(prefix));
    let mut has_made_room = false;
    for key in storage.keys()?.iter().filter(|key| memories.iter().any(|start| key.starts_with(start))) {
        storage.remove(key)?;
        has_made_room = true;
    }
    Ok(has_made_room)
}

pub fn remove(storage: &impl Storage, prefix: &str, slot: Slot) -> Result<(), StorageError> {
    storage.remove(&slot.key(prefix))
}

/// The ids of all records of one kind, e.g. `ids(storage, prefix, Slot::Transaction)`.
pub fn ids(
    storage: &impl Storage,
    prefix: &str,
    kind: fn(&'static str) -> Slot<'static>,
) -> Result<Vec<String>, StorageError> {
    let start = kind("").key(prefix);
    let keys = storage.keys()?;
    Ok(keys.iter().filter_map(|key| key.strip_prefix(&start).map(String::from)).collect())
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
