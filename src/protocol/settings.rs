//! Reading what a developer wrote: objects with known keys, in both spellings, where every mistake names its key.

use serde_json::Value;

use super::json::{self, Object};
use super::uri::{Uri, UriError};

/// A mistake in settings, options or call parameters. Always the developer's, never the visitor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The key as it was written; `key.inner` for a nested one.
    pub key: String,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    Unknown,
    Missing,
    /// What the value must be.
    Expected(&'static str),
    /// Given in both spellings, or flat and nested.
    Twice,
    /// A setting of the contract that this version does not have; ignoring it could weaken a login.
    NotInThisVersion,
    ClientSecret,
    OAuth1,
    FormPost,
    /// A parameter of the protocol that only this client may set.
    Reserved,
    RedirectUri(UriError),
}

impl ConfigError {
    pub fn new(key: impl Into<String>, problem: Problem) -> Self {
        Self { key: key.into(), problem }
    }

    pub fn within(mut self, parent: &str) -> Self {
        self.key = format!("{parent}.{}", self.key);
        self
    }

    pub fn describe(&self) -> String {
        let key = &self.key;
        match &self.problem {
            Problem::Unknown => format!("\"{key}\" is not a known setting."),
            Problem::Missing => format!("\"{key}\" is missing."),
            Problem::Expected(what) => format!("\"{key}\" must be {what}."),
            Problem::Twice => format!("\"{key}\" is given twice, in two spellings."),
            Problem::NotInThisVersion => format!("\"{key}\" with this value is not supported by this version."),
            Problem::ClientSecret => format!("\"{key}\" has no place in a browser: every visitor can read it."),
            Problem::OAuth1 => {
                format!("\"{key}\" belongs to OAuth 1.0, which a browser cannot speak: it signs with a secret.")
            }
            Problem::FormPost => {
                format!("\"{key}\" cannot be form_post: a page without a server cannot receive a POST.")
            }
            Problem::Reserved => format!("\"{key}\" is set by the protocol and cannot be given."),
            Problem::RedirectUri(why) => format!("\"{key}\" {}.", why.describe()),
        }
    }
}

pub type ConfigResult<T> = Result<T, ConfigError>;

/// An object whose members are taken out one by one under their camelCase names; what is left at the end is unknown.
pub struct Reader {
    /// `(camelCase name, key as written, value)`
    members: Vec<(String, String, Value)>,
}

impl Reader {
    /// `null` counts as absent: it is how JavaScript and JSON say "nothing here".
    pub fn new(object: Object) -> ConfigResult<Self> {
        let mut members: Vec<(String, String, Value)> = Vec::new();
        for (key, value) in object.into_iter().filter(|(_, value)| !value.is_null()) {
            let name = camel_case(&key);
            if members.iter().any(|(taken, _, _)| *taken == name) {
                return Err(ConfigError::new(key, Problem::Twice));
            }
            members.push((name, key, value));
        }
        Ok(Self { members })
    }

    pub fn from_value(value: Value, key: &str) -> ConfigResult<Self> {
        match value {
            Value::Object(object) => Self::new(object),
            Value::Null => Self::new(Object::new()),
            _ => Err(ConfigError::new(key, Problem::Expected("an object"))),
        }
    }

    fn take_member(&mut self, name: &str) -> Option<(String, Value)> {
        let index = self.members.iter().position(|(member, _, _)| member == name)?;
        let (_, key, value) = self.members.swap_remove(index);
        Some((key, value))
    }

    /// Takes a member and reads it; `what` says what it must be.
    pub fn take<T>(
        &mut self,
        name: &str,
        what: &'static str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> ConfigResult<Option<T>> {
        let Some((key, value)) = self.take_member(name) else { return Ok(None) };
        match read(&value) {
            Some(read) => Ok(Some(read)),
            None => Err(ConfigError::new(key, Problem::Expected(what))),
        }
    }

    pub fn text(&mut self, name: &str) -> ConfigResult<Option<String>> {
        self.take(name, "a non-empty string", |value| value.as_str().filter(|text| !text.is_empty()).map(String::from))
    }

    pub fn flag(&mut self, name: &str) -> ConfigResult<bool> {
        Ok(self.take(name, "true or false", Value::as_bool)?.unwrap_or(false))
    }

    /// A list, or one string whose words are separated by spaces (as `scope` is written on the wire).
    pub fn words(&mut self, name: &str) -> ConfigResult<Option<Vec<String>>> {
        self.take(name, "a string or a list of strings", |value| match value {
            Value::String(text) => Some(text.split_ascii_whitespace().map(String::from).collect()),
            _ => json::string_list(value),
        })
    }

    /// A list, or one string that is the only member (as `resource` is written).
    pub fn list(&mut self, name: &str) -> ConfigResult<Option<Vec<String>>> {
        self.take(name, "a string or a list of strings", |value| match value {
            Value::String(text) => Some(vec![text.clone()]),
            _ => json::string_list(value),
        })
    }

    pub fn seconds(&mut self, name: &str) -> ConfigResult<Option<u32>> {
        self.take(name, "a whole number of seconds", |value| {
            let is_whole = |seconds: &f64| seconds.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(seconds);
            value.as_f64().filter(is_whole).map(|seconds| seconds as u32)
        })
    }

