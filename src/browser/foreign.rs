//! Values from other code. A look at one may run that code (a getter, a Proxy, a patched method), and an exception of it must come back as
//! a value here: an exception that crosses WebAssembly does not unwind the stack, so each one would cost a piece of the module's stack for
//! the life of the page, and the callers of the interrupted work would wait for ever.

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

#[wasm_bindgen]
extern "C" {
    // The binding of js-sys has no `catch`.
    #[wasm_bindgen(catch, js_namespace = ["Object", "prototype", "toString"], js_name = call)]
    fn object_tag(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// The global object, which `js/` takes for a window after `Browser::detect`. There is no check for an instance of `Window`: the global
/// object of a test environment (jsdom, happy-dom) has a window's members and is no instance.
pub fn window() -> JsValue {
    js_sys::global().unchecked_into()
}

pub fn try_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// A member of a value; `undefined` for a member that cannot be read.
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

/// Whether a value has a class of the platform. By its tag (such as `[object URL]`), so that it may be of another realm, or as an instance: a
/// class that extends that of the platform may have another tag, and the classes of a test environment have none.
pub fn is(value: &JsValue, class: &str) -> bool {
    let is_tagged = object_tag(value).is_ok_and(|told| told == *["[object ", class, "]"].concat());
    let is_instance = || {
        let prototype = get(&get(&window(), class), "prototype");
        call(&prototype, "isPrototypeOf", &[value]).is_ok_and(|told| told.is_truthy())
    };
    is_tagged || is_instance()
}

fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    try_get(object, name)?.dyn_into()
}

/// Calls a method.
pub fn call(object: &JsValue, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    method(object, name)?.apply(object, &list(arguments))
}

/// Calls a function that belongs to no object.
pub fn invoke(function: &Function, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    function.apply(&JsValue::UNDEFINED, &list(arguments))
}

/// Calls a function of a global object, such as `Object.freeze`.
pub fn call_global(object: &str, name: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    call(&try_get(&window(), object)?, name, arguments)
}

/// Makes an object of a class of the platform.
pub fn make(class: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    Reflect::construct(&method(&window(), class)?, &list(arguments))
}

/// A list of values. Not by `push`, which another script may have replaced by a function that throws.
pub fn list(items: &[&JsValue]) -> Array {
    let list = Array::new();
    for (index, item) in (0_u32..).zip(items) {
        let _ = Reflect::set(&list, &index.into(), item);
    }
    list
}

/// An empty object without a prototype. The platform reads the options of a request, a lock or a key from it, and finds no member that a
/// script has put into `Object.prototype`.
pub fn bare<T: JsCast>() -> T {
    let empty: Object = Object::create(JsValue::NULL.unchecked_ref());
    empty.unchecked_into()
}

/// Sets a member of an object made here, which cannot fail.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

pub fn is_array(value: &JsValue) -> Result<bool, JsValue> {
    Ok(call_global("Array", "isArray", &[value])?.is_truthy())
}

/// Whether a value is an object as `{}`, `Object.create(null)` or `JSON.parse` make it, of any realm. Another object (a `Map`, an instance
/// of a class) may hold data that a reader of its own members would miss.
pub fn is_plain(value: &JsValue) -> Result<bool, JsValue> {
    if !value.is_object() || is_array(value)? {
        return Ok(false);
    }
    let prototype: JsValue = Reflect::get_prototype_of(value)?.into();
    if prototype.is_null() {
        return Ok(true);
    }
    let above: JsValue = Reflect::get_prototype_of(&prototype)?.into();
    // The prototype at the end of a chain is `Object.prototype`, unless a script has made another object look like it.
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
    call_global("Object", "entries", &[object])
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

/// A copy of an object without a prototype, with the object's own members only. The members of `Object.prototype`, which any script of the
/// page may change, are no settings.
pub fn copy(object: &JsValue) -> Result<Object, JsValue> {
    Ok(call_global("Object", "assign", &[&bare(), object])?.unchecked_into())
}

/// Freezes a value and the objects in it, down to `depth` levels.
pub fn freeze(value: &JsValue, depth: u8) {
    let Some(depth) = depth.checked_sub(1).filter(|_| value.is_object()) else { return };
    for (_, member) in members(value).unwrap_or_default() {
        freeze(&member, depth);
    }
    let _ = call_global("Object", "freeze", &[value]);
}

/// Copies a chunk of a stream, if it has bytes, and at most `limit` of them.
pub fn bytes(chunk: &JsValue, limit: usize) -> Result<Option<Vec<u8>>, JsValue> {
    if !is(chunk, "Uint8Array") {
        return Err(JsValue::UNDEFINED);
    }
    let length = length(chunk)?;
    if length as usize > limit {
        return Ok(None);
    }
    // A value that only claims to be an array of bytes is read like any list, by a method that may throw, into a new array.
    let copy = Uint8Array::new_with_length(length);
    call(&copy, "set", &[chunk])?;
    Ok(Some(copy.to_vec()))
}

pub fn warn(text: &str) {
    let _ = call_global("console", "warn", &[&text.into()]);
}
