//! The logout request: [OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)
//! sections 2 and 3.

use std::fmt;

use super::base64url;
use super::config::ClientConfig;
use super::id_token_hint::IdTokenHint;
use super::secret::Secret;
use super::uri::{append_query, as_texts};

/// Parameters of the end-session request that have a typed counterpart.
pub const RESERVED_LOGOUT_PARAMS: [&str; 6] =
    ["id_token_hint", "post_logout_redirect_uri", "state", "client_id", "logout_hint", "ui_locales"];

/// The parameters of one logout, as `settings/params/logout.rs` has checked them.
#[derive(Clone, Debug, Default)]
pub struct LogoutParams {
    pub post_logout_redirect_uri: Option<String>,
    pub id_token_hint: IdTokenHint,
    pub state: Option<Secret>,
    pub client_id: Option<String>,
    pub plain: Vec<(&'static str, String)>,
    pub extra: Vec<(String, String)>,
    pub method: Method,
    /// Where the provider has no end_session_endpoint, the client signs out here and the call does not fail.
    pub fallback_local: bool,
    /// Whether the token is revoked (RFC 7009), too.
    pub revoke: bool,
}

/// OpenID Providers MUST support both (section 2). POST keeps the id_token out of URLs, histories and logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    #[default]
    Get,
    Post,
}

/// The request, and the data to remember until the provider sends the person back.
#[derive(Clone)]
pub struct LogoutRequest {
    pub endpoint: String,
    pub fields: Vec<(String, String)>,
    /// Present if the request has a post-logout redirect: only then does the person come back.
    pub expected_return: Option<ExpectedReturn>,
}

/// The fields hold the id_token and the state: `Debug` shows their names only.
impl fmt::Debug for LogoutRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("LogoutRequest")
            .field("endpoint", &self.endpoint)
            .field("fields", &names)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
pub struct ExpectedReturn {
    pub state: Secret,
    pub post_logout_redirect_uri: String,
}

/// A `state` was given, and nothing brings it back: the request has no `post_logout_redirect_uri`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StateWithoutReturn;

impl LogoutRequest {
    pub fn build(
        endpoint: &str,
        config: &ClientConfig,
        params: LogoutParams,
        stored_id_token: Option<&Secret>,
        entropy: [u8; 32],
    ) -> Result<Self, StateWithoutReturn> {
        let post_logout_redirect_uri =
            params.post_logout_redirect_uri.or_else(|| config.post_logout_redirect_uri.clone());
        if params.state.is_some() && post_logout_redirect_uri.is_none() {
            return Err(StateWithoutReturn);
        }
        let hint = params.id_token_hint.or_stored(stored_id_token);
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut set = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
        if let Some(hint) = hint {
            set("id_token_hint", hint.expose());
        }
        let expected_return = post_logout_redirect_uri.map(|uri| ExpectedReturn {
            state: params.state.unwrap_or_else(|| Secret::new(base64url::encode(&entropy))),
            post_logout_redirect_uri: uri,
        });
        if let Some(expected) = &expected_return {
            set("post_logout_redirect_uri", &expected.post_logout_redirect_uri);
            set("state", expected.state.expose());
        }
        // The `client_id` is always sent: from a missing or expired hint, or one with many audiences, a provider cannot tell the client of
        // the redirect.
        set("client_id", params.client_id.as_deref().unwrap_or(&config.client_id));
        params.plain.iter().for_each(|(name, value)| set(name, value));
        params.extra.iter().for_each(|(name, value)| set(name, value));
        Ok(Self { endpoint: endpoint.to_owned(), fields, expected_return })
    }

    pub fn url(&self) -> String {
        append_query(&self.endpoint, as_texts(&self.fields).collect::<Vec<_>>())
    }
}

#[cfg(test)]
#[path = "logout_tests.rs"]
mod tests;
