//! Reading an object by a table of rules: known names in both spellings, a kind of value for each, and the key in every mistake.

use super::mistake::{ConfigError, ConfigResult, Problem};
use crate::protocol::json::{self, Object, Value};
use crate::protocol::uri::Uri;

/// The kind of value that a name must have.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A value for which the function is true; the text describes such a value.
    Value(&'static str, fn(&Value) -> bool),
    Seconds(&'static str, u32, u32),
    RedirectUri,
    /// Extra request parameters: an object of strings, without the names that the protocol sets.
    Params(&'static [&'static str]),
    /// A setting of which this version knows only the values without an effect.
    Only(&'static [&'static str]),
    /// The setting is a mistake with any value.
    Refused(Problem),
}

impl Kind {
    pub const TEXT: &Self =
        &Self::Value("a non-empty string", |value| value.as_str().is_some_and(|text| !text.is_empty()));
    pub const FLAG: &Self = &Self::Value("true or false", Value::is_boolean);
    /// A list, or one string: its words are separated by spaces (as `scope` is written on the wire), or it is the only member (as
    /// `resource` is written).
    pub const LIST: &Self =
        &Self::Value("a string or a list of strings", |value| value.is_string() || is_list(value, |_| true));
    pub const OBJECT: &Self = &Self::Value("an object", Value::is_object);
    pub const ENDPOINT: &Self = &Self::Value("an absolute https URL (http on loopback only)", |value| {
        value.as_str().is_some_and(|text| Uri::parse_endpoint(text).is_ok())
    });
    pub const SECONDS: &Self = &Self::Seconds("a whole number of seconds", 0, u32::MAX);

    fn check(&self, name: &str, member: &Member) -> ConfigResult<()> {
        let value = &member.value;
        let (is_good, problem) = match *self {
            Self::Value(what, is_good) => (is_good(value), Problem::Expected(what)),
            Self::Seconds(what, least, most) => {
                let range = i64::from(least)..=i64::from(most);
                (value.as_i64().is_some_and(|seconds| range.contains(&seconds)), Problem::Expected(what))
            }
            Self::RedirectUri => match value.as_str().map(Uri::parse_redirect_uri) {
                None => (false, Problem::Expected("a URL")),
                Some(Err(why)) => (false, Problem::RedirectUri(why)),
                Some(Ok(_)) => return Ok(()),
            },
            Self::Params(reserved) => {
                let Some(params) = value.as_object() else { return Self::OBJECT.check(name, member) };
                return params.iter().try_for_each(|(key, value)| match value {
                    _ if reserved.contains(&key.as_str()) => Err(ConfigError::within(name, key, Problem::Reserved)),
                    Value::Object(_) | Value::Array(_) => {
                        Err(ConfigError::within(name, key, Problem::Expected("a string")))
                    }
                    _ => Ok(()),
                });
            }
            Self::Only(harmless) => (harmless.contains(&&*value.to_text()), Problem::NotInThisVersion),
            Self::Refused(problem) => (false, problem),
        };
        if is_good { Ok(()) } else { Err(ConfigError::new(&member.key, problem)) }
    }
}

/// Whether the value is a list of strings of which the function is true.
pub fn is_list(value: &Value, is_good: impl Fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(&is_good)))
}

/// The names that are known, in camelCase, with the kind of each value.
pub type Rules = [(&'static str, &'static Kind)];

/// A member of an object that a developer wrote.
#[derive(Clone, Debug)]
pub struct Member {
    /// The name in camelCase.
    pub name: String,
    /// The name as it was written.
    pub key: String,
    /// The value. `null` counts as absent, as JavaScript and JSON use it.
    pub value: Value,
}

/// The members of an object under their names in camelCase.
#[derive(Clone, Debug, Default)]
pub struct Members(Vec<Member>);

