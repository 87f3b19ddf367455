//! Token revocation ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).

use super::config::ClientConfig;
use super::http::{HttpRequest, HttpResponse};
use super::oauth_error::ProviderError;
use super::secret::Secret;
use super::token::TokenError;

/// Section 2.1: the kind of the token, as `token_type_hint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    AccessToken,
    RefreshToken,
}

impl TokenKind {
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "access_token" => Some(Self::AccessToken),
            "refresh_token" => Some(Self::RefreshToken),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::RefreshToken => "refresh_token",
        }
    }
}

pub fn request(endpoint: &str, config: &ClientConfig, token: &Secret, kind: TokenKind) -> HttpRequest {
    HttpRequest::post_form(endpoint, config.form(&[("token", token.expose()), ("token_type_hint", kind.as_str())]))
}

/// Section 2.2: 200 whether the token was valid or not. Section 2.2.1: errors as at the token endpoint, 503 to try again later.
pub fn response(response: &HttpResponse) -> Result<(), TokenError> {
    if response.is_success() {
        return Ok(());
    }
    let words = response.json_object().ok().as_ref().and_then(ProviderError::from_json);
    Err(match words {
        Some(words) if !HttpResponse::is_passing_fault(response.status) => TokenError::Refused(words, response.status),
        _ => TokenError::Status(response.status),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::json::json;
    use crate::settings::client;

    #[test]
    fn the_request_names_the_token_its_kind_and_the_client() {
        let config = client::parse(json!({ "clientId": "spa" })).unwrap();
        let request = request("https://id.example/revoke", &config, &Secret::new("r"), TokenKind::RefreshToken);
        assert_eq!(request.form.as_deref(), Some("token=r&token_type_hint=refresh_token&client_id=spa"));
        assert_eq!(request.credential, None);
    }

    #[test]
    fn success_needs_no_body_and_a_refusal_keeps_the_words() {
        assert_eq!(response(&HttpResponse::new(200, "")), Ok(()));
        let refused = response(&HttpResponse::new(400, r#"{"error":"unsupported_token_type"}"#));
        assert!(matches!(refused, Err(TokenError::Refused(words, 400)) if words.error == "unsupported_token_type"));
        for (status, body) in [(503, r#"{"error":"server_error"}"#), (404, "<html>")] {
            assert_eq!(response(&HttpResponse::new(status, body)), Err(TokenError::Status(status)));
        }
    }
}
