//! Values that others made. To look at one may run their code (a getter, a Proxy, a patched method), and what that throws must come
//! back as a value here: an exception that crosses WebAssembly unwinds nothing, so each one would cost a piece of the module's
//! stack for as long as the page lives, and whoever waits for the work that it interrupts would wait for ever.

use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    // js-sys has them without `catch`.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn array_is_array(value: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = assign)]
    fn object_assign(target: &JsValue, source: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn object_entries(object: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = Object, js_name = freeze)]
    fn object_freeze(object: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn object_tag(value: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = console, js_name = warn)]
    fn console_warn(text: &str) -> Result<(), JsValue>;
}

pub fn try_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// A member, and `undefined` for one that cannot be read.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    try_get(object, name).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a string.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

pub fn is_true(object: &JsValue, name: &str) -> bool {
    get(object, name).is_truthy()
}

/// Whether a value is of a class of the platform. By its tag (`[object URL]`, say) it may be of another realm: of a frame, or of a test
/// environment that brings classes of its own.
pub fn is<T: JsCast>(value: &JsValue, tag: &str) -> bool {
    value.is_instance_of::<T>() || object_tag(value).is_ok_and(|told| told == *tag)
}

fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    try_get(object, name)?.dyn_into()
}

pub fn call(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    method(object, name)?.call0(object)
}

pub fn call_with(object: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    method(object, name)?.call1(object, argument)
}

/// Sets a member of an object made here, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

pub fn is_array(value: &JsValue) -> Result<bool, JsValue> {
    array_is_array(value)
}

/// An object as `{}`, `Object.create(null)` or `JSON.parse` make it, of any realm. What else there is (a `Map`, an instance of a class)
/// keeps things where nobody looks who reads an object's own members.
pub fn is_plain(value: &JsValue) -> Result<bool, JsValue> {
    if !value.is_object() || is_array(value)? {
        return Ok(false);
    }
    let prototype: JsValue = Reflect::get_prototype_of(value)?.into();
    if prototype.is_null() {
        return Ok(true);
    }
    let above: JsValue = Reflect::get_prototype_of(&prototype)?.into();
    // The one that ends a chain is `Object.prototype`, unless it was made to look like it.
    Ok(above.is_null() && Reflect::has(&prototype, &"isPrototypeOf".into())?)
}

pub fn length(list: &JsValue) -> Result<u32, JsValue> {
    Ok(try_get(list, "length")?.as_f64().unwrap_or_default() as u32)
}

pub fn item(list: &JsValue, index: u32) -> Result<JsValue, JsValue> {
    Reflect::get_u32(list, index)
}

/// `[name, value]` of every own enumerable member.
pub fn pairs(object: &JsValue) -> Result<JsValue, JsValue> {
    object_entries(object)
}

pub fn members(object: &JsValue) -> Result<Vec<(String, JsValue)>, JsValue> {
    let pairs = pairs(object)?;
    let mut members = Vec::new();
    for index in 0..length(&pairs)? {
        let pair = item(&pairs, index)?;
        if let Some(name) = item(&pair, 0)?.as_string() {
            members.push((name, item(&pair, 1)?));
        }
    }
    Ok(members)
}

/// An object of an object's own members and of nothing else: what a page has put into `Object.prototype`, or let others put there,
/// is nobody's setting.
pub fn copy(object: &JsValue) -> Result<Object, JsValue> {
    let empty: Object = Object::create(JsValue::NULL.unchecked_ref());
    Ok(object_assign(&empty, object)?.unchecked_into())
}

/// To the ground, which `depth` says at the latest.
pub fn freeze(value: &JsValue, depth: u8) {
    let Some(depth) = depth.checked_sub(1).filter(|_| value.is_object()) else { return };
    for (_, member) in members(value).unwrap_or_default() {
        freeze(&member, depth);
    }
    let _ = object_freeze(value);
}

/// Copies a chunk of a stream, if it is one of bytes, and of so many at most.
pub fn bytes(chunk: &JsValue, limit: usize) -> Result<Option<Vec<u8>>, JsValue> {
    if !is::<Uint8Array>(chunk, "[object Uint8Array]") {
        return Err(JsValue::UNDEFINED);
    }
    let length = length(chunk)?;
    if length as usize > limit {
        return Ok(None);
    }
    // What only says that it is an array of bytes is read like any list: by a method that may throw, into an array that is ours.
    let copy = Uint8Array::new_with_length(length);
    call_with(&copy, "set", chunk)?;
    Ok(Some(copy.to_vec()))
}

pub fn warn(text: &str) {
    let _ = console_warn(text);
}
