//! The reader of stored records. Each member must have the right type, or there is no record. Derived deserializers for these few records
//! were a fifteenth of all the WebAssembly.

use std::cell::Cell;

use super::json::{self, Object, Value};
use super::secret::Secret;
use super::time::UnixTime;

/// The members of a stored record. A member that is missing or of another type reads as an empty value and spoils the record, which
/// [`Members::sound`] then refuses.
pub struct Members<'a> {
    members: &'a Object,
    is_spoilt: Cell<bool>,
}

impl<'a> Members<'a> {
    pub fn of(record: &'a Value) -> Option<Self> {
        record.as_object().map(|members| Self { members, is_spoilt: Cell::new(false) })
    }

    pub fn of_version(record: &'a Value, version: u8) -> Option<Self> {
        Self::of(record).filter(|record| record.get("v").and_then(Value::as_i64) == Some(i64::from(version)))
    }

    /// The value that was made of the members, if each member had its type.
    pub fn sound<T>(&self, made: T) -> Option<T> {
        (!self.is_spoilt.get()).then_some(made)
    }

    /// `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A member that may be absent, but must have its type: `members.optional("max_age", Value::as_i64)`.
    pub fn optional<T>(&self, name: &str, read: fn(&Value) -> Option<T>) -> Option<T> {
        self.get(name).and_then(|value| self.noted(read(value)))
    }

    /// A member that must be present.
    pub fn required<T: Default>(&self, name: &str, read: fn(&Value) -> Option<T>) -> T {
        self.noted(self.get(name).and_then(read)).unwrap_or_default()
    }

    fn noted<T>(&self, found: Option<T>) -> Option<T> {
        if found.is_none() {
            self.is_spoilt.set(true);
        }
        found
    }

    pub fn text(&self, name: &str) -> String {
        self.required(name, text)
    }

    pub fn optional_text(&self, name: &str) -> Option<String> {
        self.optional(name, text)
    }

    pub fn secret(&self, name: &str) -> Secret {
        Secret::new(self.text(name))
    }

    pub fn optional_secret(&self, name: &str) -> Option<Secret> {
        self.optional_text(name).map(Secret::new)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.required(name, Value::as_bool)
    }

    pub fn words(&self, name: &str) -> Vec<String> {
        self.required(name, json::string_list)
    }

    pub fn time(&self, name: &str) -> UnixTime {
        self.required(name, time)
    }

    /// A time that an honest clock can show.
    pub fn date(&self, name: &str) -> UnixTime {
        self.required(name, date)
    }

    pub fn optional_date(&self, name: &str) -> Option<UnixTime> {
        self.optional(name, date)
    }

    pub fn optional_object(&self, name: &str) -> Option<Object> {
        self.optional(name, |value| value.as_object().cloned())
    }

    pub fn optional_time(&self, name: &str) -> Option<UnixTime> {
        self.optional(name, time)
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(String::from)
}

fn time(value: &Value) -> Option<UnixTime> {
    value.as_i64().map(UnixTime)
}

fn date(value: &Value) -> Option<UnixTime> {
    UnixTime::from_numeric_date(value).filter(|_| value.as_i64().is_some())
}

#[cfg(test)]
mod tests {
    use super::{Members, UnixTime};
    use crate::protocol::json::{Value, json};

    #[test]
    fn a_member_is_of_its_type_or_the_record_is_none() {
        let record = json!({ "text": "a", "number": 7, "flag": true, "list": ["x"], "object": {}, "nothing": null });
        let absurd = json!({ "past": -1, "future": i64::MAX, "part": 1.5, "text": "7" });
        let members = || Members::of(&record).unwrap();
        let absurd = || Members::of(&absurd).unwrap();
        let all = members();
        assert_eq!(all.text("text"), "a");
        assert_eq!((all.optional("number", Value::as_i64), all.flag("flag")), (Some(7), true));
        assert_eq!((all.time("number"), all.date("number")), (UnixTime(7), UnixTime(7)));
        assert_eq!(absurd().time("future"), UnixTime(i64::MAX));
        assert_eq!(all.words("list"), ["x"]);
        assert!(all.optional_object("object").is_some());
        assert_eq!((all.optional_text("nothing"), all.optional_text("text")), (None, Some("a".into())));
        assert_eq!(all.sound(1), Some(1));
        for name in ["past", "future", "part", "text"] {
            let record = absurd();
            assert_eq!((record.date(name), record.sound(1)), (UnixTime(0), None), "{name}");
        }
        for wrong in ["number", "nothing", "absent", "object"] {
            let record = members();
            assert_eq!((record.text(wrong).as_str(), record.sound(1)), ("", None), "{wrong}");
        }
        let record = members();
        assert_eq!((record.optional_text("number"), record.sound(1)), (None, None), "something else is no absence");
        assert!(Members::of(&json!([])).is_none());
        assert!(
            Members::of_version(&json!({ "v": 1 }), 1).is_some()
                && Members::of_version(&json!({ "v": 1 }), 2).is_none()
        );
    }
}
