//! The parameters of `logoutRedirect` and `createLogoutUrl`.

use super::super::mistake::ConfigResult;
use super::super::reader::{Kind, Reader, Rules};
use super::common::{HINT, id_token_hint, plain_params};
use crate::protocol::json::Value;
use crate::protocol::logout::{LogoutParams, Method, RESERVED_LOGOUT_PARAMS};
use crate::protocol::secret::Secret;

const RULES: &Rules = &[
    ("idTokenHint", HINT),
    ("logoutHint", Kind::TEXT),
    ("uiLocales", Kind::LIST),
    ("method", &Kind::Value("\"get\" or \"post\"", |value| *value == "get" || *value == "post")),
    ("fallback", &Kind::Value("\"error\" or \"local\"", |value| *value == "error" || *value == "local")),
    ("postLogoutRedirectUri", &Kind::RedirectUri),
    ("state", Kind::TEXT),
    ("clientId", Kind::TEXT),
    ("params", &Kind::Params(&RESERVED_LOGOUT_PARAMS)),
    ("revoke", Kind::FLAG),
];

pub fn logout(params: Value) -> ConfigResult<LogoutParams> {
    let mut reader = Reader::of(params, "params", RULES)?;
    let plain = plain_params(&mut reader, &[("logoutHint", "logout_hint")]);
    let is_post = reader.text("method").as_deref() == Some("post");
    Ok(LogoutParams {
        post_logout_redirect_uri: reader.text("postLogoutRedirectUri"),
        id_token_hint: id_token_hint(&mut reader),
        state: reader.text("state").map(Secret::new),
        client_id: reader.text("clientId"),
        plain,
        extra: reader.params("params"),
        method: if is_post { Method::Post } else { Method::Get },
        fallback_local: reader.text("fallback").as_deref() == Some("local"),
        revoke: reader.flag("revoke"),
    })
}
