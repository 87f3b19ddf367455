//! `ClientSettings`, parsed and validated once: the registration of one public client at one provider.
//!
//! Keys come in camelCase or in the snake_case of server-side frameworks, flat or nested in `clientKwargs`.

use std::rc::Rc;

use serde_json::{Value, json};

use super::jose::{JwkSet, SigningAlgorithm};
use super::json::Object;
use super::secret::Secret;
use super::settings::{self, ConfigError, ConfigResult, Problem, Reader};
use super::uri::Uri;

mod client_kwargs;

use client_kwargs::flatten_client_kwargs;

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
    pub post_logout_redirect_uri: Option<String>,
    pub authorize_params: Vec<(String, String)>,
    pub access_token_params: Vec<(String, String)>,
    /// Where refresh tokens are redeemed, for providers that do it at a place of its own; else the token endpoint.
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

/// Where the provider's metadata comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataSource {
    /// OpenID Connect Discovery, then RFC 8414.
    Issuer(String),
    /// The document's own URL, and the issuer it must name where the settings say so.
    Document { url: String, issuer: Option<String> },
    /// No discovery: the settings are all there is.
    Settings,
}

/// How the provider hands back the authorization response (OAuth 2.0 Multiple Response Type Encoding Practices, section 2.1).
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
const RESERVED_TOKEN_PARAMS: [&str; 11] = [
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
    /// What tells one provider from another where the settings name no issuer.
    pub fn place(&self) -> Option<&str> {
        match &self.metadata_source {
            MetadataSource::Issuer(issuer) => Some(issuer),
            MetadataSource::Document { url, .. } => Some(url),
            MetadataSource::Settings => self.explicit_metadata.get("token_endpoint").and_then(Value::as_str),
        }
    }

    pub fn from_json(settings: Value) -> ConfigResult<Self> {
        let Value::Object(mut settings) = settings else {
            return Err(ConfigError::new("settings", Problem::Expected("an object")));
        };
        let kwargs = flatten_client_kwargs(&mut settings)?;
        let mut reader = Reader::new(settings)?;
        refuse_what_a_browser_cannot_do(&mut reader)?;

        // Missing only where every key is known: a clientID that is there is a misspelt one.
        let client_id = reader.text("clientId")?.unwrap_or_default();
        let metadata_source = read_metadata_source(&mut reader)?;
        let discovers = metadata_source != MetadataSource::Settings;
        let scope =
            reader.words("scope")?.unwrap_or_else(|| if discovers { vec!["openid".into()] } else { Vec::new() });
        let api_base_url = reader.endpoint("apiBaseUrl")?;
        let api_origins = reader.take("apiOrigins", "a list of origins", read_origins)?.unwrap_or_default();
        let own_origin = api_base_url.as_deref().and_then(|url| Uri::parse(url).ok()).map(|uri| uri.web_origin());
        let config = Self {
            client_id,
            metadata_source,
            explicit_metadata: read_explicit_metadata(&mut reader)?,
            jwks: read_jwks(&mut reader)?,
            scope,
            redirect_uri: reader.redirect_uri("redirectUri")?,
            post_logout_redirect_uri: reader.redirect_uri("postLogoutRedirectUri")?,
            authorize_params: reader.params("authorizeParams", &RESERVED_AUTHORIZE_PARAMS)?,
            access_token_params: reader.params("accessTokenParams", &RESERVED_TOKEN_PARAMS)?,
            refresh_token_url: reader.endpoint("refreshTokenUrl")?,
            refresh_token_params: reader.params("refreshTokenParams", &RESERVED_TOKEN_PARAMS)?,
            insecure_client_secret: reader.text("insecureClientSecret")?.map(Secret::new),
            api_base_url,
            api_origins: own_origin.into_iter().chain(api_origins).collect(),
            id_token_signing_algs: read_algorithms(&mut reader)?,
            trusted_audiences: reader.list("trustedAudiences")?.unwrap_or_default(),
            allow_missing_nonce: reader.flag("allowMissingNonce")?,
            response_mode: read_response_mode(&mut reader)?,
            resource: reader.list("resource")?.unwrap_or_default(),
        };
        if kwargs.secret_in_body && config.insecure_client_secret.is_none() {
            let method = ConfigError::new("token_endpoint_auth_method", Problem::Expected("none"));
            return Err(method.within("client_kwargs"));
        }
        // Settings of the contract whose capability is still to come: refused where they would promise something that does
        // not happen.
        reader.only("pushedAuthorization", &[json!("auto"), json!("never")])?;
        reader.only("dpop", &[json!(false)])?;
        reader.only("profile", &[json!("default")])?;
        // Functions are taken out of the settings before they come here; what is left under their names is none.
        for name in ["expectedIssuer", "fetchToken"] {
            reader.refuse(name, Problem::Expected("a function"))?;
        }
        reader.refuse("hooks", Problem::Expected("an object of functions"))?;
        reader.finish()?;
        if config.client_id.is_empty() {
            return Err(ConfigError::new("clientId", Problem::Missing));
        }
        Ok(config)
    }

    /// Settings put over those of before: see [`settings::merge`]. Nested ones are taken out first, so that a flat `scope` wins
    /// over one in `client_kwargs`.
    pub fn put_over(before: Value, later: Value) -> ConfigResult<Value> {
        let (Value::Object(mut before), Value::Object(mut later)) = (before, later) else {
            return Err(ConfigError::new("settings", Problem::Expected("an object")));
        };
        let secret_in_body = [&mut before, &mut later].map(flatten_client_kwargs);
        let mut merged = settings::merge(before, later);
        for noted in secret_in_body {
            noted?.restore(&mut merged);
        }
        Ok(Value::Object(merged))
    }

    /// How a public client says who it is (RFC 6749 section 3.2.1), and the value that some providers want beside it.
    pub fn client_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let secret = self.insecure_client_secret.as_ref().map(|secret| ("client_secret", secret.expose()));
        std::iter::once(("client_id", self.client_id.as_str())).chain(secret)
    }

    /// OpenID Connect is OAuth 2.0 with the scope `openid` (OIDC Core section 3.1.2.1).
    pub fn is_openid(scope: &[String]) -> bool {
        scope.iter().any(|word| word == "openid")
    }
}

