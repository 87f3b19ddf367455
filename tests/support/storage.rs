//! sessionStorage in a map: it can be blocked, be full, or be copied into another tab.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use oidc_client_wasm::ports::StorageError;
use oidc_client_wasm::protocol::json::{self, Value};

#[derive(Default)]
pub struct FakeStorage {
    /// JSON text by key, as a browser keeps it.
    items: RefCell<BTreeMap<String, String>>,
    /// The browser blocks site data.
    pub blocked: Cell<bool>,
    /// The quota is used up: nothing can be written any more.
    pub full: Cell<bool>,
    /// The same, and what is removed makes room.
    pub full_until_removed: Cell<bool>,
}

impl FakeStorage {
    /// What `window.open` does: the new tab starts with a copy.
    pub fn copy(&self) -> Self {
        Self { items: self.items.clone(), ..Self::default() }
    }

    fn operate(&self, writes: bool) -> Result<(), StorageError> {
        if self.blocked.get() {
            return Err(StorageError::Unavailable);
        }
        if writes && (self.full.get() || self.full_until_removed.get()) { Err(StorageError::Full) } else { Ok(()) }
    }

    pub fn read(&self, key: &str) -> Result<Option<Rc<str>>, StorageError> {
        self.operate(false)?;
        Ok(self.items.borrow().get(key).map(|text| text.as_str().into()))
    }

    pub fn write(&self, key: &str, text: &str) -> Result<(), StorageError> {
        self.operate(true)?;
        self.put_text(key, text);
        Ok(())
    }

    pub fn remove(&self, key: &str) -> Result<(), StorageError> {
        self.operate(false)?;
        if self.items.borrow_mut().remove(key).is_some() {
            self.full_until_removed.set(false);
        }
        Ok(())
    }

    pub fn keys(&self) -> Result<Vec<String>, StorageError> {
        self.operate(false)?;
        Ok(self.all_keys())
    }

    // What a test sees and does, without counting.

    pub fn peek(&self, key: &str) -> Option<Value> {
        json::parse_record(self.items.borrow().get(key)?.as_bytes()).ok()
    }

    pub fn put(&self, key: &str, value: &Value) {
        self.items.borrow_mut().insert(key.to_owned(), value.to_string());
    }

    pub fn put_text(&self, key: &str, text: &str) {
        self.items.borrow_mut().insert(key.to_owned(), text.to_owned());
    }

    pub fn drop_item(&self, key: &str) {
        self.items.borrow_mut().remove(key);
    }

    pub fn all_keys(&self) -> Vec<String> {
        self.items.borrow().keys().cloned().collect()
    }

    /// The keys of one kind of record, e.g. `transaction`, or of those of one name, e.g. `session:demo`.
    pub fn keys_of(&self, kind: &str) -> Vec<String> {
        let start = format!("oidc:{kind}:");
        self.all_keys().into_iter().filter(|key| key.starts_with(&start)).collect()
    }

    /// Everything, for "nothing changed".
    pub fn snapshot(&self) -> BTreeMap<String, String> {
        self.items.borrow().clone()
    }

    /// What another script of the origin, or a hand in the developer tools, may do to a record.
    pub fn edit(&self, key: &str, edit: impl FnOnce(&mut Value)) {
        let mut value = self.peek(key).unwrap_or_else(|| panic!("nothing stored under {key}"));
        edit(&mut value);
        self.put(key, &value);
    }
}
