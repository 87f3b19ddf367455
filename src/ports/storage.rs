//! sessionStorage and localStorage: text by key.

use std::rc::Rc;

pub trait Storage {
    /// The text under the key. A text that is the same as at the last call may be the same allocation.
    fn read(&self, scope: Scope, key: &str) -> Result<Option<Rc<str>>, StorageError>;
    fn write(&self, scope: Scope, key: &str, text: &str) -> Result<(), StorageError>;
    fn remove(&self, scope: Scope, key: &str) -> Result<(), StorageError>;
    fn keys(&self, scope: Scope) -> Result<Vec<String>, StorageError>;
}

/// Whose storage it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// sessionStorage: of this tab, and of the tabs that were duplicated from it before.
    Tab,
    /// localStorage: of every tab of the origin. Never a secret.
    Origin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageError {
    Unavailable,
    Full,
}
