//! The data of `saveAuthorizeData`.

use super::super::mistake::{ConfigError, ConfigResult, Problem};
use super::super::reader::{Kind, Reader, Rules};
use crate::protocol::json::Value;
use crate::protocol::saved_request::SavedRequest;

const RULES: &Rules =
    &[("url", Kind::TEXT), ("state", Kind::TEXT), ("codeVerifier", Kind::TEXT), ("nonce", Kind::TEXT)];

pub fn save_authorize_data(data: Value) -> ConfigResult<SavedRequest> {
    let mut reader = Reader::of(data, "data", RULES)?;
    let mut demand = |name: &str| reader.text(name).ok_or_else(|| ConfigError::new(name, Problem::Missing));
    let (url, state, code_verifier) = (demand("url")?, demand("state")?, demand("codeVerifier")?);
    Ok(SavedRequest { url, state, nonce: reader.text("nonce"), code_verifier })
}
