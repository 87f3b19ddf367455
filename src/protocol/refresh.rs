//! Refreshing an access token ([RFC 6749 section 6](https://www.rfc-editor.org/rfc/rfc6749#section-6)), and the claims that a refreshed
//! id_token must share with the first ([OIDC Core section
//! 12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)).

use super::config::ClientConfig;
use super::http::{HttpRequest, HttpResponse};
use super::id_token::{self, ClaimError, IdTokenClaims};
use super::json::Object;
use super::secret::Secret;
use super::token::TokenError;
use super::uri;

/// The access token that is asked for. The default is that of the login; a narrower scope or another resource (RFC 8707 section 2.2) makes
/// a token beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenTarget {
    pub scope: Vec<String>,
    pub resource: Vec<String>,
}

impl TokenTarget {
    pub fn is_of_login(&self) -> bool {
        self.scope.is_empty() && self.resource.is_empty()
    }
}

pub fn request(endpoint: &str, config: &ClientConfig, refresh_token: &Secret, target: &TokenTarget) -> HttpRequest {
    let scope = target.scope.join(" ");
    let mut form = config.form(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())]);
    // Section 6: without `scope` the answer has that of the login.
    if !scope.is_empty() {
        form.push(("scope", &scope));
    }
    for resource in &target.resource {
        form.push(("resource", resource));
    }
    form.extend(uri::as_texts(&config.refresh_token_params));
    HttpRequest::post_form(endpoint, form)
}

/// Whether the provider's answer means that this refresh token will never work again. RFC 6749 section 5.2, and the answers of
/// OIDC Core section 3.1.2.6 that some providers give here when a person must sign in again. Some providers refuse a dead refresh token
/// with a status alone. A wrong scope or a passing trouble of the provider ends no session. Neither does a refusal that comes with the
/// status of a success: a refusal has 400 or 401.
pub fn is_final(error: &TokenError) -> bool {
    const FINAL: [&str; 8] = [
        "invalid_grant",
        "invalid_client",
        "unauthorized_client",
        "unsupported_grant_type",
        "login_required",
        "interaction_required",
        "consent_required",
        "account_selection_required",
    ];
    match error {
        TokenError::Refused(words, status) => {
            HttpResponse::is_refusal(*status) && FINAL.contains(&words.error.as_str())
        }
        TokenError::Status(status) => HttpResponse::is_refusal(*status),
        _ => false,
    }
}

/// The checks of OIDC Core section 12.2, beyond those of every id_token: the person of a session cannot change.
pub fn check_same_login(refreshed: &IdTokenClaims, original: &Object) -> Result<(), ClaimError> {
    let refreshed = refreshed.as_object();
    let (now, then) = (|name: &str| refreshed.get(name), |name: &str| original.get(name));
    let differs = |name: &str| now(name) != then(name);
    let has_changed = |name: &str| differs(name) && now(name).is_some() && then(name).is_some();
    let other = |name| Err(ClaimError::Invalid(name, "is not that of the login"));
    // "its sub Claim Value MUST be the same"
    if differs("sub") {
        return Err(ClaimError::Subject);
    }
    // "its iss Claim Value MUST be the same"
    if differs("iss") {
        return other("iss");
    }
    // "its aud Claim Value MUST be the same": as a set, one audience being the same alone or in a list.
    let (audiences, original_audiences) = (id_token::audiences(refreshed)?, id_token::audiences(original)?);
    let has_all = |these: &[&str], those: &[&str]| those.iter().all(|audience| these.contains(audience));
    if !has_all(&audiences, &original_audiences) || !has_all(&original_audiences, &audiences) {
        return other("aud");
    }
    // "its azp Claim Value MUST be the same […]; if no azp Claim was present in the original ID Token, one MUST NOT be present"
    if differs("azp") {
        return other("azp");
    }
    // "if the ID Token contains an auth_time Claim, its value MUST represent the time of the original authentication"
    if has_changed("auth_time") {
        return other("auth_time");
    }
    // "it SHOULD NOT have a nonce Claim […]; however, if it is present, its value MUST be the same"
    if has_changed("nonce") {
        return Err(ClaimError::Nonce);
    }
    Ok(())
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
