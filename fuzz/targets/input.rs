//! From the fuzzer's bytes to what a target judges.

use arbitrary::{Result, Unstructured};
use oidc_client_wasm::protocol::json::{Value, json};

/// JSON text: the bytes themselves where they look like it, which reaches what no edit writes (a member twice, deep nesting);
/// else a script of edits to a good message, which gets past the first checks.
pub fn json_text(data: &[u8], good: impl FnOnce() -> Value) -> Vec<u8> {
    if matches!(data.first(), Some(b'{' | b'[')) {
        return data.to_vec();
    }
    let mut message = good();
    let _ = edit(&mut Unstructured::new(data), &mut message);
    message.to_string().into_bytes()
}

/// Names that mean something somewhere.
const NAMES: [&str; 24] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "nbf",
    "nonce",
    "at_hash",
    "acr",
    "auth_time",
    "alg",
    "kid",
    "typ",
    "crit",
    "b64",
    "jwk",
    "d",
    "k",
    "use",
    "key_ops",
    "error",
    "expires_at",
    "userinfo",
    "issuer",
];

/// A few edits, anywhere in a message.
pub fn edit(u: &mut Unstructured, message: &mut Value) -> Result<()> {
    for _ in 0..u.int_in_range(0..=3u8)? {
        let index = u.choose_index(count(message))?;
        let how = u.int_in_range(0..=5u8)?;
        let node = find(message, &mut { index }).unwrap_or_else(|| unreachable!("counted"));
        match (how, &mut *node) {
            (0, Value::Object(members)) if !members.is_empty() => {
                let name = members.keys().nth(u.choose_index(members.len())?).cloned();
                name.and_then(|name| members.remove(&name));
            }
            (1 | 2, Value::Object(members)) => {
                let name = if how == 1 { (*u.choose(&NAMES)?).to_owned() } else { u.arbitrary()? };
                members.insert(name, value(u)?);
            }
            (0, Value::Array(list)) if !list.is_empty() => drop(list.remove(u.choose_index(list.len())?)),
            (1, Value::Array(list)) => list.push(value(u)?),
            (2, Value::Array(list)) if !list.is_empty() => list.push(list[u.choose_index(list.len())?].clone()),
            (0, Value::String(text)) => drop(text.pop()),
            (1, Value::String(text)) => text.push(u.arbitrary()?),
            (2, Value::String(text)) => *text = text.to_uppercase(),
            (0 | 1, Value::Number(number)) => {
                *node = json!(number.as_i64().unwrap_or_default().saturating_add(u.arbitrary::<i16>()?.into()));
            }
            (3, node) => *node = json!([node]),
            (_, node) => *node = value(u)?,
        }
    }
    Ok(())
}

/// A value that somebody may not have thought of.
pub fn value(u: &mut Unstructured) -> Result<Value> {
    let known = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(""),
        json!("a\nb"),
        json!("\u{0}"),
        json!("s".repeat(300)),
        json!([]),
        json!({}),
        json!([1]),
        json!([[]]),
        json!("https://evil.example"),
        json!("http://id.example.com"),
        json!("javascript:alert(1)"),
        json!(["none"]),
    ];
    Ok(match u.int_in_range(0..=known.len() + 1)? {
        0 => json!(u.arbitrary::<String>()?),
        1 => json!(u.arbitrary::<i64>()?),
        index => known[index - 2].clone(),
    })
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(list) => list.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

fn find<'a>(value: &'a mut Value, index: &mut usize) -> Option<&'a mut Value> {
    if *index == 0 {
        return Some(value);
    }
    *index -= 1;
    match value {
        Value::Array(list) => list.iter_mut().find_map(|item| find(item, index)),
        Value::Object(members) => members.values_mut().find_map(|item| find(item, index)),
        _ => None,
    }
}
