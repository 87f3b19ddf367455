//! JSON as security code needs it ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), RFC 7515 section 4 on duplicate names):
//! a duplicate member is an error, not "the last one wins", and nesting is bounded.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The nesting of honest metadata, keys and claims is below ten; the bound keeps the small WebAssembly stack safe.
const MAX_DEPTH: u8 = 32;

/// The text is not JSON, or has a duplicate member, a number out of range, a lone surrogate, or is nested too deeply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError;

pub type Object = Map<String, Value>;

pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    let mut source = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth: MAX_DEPTH }.deserialize(&mut source).map_err(|_| JsonError)?;
    source.end().map_err(|_| JsonError)?;
    Ok(value)
}

pub fn parse_object(text: &[u8]) -> Result<Object, JsonError> {
    match parse(text)? {
        Value::Object(object) => Ok(object),
        _ => Err(JsonError),
    }
}

/// A string member; `null` counts as absent, any other type is an error.
pub fn optional_text<'a>(object: &'a Object, name: &str) -> Result<Option<&'a str>, NotText> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(NotText),
    }
}

/// The member is there and is no string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

/// The members of a JSON array of strings, or `None` when it is anything else.
pub fn string_list(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(String::from)).collect()
}

#[derive(Clone, Copy)]
struct Strict {
    depth: u8,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        self.depth.checked_sub(1).map(|depth| Self { depth }).ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
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
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_object};
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
