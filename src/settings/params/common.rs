//! The parameters that several calls have.

use super::super::reader::{Kind, Reader};
use crate::protocol::id_token_hint::IdTokenHint;
use crate::protocol::json::Value;
use crate::protocol::secret::Secret;

/// The kind of `idTokenHint`, where `null` means that the request has no hint.
pub const HINT: &Kind =
    &Kind::Value("a non-empty string or null", |value| value.as_str().is_some_and(|hint| !hint.is_empty()));

pub fn id_token_hint(reader: &mut Reader) -> IdTokenHint {
    match reader.take("idTokenHint") {
        None => IdTokenHint::Stored,
        Some(Value::String(hint)) => IdTokenHint::Given(Secret::new(hint)),
        Some(_) => IdTokenHint::Nothing,
    }
}

/// Parameters that are sent as they are given: those of `names`, each with its name in the request, and `uiLocales`.
pub fn plain_params(reader: &mut Reader, names: &[(&str, &'static str)]) -> Vec<(&'static str, String)> {
    let mut plain = Vec::new();
    for (name, wire_name) in names {
        if let Some(text) = reader.text(name) {
            plain.push((*wire_name, text));
        }
    }
    if let Some(locales) = reader.words("uiLocales") {
        plain.push(("ui_locales", locales.join(" ")));
    }
    plain
}
