//! Values of JSON written out in Rust ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)): `json!({ "a": [1, text], "b": null })`.

use super::value::{Object, Value};

/// A type whose values may stand in `json!` where a value is expected.
pub trait ToValue {
    fn to_value(&self) -> Value;
}

/// A literal of JSON. Any expression of a type that is [`ToValue`] may stand for a value; a literal, a variable or an expression in
/// parentheses may stand for a name.
#[macro_export]
macro_rules! json {
    (null) => { $crate::protocol::json::Value::Null };
    ([ $($items:tt)* ]) => { $crate::protocol::json::Value::Array($crate::protocol::json::json!(@items [] $($items)*)) };
    ({}) => { $crate::protocol::json::Value::Object($crate::protocol::json::Object::new()) };
    ({ $($members:tt)+ }) => {{
        let mut object = $crate::protocol::json::Object::new();
        $crate::protocol::json::json!(@members object $($members)+);
        $crate::protocol::json::Value::Object(object)
    }};

    (@items [$($done:expr,)*]) => { ::std::vec![$($done),*] };
    (@items [$($done:expr,)*] null $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@items [$($done,)* $crate::protocol::json::json!(null),] $($($rest)*)?)
    };
    (@items [$($done:expr,)*] [ $($item:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@items [$($done,)* $crate::protocol::json::json!([ $($item)* ]),] $($($rest)*)?)
    };
    (@items [$($done:expr,)*] { $($item:tt)* } $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@items [$($done,)* $crate::protocol::json::json!({ $($item)* }),] $($($rest)*)?)
    };
    (@items [$($done:expr,)*] $item:expr $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@items [$($done,)* $crate::protocol::json::json!($item),] $($($rest)*)?)
    };

    (@members $object:ident) => {};
    (@members $object:ident $name:tt : null $(, $($rest:tt)*)?) => { $crate::protocol::json::json!(@member $object $name (null) $($($rest)*)?) };
    (@members $object:ident $name:tt : [ $($value:tt)* ] $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@member $object $name ([ $($value)* ]) $($($rest)*)?)
    };
    (@members $object:ident $name:tt : { $($value:tt)* } $(, $($rest:tt)*)?) => {
        $crate::protocol::json::json!(@member $object $name ({ $($value)* }) $($($rest)*)?)
    };
    (@members $object:ident $name:tt : $value:expr $(, $($rest:tt)*)?) => {
        $crate::protocol::json::put_value(&mut $object, ::std::convert::AsRef::<str>::as_ref(&$name), &$value);
        $crate::protocol::json::json!(@members $object $($($rest)*)?);
    };
    (@member $object:ident $name:tt ($($value:tt)+) $($rest:tt)*) => {
        $object.put(::std::convert::AsRef::<str>::as_ref(&$name), $crate::protocol::json::json!($($value)+));
        $crate::protocol::json::json!(@members $object $($rest)*);
    };

    ($value:expr) => { $crate::protocol::json::ToValue::to_value(&$value) };
}

pub use json;

/// Puts a member that is written out in the code, so that each such place is one call.
#[inline(never)]
pub fn put_value(object: &mut Object, name: &str, value: &dyn ToValue) {
    object.put(name, value.to_value());
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for Object {
    fn to_value(&self) -> Value {
        Value::Object(self.clone())
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::from(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl ToValue for $type {
            fn to_value(&self) -> Value {
                Value::from(i64::from(*self))
            }
        }
    )*};
}

integers!(i64 i32 u32 u16 u8);

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

/// An absent value is `null`.
impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

impl<T: ToValue> ToValue for [T] {
    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(T::to_value).collect())
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        self.as_slice().to_value()
    }
}