    pub fn object(&mut self, name: &str) -> ConfigResult<Option<Object>> {
        self.take(name, "an object", |value| value.as_object().cloned())
    }

    /// Extra request parameters: strings by name, none of them `reserved`. Numbers and booleans are written as text, since
    /// JSON settings are often written so.
    pub fn params(&mut self, name: &str, reserved: &[&str]) -> ConfigResult<Vec<(String, String)>> {
        let mut params = Vec::new();
        for (key, value) in self.object(name)?.unwrap_or_default() {
            let nested = |problem| ConfigError::new(key.clone(), problem).within(name);
            if reserved.contains(&key.as_str()) {
                return Err(nested(Problem::Reserved));
            }
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                _ => return Err(nested(Problem::Expected("a string"))),
            };
            params.push((key, text));
        }
        Ok(params)
    }

    pub fn redirect_uri(&mut self, name: &str) -> ConfigResult<Option<String>> {
        let Some((key, value)) = self.take_member(name) else { return Ok(None) };
        let Value::String(text) = value else { return Err(ConfigError::new(key, Problem::Expected("a URL"))) };
        match Uri::parse_redirect_uri(&text) {
            Ok(_) => Ok(Some(text)),
            Err(why) => Err(ConfigError::new(key, Problem::RedirectUri(why))),
        }
    }

    pub fn endpoint(&mut self, name: &str) -> ConfigResult<Option<String>> {
        let is_endpoint = |text: &&str| Uri::parse_endpoint(text).is_ok();
        self.take(name, "an absolute https URL (http on loopback only)", |value| {
            value.as_str().filter(is_endpoint).map(String::from)
        })
    }

    /// Refuses a member whatever its value.
    pub fn refuse(&mut self, name: &str, problem: Problem) -> ConfigResult<()> {
        match self.take_member(name) {
            Some((key, _)) => Err(ConfigError::new(key, problem)),
            None => Ok(()),
        }
    }

    /// A setting of which this version has only the values that change nothing.
    pub fn only(&mut self, name: &str, harmless: &[Value]) -> ConfigResult<()> {
        match self.take_member(name) {
            Some((key, value)) if !harmless.contains(&value) => Err(ConfigError::new(key, Problem::NotInThisVersion)),
            _ => Ok(()),
        }
    }

    pub fn finish(self) -> ConfigResult<()> {
        match self.members.into_iter().next() {
            Some((_, key, _)) => Err(ConfigError::new(key, Problem::Unknown)),
            None => Ok(()),
        }
    }
}

/// Puts settings over earlier ones: a value that is given wins, `null` takes one away, and objects (`authorize_params`, …) are
/// merged member by member. The spelling of a key does not matter.
pub fn merge(earlier: Object, later: Object) -> Object {
    let mut merged = earlier;
    for (key, value) in later {
        let same = merged.keys().find(|taken| camel_case(taken) == camel_case(&key)).cloned();
        let before = same.and_then(|same| merged.remove(&same));
        let value = match (before, value) {
            (Some(Value::Object(before)), Value::Object(value)) => Value::Object(merge_params(before, value)),
            (_, value) => value,
        };
        merged.insert(key, value);
    }
    merged
}

/// Members by wire name, to the letter.
fn merge_params(mut earlier: Object, later: Object) -> Object {
    earlier.extend(later);
    earlier
}

/// `client_id` → `clientId`; what is camelCase already stays.
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
    use serde_json::json;

    fn reader(value: Value) -> ConfigResult<Reader> {
        Reader::from_value(value, "settings")
    }

    #[test]
    fn both_spellings_are_one_name() {
        for key in ["clientId", "client_id"] {
            assert_eq!(reader(json!({ key: "x" })).unwrap().text("clientId").unwrap().unwrap(), "x");
        }
        assert_eq!(reader(json!({ "clientId": "x", "client_id": "x" })).err().unwrap().problem, Problem::Twice);
    }

    #[test]
    fn what_is_left_is_unknown_and_named_as_written() {
        let unknown = reader(json!({ "client_ld": "x" })).unwrap().finish().unwrap_err();
        assert_eq!(unknown, ConfigError::new("client_ld", Problem::Unknown));
    }

    #[test]
    fn later_settings_win_and_parameters_merge() {
        let object = |value: Value| value.as_object().unwrap().clone();
        let earlier = json!({ "client_id": "a", "scope": "x", "authorizeParams": { "p": "1", "q": "1" }, "jwks": {} });
        let later = json!({ "clientId": "b", "authorize_params": { "q": "2" }, "jwks": null });
        let merged = json!({ "clientId": "b", "scope": "x", "authorize_params": { "p": "1", "q": "2" }, "jwks": null });
        assert_eq!(Value::Object(merge(object(earlier), object(later))), merged);
    }

    #[test]
    fn null_is_absence_and_a_wrong_type_is_not() {
        assert_eq!(reader(json!({ "a": null })).unwrap().text("a"), Ok(None));
        for wrong in [json!(""), json!(1), json!([])] {
            assert!(reader(json!({ "a": wrong })).unwrap().text("a").is_err());
        }
    }

    #[test]
    fn reserved_parameters_are_named() {
        let error = reader(json!({ "params": { "state": "x" } })).unwrap().params("params", &["state"]).unwrap_err();
        assert_eq!(error, ConfigError::new("params.state", Problem::Reserved));
    }
}
