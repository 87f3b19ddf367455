//! Values of JSON ([RFC 8259 section 3](https://www.rfc-editor.org/rfc/rfc8259#section-3)), and objects as lists of members in the
//! order in which they were written.

use std::fmt;

use super::number::Number;
use super::writer::write_string;

/// Members of one object. The largest honest objects have some dozens. A member is looked for one by one, and two objects may be put over
/// each other, or compared in another order: of a hundred thousand members that would take minutes.
pub const MAX_MEMBERS: usize = 2000;

#[derive(Clone, Default, PartialEq, Eq)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

impl Value {
    /// Without white space (RFC 8259 section 2).
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Bool(true) => text.push_str("true"),
            Self::Bool(false) => text.push_str("false"),
            Self::Number(number) => text.push_str(number.as_str()),
            Self::String(string) => write_string(string, text),
            Self::Array(items) => {
                text.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    item.write(text);
                }
                text.push(']');
            }
            Self::Object(object) => object.write(text),
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    pub fn is_boolean(&self) -> bool {
        matches!(self, Self::Bool(_))
    }

    pub fn is_string(&self) -> bool {
        matches!(self, Self::String(_))
    }

    pub fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    /// A number without a fraction.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&Vec<Value>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Leaves `null` behind.
    pub fn take(&mut self) -> Value {
        std::mem::take(self)
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }
}

impl PartialEq<str> for Value {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == Some(text)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, text: &&str) -> bool {
        *self == **text
    }
}

/// An object, in which each name stands once. Two objects are equal if they have the same members in any order.
#[derive(Clone, Default)]
pub struct Object(pub(super) Vec<(String, Value)>);

impl Object {
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    fn write(&self, text: &mut String) {
        text.push('{');
        for (at, (name, value)) in self.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            write_string(name, text);
            text.push(':');
            value.write(text);
        }
        text.push('}');
    }

    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(member, _)| member == name)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(member, _)| member == name).map(|(_, value)| value)
    }

    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Puts a value in the place of the member's earlier value, or behind all members.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.get_mut(&name) {
            Some(place) => Some(std::mem::replace(place, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// Puts a member that is written out in the code. It is apart from `insert`, so that each such place is one call.
    #[inline(never)]
    pub fn put(&mut self, name: &str, value: Value) {
        self.insert(name.to_owned(), value);
    }

    /// Adds a member whose name the object may have already.
    pub(super) fn push(&mut self, name: String, value: Value) {
        self.0.push((name, value));
    }

    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.position(name).map(|at| self.0.remove(at).1)
    }

    pub fn retain(&mut self, mut is_kept: impl FnMut(&String, &mut Value) -> bool) {
        self.0.retain_mut(|(name, value)| is_kept(name, value));
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&String, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&String, &mut Value)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    pub fn keys(&self) -> impl ExactSizeIterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |at: usize, name: &str, value: &Value| match other.0.get(at) {
            // Members in the same order are the usual case, which this compares in one pass.
            Some((there, other)) if there == name => value == other,
            _ => other.get(name) == Some(value),
        };
        self.len() == other.len() && self.iter().enumerate().all(|(at, (name, value))| is_same(at, name, value))
    }
}

impl Eq for Object {}

impl Extend<(String, Value)> for Object {
    fn extend<T: IntoIterator<Item = (String, Value)>>(&mut self, members: T) {
        for (name, value) in members {
            self.insert(name, value);
        }
    }
}

/// Of several members with one name, the last member stays.
impl FromIterator<(String, Value)> for Object {
    fn from_iter<T: IntoIterator<Item = (String, Value)>>(members: T) -> Self {
        let mut object = Self::new();
        object.extend(members);
        object
    }
}

impl IntoIterator for Object {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::{Object, Value};
    use crate::protocol::json::{json, parse_object};

    #[test]
    fn an_object_keeps_the_order_of_its_members_and_is_equal_in_any_order() {
        let mut object = parse_object(br#"{"b":1,"a":{"y":1,"x":2},"c":3}"#).unwrap();
        assert_eq!(object.to_text(), r#"{"b":1,"a":{"y":1,"x":2},"c":3}"#);
        assert_eq!(object, parse_object(br#"{"c":3,"a":{"x":2,"y":1},"b":1}"#).unwrap());
        assert_ne!(object, parse_object(br#"{"c":3,"a":{"x":2,"y":1},"d":1}"#).unwrap());
        assert_eq!(object.insert("a".into(), Value::Null), Some(json!({ "x": 2, "y": 1 })));
        assert_eq!(object.remove("b"), Some(json!(1)));
        object.put("b", json!(true));
        assert_eq!(object.to_text(), r#"{"a":null,"c":3,"b":true}"#);
    }

    #[test]
    fn the_last_of_several_members_stays() {
        let members = [("a", 1), ("b", 2), ("a", 3)].map(|(name, value)| (name.to_owned(), json!(value)));
        assert_eq!(members.into_iter().collect::<Object>().to_text(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn a_name_like_that_of_a_prototype_is_a_name() {
        let object = parse_object(br#"{"__proto__":{"admin":true},"constructor":1}"#).unwrap();
        assert_eq!(object.to_text(), r#"{"__proto__":{"admin":true},"constructor":1}"#);
    }

    #[test]
    fn a_literal_is_what_it_looks_like() {
        let (name, nothing, list) = ("n".to_owned(), None::<&str>, vec!["x", "y"]);
        let value = json!({
            name: [1, -2, null, true, "t", [], {}, [name], { "deep": [nothing] }],
            "list": list,
            ("a".to_owned() + "b"): name.len() as i64 + 1,
            "nothing": null,
        });
        assert_eq!(
            value.to_text(),
            r#"{"n":[1,-2,null,true,"t",[],{},["n"],{"deep":[null]}],"list":["x","y"],"ab":2,"nothing":null}"#
        );
    }
}
