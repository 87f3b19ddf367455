//! sessionStorage and localStorage. gloo-storage's typed accessors panic where a browser blocks storage or a page has patched it, so this
//! file uses only its handle, after a probe. Every operation can fail and says so.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_storage::Storage as _;
use wasm_bindgen::{JsCast, JsValue};

use super::foreign::{call_with, text};
use super::window::{Browser, window};
use crate::ports::{Scope, Storage, StorageError};

/// The number of texts that are kept beside their JavaScript strings. A page reads two or three records again and again.
const MAX_KEPT: usize = 8;

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// A text as it was read last. Comparing strings in JavaScript costs little; a copy into WebAssembly costs as much as the text is long.
struct Kept {
    item: JsValue,
    text: Rc<str>,
}

/// The storage of the tab. The type of gloo-storage looks for it by way of `instanceof Window`, which this one does not need.
struct TabStorage;

impl gloo_storage::Storage for TabStorage {
    /// `undefined` where the page has no storage: reading the property throws a SecurityError where site data is blocked.
    fn raw() -> web_sys::Storage {
        window().session_storage().ok().flatten().unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
    }
}

fn raw(scope: Scope) -> Result<web_sys::Storage, StorageError> {
    match scope {
        Scope::Tab => Some(TabStorage::raw()).filter(|storage| storage.is_object()),
        Scope::Origin => window().local_storage().ok().flatten(),
    }
    .ok_or(StorageError::Unavailable)
}

fn fault(thrown: JsValue) -> StorageError {
    match text(&thrown, "name").as_deref() {
        Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StorageError::Full,
        _ => StorageError::Unavailable,
    }
}

fn kept(item: JsValue) -> Option<Rc<str>> {
    KEPT.with_borrow_mut(|kept| {
        if let Some(known) = kept.iter().find(|known| known.item == item) {
            return Some(known.text.clone());
        }
        let text: Rc<str> = item.as_string()?.into();
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept { item, text: text.clone() });
        Some(text)
    })
}

impl Storage for Browser {
    fn read(&self, scope: Scope, key: &str) -> Result<Option<Rc<str>>, StorageError> {
        // The item is read as a value, because a replaced storage may give something else than text.
        let item = call_with(raw(scope)?.as_ref(), "getItem", &key.into()).map_err(fault)?;
        Ok(if item.is_null() { None } else { kept(item) })
    }

    fn write(&self, scope: Scope, key: &str, text: &str) -> Result<(), StorageError> {
        raw(scope)?.set_item(key, text).map_err(fault)
    }

    fn remove(&self, scope: Scope, key: &str) -> Result<(), StorageError> {
        raw(scope)?.remove_item(key).map_err(fault)
    }

    fn keys(&self, scope: Scope) -> Result<Vec<String>, StorageError> {
        let storage = raw(scope)?;
        let length = storage.length().map_err(fault)?;
        let mut keys = Vec::new();
        for index in 0..length {
            keys.extend(call_with(&storage, "key", &index.into()).map_err(fault)?.as_string());
        }
        Ok(keys)
    }
}
