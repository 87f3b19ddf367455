//! sessionStorage. gloo-storage's typed accessors panic where a browser blocks storage or a page has patched it, so only its
//! handle is used, after a probe; every operation can fail and says so.

use gloo_storage::Storage as _;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::foreign::{call_with, text};
use super::{Browser, window};
use crate::ports::{Storage, StorageError};
use crate::protocol::json;

/// The storage of the tab. gloo-storage's own looks for it by way of `instanceof Window`.
struct TabStorage;

impl gloo_storage::Storage for TabStorage {
    /// `undefined` where there is none: reading the property throws a SecurityError where site data is blocked.
    fn raw() -> web_sys::Storage {
        window().session_storage().ok().flatten().unwrap_or_else(|| JsValue::UNDEFINED.unchecked_into())
    }
}

fn raw() -> Result<web_sys::Storage, StorageError> {
    let storage = TabStorage::raw();
    if storage.is_object() { Ok(storage) } else { Err(StorageError::Unavailable) }
}

fn fault(thrown: JsValue) -> StorageError {
    match text(&thrown, "name").as_deref() {
        Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StorageError::Full,
        _ => StorageError::Unavailable,
    }
}

impl Storage for Browser {
    fn read(&self, key: &str) -> Result<Option<Value>, StorageError> {
        // As a value, because what stands in for a storage may give something else than text.
        let item = call_with(raw()?.as_ref(), "getItem", &key.into()).map_err(fault)?;
        Ok(item.as_string().map(|text| json::parse_record(text.as_bytes()).unwrap_or_default()))
    }

    fn write(&self, key: &str, value: &Value) -> Result<(), StorageError> {
        raw()?.set_item(key, &value.to_string()).map_err(fault)
    }

    fn remove(&self, key: &str) -> Result<(), StorageError> {
        raw()?.remove_item(key).map_err(fault)
    }

    fn keys(&self) -> Result<Vec<String>, StorageError> {
        let storage = raw()?;
        let length = storage.length().map_err(fault)?;
        let keys = (0..length).map(|index| call_with(&storage, "key", &index.into()).map_err(fault));
        Ok(keys.collect::<Result<Vec<_>, _>>()?.iter().filter_map(JsValue::as_string).collect())
    }
}
