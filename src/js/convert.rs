//! Values across the border, both ways.

use js_sys::{Array, JSON, JsString, Number, Object};
use serde::Serialize;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortSignal, HtmlScriptElement, Url};

use crate::error::{Code, Error, Phase};

/// What is deeper is no settings object, or a cycle.
const MAX_DEPTH: u8 = 16;

/// Parameters of a call: a JSON object, and beside it what JSON cannot hold.
pub struct Params {
    pub json: Value,
    pub signal: Option<AbortSignal>,
    /// JSON text, exactly as `JSON.stringify` writes it.
    pub app_state: Option<String>,
}

impl Params {
    pub fn read(params: &JsValue) -> Result<Self, Error> {
        let mut read = Self { json: Value::Object(Map::new()), signal: None, app_state: None };
        if params.is_undefined() || params.is_null() {
            return Ok(read);
        }
        let mut members = Map::new();
        for (name, value) in entries(params).ok_or_else(|| bad("params", "an object"))? {
            match name.as_str() {
                "signal" if value.is_undefined() || value.is_null() => {}
                "signal" => {
                    read.signal = Some(value.dyn_into().map_err(|_| bad("signal", "an AbortSignal"))?);
                }
                "appState" if value.is_undefined() => {}
                "appState" => {
                    let text = JSON::stringify(&value).ok().and_then(|text| text.as_string());
                    read.app_state = Some(text.ok_or_else(|| bad("appState", "a value that JSON can hold"))?);
                }
                _ if value.is_undefined() => {}
                _ => {
                    members.insert(name.clone(), from_js(&value, &name, MAX_DEPTH)?);
                }
            }
        }
        read.json = Value::Object(members);
        Ok(read)
    }
}

/// Settings and options. Functions, dates and other values that JSON cannot hold are named, not dropped.
pub fn settings(value: &JsValue, key: &str) -> Result<Value, Error> {
    if value.is_undefined() { Ok(Value::Null) } else { from_js(value, key, MAX_DEPTH) }
}

/// Where settings come from.
pub enum Source {
    Object,
    Url(String),
    Text(String),
}

pub fn source(value: &JsValue) -> Source {
    if let Some(url) = url_text(value) {
        return Source::Url(url);
    }
    match value.dyn_ref::<HtmlScriptElement>() {
        Some(script) => Source::Text(script.text().unwrap_or_default()),
        None => Source::Object,
    }
}

pub fn require_object(value: JsValue, key: &str) -> Result<JsValue, Error> {
    let is_object = value.is_object() && !Array::is_array(&value);
    if is_object { Ok(value) } else { Err(bad(key, "an object, a URL or a script element")) }
}

/// The `url` argument of the callback methods: a string, a `URL`, or nothing for the address bar.
pub fn optional_url(value: &JsValue) -> Result<Option<String>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    url_text(value).map(Some).ok_or_else(|| bad("url", "a string or a URL"))
}

/// A string or a `URL`, as text.
pub fn url_text(value: &JsValue) -> Option<String> {
    url(value).or_else(|| value.as_string())
}

/// The names of an object's own members.
pub fn names(value: &JsValue) -> Result<Vec<String>, Error> {
    let members = entries(value).ok_or_else(|| bad("hooks", "an object of functions"))?;
    Ok(members.into_iter().map(|(name, _)| name).collect())
}

/// A copy of an object's own members and of nothing else: what a page has put into `Object.prototype`, or let others put there,
/// is nobody's setting.
pub fn own_members(object: &JsValue) -> Object {
    Object::assign(&Object::create(JsValue::NULL.unchecked_ref()), object.unchecked_ref())
}

pub fn flag(object: &JsValue, name: &str) -> bool {
    js_sys::Reflect::get(object, &name.into()).is_ok_and(|value| value.is_truthy())
}

fn url(value: &JsValue) -> Option<String> {
    value.dyn_ref::<Url>().map(Url::href)
}

fn bad(key: &str, what: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Config, format!("\"{key}\" must be {what}."))
}

/// Own enumerable members of a plain object, undefined ones included.
fn entries(value: &JsValue) -> Option<Vec<(String, JsValue)>> {
    if !value.is_object() || Array::is_array(value) {
        return None;
    }
    let pairs = Object::entries(value.unchecked_ref());
    let read = |pair: JsValue| {
        let pair = Array::from(&pair);
        Some((pair.get(0).as_string()?, pair.get(1)))
    };
    Some(pairs.iter().filter_map(read).collect())
}

fn from_js(value: &JsValue, key: &str, depth: u8) -> Result<Value, Error> {
    let depth = depth.checked_sub(1).ok_or_else(|| bad(key, "a plain value, not nested so deeply"))?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    if let Some(flag) = value.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if value.is_string() {
        // A lone surrogate has no UTF-8 form; passing a replacement on would change what was written.
        let text: &JsString = value.unchecked_ref();
        return text.is_valid_utf16().then(|| Value::String(text.into())).ok_or_else(|| bad(key, "well-formed text"));
    }
    if let Some(number) = value.as_f64() {
        let number = if Number::is_safe_integer(value) {
            Some(serde_json::Number::from(number as i64))
        } else {
            serde_json::Number::from_f64(number)
        };
        return number.map(Value::Number).ok_or_else(|| bad(key, "a finite number"));
    }
    if let Some(url) = url(value) {
        return Ok(Value::String(url));
    }
    if Array::is_array(value) {
        let items = value.unchecked_ref::<Array>().iter();
        return Ok(Value::Array(items.map(|item| from_js(&item, key, depth)).collect::<Result<_, _>>()?));
    }
    let members = entries(value).ok_or_else(|| bad(key, "a value that JSON can hold"))?;
    let mut object = Map::new();
    for (name, value) in members.into_iter().filter(|(_, value)| !value.is_undefined()) {
        // A setting is named as it was written; only what lies inside one needs the path.
        let is_top = depth + 1 == MAX_DEPTH;
        let path = if is_top { name.clone() } else { format!("{key}.{name}") };
        let value = from_js(&value, &path, depth)?;
        object.insert(name, value);
    }
    Ok(Value::Object(object))
}

/// Shapes of our own: structs of strings and numbers.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// What a provider wrote. By way of text, because `JSON.parse` takes any number and makes `__proto__` an ordinary member.
pub fn json_to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap_or(JsValue::UNDEFINED)
}

pub fn app_state_to_js(app_state: Option<&str>) -> JsValue {
    app_state.and_then(|text| JSON::parse(text).ok()).unwrap_or(JsValue::UNDEFINED)
}

/// Getters hand out one object again and again; nobody may change it under another reader's hands.
pub fn freeze(value: JsValue) -> JsValue {
    if value.is_object() {
        let object: &Object = value.unchecked_ref();
        Object::values(object).iter().for_each(|member| {
            freeze(member);
        });
        Object::freeze(object);
    }
    value
}