fn refuse_what_a_browser_cannot_do(reader: &mut Reader) -> ConfigResult<()> {
    reader.refuse("clientSecret", Problem::ClientSecret)?;
    reader.refuse("requestTokenUrl", Problem::OAuth1)?;
    reader.refuse("requestTokenParams", Problem::OAuth1)
}

/// What the URL of a metadata document has and an issuer has not: Discovery section 4, RFC 8414 section 3.
const WELL_KNOWN: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

fn read_metadata_source(reader: &mut Reader) -> ConfigResult<MetadataSource> {
    let issuer = reader.take("issuer", "an https URL without query or fragment (http on loopback only)", |value| {
        value.as_str().filter(|text| Uri::parse_issuer(text).is_ok()).map(String::from)
    })?;
    let is_document = |url: &String| WELL_KNOWN.iter().any(|part| url.contains(part));
    if issuer.as_ref().is_some_and(is_document) {
        let what = "the issuer itself: the URL of its metadata document belongs into serverMetadataUrl";
        return Err(ConfigError::new("issuer", Problem::Expected(what)));
    }
    Ok(match (reader.endpoint("serverMetadataUrl")?, issuer) {
        (Some(url), issuer) => MetadataSource::Document { url, issuer },
        (None, Some(issuer)) => MetadataSource::Issuer(issuer),
        (None, None) => MetadataSource::Settings,
    })
}

fn read_explicit_metadata(reader: &mut Reader) -> ConfigResult<Object> {
    let mut explicit = reader.object("metadata")?.unwrap_or_default();
    for (name, wire_name) in [("authorizeUrl", "authorization_endpoint"), ("accessTokenUrl", "token_endpoint")] {
        if let Some(url) = reader.endpoint(name)? {
            explicit.insert(wire_name.into(), Value::String(url));
        }
    }
    // `null` takes a member of the discovered document away.
    for (wire_name, value) in explicit.iter().filter(|(_, value)| !value.is_null()) {
        let is_url = wire_name == "issuer" || ENDPOINTS.contains(&wire_name.as_str());
        if is_url && value.as_str().is_none_or(|text| Uri::parse_endpoint(text).is_err()) {
            let expected = Problem::Expected("an absolute https URL (http on loopback only)");
            return Err(ConfigError::new(wire_name.clone(), expected).within("metadata"));
        }
    }
    Ok(explicit)
}

fn read_jwks(reader: &mut Reader) -> ConfigResult<Option<Rc<JwkSet>>> {
    reader.take("jwks", "a JWK Set: {\"keys\": […]}", |value| JwkSet::from_json(value.as_object()?).ok().map(Rc::new))
}

fn read_algorithms(reader: &mut Reader) -> ConfigResult<Vec<SigningAlgorithm>> {
    let parse = |names: Vec<String>| names.iter().map(|name| SigningAlgorithm::parse(name)).collect::<Option<Vec<_>>>();
    let expected = "a list of RS, PS or ES 256, 384, 512, Ed25519 or EdDSA (never none, never HS)";
    let chosen = reader.take("idTokenSigningAlgs", expected, |value| {
        parse(super::json::string_list(value)?).filter(|list| !list.is_empty())
    })?;
    Ok(chosen.unwrap_or_else(|| SigningAlgorithm::ALL.to_vec()))
}

fn read_response_mode(reader: &mut Reader) -> ConfigResult<ResponseMode> {
    let mode = reader.text("responseMode")?;
    let refuse = |problem| Err(ConfigError::new("responseMode", problem));
    let Some(name) = mode.as_deref() else { return Ok(ResponseMode::Query) };
    if let Some(mode) = ResponseMode::parse(name) {
        return Ok(mode);
    }
    match name {
        "form_post" => refuse(Problem::FormPost),
        "jwt" | "query.jwt" | "fragment.jwt" => refuse(Problem::NotInThisVersion),
        _ => refuse(Problem::Expected("\"query\" or \"fragment\"")),
    }
}

fn read_origins(value: &Value) -> Option<Vec<String>> {
    let origins = super::json::string_list(value)?;
    let is_origin =
        |text: &String| Uri::parse_endpoint(text).is_ok_and(|uri| uri.query.is_none() && ["", "/"].contains(&uri.path));
    let web_origin = |text: &String| Uri::parse(text).ok().map(|uri| uri.web_origin());
    if origins.iter().all(is_origin) { origins.iter().map(web_origin).collect() } else { None }
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
