//! The UserInfo endpoint ([OIDC Core section 5.3](https://openid.net/specs/openid-connect-core-1_0.html#UserInfo)): the request, and the
//! checks that an answer is about the person who signed in.

use super::challenge::Challenge;
use super::credential::Credential;
use super::http::{HttpRequest, HttpResponse};
use super::id_token::{self, ClaimError};
use super::jose::VerifiedJws;
use super::json::{JsonError, Object, Value};
use super::oauth_error::ProviderError;
use super::text::decimal;
use super::time::UnixTime;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserinfoError {
    /// Section 5.3.3: the token is not good for this; with the provider's words where a page may see them.
    Refused(Option<ProviderError>, u16),
    /// An HTTP error that says nothing about the token.
    Status(u16),
    NotAnObject(JsonError),
}

impl UserinfoError {
    pub fn describe(&self) -> String {
        match self {
            Self::Refused(..) => "The provider refused to tell about the user.".into(),
            Self::Status(status) => ["The userinfo endpoint answered with HTTP ", &decimal(*status), "."].concat(),
            Self::NotAnObject(why) => ["The userinfo response ", &why.describe(), "."].concat(),
        }
    }
}

/// Section 5.3.1: the access token goes into the header `Authorization`. The registration of the client decides which form the answer has.
pub fn request(endpoint: &str, credential: Credential) -> HttpRequest {
    HttpRequest {
        credential: Some(credential),
        accept: "application/json, application/jwt",
        ..HttpRequest::get_json(endpoint)
    }
}

/// An answer that is not checked yet.
pub enum Answer {
    Claims(Object),
    /// Section 5.3.2: `application/jwt`.
    Jwt(String),
}

pub fn response(response: &HttpResponse) -> Result<Answer, UserinfoError> {
    if !response.is_success() {
        let from_header =
            response.challenge.as_deref().and_then(Challenge::parse).and_then(|challenge| challenge.words());
        let words = from_header.or_else(|| ProviderError::from_json(&response.json_object().ok()?));
        return Err(match response.status {
            status if HttpResponse::is_passing_fault(status) => UserinfoError::Status(status),
            status if words.is_some() || status == 401 || status == 403 => UserinfoError::Refused(words, status),
            status => UserinfoError::Status(status),
        });
    }
    if response.is_of_type("application/jwt") {
        let text = std::str::from_utf8(&response.body).map_err(|_| UserinfoError::NotAnObject(JsonError::default()))?;
        return Ok(Answer::Jwt(text.trim_ascii().to_owned()));
    }
    let claims = response.json_object().map_err(UserinfoError::NotAnObject)?;
    // Slack refuses with status 200 and `{"ok":false,"error":"…"}`. An answer without a `sub` is about no person, and its `error` says why.
    let refusal = ProviderError::from_json(&claims).filter(|_| !claims.contains_key("sub"));
    match refusal {
        Some(words) => Err(UserinfoError::Refused(Some(words), response.status)),
        None => Ok(Answer::Claims(claims)),
    }
}

/// The values that a signed answer is checked against.
pub struct Expectations<'a> {
    pub issuer: Option<&'a str>,
    pub client_id: &'a str,
    pub now: UnixTime,
    pub clock_tolerance: u32,
}

/// Section 5.3.2: "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience)": the issuer's
/// identifier, and this client among the audiences. An `exp` binds where there is one, and an `nbf` (RFC 7519 sections 4.1.4 and
/// 4.1.5).
pub fn validate_signed(jws: VerifiedJws, expected: &Expectations) -> Result<Object, ClaimError> {
    let claims = jws.into_payload();
    match claims.get("iss") {
        None | Some(Value::Null) => return Err(ClaimError::Missing("iss")),
        Some(iss) if iss.as_str().is_some_and(|iss| Some(iss) == expected.issuer) => {}
        Some(_) => return Err(ClaimError::Invalid("iss", "is not the expected issuer")),
    }
    if claims.get("aud").is_none_or(Value::is_null) {
        return Err(ClaimError::Missing("aud"));
    }
    if !id_token::audiences(&claims)?.contains(&expected.client_id) {
        return Err(ClaimError::Invalid("aud", "does not contain this client"));
    }
    id_token::check_times(&claims, &["nbf"], expected.now, i64::from(expected.clock_tolerance))?;
    Ok(claims)
}

/// Section 5.3.2: "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token".
pub fn check_subject(claims: &Object, sub: &str) -> Result<(), ClaimError> {
    match claims.get("sub") {
        None | Some(Value::Null) => Err(ClaimError::Missing("sub")),
        Some(Value::String(found)) if found == sub => Ok(()),
        Some(_) => Err(ClaimError::Subject),
    }
}

#[cfg(test)]
#[path = "userinfo_tests.rs"]
mod tests;
