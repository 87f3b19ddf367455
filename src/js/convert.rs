//! Conversions of values between JavaScript and Rust, both ways.

use std::rc::Rc;

use js_sys::{JSON, Object};
use serde::Serialize;
use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use crate::browser::page::{Place, base_url};
use crate::browser::{foreign, waiting};
use crate::error::{Cause, Code, Error, Phase};
use crate::protocol::json::{self, Number, Value};

/// The depth of a value. A deeper one is no settings object, or a cycle.
const MAX_DEPTH: u8 = 16;
/// The number of members and items in a value. A value with more is a list without end, or repeats the same objects again and again.
const MAX_VALUES: u32 = 10_000;

/// Parameters of a call: a JSON object, and beside it the values that JSON cannot hold.
pub struct Params {
    pub json: Value,
    pub signal: Option<AbortSignal>,
    /// JSON text, exactly as `JSON.stringify` writes it.
    pub app_state: Option<String>,
}

impl Params {
    /// Whether the caller does not wait any more: nothing begins for such a caller.
    pub fn is_given_up(&self) -> bool {
        self.signal.as_ref().is_some_and(waiting::is_aborted)
    }

    pub fn read(params: &JsValue) -> Result<Self, Error> {
        let mut read = Self { json: Value::Object(json::Object::new()), signal: None, app_state: None };
        if params.is_undefined() || params.is_null() {
            return Ok(read);
        }
        let (mut members, mut reading) = (json::Object::new(), Reading { left: MAX_VALUES });
        for (name, value) in entries(params, "params", PLAIN)? {
            match name.as_str() {
                _ if value.is_undefined() => {}
                "signal" => read.signal = signal(&value)?,
                "appState" => {
                    let text =
                        JSON::stringify(&value).map_err(|thrown| bad(&name, OF_JSON).caused_by(cause(thrown)))?;
                    read.app_state = Some(JsValue::from(text).as_string().ok_or_else(|| bad(&name, OF_JSON))?);
                }
                _ => {
                    let value = reading.value(&value, &name, MAX_DEPTH)?;
                    members.put(&name, value);
                }
            }
        }
        read.json = Value::Object(members);
        Ok(read)
    }
}

fn signal(value: &JsValue) -> Result<Option<AbortSignal>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    waiting::signal(value).map(Some).ok_or_else(|| bad("signal", "an AbortSignal"))
}

/// The signal among the options of a call. The other members belong to the call.
pub fn signal_of(options: &JsValue) -> Result<Option<AbortSignal>, Error> {
    signal(&foreign::get(own_members(options, "options")?.as_ref(), "signal"))
}

/// Settings and options. Functions, dates and other values that JSON cannot hold are named, not dropped.
pub fn settings(value: &JsValue, key: &str) -> Result<Value, Error> {
    if value.is_undefined() { Ok(Value::Null) } else { Reading { left: MAX_VALUES }.value(value, key, MAX_DEPTH) }
}

/// The settings in a script element.
pub fn script_text(value: &JsValue) -> Option<String> {
    let is_script = foreign::is(value, "HTMLScriptElement");
    is_script.then(|| foreign::text(value, "text").unwrap_or_default())
}

/// The settings of each client, as `[name, settings]`.
pub fn clients(value: &JsValue) -> Result<JsValue, Error> {
    let throws = unreadable("settings");
    if !foreign::is_plain(value).map_err(&throws)? {
        return Err(bad("settings", "a plain object, a URL or a script element"));
    }
    let pairs = foreign::pairs(value).map_err(&throws)?;
    for (name, client) in foreign::members(value).map_err(throws)? {
        // Settings that cannot be read, and absent settings, pass here: the registration reports them.
        let is_client = client.is_null() || client.is_undefined() || foreign::is_plain(&client).unwrap_or(true);
        if !is_client {
            let remedy = "Write createOAuth({ demo: { issuer, … } }): the settings are clients by name.";
            return Err(bad(&name, "the settings of a client (a plain object)").with_remedy(remedy));
        }
    }
    Ok(pairs)
}

/// The `url` argument of the callback methods: a string, a `URL`, or nothing for the address bar. The result is a whole URL, so that a part
/// of the page's own address is recognised as that address.
pub fn optional_url(value: &JsValue) -> Result<Option<String>, Error> {
    if value.is_undefined() || value.is_null() {
        return Ok(None);
    }
    let url = url_text(value).and_then(|url| Place::of(&url, &base_url()));
    url.map(|url| Some(url.href)).ok_or_else(|| bad("url", "a string or a URL that can be read"))
}

/// A string or a `URL`, as text.
pub fn url_text(value: &JsValue) -> Option<String> {
    url(value).or_else(|| value.as_string())
}

