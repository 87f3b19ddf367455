//! The functions of the npm skin that this module calls (pkg-template/core.js).

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use super::foreign;
use super::waiting::settled;

thread_local! {
    static SKIN: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
}

/// `functions` is an object without a prototype.
pub fn set(functions: JsValue) {
    SKIN.set(functions);
}

/// Calls a function. An error where the skin has given no such function.
pub fn call(name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let skin = SKIN.with_borrow(JsValue::clone);
    foreign::call(&skin, name, arguments)
}

/// Calls a function that gives a promise, and waits for it.
pub async fn ask(name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let asked = call(name, arguments)?;
    settled(&asked).await
}
