//! The shapes that cross to JavaScript where they are ours to define. What a provider wrote crosses as JSON text instead.

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
    Owned(String),
    Number(u16),
    Flag(bool),
}

impl<'a> Fields<'a> {
    fn optional(mut self, name: &'static str, text: Option<&'a str>) -> Self {
        self.0.extend(text.map(|text| (name, Field::Text(text))));
        self
    }

    /// The fields of the contract's `OAuthError`, but for `appState`, which is JSON text until it is there.
    pub fn of_error(error: &'a Error) -> Self {
        let words = error.provider.as_ref();
        let mut fields = Self(vec![
            ("code", Field::Text(error.code.as_str())),
            ("kind", Field::Text(error.code.kind().as_str())),
            ("phase", Field::Text(error.phase.as_str())),
            ("message", Field::Text(&error.message)),
            ("retryable", Field::Flag(error.retryable)),
        ]);
        fields.0.extend(error.status.map(|status| ("status", Field::Number(status))));
        fields
            .optional("remedy", error.remedy())
            .optional("error", words.map(|words| words.error.as_str()))
            .optional("error_description", words.and_then(|words| words.error_description.as_deref()))
            .optional("error_uri", words.and_then(|words| words.error_uri.as_deref()))
            .optional("clientName", error.client_name.as_deref())
    }

    /// `RedirectResult`, with the client's name where the contract has the client.
    pub fn of_redirect(outcome: &'a Outcome) -> Self {
        let kind = match outcome.kind {
            OutcomeKind::Login { .. } => "login",
            OutcomeKind::Logout { .. } => "logout",
        };
        Self(vec![("kind", Field::Text(kind)), ("client", Field::Text(&outcome.client))])
    }

    /// What `createAuthorizationUrl` gives: the one place where state, nonce and verifier are handed to the page, for those who
    /// store and navigate by themselves.
    pub fn of_authorization_url(request: &'a AuthorizationRequest) -> Self {
        let transaction = &request.transaction;
        Self(vec![
            ("url", Field::Text(&request.url)),
            ("state", Field::Text(transaction.state.expose())),
            ("codeVerifier", Field::Text(transaction.code_verifier.expose())),
        ])
        .optional("nonce", transaction.nonce.as_ref().map(Secret::expose))
    }

    /// What `validateLogoutResponse` gives, but for `appState`.
    pub fn of_logout(outcome: &'a Outcome) -> Self {
        match &outcome.kind {
            OutcomeKind::Logout { post_logout_redirect_uri } => {
                Self(vec![("post_logout_redirect_uri", Field::Text(post_logout_redirect_uri))])
            }
            OutcomeKind::Login { .. } => Self(Vec::new()),
        }
    }

    pub fn of_logout_url(request: &'a LogoutRequest) -> Self {
        let state = request.expected_return.as_ref().map(|expected| expected.state.expose());
        Self(vec![("url", Field::Owned(request.url()))]).optional("state", state)
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
            Self::Owned(text) => serializer.serialize_str(text),
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
        let bare = json!({ "code": "aborted", "kind": "environment", "phase": "authorize", "message": "Stopped.", "retryable": false });
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
            ("kind", json!("refused")),
        ] {
            assert_eq!(full[name], value, "{name}");
        }
        assert!(full["remedy"].is_string());
    }
}
