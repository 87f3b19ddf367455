//! `protocol/json`: any text. It is accepted exactly when serde_json accepts it and it is within the limits, with the same value; and
//! what is written is read the same by both.

use std::collections::BTreeSet;
use std::fmt;

use oidc_client_wasm::protocol::json::{self, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// What serde_json reads, with every member of an object.
#[derive(Debug, PartialEq)]
enum Tree {
    Null,
    Bool(bool),
    Integer(String),
    Double(f64),
    String(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

pub fn check(data: &[u8]) {
    let oracle = serde_json::from_slice::<Tree>(data).ok();
    let allowed =
        oracle.as_ref().filter(|tree| tree.depth() <= 32 && tree.count() <= 100_000 && !tree.has_duplicates());
    let read = json::parse(data);
    match (&read, allowed) {
        (Ok(value), Some(tree)) => {
            assert!(tree.is(value), "{tree:?} was read as {value}");
            check_writing(value, tree);
        }
        (Err(error), None) => {
            let is_told = error.twice.is_some();
            assert!(!is_told || oracle.is_none() || oracle.as_ref().is_some_and(Tree::has_duplicates), "{error:?}");
        }
        (read, allowed) => panic!("read as {read:?}, and allowed is {allowed:?}"),
    }
    check_lone_text(data, oracle.as_ref(), read.ok().as_ref());
}

fn check_writing(value: &Value, tree: &Tree) {
    let text = value.to_text();
    assert_eq!(json::parse(text.as_bytes()).as_ref(), Ok(value));
    assert_eq!(serde_json::from_str::<Tree>(&text).ok().as_ref(), Some(tree));
    if let Some(expected) = tree.text() {
        assert_eq!(text, expected);
    }
}

/// One member is found where the whole is refused, too, and never another text than its own.
fn check_lone_text(data: &[u8], oracle: Option<&Tree>, read: Option<&Value>) {
    for name in ["a", "refresh_token"] {
        let found = json::lone_text(data, name);
        if let Some(Tree::Object(members)) = oracle {
            let mut texts = members.iter().filter(|(member, _)| member == name).map(|(_, value)| match value {
                Tree::String(text) => Some(text),
                _ => None,
            });
            let first = texts.next().flatten();
            assert_eq!(found.as_ref(), first.filter(|first| texts.all(|text| text == Some(first))));
        }
        if let Some(value) = read {
            assert_eq!(found.as_deref(), value.get(name).and_then(Value::as_str));
        }
    }
}

impl Tree {
    fn children(&self) -> Vec<&Tree> {
        match self {
            Self::Array(items) => items.iter().collect(),
            Self::Object(members) => members.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    fn depth(&self) -> usize {
        let is_container = matches!(self, Self::Array(_) | Self::Object(_));
        usize::from(is_container) + self.children().into_iter().map(Self::depth).max().unwrap_or(0)
    }

    fn count(&self) -> usize {
        self.children().into_iter().map(|child| 1 + child.count()).sum()
    }

    fn has_duplicates(&self) -> bool {
        let is_twice = match self {
            Self::Object(members) => {
                members.iter().map(|(name, _)| name).collect::<BTreeSet<_>>().len() < members.len()
            }
            _ => false,
        };
        is_twice || self.children().into_iter().any(Self::has_duplicates)
    }

    fn is(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(one), Value::Bool(other)) => one == other,
            (Self::Integer(digits), Value::Number(number)) => {
                number.as_str() == digits && number.as_i64() == digits.parse().ok() && number.floor() == number.as_i64()
            }
            (Self::Double(one), Value::Number(number)) => number.as_f64() == Some(*one),
            (Self::String(one), Value::String(other)) => one == other,
            (Self::Array(items), Value::Array(others)) => {
                items.len() == others.len() && items.iter().zip(others).all(|(item, other)| item.is(other))
            }
            (Self::Object(members), Value::Object(object)) => {
                let is_same = |((name, value), (other, found)): (&(String, Tree), (&String, &Value))| {
                    name == other && value.is(found)
                };
                members.len() == object.len() && members.iter().zip(object.iter()).all(is_same)
            }
            _ => false,
        }
    }

    /// As serde_json writes it. It writes doubles in a form of its own.
    fn text(&self) -> Option<String> {
        let quoted = |text: &String| serde_json::to_string(text).ok();
        Some(match self {
            Self::Null => "null".into(),
            Self::Bool(flag) => flag.to_string(),
            Self::Integer(digits) => digits.clone(),
            Self::Double(_) => return None,
            Self::String(text) => quoted(text)?,
            Self::Array(items) => format!("[{}]", items.iter().map(Self::text).collect::<Option<Vec<_>>>()?.join(",")),
            Self::Object(members) => {
                let member = |(name, value): &(String, Tree)| Some(format!("{}:{}", quoted(name)?, value.text()?));
                format!("{{{}}}", members.iter().map(member).collect::<Option<Vec<_>>>()?.join(","))
            }
        })
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Integer(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Integer(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Tree, E> {
        Ok(Tree::Double(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_entry()? {
            list.push(member);
        }
        Ok(Tree::Object(list))
    }
}
