//! The registration of one public client at one provider, as `settings/client.rs` has parsed and validated it.

use std::rc::Rc;

use super::jose::{JwkSet, SigningAlgorithm};
use super::json::{Object, Value};
use super::secret::Secret;

#[derive(Clone, Debug)]
pub struct ClientConfig {
    pub client_id: String,
    pub metadata_source: MetadataSource,
    /// Metadata given in the settings, by wire name. Wins over what is discovered.
    pub explicit_metadata: Object,
    /// Static keys; when present no key set is ever fetched.
    pub jwks: Option<Rc<JwkSet>>,
    pub scope: Vec<String>,
    pub redirect_uri: Option<String>,
    /// The redirect URI of logins in a popup and in a hidden frame; else the redirect URI.
    pub popup_redirect_uri: Option<String>,
    pub silent_redirect_uri: Option<String>,
    pub post_logout_redirect_uri: Option<String>,
    pub authorize_params: Vec<(String, String)>,
    pub access_token_params: Vec<(String, String)>,
    /// The endpoint that redeems refresh tokens, for providers that have a separate one; else the token endpoint.
    pub refresh_token_url: Option<String>,
    pub refresh_token_params: Vec<(String, String)>,
    /// A value that every visitor can read, for providers that demand one of public clients all the same.
    pub insecure_client_secret: Option<Secret>,
    pub api_base_url: Option<String>,
    /// Origins that may receive the access token, that of `api_base_url` among them, as a browser writes them.
    pub api_origins: Vec<String>,
    pub id_token_signing_algs: Vec<SigningAlgorithm>,
    pub trusted_audiences: Vec<String>,
    pub allow_missing_nonce: bool,
    pub response_mode: ResponseMode,
    pub resource: Vec<String>,
}

/// The source of the provider's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataSource {
    /// OpenID Connect Discovery, then RFC 8414.
    Issuer(String),
    /// The document's own URL, and the issuer it must name where the settings say so.
    Document { url: String, issuer: Option<String> },
    /// The settings alone, without discovery.
    Settings,
}

/// The way in which the provider hands back the authorization response (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResponseMode {
    Query,
    Fragment,
}

impl ResponseMode {
    /// `response_mode` on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Fragment => "fragment",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Query, Self::Fragment].into_iter().find(|mode| mode.as_str() == name)
    }
}

/// Members of the metadata that this client sends requests or people to. Others may be anything.
pub const ENDPOINTS: [&str; 6] = [
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "revocation_endpoint",
    "end_session_endpoint",
];

/// Authorization request parameters that only this client may set, or that have a typed counterpart which is enforced.
pub const RESERVED_AUTHORIZE_PARAMS: [&str; 16] = [
    "response_type",
    "response_mode",
    "client_id",
    "client_secret",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "max_age",
    "request",
    "request_uri",
    "code",
    "code_verifier",
    "dpop_jkt",
];
/// Token request parameters that only this client may set.
pub const RESERVED_TOKEN_PARAMS: [&str; 11] = [
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "refresh_token",
    "username",
    "password",
];

impl ClientConfig {
    /// The place that tells one provider from another where the settings name no issuer.
    pub fn place(&self) -> Option<&str> {
        match &self.metadata_source {
            MetadataSource::Issuer(issuer) => Some(issuer),
            MetadataSource::Document { url, .. } => Some(url),
            MetadataSource::Settings => self.explicit_metadata.get("token_endpoint").and_then(Value::as_str),
        }
    }

    /// The fields of a form, followed by the `client_id` of a public client (RFC 6749 section 3.2.1) and the value that some providers want
    /// beside it.
    pub fn form<'a>(&'a self, own: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut form = own.to_vec();
        form.push(("client_id", &self.client_id));
        if let Some(secret) = &self.insecure_client_secret {
            form.push(("client_secret", secret.expose()));
        }
        form
    }

    /// OpenID Connect is OAuth 2.0 with the scope `openid` (OIDC Core section 3.1.2.1).
    pub fn is_openid(scope: &[String]) -> bool {
        scope.iter().any(|word| word == "openid")
    }
}
