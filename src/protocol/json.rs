//! JSON as security code needs it ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259), RFC 7515 section 4 on duplicate names):
//! a duplicate member is an error, not "the last one wins", and nesting is bounded. Numbers keep their text, and objects the order of
//! their members.

mod build;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod number;
mod parser;
mod value;
mod writer;

use parser::{Parser, Rules};

use super::oauth_error::quoted;

pub use build::{ToValue, json, put_value};
pub use number::Number;
pub use value::{MAX_MEMBERS, Object, Value};

/// The nesting of honest metadata, keys and claims is below ten. The bound keeps the small WebAssembly stack safe where a value is
/// written, copied or compared.
const MAX_DEPTH: usize = 32;
/// The bound for records and messages of this client, which may wrap a value from outside that was just within its bound.
const MAX_DEPTH_OF_RECORDS: usize = 40;
/// Members and items, all levels together. The largest honest documents have some thousands; a text of a million octets could have
/// half as many, and objects of one member are worth hundreds of octets of memory each, which WebAssembly never gives back.
const MAX_VALUES: u32 = 100_000;

/// The text is not JSON, or has a duplicate member, a number out of range, a lone surrogate, too many values or members, or is nested too deeply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonError {
    /// The member that stands twice in one object.
    pub twice: Option<String>,
}

impl JsonError {
    /// The fault of a document that must be a JSON object.
    pub fn describe(&self) -> String {
        match &self.twice {
            Some(name) => ["has the member \"", &quoted(name), "\" twice in one object (a duplicate)"].concat(),
            None => "is not a JSON object".into(),
        }
    }
}

/// Parses a text from outside.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    parse_within(text, MAX_DEPTH)
}

/// Parses a text that this client wrote, or another text in its place. It is as strict, with room for a wrapped value from outside.
pub fn parse_record(text: &[u8]) -> Result<Value, JsonError> {
    parse_within(text, MAX_DEPTH_OF_RECORDS)
}

fn parse_within(text: &[u8], depth: usize) -> Result<Value, JsonError> {
    let text = str::from_utf8(text).map_err(|_| JsonError::default())?;
    let mut parser = Parser::new(text, Rules { depth, values: MAX_VALUES, is_lenient: false });
    parser.document().ok_or(JsonError { twice: parser.twice })
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
    !value.is_null() && value.as_str() != Some("")
}

/// The member is there and is no string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotText;

/// The text of one member of an object, for an object that is refused as a whole while this member is needed all the same: the other
/// members must be JSON and are not checked. `None` where the member has two different values.
pub fn lone_text(object: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(object);
    let document = Parser::new(&text, Rules { depth: usize::MAX, values: u32::MAX, is_lenient: true }).document()?;
    let mut values =
        document.as_object()?.iter().filter(|(member, _)| *member == name).map(|(_, value)| value.as_str());
    let found = values.next()??;
    values.all(|value| value == Some(found)).then(|| found.to_owned())
}

/// The items of a JSON array of strings, or `None` for another value.
pub fn string_list(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(String::from)).collect()
}

#[cfg(test)]
mod tests {
    use super::json;
    use super::{lone_text, parse, parse_object, parse_record};

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

    /// Members are looked for one by one, so that a hundred thousand in one object would keep a page busy for minutes.
    #[test]
    fn as_many_members_as_no_honest_object_has_are_an_error() {
        let object = |members: usize| {
            let members: Vec<_> = (0..members).map(|member| format!("\"{member}\":0")).collect();
            format!("[{{{}}}]", members.join(","))
        };
        assert!(parse(object(2000).as_bytes()).is_ok() && parse_record(object(2000).as_bytes()).is_ok());
        assert!(parse(object(2001).as_bytes()).is_err() && parse_record(object(2001).as_bytes()).is_err());
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
        for (escaped, text) in [
            (r"\ud83d\ude00", "\u{1f600}"),
            (r"\ud83dA", "\u{fffd}A"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"\ude00", "\u{fffd}"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
        ] {
            let object = format!(r#"{{"a":"{escaped}"}}"#);
            assert_eq!(lone_text(object.as_bytes(), "a").as_deref(), Some(text), "{escaped}");
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
}

#[cfg(test)]
#[path = "json/accepted_tests.rs"]
mod accepted_tests;
#[cfg(test)]
#[path = "json/refused_tests.rs"]
mod refused_tests;
