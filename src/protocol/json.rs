//! JSON as security code needs it ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), RFC 7515 section 4 on duplicate names):
//! a duplicate member is an error, not "the last one wins", and nesting is bounded.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::oauth_error::quoted;

/// The nesting of honest metadata, keys and claims is below ten; the bound keeps the small WebAssembly stack safe.
const MAX_DEPTH: u8 = 32;
/// What a record of ours, and a message to another tab, may add around something from outside that was just within the bound.
const MAX_DEPTH_OF_RECORDS: u8 = 40;
/// Members and items, all levels together. The largest honest documents have some thousands; a text of a million octets could have
/// half as many, and objects of one member are worth hundreds of octets of memory each, which WebAssembly never gives back.
const MAX_VALUES: u32 = 100_000;

/// The text is not JSON, or has a duplicate member, a number out of range, a lone surrogate, too many values, or is nested too deeply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonError {
    /// The member that stands twice in one object.
    pub twice: Option<String>,
}

impl JsonError {
    /// What is wrong with a document that must be a JSON object.
    pub fn describe(&self) -> String {
        match &self.twice {
            Some(name) => format!("has the member \"{}\" twice in one object (a duplicate)", quoted(name)),
            None => "is not a JSON object".into(),
        }
    }
}

pub type Object = Map<String, Value>;

/// What comes from outside.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    parse_within(text, MAX_DEPTH)
}

/// What this client wrote itself, or something in its place: as strict, and with room for what it wrapped.
pub fn parse_record(text: &[u8]) -> Result<Value, JsonError> {
    parse_within(text, MAX_DEPTH_OF_RECORDS)
}

fn parse_within(text: &[u8], depth: u8) -> Result<Value, JsonError> {
    let mut source = serde_json::Deserializer::from_slice(text);
    let (left, twice) = (Cell::new(MAX_VALUES), Cell::new(None));
    let value = Strict { depth, left: &left, twice: &twice }.deserialize(&mut source);
    let value = value.map_err(|_| JsonError { twice: twice.take() })?;
    source.end().map_err(|_| JsonError::default())?;
    Ok(value)
}

pub fn parse_object(text: &[u8]) -> Result<Object, JsonError> {
    match parse(text)? {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError::default()),
    }
}

/// RFC 8259 section 8.1 lets a parser ignore a byte order mark that a document begins with, and `Response.json()` does.
pub fn without_byte_order_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)
}

/// A string member; `null` counts as absent, any other type is an error.
pub fn optional_text<'a>(object: &'a Object, name: &str) -> Result<Option<&'a str>, NotText> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(NotText),
    }
}

/// Whether a value says something. `null` does not, nor does an empty text where the specification of the member gives its value at
/// least one character (RFC 6749 appendix A): `body.remove("scope").filter(is_present)`.
pub fn is_present(value: &Value) -> bool {
    !value.is_null() && *value != ""
}

/// The member is there and is no string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

/// The text of one member of an object, for where the object as a whole is refused and this member is needed all the same: what stands
/// beside the member has to be JSON and is not judged. `None` where the member has two different values.
pub fn lone_text(object: &[u8], name: &str) -> Option<String> {
    let mut source = serde_json::Deserializer::from_slice(object);
    let text = LoneText { name }.deserialize(&mut source).ok()?;
    source.end().ok()?;
    text
}

struct LoneText<'a> {
    name: &'a str,
}

impl<'de> DeserializeSeed<'de> for LoneText<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LoneText<'_> {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found: Option<String> = None;
        while let Some(name) = members.next_key::<String>()? {
            if name != self.name {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            let text = members.next_value::<String>()?;
            if found.as_ref().is_some_and(|found| *found != text) {
                return Err(A::Error::custom("two values"));
            }
            found = Some(text);
        }
        Ok(found)
    }
}

