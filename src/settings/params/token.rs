//! The options of `getAccessToken` and `refreshToken`.

use super::super::mistake::ConfigResult;
use super::super::reader::{Kind, Reader, Rules};
use crate::protocol::json::Value;
use crate::protocol::refresh::TokenTarget;

/// The options of `getAccessToken` and `refreshToken`, checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenOptions {
    pub min_validity: Option<u32>,
    pub force: bool,
    pub target: TokenTarget,
}

const RULES: &Rules =
    &[("minValidity", Kind::SECONDS), ("force", Kind::FLAG), ("scope", Kind::LIST), ("resource", Kind::LIST)];

/// `refreshToken` knows neither `minValidity` nor `force`: it always refreshes.
pub fn access_token(options: Value, is_refresh: bool) -> ConfigResult<TokenOptions> {
    let rules = if is_refresh { RULES.get(2..).unwrap_or_default() } else { RULES };
    let mut reader = Reader::of(options, "options", rules)?;
    Ok(TokenOptions {
        min_validity: reader.seconds("minValidity"),
        force: reader.flag("force") || is_refresh,
        target: TokenTarget {
            scope: reader.words("scope").unwrap_or_default(),
            resource: reader.list("resource").unwrap_or_default(),
        },
    })
}
