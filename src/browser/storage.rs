//! sessionStorage. gloo-storage's typed accessors panic where a browser blocks storage or a page has patched it, so only its
//! handle is used, after a probe; every operation can fail and says so.

use gloo_storage::{SessionStorage, Storage as _};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};

use super::{Browser, window};
use crate::ports::{Storage, StorageError};
use crate::protocol::json;

fn raw() -> Result<web_sys::Storage, StorageError> {
    // Reading the property throws a SecurityError where site data is blocked.
    match window().session_storage() {
        Ok(Some(_)) => Ok(SessionStorage::raw()),
        _ => Err(StorageError::Unavailable),
    }
}

fn fault(thrown: JsValue) -> StorageError {
    let is_quota = |name: String| name == "QuotaExceededError" || name == "NS_ERROR_DOM_QUOTA_REACHED";
    match thrown.dyn_ref::<js_sys::Error>() {
        Some(error) if is_quota(error.name().into()) => StorageError::Full,
        _ => StorageError::Unavailable,
    }
}

impl Storage for Browser {
    fn read(&self, key: &str) -> Result<Option<Value>, StorageError> {
        let text = raw()?.get_item(key).map_err(fault)?;
        Ok(text.map(|text| json::parse_record(text.as_bytes()).unwrap_or_default()))
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
        let keys = (0..length).map(|index| storage.key(index).map_err(fault));
        Ok(keys.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}
