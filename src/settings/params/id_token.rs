//! The expectations of `parseIdToken`.

use super::super::mistake::ConfigResult;
use super::super::reader::{Kind, Reader, Rules};
use crate::protocol::json::Value;
use crate::protocol::secret::Secret;

/// What a caller of `parseIdToken` demands beyond what every id_token must satisfy.
#[derive(Clone, Debug, Default)]
pub struct ParseExpectations {
    pub nonce: Option<Secret>,
    pub access_token: Option<Secret>,
    pub max_age: Option<u32>,
    pub acr_values: Option<Vec<String>>,
}

const RULES: &Rules =
    &[("nonce", Kind::TEXT), ("accessToken", Kind::TEXT), ("maxAge", Kind::SECONDS), ("acrValues", Kind::LIST)];

pub fn parse_id_token(expected: Value) -> ConfigResult<ParseExpectations> {
    let mut reader = Reader::of(expected, "expected", RULES)?;
    Ok(ParseExpectations {
        nonce: reader.text("nonce").map(Secret::new),
        access_token: reader.text("accessToken").map(Secret::new),
        max_age: reader.seconds("maxAge"),
        acr_values: reader.words("acrValues"),
    })
}
