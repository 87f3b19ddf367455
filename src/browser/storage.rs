//! sessionStorage and localStorage. gloo-storage's typed accessors panic where a browser blocks storage or a page has patched it, so this
//! file uses only its handle, after a probe. Every operation can fail and says so.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_storage::Storage as _;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::foreign::{call, get, length, text, window};
use super::window::Browser;
use crate::ports::{Scope, Storage, StorageError};

#[wasm_bindgen]
extern "C" {
    /// A storage, or a replaced storage whose items may be something else than text.
    type Items;
    #[wasm_bindgen(catch, method, structural, js_name = getItem)]
    fn item(this: &Items, key: &JsValue) -> Result<JsValue, JsValue>;
}

/// The number of items that are kept. A page reads two or three records again and again.
const MAX_KEPT: usize = 8;

thread_local! {
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// An item as it was read last, if there is one, and its key in both languages. A comparison of strings in JavaScript costs little; a copy from or to
/// WebAssembly costs as much as the text is long.
struct Kept {
    key: String,
    js_key: JsValue,
    item: JsValue,
    text: Option<Rc<str>>,
}

/// The storage of the tab. The type of gloo-storage looks for it by way of `instanceof Window`, which this one does not need.
struct TabStorage;

impl gloo_storage::Storage for TabStorage {
    /// `undefined` where the page has no storage: reading the property throws a SecurityError where site data is blocked.
    fn raw() -> web_sys::Storage {
        get(&window(), "sessionStorage").unchecked_into()
    }
}

fn raw(scope: Scope) -> Result<JsValue, StorageError> {
    let storage = match scope {
        Scope::Tab => TabStorage::raw().into(),
        Scope::Origin => get(&window(), "localStorage"),
    };
    if storage.is_object() { Ok(storage) } else { Err(StorageError::Unavailable) }
}

fn fault(thrown: JsValue) -> StorageError {
    match text(&thrown, "name").as_deref() {
        Some("QuotaExceededError" | "NS_ERROR_DOM_QUOTA_REACHED") => StorageError::Full,
        _ => StorageError::Unavailable,
    }
}

/// The key as JavaScript has it.
fn js_key(key: &str) -> JsValue {
    let known = KEPT.with_borrow(|kept| kept.iter().find(|known| known.key == key).map(|known| known.js_key.clone()));
    known.unwrap_or_else(|| key.into())
}

fn text_of(key: &str, js_key: JsValue, item: JsValue) -> Option<Rc<str>> {
    KEPT.with_borrow_mut(|kept| {
        if let Some(known) = kept.iter().find(|known| known.key == key && known.item == item) {
            return known.text.clone();
        }
        let text: Option<Rc<str>> = item.as_string().map(Rc::from);
        kept.retain(|known| known.key != key);
        if kept.len() >= MAX_KEPT {
            kept.remove(0);
        }
        kept.push(Kept { key: key.to_owned(), js_key, item, text: text.clone() });
        text
    })
}

impl Storage for Browser {
    fn read(&self, scope: Scope, key: &str) -> Result<Option<Rc<str>>, StorageError> {
        let js_key = js_key(key);
        let item = raw(scope)?.unchecked_ref::<Items>().item(&js_key).map_err(fault)?;
        Ok(text_of(key, js_key, item))
    }

    fn write(&self, scope: Scope, key: &str, text: &str) -> Result<(), StorageError> {
        call(&raw(scope)?, "setItem", &[&key.into(), &text.into()]).map(drop).map_err(fault)
    }

    fn remove(&self, scope: Scope, key: &str) -> Result<(), StorageError> {
        call(&raw(scope)?, "removeItem", &[&key.into()]).map(drop).map_err(fault)
    }

    fn keys(&self, scope: Scope) -> Result<Vec<String>, StorageError> {
        let storage = raw(scope)?;
        let mut keys = Vec::new();
        for index in 0..length(&storage).map_err(fault)? {
            keys.extend(call(&storage, "key", &[&index.into()]).map_err(fault)?.as_string());
        }
        Ok(keys)
    }
}