/// The members of a JSON array of strings, or `None` when it is anything else.
pub fn string_list(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(String::from)).collect()
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: u8,
    /// Values that may still come.
    left: &'a Cell<u32>,
    /// Where the name of a duplicate member is left.
    twice: &'a Cell<Option<String>>,
}

impl Strict<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth, ..self })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        self.left.set(self.left.get().checked_sub(1).ok_or_else(|| E::custom("too many values"))?);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            inner.count()?;
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            inner.count()?;
            if object.contains_key(&name) {
                self.twice.set(Some(name));
                return Err(A::Error::custom("duplicate member"));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{lone_text, parse, parse_object, parse_record};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn duplicate_members_are_refused_at_any_depth() {
        assert!(parse(br#"{"a":1,"a":1}"#).is_err());
        assert!(parse(br#"{"x":[{"a":1,"b":2,"a":3}]}"#).is_err());
        // The same name spelt with an escape is the same name.
        assert!(parse(br#"{"a":1,"\u0061":2}"#).is_err());
    }

    #[test]
    fn hostile_texts_are_errors() {
        let deep = "[".repeat(100_000);
        let nested = format!("{}{}", "[".repeat(40), "]".repeat(40));
        for bad in ["", "{", "{}x", "1e999", r#""\ud800""#, "NaN", "{a:1}", "'a'", &deep, &nested, "\u{feff}{}"] {
            assert!(parse(bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(20)]);
        }
        assert!(parse(&[0xff, 0xfe]).is_err());
        assert!(parse_object(b"[]").is_err());
    }

    #[test]
    fn as_many_values_as_no_honest_text_has_are_an_error() {
        let list = |values: usize| format!("[{}]", vec!["0"; values].join(","));
        let objects = |pairs: usize| format!("[{}]", vec![r#"{"a":0}"#; pairs].join(","));
        assert!(parse(list(100_000).as_bytes()).is_ok() && parse(objects(50_000).as_bytes()).is_ok());
        assert!(parse(list(100_001).as_bytes()).is_err() && parse(objects(50_001).as_bytes()).is_err());
    }

    #[test]
    fn a_record_has_room_for_what_was_just_within_the_bound() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(32).as_bytes()).is_ok() && parse(nested(33).as_bytes()).is_err());
        assert!(parse_record(nested(40).as_bytes()).is_ok() && parse_record(nested(41).as_bytes()).is_err());
    }

    #[test]
    fn one_member_is_read_whatever_stands_beside_it() {
        let nested = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        for beside in [r#""b":1,"b":2"#, r#""b":1e999"#, r#""b":"\ud800""#, &format!(r#""b":{nested}"#), r#""a":"x""#] {
            let text = format!(r#"{{"c":{{"a":"y"}},"a":"x",{beside}}}"#);
            assert_eq!(lone_text(text.as_bytes(), "a").as_deref(), Some("x"), "{beside:.20}");
        }
        for text in ["", "{}", "[]", r#""a""#, r#"{"a":"x"} y"#, r#"{"a":"x""#, r#"{"a":1}"#, r#"{"a":null}"#] {
            assert_eq!(lone_text(text.as_bytes(), "a"), None, "{text}");
        }
        assert_eq!(lone_text(br#"{"a":"x","\u0061":"y"}"#, "a"), None, "which of the two nobody knows");
    }

    #[test]
    fn ordinary_json_is_kept() {
        let text = br#"{"s":"a\u00e9","n":[1,-2,3.5],"b":true,"z":null,"o":{}}"#;
        assert_eq!(parse(text).unwrap(), json!({"s":"aé","n":[1,-2,3.5],"b":true,"z":null,"o":{}}));
    }

    proptest! {
        #[test]
        fn never_panics_and_agrees_with_serde_json(text in r#"[\[\]{}:,"0-9a-c\\ue. -]{0,60}"#) {
            if let Ok(value) = parse(text.as_bytes()) {
                prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
            }
        }
    }
}
