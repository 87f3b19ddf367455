//! sessionStorage and localStorage: text by key.

use std::rc::Rc;

pub trait Storage {
    /// The text under the key. A text that is the same as at the last call may be the same allocation.
    fn read(&self, scope: Scope, key: &str) -> Result<Option<Rc<str>>, StorageError>;
    fn write(&self, scope: Scope, key: &str, text: &str) -> Result<(), StorageError>;
    fn remove(&self, scope: Scope, key: &str) -> Result<(), StorageError>;
    fn keys(&self, scope: Scope) -> Result<Vec<String>, StorageError>;
}

/// The two storages, by the tabs that share them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// sessionStorage, which belongs to one tab. A duplicated tab begins with a copy.
    Tab,
    /// localStorage, which all tabs of the origin share. It has fingerprints and dates; the option `tokenStorage: "local"` puts the session there, too.
    Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    Unavailable,
    Full,
}
