//! `ClientSettings`, parsed and validated once: the registration of one public client at one provider.
//!
//! Keys come in camelCase or in the snake_case of server-side frameworks, flat or nested in `clientKwargs`.

use serde_json::{Value, json};

use super::jose::{JwkSet, SigningAlgorithm};
use super::json::Object;
use super::settings::{ConfigError, ConfigResult, Problem, Reader};
use super::uri::Uri;

#[derive(Clone, Debug)]
pub struct ClientConfig {
    pub client_id: String,
    pub metadata_source: MetadataSource,
    /// Metadata given in the settings, by wire name. Wins over what is discovered.
    pub explicit_metadata: Object,
    /// Static keys; when present no key set is ever fetched.
    pub jwks: Option<JwkSet>,
    pub scope: Vec<String>,
    pub redirect_uri: Option<String>,
    pub post_logout_redirect_uri: Option<String>,
    pub authorize_params: Vec<(String, String)>,
    pub access_token_params: Vec<(String, String)>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    Query,
    Fragment,
}

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
    pub fn from_json(settings: Value) -> ConfigResult<Self> {
        let Value::Object(mut settings) = settings else {
            return Err(ConfigError::new("settings", Problem::Expected("an object")));
        };
        flatten_client_kwargs(&mut settings)?;
        let mut reader = Reader::new(settings)?;
        refuse_what_a_browser_cannot_do(&mut reader)?;

        let client_id = reader.text("clientId")?.ok_or_else(|| ConfigError::new("clientId", Problem::Missing))?;
        let metadata_source = read_metadata_source(&mut reader)?;
        let discovers = metadata_source != MetadataSource::Settings;
        let scope =
            reader.words("scope")?.unwrap_or_else(|| if discovers { vec!["openid".into()] } else { Vec::new() });
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
            id_token_signing_algs: read_algorithms(&mut reader)?,
            trusted_audiences: reader.list("trustedAudiences")?.unwrap_or_default(),
            allow_missing_nonce: reader.flag("allowMissingNonce")?,
            response_mode: read_response_mode(&mut reader)?,
            resource: reader.list("resource")?.unwrap_or_default(),
        };
        // Settings of the contract whose capability is still to come: checked where they are harmless, refused where they
        // would promise something that does not happen.
        reader.endpoint("apiBaseUrl")?;
        reader.take("apiOrigins", "a list of origins", read_origins)?;
        reader.only("pushedAuthorization", &[json!("auto"), json!("never")])?;
        reader.only("dpop", &[json!(false)])?;
        reader.only("profile", &[json!("default")])?;
        for name in ["expectedIssuer", "insecureClientSecret", "hooks", "fetchToken"] {
            reader.refuse(name, Problem::NotInThisVersion)?;
        }
        reader.finish().map(|()| config)
    }

    /// OpenID Connect is OAuth 2.0 with the scope `openid` (OIDC Core section 3.1.2.1).
    pub fn is_openid(scope: &[String]) -> bool {
        scope.iter().any(|word| word == "openid")
    }
}

