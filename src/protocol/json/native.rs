//! Operations on values of JSON that only tests need ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)): the file is compiled natively
//! only. The package neither prints nor reads the type `double`, whose code would be several kilobytes.

use std::fmt;
use std::ops::{Index, IndexMut};

use super::build::ToValue;
use super::number::Number;
use super::value::{Object, Value};

impl Number {
    pub fn as_f64(&self) -> Option<f64> {
        self.as_str().parse().ok()
    }
}

impl Value {
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number()?.as_f64()
    }

    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.as_object_mut()?.get_mut(name)
    }

    pub fn is_number(&self) -> bool {
        self.as_number().is_some()
    }

    pub fn is_i64(&self) -> bool {
        self.as_i64().is_some()
    }
}

static NULL: Value = Value::Null;

macro_rules! names {
    ($($name:ty)*) => {$(
        /// What is not there is `null`.
        impl Index<$name> for Value {
            type Output = Value;

            fn index(&self, name: $name) -> &Value {
                self.get(name.as_ref()).unwrap_or(&NULL)
            }
        }

        /// A member that is not there is added, and `null` becomes an object. Panics where the value is something else.
        impl IndexMut<$name> for Value {
            fn index_mut(&mut self, name: $name) -> &mut Value {
                if self.is_null() {
                    *self = Value::Object(Object::new());
                }
                match self {
                    Value::Object(object) => object.index_mut(name),
                    other => out_of_bounds(other),
                }
            }
        }
    )*};
}

names!(&str &&str String &String);

impl Index<usize> for Value {
    type Output = Value;

    fn index(&self, at: usize) -> &Value {
        self.as_array().and_then(|items| items.get(at)).unwrap_or(&NULL)
    }
}

/// Panics where the list is shorter, or the value is something else.
impl IndexMut<usize> for Value {
    fn index_mut(&mut self, at: usize) -> &mut Value {
        match self {
            Value::Array(items) => items.index_mut(at),
            other => out_of_bounds(other),
        }
    }
}

fn out_of_bounds(value: &mut Value) -> &mut Value {
    std::slice::from_mut(value).index_mut(usize::MAX)
}

/// What is not there is `null`.
impl<S: AsRef<str>> Index<S> for Object {
    type Output = Value;

    fn index(&self, name: S) -> &Value {
        self.get(name.as_ref()).unwrap_or(&NULL)
    }
}

/// A member that is not there is added.
impl<S: AsRef<str>> IndexMut<S> for Object {
    fn index_mut(&mut self, name: S) -> &mut Value {
        let name = name.as_ref();
        if !self.contains_key(name) {
            self.put(name, Value::Null);
        }
        let at = self.keys().position(|member| member == name).unwrap_or(usize::MAX);
        &mut self.0.index_mut(at).1
    }
}

impl Object {
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.iter_mut().map(|(_, value)| value)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(items)
    }
}

impl PartialEq<Value> for str {
    fn eq(&self, other: &Value) -> bool {
        other == self
    }
}

impl PartialEq<Value> for &str {
    fn eq(&self, other: &Value) -> bool {
        other == self
    }
}

impl<T: ToValue> ToValue for &mut T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}

/// A value that is not finite is no number of JSON.
impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Number::parse(&format!("{self:?}")).map_or(Value::Null, Value::Number)
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Number::parse(&self.to_string()).map_or(Value::Null, Value::Number)
            }
        }
    )*};
}

integers!(u64 usize);

macro_rules! comparisons {
    ($($type:ty)*) => {$(
        impl PartialEq<$type> for Value {
            fn eq(&self, other: &$type) -> bool {
                *self == other.to_value()
            }
        }
    )*};
}

comparisons!(bool i32 i64 u64 usize String);

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a String, &'a Value);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}
