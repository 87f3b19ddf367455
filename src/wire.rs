//! The shapes that cross to JavaScript where they are ours to define. What a provider wrote crosses as JSON text instead.

use serde::Serialize;

use crate::error::Error;
use crate::flow::callback::outcome::{Outcome, OutcomeKind};
use crate::protocol::authorization_request::AuthorizationRequest;
use crate::protocol::logout::LogoutRequest;
use crate::protocol::secret::Secret;

/// The fields of the contract's `OAuthError`, but for `appState`, which is JSON text until it is there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorFields<'a> {
    pub code: &'static str,
    pub kind: &'static str,
    pub phase: &'static str,
    pub message: &'a str,
    pub retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'a str>,
    #[serde(rename = "error_description", skip_serializing_if = "Option::is_none")]
    pub error_description: Option<&'a str>,
    #[serde(rename = "error_uri", skip_serializing_if = "Option::is_none")]
    pub error_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<&'a str>,
}

impl<'a> ErrorFields<'a> {
    pub fn of(error: &'a Error) -> Self {
        let provider = error.provider.as_ref();
        Self {
            code: error.code.as_str(),
            kind: error.code.kind().as_str(),
            phase: error.phase.as_str(),
            message: &error.message,
            retryable: error.retryable,
            remedy: error.remedy(),
            error: provider.map(|words| words.error.as_str()),
            error_description: provider.and_then(|words| words.error_description.as_deref()),
            error_uri: provider.and_then(|words| words.error_uri.as_deref()),
            status: error.status,
            client_name: error.client_name.as_deref(),
        }
    }
}

/// `RedirectResult`, with the client's name where the contract has the client.
#[derive(Serialize)]
pub struct RedirectFields<'a> {
    pub kind: &'static str,
    pub client: &'a str,
}

impl<'a> RedirectFields<'a> {
    pub fn of(outcome: &'a Outcome) -> Self {
        let kind = match outcome.kind {
            OutcomeKind::Login { .. } => "login",
            OutcomeKind::Logout { .. } => "logout",
        };
        Self { kind, client: &outcome.client }
    }
}

/// What `createAuthorizationUrl` gives: the one place where state, nonce and verifier are handed to the page, for those who
/// store and navigate by themselves.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationUrl<'a> {
    pub url: &'a str,
    pub state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<&'a str>,
    pub code_verifier: &'a str,
}

impl<'a> AuthorizationUrl<'a> {
    pub fn of(request: &'a AuthorizationRequest) -> Self {
        Self {
            url: &request.url,
            state: request.transaction.state.expose(),
            nonce: request.transaction.nonce.as_ref().map(Secret::expose),
            code_verifier: request.transaction.code_verifier.expose(),
        }
    }
}

/// What `validateLogoutResponse` gives, but for `appState`.
#[derive(Serialize)]
pub struct LogoutResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post_logout_redirect_uri: Option<&'a str>,
}

impl<'a> LogoutResult<'a> {
    pub fn of(outcome: &'a Outcome) -> Self {
        let post_logout_redirect_uri = match &outcome.kind {
            OutcomeKind::Logout { post_logout_redirect_uri } => Some(post_logout_redirect_uri.as_str()),
            OutcomeKind::Login { .. } => None,
        };
        Self { post_logout_redirect_uri }
    }
}

#[derive(Serialize)]
pub struct LogoutUrl {
    pub url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl LogoutUrl {
    pub fn of(request: &LogoutRequest) -> Self {
        let state = request.expected_return.as_ref().map(|expected| expected.state.expose().to_owned());
        Self { url: request.url(), state }
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorFields;
    use crate::error::{Code, Error, Phase};
    use crate::protocol::oauth_error::ProviderError;
    use serde_json::json;

    #[test]
    fn an_error_has_the_names_of_the_contract_and_no_empty_fields() {
        let error = Error::new(Code::Aborted, Phase::Authorize, "Stopped.");
        let bare = json!({ "code": "aborted", "kind": "environment", "phase": "authorize", "message": "Stopped.", "retryable": false });
        assert_eq!(serde_json::to_value(ErrorFields::of(&error)).unwrap(), bare);

        let words =
            ProviderError { error: "a".into(), error_description: Some("b".into()), error_uri: Some("c".into()) };
        let mut error = Error::new(Code::TokenRefused, Phase::Token, "No.");
        error.provider = Some(words);
        error.status = Some(400);
        let full = serde_json::to_value(ErrorFields::of(&error.of_client("demo"))).unwrap();
        for (name, value) in [
            ("error", json!("a")),
            ("error_description", json!("b")),
            ("error_uri", json!("c")),
            ("status", json!(400)),
            ("clientName", json!("demo")),
            ("kind", json!("refused")),
        ] {
            assert_eq!(full[name], value, "{name}");
        }
        assert!(full["remedy"].is_string());
    }
}