impl Members {
    /// A name that is given in both spellings is a mistake.
    pub fn read(object: Object) -> ConfigResult<Self> {
        let mut members = Self::default();
        for (key, value) in object {
            let name = camel_case(&key);
            match members.get(&name) {
                Some(_) if value.is_null() => {}
                Some(_) => return Err(ConfigError::new(&key, Problem::Twice)),
                None => members.put(Member { name, key, value }),
            }
        }
        Ok(members)
    }

    /// A member that is there and not `null`.
    pub fn get(&mut self, name: &str) -> Option<&mut Member> {
        self.0.iter_mut().find(|member| member.name == name && !member.value.is_null())
    }

    /// Puts a member into the place of the one that has its name, or behind all members.
    pub fn put(&mut self, later: Member) {
        match self.0.iter_mut().find(|member| member.name == later.name) {
            Some(member) => *member = later,
            None => self.0.push(later),
        }
    }

    pub fn take(&mut self, name: &str) -> Option<Member> {
        let index = self.0.iter().position(|member| member.name == name)?;
        Some(self.0.swap_remove(index))
    }

    /// Puts these members over earlier ones: a given value wins, `null` removes the earlier one, and objects (`authorize_params`, …) are
    /// merged member by member.
    pub fn over(self, earlier: &mut Self) {
        for mut later in self.0 {
            if let Value::Object(value) = &mut later.value
                && let Some(Member { value: Value::Object(before), .. }) = earlier.get(&later.name)
            {
                before.extend(std::mem::take(value));
                std::mem::swap(value, before);
            }
            earlier.put(later);
        }
    }
}

/// An object whose members are all known and all have the right kind.
pub struct Reader {
    members: Members,
}

impl Reader {
    /// The first mistake in the order of the rules; after them, the first name that no rule has.
    pub fn new(mut members: Members, rules: &Rules) -> ConfigResult<Self> {
        for (name, kind) in rules {
            if let Some(member) = members.get(name) {
                kind.check(name, member)?;
            }
        }
        for member in &members.0 {
            if !member.value.is_null() && rules.iter().all(|(name, _)| member.name != *name) {
                return Err(ConfigError::new(&member.key, Problem::Unknown));
            }
        }
        Ok(Self { members })
    }

    /// The parameters of a call; `what` names them as a whole.
    pub fn of(value: Value, what: &str, rules: &Rules) -> ConfigResult<Self> {
        let object = match value {
            Value::Object(object) => object,
            Value::Null => Object::new(),
            _ => return Err(ConfigError::new(what, Problem::Expected("an object"))),
        };
        Self::new(Members::read(object)?, rules)
    }

    pub fn take(&mut self, name: &str) -> Option<Value> {
        Some(self.members.take(name)?.value)
    }

