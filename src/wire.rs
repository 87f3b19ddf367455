//! The shapes that cross to JavaScript and that this package defines. JSON of a provider crosses as text instead.

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::flow::callback::outcome::{Outcome, OutcomeKind};
use crate::protocol::authorization_request::AuthorizationRequest;
use crate::protocol::logout::LogoutRequest;
use crate::protocol::secret::Secret;

/// The members of an object. One type for every shape: derived serializers of each would be a kilobyte of WebAssembly apiece.
pub struct Fields<'a>(Vec<(&'static str, Field<'a>)>);

enum Field<'a> {
    Text(&'a str),
    Number(u16),
    Flag(bool),
}

impl<'a> Fields<'a> {
    fn of_texts(texts: &[(&'static str, Option<&'a str>)]) -> Self {
        let mut fields = Self(Vec::new());
        for (name, text) in texts {
            if let Some(text) = text {
                fields.0.push((name, Field::Text(text)));
            }
        }
        fields
    }

    /// The fields of the contract's `OAuthError`, but for `appState`, which is JSON text until it is there, and for `kind` and `docs`, which
    /// the class in the skin makes of the code.
    pub fn of_error(error: &'a Error) -> Self {
        let words = error.provider.as_ref();
        let mut fields = Self::of_texts(&[
            ("code", Some(error.code.as_str())),
            ("phase", Some(error.phase.as_str())),
            ("message", Some(&error.message)),
            ("remedy", error.remedy()),
            ("error", words.map(|words| words.error.as_str())),
            ("error_description", words.and_then(|words| words.error_description.as_deref())),
            ("error_uri", words.and_then(|words| words.error_uri.as_deref())),
            ("clientName", error.client_name.as_deref()),
        ]);
        fields.0.push(("retryable", Field::Flag(error.retryable)));
        if let Some(status) = error.status {
            fields.0.push(("status", Field::Number(status)));
        }
        fields
    }

    /// `RedirectResult`, with the client's name where the contract has the client.
    pub fn of_redirect(outcome: &'a Outcome) -> Self {
        let kind = match outcome.kind {
            OutcomeKind::Login { .. } => "login",
            OutcomeKind::Logout { .. } => "logout",
        };
        Self::of_texts(&[("kind", Some(kind)), ("client", Some(&outcome.client))])
    }

    /// The result of `createAuthorizationUrl`: the one place where state, nonce and verifier are handed to the page, for an app that stores
    /// them and navigates by itself.
    pub fn of_authorization_url(request: &'a AuthorizationRequest) -> Self {
        let transaction = &request.transaction;
        Self::of_texts(&[
            ("url", Some(&request.url)),
            ("state", Some(transaction.state.expose())),
            ("codeVerifier", Some(transaction.code_verifier.expose())),
            ("nonce", transaction.nonce.as_ref().map(Secret::expose)),
        ])
    }

    /// The result of `validateLogoutResponse`, except `appState`.
    pub fn of_logout(outcome: &'a Outcome) -> Self {
        let place = match &outcome.kind {
            OutcomeKind::Logout { post_logout_redirect_uri } => Some(post_logout_redirect_uri.as_str()),
            OutcomeKind::Login { .. } => None,
        };
        Self::of_texts(&[("post_logout_redirect_uri", place)])
    }

    /// The result of `createLogoutUrl`, made of a request and its URL.
    pub fn of_logout_url(request: &'a LogoutRequest, url: &'a str) -> Self {
        let state = request.expected_return.as_ref().map(|expected| expected.state.expose());
        Self::of_texts(&[("url", Some(url)), ("state", state)])
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_u16(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;
    use crate::error::{Code, Error, Phase};
    use crate::protocol::oauth_error::ProviderError;
    use serde_json::json;

    #[test]
    fn an_error_has_the_names_of_the_contract_and_no_empty_fields() {
        let error = Error::new(Code::Aborted, Phase::Authorize, "Stopped.");
        let bare = json!({ "code": "aborted", "phase": "authorize", "message": "Stopped.", "retryable": false });
        assert_eq!(serde_json::to_value(Fields::of_error(&error)).unwrap(), bare);

        let words =
            ProviderError { error: "a".into(), error_description: Some("b".into()), error_uri: Some("c".into()) };
        let mut error = Error::new(Code::TokenRefused, Phase::Token, "No.");
        error.provider = Some(words);
        error.status = Some(400);
        let error = error.of_client("demo");
        let full = serde_json::to_value(Fields::of_error(&error)).unwrap();
        for (name, value) in [
            ("error", json!("a")),
            ("error_description", json!("b")),
            ("error_uri", json!("c")),
            ("status", json!(400)),
            ("clientName", json!("demo")),
        ] {
            assert_eq!(full[name], value, "{name}");
        }
        assert!(full["remedy"].is_string());
    }
}