/// `{"client_kwargs": {"scope": …}}` is read as `{"scope": …}`: server-side frameworks nest the settings of the session there.
fn flatten_client_kwargs(settings: &mut Object) -> ConfigResult<()> {
    for key in ["client_kwargs", "clientKwargs"] {
        let nested = match settings.remove(key) {
            None | Some(Value::Null) => continue,
            Some(Value::Object(nested)) => nested,
            Some(_) => return Err(ConfigError::new(key, Problem::Expected("an object"))),
        };
        let mut extra = Object::new();
        for (name, value) in nested {
            match name.as_str() {
                // Always on here; any other method is refused rather than weakened.
                "code_challenge_method" if value == "S256" => {}
                "token_endpoint_auth_method" if value == "none" => {}
                "response_type" if value == "code" => {}
                "code_challenge_method" => return Err(ConfigError::new(name, Problem::Expected("S256")).within(key)),
                "token_endpoint_auth_method" => {
                    return Err(ConfigError::new(name, Problem::Expected("none")).within(key));
                }
                "response_type" => return Err(ConfigError::new(name, Problem::Expected("code")).within(key)),
                "prompt" | "login_hint" => {
                    extra.insert(name, value);
                }
                "scope" | "redirect_uri" | "response_mode" | "resource" => {
                    if settings.contains_key(&name) {
                        return Err(ConfigError::new(name, Problem::Twice).within(key));
                    }
                    settings.insert(name, value);
                }
                "client_secret" | "clientSecret" => {
                    return Err(ConfigError::new(name, Problem::ClientSecret).within(key));
                }
                _ => return Err(ConfigError::new(name, Problem::Unknown).within(key)),
            }
        }
        if !extra.is_empty() {
            let slot = if settings.contains_key("authorizeParams") { "authorizeParams" } else { "authorize_params" };
            match settings.entry(slot).or_insert_with(|| json!({})) {
                Value::Object(params) => extra.into_iter().for_each(|(name, value)| {
                    params.entry(name).or_insert(value);
                }),
                _ => return Err(ConfigError::new(slot, Problem::Expected("an object"))),
            }
        }
    }
    Ok(())
}

fn refuse_what_a_browser_cannot_do(reader: &mut Reader) -> ConfigResult<()> {
    reader.refuse("clientSecret", Problem::ClientSecret)?;
    reader.refuse("requestTokenUrl", Problem::OAuth1)?;
    reader.refuse("requestTokenParams", Problem::OAuth1)
}

fn read_metadata_source(reader: &mut Reader) -> ConfigResult<MetadataSource> {
    let issuer = reader.take("issuer", "an https URL without query or fragment (http on loopback only)", |value| {
        value.as_str().filter(|text| Uri::parse_issuer(text).is_ok()).map(String::from)
    })?;
    Ok(match (reader.endpoint("serverMetadataUrl")?, issuer) {
        (Some(url), issuer) => MetadataSource::Document { url, issuer },
        (None, Some(issuer)) => MetadataSource::Issuer(issuer),
        (None, None) => MetadataSource::Settings,
    })
}

fn read_explicit_metadata(reader: &mut Reader) -> ConfigResult<Object> {
    let mut explicit = reader.object("metadata")?.unwrap_or_default();
    explicit.retain(|_, value| !value.is_null());
    for (name, wire_name) in [("authorizeUrl", "authorization_endpoint"), ("accessTokenUrl", "token_endpoint")] {
        if let Some(url) = reader.endpoint(name)? {
            explicit.insert(wire_name.into(), Value::String(url));
        }
    }
    for (wire_name, value) in &explicit {
        let is_url = wire_name.ends_with("_endpoint") || wire_name == "jwks_uri" || wire_name == "issuer";
        if is_url && value.as_str().is_none_or(|text| Uri::parse_endpoint(text).is_err()) {
            let expected = Problem::Expected("an absolute https URL (http on loopback only)");
            return Err(ConfigError::new(wire_name.clone(), expected).within("metadata"));
        }
    }
    Ok(explicit)
}

fn read_jwks(reader: &mut Reader) -> ConfigResult<Option<JwkSet>> {
    reader.take("jwks", "a JWK Set: {\"keys\": […]}", |value| JwkSet::from_json(value.as_object()?).ok())
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
    match mode.as_deref() {
        None | Some("query") => Ok(ResponseMode::Query),
        Some("fragment") => Ok(ResponseMode::Fragment),
        Some("form_post") => refuse(Problem::FormPost),
        Some("jwt" | "query.jwt" | "fragment.jwt") => refuse(Problem::NotInThisVersion),
        Some(_) => refuse(Problem::Expected("\"query\" or \"fragment\"")),
    }
}

fn read_origins(value: &Value) -> Option<Vec<String>> {
    let origins = super::json::string_list(value)?;
    let is_origin = |text: &String| Uri::parse_endpoint(text).is_ok_and(|uri| uri.path.is_empty() || uri.path == "/");
    origins.iter().all(is_origin).then_some(origins)
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