    /// A text, borrowed from its member.
    pub fn see_text(&mut self, name: &str) -> Option<&str> {
        self.members.get(name)?.value.as_str()
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn flag(&mut self, name: &str) -> bool {
        self.take(name) == Some(Value::Bool(true))
    }

    pub fn seconds(&mut self, name: &str) -> Option<u32> {
        u32::try_from(self.take(name)?.as_i64()?).ok()
    }

    /// A list. A single string gives its words.
    pub fn words(&mut self, name: &str) -> Option<Vec<String>> {
        match self.take(name)? {
            Value::String(text) => Some(text.split_ascii_whitespace().map(String::from).collect()),
            list => json::string_list(&list),
        }
    }

    /// A list. A single string gives a list of that string.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        match self.take(name)? {
            Value::String(text) => Some(vec![text]),
            list => json::string_list(&list),
        }
    }

    pub fn object(&mut self, name: &str) -> Option<Object> {
        match self.take(name)? {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Extra request parameters. Numbers and booleans are written as text, since JSON settings are often written so.
    pub fn params(&mut self, name: &str) -> Vec<(String, String)> {
        let mut params = Vec::new();
        for (name, value) in self.object(name).unwrap_or_default() {
            match value {
                Value::Null => {}
                Value::String(text) => params.push((name, text)),
                other => params.push((name, other.to_text())),
            }
        }
        params
    }
}

/// `client_id` → `clientId`. A name in camelCase stays as it is.
fn camel_case(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    for (index, word) in key.split('_').enumerate() {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if index > 0 => name.push(first.to_ascii_uppercase()),
            Some(first) => name.push(first),
            None => name.push('_'),
        }
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::json;

    const RULES: &Rules = &[
        ("clientId", Kind::TEXT),
        ("flag", Kind::FLAG),
        ("seconds", Kind::SECONDS),
        ("list", Kind::LIST),
        ("url", Kind::ENDPOINT),
        ("redirect", &Kind::RedirectUri),
        ("params", &Kind::Params(&["state"])),
        ("only", &Kind::Only(&["\"auto\"", "false"])),
        ("secret", &Kind::Refused(Problem::ClientSecret)),
    ];

    fn read(value: Value) -> ConfigResult<Reader> {
        Reader::of(value, "settings", RULES)
    }

    #[track_caller]
    fn refuses(value: Value, key: &str, problem: Problem) {
        assert_eq!(read(value.clone()).err(), Some(ConfigError::new(key, problem)), "{value}");
    }

    #[test]
    fn both_spellings_are_one_name() {
        for key in ["clientId", "client_id"] {
            assert_eq!(read(json!({ key: "x" })).unwrap().text("clientId").unwrap(), "x");
        }
        refuses(json!({ "clientId": "x", "client_id": "x" }), "client_id", Problem::Twice);
        for (camel, snake) in [(json!(null), json!("x")), (json!("x"), json!(null))] {
            let read = read(json!({ "clientId": camel, "client_id": snake }));
            assert_eq!(read.unwrap().text("clientId").unwrap(), "x");
        }
    }

    #[test]
    fn a_mistake_is_named_as_written() {
        refuses(json!({ "client_ld": "x" }), "client_ld", Problem::Unknown);
        refuses(json!({ "client_id": 1 }), "client_id", Problem::Expected("a non-empty string"));
        refuses(json!({ "params": { "state": "x" } }), "params.state", Problem::Reserved);
        refuses(json!({ "params": { "x": [] } }), "params.x", Problem::Expected("a string"));
        refuses(json!([]), "settings", Problem::Expected("an object"));
    }

    #[test]
    fn null_is_absence_and_a_wrong_value_is_not() {
        for (name, _) in RULES {
            assert!(read(json!({ name: null })).unwrap().take(name).is_none_or(|value| value.is_null()));
            assert_eq!(read(json!({ name: { "a": [] } })).err().map(|error| error.key.starts_with(name)), Some(true));
        }
        for (name, wrong) in [
            ("clientId", json!("")),
            ("seconds", json!(-1)),
            ("seconds", json!(0.5)),
            ("seconds", json!(4_294_967_296_u64)),
            ("list", json!([1])),
            ("url", json!("http://id.example.com")),
            ("redirect", json!("/cb")),
            ("only", json!("never")),
        ] {
            assert_eq!(read(json!({ name: wrong })).err().map(|error| error.key.clone()).as_deref(), Some(name));
        }
    }

    #[test]
    fn values_are_read_in_each_form() {
        let mut reader = read(json!({
            "flag": true, "seconds": 60.0, "list": "a b", "only": false, "params": { "a": 1, "b": true, "c": null, "d": "x" },
        }))
        .unwrap();
        assert_eq!((reader.flag("flag"), reader.seconds("seconds")), (true, Some(60)));
        assert_eq!(reader.words("list").unwrap(), ["a", "b"]);
        let params = [("a", "1"), ("b", "true"), ("d", "x")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(reader.params("params"), params);
        assert_eq!(read(json!({ "list": "a b" })).unwrap().list("list").unwrap(), ["a b"]);
        assert_eq!(read(json!({ "list": ["a b", "c"] })).unwrap().words("list").unwrap(), ["a b", "c"]);
    }
}
