//! The parameters of the methods that begin a login, and of `createAuthorizationUrl`.

use super::super::mistake::{ConfigError, ConfigResult, Problem};
use super::super::reader::{Kind, Reader, Rules};
use super::common::{HINT, id_token_hint, plain_params};
use crate::protocol::authorization_request::AuthorizeParams;
use crate::protocol::config::RESERVED_AUTHORIZE_PARAMS;
use crate::protocol::json::{Object, Value};
use crate::protocol::transaction::Way;

const RULES: &Rules = &[
    ("idTokenHint", HINT),
    ("prompt", Kind::TEXT),
    ("loginHint", Kind::TEXT),
    ("display", Kind::TEXT),
    ("uiLocales", Kind::LIST),
    (
        "authorizationDetails",
        &Kind::Value("a list of objects", |value| {
            value.as_array().is_some_and(|list| list.iter().all(Value::is_object))
        }),
    ),
    ("maxAge", Kind::SECONDS),
    ("acrValues", Kind::LIST),
    ("essentialAcr", Kind::FLAG),
    ("claims", Kind::OBJECT),
    ("redirectUri", &Kind::RedirectUri),
    ("scope", Kind::LIST),
    ("resource", Kind::LIST),
    ("params", &Kind::Params(&RESERVED_AUTHORIZE_PARAMS)),
];

pub fn authorize(params: Value, way: Way) -> ConfigResult<AuthorizeParams> {
    let mut reader = Reader::of(params, "params", RULES)?;
    let names = [("prompt", "prompt"), ("loginHint", "login_hint"), ("display", "display")];
    let mut plain = plain_params(&mut reader, &names);
    if let Some(details @ Value::Array(_)) = reader.take("authorizationDetails") {
        plain.push(("authorization_details", details.to_text()));
    }
    if way == Way::Silent {
        let is_given = plain.iter().any(|(name, _)| *name == "prompt");
        if is_given && !is_silent(&plain) {
            return Err(ConfigError::new(
                "prompt",
                Problem::Expected("\"none\", or absent, where no user sees a page"),
            ));
        }
        if !is_given {
            plain.push(("prompt", "none".to_owned()));
        }
    }
    let params = AuthorizeParams {
        way,
        redirect_uri: reader.text("redirectUri"),
        scope: reader.words("scope"),
        max_age: reader.seconds("maxAge"),
        acr_values: reader.words("acrValues").filter(|values| !values.is_empty()),
        essential_acr: reader.flag("essentialAcr"),
        claims: reader.object("claims"),
        resource: reader.list("resource"),
        id_token_hint: id_token_hint(&mut reader),
        stored_id_token: None,
        plain,
        extra: reader.params("params"),
    };
    match contradiction(&params) {
        Some((key, what)) => Err(ConfigError::new(key, Problem::Expected(what))),
        None => Ok(params),
    }
}

/// Whether the login asks the provider to show no page.
fn is_silent(plain: &[(&str, String)]) -> bool {
    plain.iter().any(|(name, value)| *name == "prompt" && value == "none")
}

/// The mistake of parameters that are valid each by itself and not together.
fn contradiction(params: &AuthorizeParams) -> Option<(&'static str, &'static str)> {
    // The certification suite fails a client that asks for a fresh login and, in the same request, forbids to ask the person.
    if is_silent(&params.plain) && params.max_age == Some(0) {
        return Some(("maxAge", "more than 0 together with prompt \"none\""));
    }
    if !params.essential_acr {
        return None;
    }
    if params.acr_values.is_none() {
        return Some(("essentialAcr", "given together with acrValues"));
    }
    // An essential acr stands in the same member of `claims`, and only one of the two can be meant.
    let is_asked_for = params.claims.as_ref().is_some_and(asks_for_acr);
    is_asked_for.then_some(("essentialAcr", "given without an acr in claims.id_token, which is an object or null"))
}

/// Whether the `claims` parameter leaves no place for the essential acr.
fn asks_for_acr(claims: &Object) -> bool {
    match claims.get("id_token") {
        None | Some(Value::Null) => false,
        Some(Value::Object(id_token)) => id_token.contains_key("acr"),
        Some(_) => true,
    }
}
