//! The logout request: [OpenID Connect RP-Initiated Logout 1.0](https://openid.net/specs/openid-connect-rpinitiated-1_0.html)
//! sections 2 and 3.

use std::fmt;

use serde_json::Value;

use super::base64url;
use super::config::ClientConfig;
use super::id_token_hint::IdTokenHint;
use super::secret::Secret;
use super::settings::{ConfigError, ConfigResult, Problem, Reader};
use super::uri::append_query;

/// Parameters of the end-session request that have a typed counterpart.
const RESERVED: [&str; 6] =
    ["id_token_hint", "post_logout_redirect_uri", "state", "client_id", "logout_hint", "ui_locales"];

/// `LogoutParams` of the contract, checked.
#[derive(Clone, Debug, Default)]
pub struct LogoutParams {
    post_logout_redirect_uri: Option<String>,
    id_token_hint: IdTokenHint,
    state: Option<Secret>,
    client_id: Option<String>,
    plain: Vec<(&'static str, String)>,
    extra: Vec<(String, String)>,
    pub method: Method,
    /// Where there is no end_session_endpoint: sign out here instead of failing.
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

impl LogoutParams {
    pub fn from_json(mut params: Value) -> ConfigResult<Self> {
        let id_token_hint = IdTokenHint::take(&mut params)?;
        let mut reader = Reader::from_value(params, "params")?;
        let mut plain = Vec::new();
        plain.extend(reader.text("logoutHint")?.map(|hint| ("logout_hint", hint)));
        plain.extend(reader.words("uiLocales")?.map(|locales| ("ui_locales", locales.join(" "))));
        let method = reader.take("method", "\"get\" or \"post\"", |value| match value.as_str()? {
            "get" => Some(Method::Get),
            "post" => Some(Method::Post),
            _ => None,
        })?;
        let fallback_local = reader.take("fallback", "\"error\" or \"local\"", |value| match value.as_str()? {
            "error" => Some(false),
            "local" => Some(true),
            _ => None,
        })?;
        let parsed = Self {
            post_logout_redirect_uri: reader.redirect_uri("postLogoutRedirectUri")?,
            id_token_hint,
            state: reader.text("state")?.map(Secret::new),
            client_id: reader.text("clientId")?,
            plain,
            extra: reader.params("params", &RESERVED)?,
            method: method.unwrap_or_default(),
            fallback_local: fallback_local.unwrap_or_default(),
            revoke: reader.flag("revoke")?,
        };
        reader.finish().map(|()| parsed)
    }
}

/// The request, and what is to be remembered until the provider sends the person back.
#[derive(Clone)]
pub struct LogoutRequest {
    pub endpoint: String,
    pub fields: Vec<(String, String)>,
    /// Present whenever a post-logout redirect was asked for: only then can anybody come back.
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

impl LogoutRequest {
    pub fn build(
        endpoint: &str,
        config: &ClientConfig,
        params: LogoutParams,
        stored_id_token: Option<&Secret>,
        entropy: [u8; 32],
    ) -> ConfigResult<Self> {
        let post_logout_redirect_uri =
            params.post_logout_redirect_uri.or_else(|| config.post_logout_redirect_uri.clone());
        if params.state.is_some() && post_logout_redirect_uri.is_none() {
            let problem = Problem::Expected("given together with postLogoutRedirectUri: nothing else brings it back");
            return Err(ConfigError::new("state", problem));
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
        // Always: a provider cannot tell whose redirect it is from a missing, expired or many-audience hint.
        set("client_id", params.client_id.as_deref().unwrap_or(&config.client_id));
        params.plain.iter().for_each(|(name, value)| set(name, value));
        params.extra.iter().for_each(|(name, value)| set(name, value));
        Ok(Self { endpoint: endpoint.to_owned(), fields, expected_return })
    }

    pub fn url(&self) -> String {
        append_query(&self.endpoint, self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }
}

#[cfg(test)]
#[path = "logout_tests.rs"]
mod tests;