/// A copy of an object's own members. `undefined` gives an empty object.
pub fn own_members(object: &JsValue, key: &str) -> Result<Object, Error> {
    let (is_nothing, throws) = (object.is_undefined() || object.is_null(), unreadable(key));
    if !is_nothing && !foreign::is_plain(object).map_err(&throws)? {
        return Err(bad(key, PLAIN));
    }
    foreign::copy(object).map_err(throws)
}

/// The option `force`.
pub fn force(options: &JsValue) -> Result<bool, Error> {
    Ok(foreign::is_true(own_members(options, "options")?.as_ref(), "force"))
}

fn url(value: &JsValue) -> Option<String> {
    foreign::is(value, "URL").then(|| foreign::text(value, "href")).flatten()
}

const PLAIN: &str = "a plain object";
const OF_JSON: &str = "a value that JSON can hold";

/// The error of an argument or a setting that is something else than it must be.
pub fn bad(key: &str, what: &str) -> Error {
    Error::new(Code::ConfigInvalid, Phase::Config, ["\"", key, "\" must be ", what, "."].concat())
}

/// The error of a value that threw when it was looked at.
pub fn unreadable(key: &str) -> impl Fn(JsValue) -> Error {
    move |thrown| bad(key, "a value that can be read").caused_by(cause(thrown))
}

fn cause(thrown: JsValue) -> Cause {
    Cause(Rc::new(thrown))
}

/// Own enumerable members of a plain object, undefined ones included. `what` names the expected value in the error for another value.
fn entries(value: &JsValue, key: &str, what: &str) -> Result<Vec<(String, JsValue)>, Error> {
    if !foreign::is_plain(value).map_err(unreadable(key))? {
        return Err(bad(key, what));
    }
    foreign::members(value).map_err(unreadable(key))
}

struct Reading {
    left: u32,
}

impl Reading {
    fn value(&mut self, value: &JsValue, key: &str, depth: u8) -> Result<Value, Error> {
        let depth = depth.checked_sub(1).ok_or_else(|| bad(key, "a plain value, not nested so deeply"))?;
        self.left = self.left.checked_sub(1).ok_or_else(|| bad(key, "a plain value of fewer members"))?;
        if value.is_null() {
            return Ok(Value::Null);
        }
        if let Some(flag) = value.as_bool() {
            return Ok(Value::Bool(flag));
        }
        if let Some(text) = value.as_string() {
            // A lone surrogate has no UTF-8 form, and a replacement would change the text.
            let is_same = JsValue::from_str(&text) == *value;
            return is_same.then_some(Value::String(text)).ok_or_else(|| bad(key, "well-formed text"));
        }
        if value.as_f64().is_some() {
            // The text is that of JavaScript, which writes `null` for a number that is not finite.
            let text = JSON::stringify(value).ok().and_then(|text| JsValue::from(text).as_string());
            let number = text.and_then(|text| Number::parse(&text));
            return number.map(Value::Number).ok_or_else(|| bad(key, "a finite number"));
        }
        if let Some(url) = url(value) {
            return Ok(Value::String(url));
        }
        let throws = unreadable(key);
        if foreign::is_array(value).map_err(&throws)? {
            let mut items = Vec::new();
            for index in 0..foreign::length(value).map_err(&throws)? {
                items.push(self.value(&foreign::item(value, index).map_err(&throws)?, key, depth)?);
            }
            return Ok(Value::Array(items));
        }
        // A setting is named as it was written; only what lies inside one needs the path.
        let path = if depth + 1 == MAX_DEPTH { String::new() } else { [key, "."].concat() };
        let mut object = json::Object::new();
        for (name, value) in entries(value, key, OF_JSON)? {
            if !value.is_undefined() {
                let value = self.value(&value, &[&*path, &*name].concat(), depth)?;
                object.put(&name, value);
            }
        }
        Ok(Value::Object(object))
    }
}

/// Converts a shape of this package: a struct of strings and numbers.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// Converts JSON of a provider. It goes by way of text, because `JSON.parse` takes any number and makes `__proto__` an ordinary member.
pub fn json_to_js(object: &json::Object) -> JsValue {
    JSON::parse(&object.to_text()).unwrap_or(JsValue::UNDEFINED)
}

pub fn app_state_to_js(app_state: Option<&str>) -> JsValue {
    app_state.and_then(|text| JSON::parse(text).ok()).unwrap_or(JsValue::UNDEFINED)
}

/// Converts JSON of a provider and freezes it: the object is handed out again and again, and a reader must not change it for another
/// reader.
pub fn frozen(object: &json::Object) -> JsValue {
    let value = json_to_js(object);
    // The limit is deeper than JSON from outside may be.
    foreign::freeze(&value, 64);
    value
}
