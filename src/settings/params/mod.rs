//! The parameters of each call.

mod authorize;
mod id_token;
mod logout;
mod saved;
mod token;

pub use authorize::authorize;
pub use id_token::{ParseExpectations, parse_id_token};
pub use logout::logout;
pub use saved::save_authorize_data;
pub use token::{TokenOptions, access_token};

use super::reader::{Kind, Reader};
use crate::protocol::id_token_hint::IdTokenHint;
use crate::protocol::json::Value;
use crate::protocol::secret::Secret;

/// `null` means something here: no hint.
const HINT: Kind =
    Kind::Value("a non-empty string or null", |value| value.as_str().is_some_and(|hint| !hint.is_empty()));

fn id_token_hint(reader: &mut Reader) -> IdTokenHint {
    match reader.take("idTokenHint") {
        None => IdTokenHint::Stored,
        Some(Value::String(hint)) => IdTokenHint::Given(Secret::new(hint)),
        Some(_) => IdTokenHint::Nothing,
    }
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
