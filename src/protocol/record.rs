//! Reading what lies in storage. By hand rather than by derived deserializers, which for our handful of records were a
//! fifteenth of all the WebAssembly: a member of the right type, or no record at all.

use super::json::{self, Object, Value};
use super::secret::Secret;
use super::time::UnixTime;

/// The members of a stored record. Every reader gives `None` where the record cannot be used.
#[derive(Clone, Copy)]
pub struct Members<'a>(&'a Object);

impl<'a> Members<'a> {
    pub fn of(record: &'a Value) -> Option<Self> {
        record.as_object().map(Self)
    }

    /// `null` counts as absent.
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub fn text(self, name: &str) -> Option<String> {
        self.get(name)?.as_str().map(String::from)
    }

    pub fn secret(self, name: &str) -> Option<Secret> {
        self.text(name).map(Secret::new)
    }

    pub fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    pub fn object(self, name: &str) -> Option<Object> {
        self.get(name)?.as_object().cloned()
    }

    pub fn words(self, name: &str) -> Option<Vec<String>> {
        json::string_list(self.get(name)?)
    }

    pub fn whole(self, name: &str) -> Option<u32> {
        u32::try_from(self.get(name)?.as_i64()?).ok()
    }

    pub fn time(self, name: &str) -> Option<UnixTime> {
        self.get(name)?.as_i64().map(UnixTime)
    }

    /// A time that an honest clock can show.
    pub fn date(self, name: &str) -> Option<UnixTime> {
        self.get(name).filter(|value| value.as_i64().is_some()).and_then(UnixTime::from_numeric_date)
    }

    /// What may be missing, but not be something else: `members.optional("issuer", Members::text)`.
    pub fn optional<T>(self, name: &str, read: impl FnOnce(Self, &str) -> Option<T>) -> Option<Option<T>> {
        match self.get(name) {
            None => Some(None),
            Some(_) => read(self, name).map(Some),
        }
    }

    pub fn is_version(self, version: u8) -> bool {
        self.get("v").and_then(Value::as_i64) == Some(i64::from(version))
    }
}

#[cfg(test)]
mod tests {
    use super::{Members, UnixTime};
    use crate::protocol::json::json;

    #[test]
    fn a_member_is_of_its_type_or_the_record_is_none() {
        let record = json!({ "text": "a", "number": 7, "flag": true, "list": ["x"], "object": {}, "nothing": null });
        let absurd = json!({ "past": -1, "future": i64::MAX, "part": 1.5, "text": "7" });
        let members = Members::of(&record).unwrap();
        assert_eq!(members.text("text").as_deref(), Some("a"));
        assert_eq!((members.whole("number"), members.flag("flag")), (Some(7), Some(true)));
        assert_eq!((members.time("number"), members.date("number")), (Some(UnixTime(7)), Some(UnixTime(7))));
        assert_eq!(Members::of(&absurd).unwrap().time("future"), Some(UnixTime(i64::MAX)));
        for name in ["past", "future", "part", "text"] {
            assert_eq!(Members::of(&absurd).unwrap().date(name), None, "{name}");
        }
        assert_eq!(members.words("list").unwrap(), ["x"]);
        assert!(members.object("object").is_some());
        for wrong in ["number", "nothing", "absent", "object"] {
            assert_eq!(members.text(wrong), None, "{wrong}");
        }
        assert_eq!(members.optional("nothing", Members::text), Some(None));
        assert_eq!(members.optional("text", Members::text), Some(Some("a".into())));
        assert_eq!(members.optional("number", Members::text), None, "something else is no absence");
        assert!(Members::of(&json!([])).is_none());
    }
}
