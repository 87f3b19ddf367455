//! The settings of one client: brought into one form, put over those of before, and parsed.

use std::rc::Rc;

use super::client_kwargs;
use super::mistake::{ConfigError, ConfigResult, Problem};
use super::reader::{Kind, Members, Reader, Rules, is_list};
use crate::protocol::config::{
    ClientConfig, ENDPOINTS, MetadataSource, RESERVED_AUTHORIZE_PARAMS, RESERVED_TOKEN_PARAMS, ResponseMode,
};
use crate::protocol::jose::{JwkSet, SigningAlgorithm};
use crate::protocol::json::{self, Object, Value};
use crate::protocol::secret::Secret;
use crate::protocol::text::contains;
use crate::protocol::uri::Uri;

/// The settings that are known, beside `clientKwargs`.
pub const RULES: &Rules = &[
    ("clientSecret", &Kind::Refused(Problem::ClientSecret)),
    ("requestTokenUrl", &Kind::Refused(Problem::OAuth1)),
    ("requestTokenParams", &Kind::Refused(Problem::OAuth1)),
    ("clientId", Kind::TEXT),
    ("issuer", &Kind::Value("an https URL without query or fragment (http on loopback only)", is_issuer)),
    ("serverMetadataUrl", Kind::ENDPOINT),
    ("scope", Kind::LIST),
    ("apiBaseUrl", Kind::ENDPOINT),
    ("apiOrigins", &Kind::Value("a list of origins", |value| is_list(value, is_origin))),
    ("metadata", Kind::OBJECT),
    ("authorizeUrl", Kind::ENDPOINT),
    ("accessTokenUrl", Kind::ENDPOINT),
    ("jwks", &Kind::Value(JWK_SET, Value::is_object)),
    ("redirectUri", &Kind::RedirectUri),
    ("popupRedirectUri", &Kind::RedirectUri),
    ("silentRedirectUri", &Kind::RedirectUri),
    ("postLogoutRedirectUri", &Kind::RedirectUri),
    ("authorizeParams", &Kind::Params(&RESERVED_AUTHORIZE_PARAMS)),
    ("accessTokenParams", &Kind::Params(&RESERVED_TOKEN_PARAMS)),
    ("refreshTokenUrl", Kind::ENDPOINT),
    ("refreshTokenParams", &Kind::Params(&RESERVED_TOKEN_PARAMS)),
    ("insecureClientSecret", Kind::TEXT),
    (
        "idTokenSigningAlgs",
        &Kind::Value("a list of RS, PS or ES 256, 384, 512, Ed25519 or EdDSA (never none, never HS)", |value| {
            let is_empty = value.as_array().is_none_or(Vec::is_empty);
            !is_empty && is_list(value, |name| SigningAlgorithm::parse(name).is_some())
        }),
    ),
    ("trustedAudiences", Kind::LIST),
    ("allowMissingNonce", Kind::FLAG),
    ("responseMode", Kind::TEXT),
    ("resource", Kind::LIST),
    // These settings of the contract have no effect in this version yet. A value that would promise one is refused.
    ("pushedAuthorization", &Kind::Only(&["\"auto\"", "\"never\""])),
    ("dpop", &Kind::Only(&["false"])),
    ("profile", &Kind::Only(&["\"default\""])),
    // Functions are taken out of the settings before they come here: any other value under their names is a mistake.
    ("expectedIssuer", &Kind::Refused(Problem::Expected("a function"))),
    ("fetchToken", &Kind::Refused(Problem::Expected("a function"))),
    ("hooks", &Kind::Refused(Problem::Expected("an object of functions"))),
];

const JWK_SET: &str = "a JWK Set: {\"keys\": […]}";

/// The settings of a client in one form: flat, and under their names in camelCase.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    members: Members,
    /// `client_kwargs` has the method `client_secret_post`.
    secret_in_body: bool,
}

impl ClientSettings {
    pub fn read(settings: Value) -> ConfigResult<Self> {
        let Value::Object(settings) = settings else {
            return Err(ConfigError::new("settings", Problem::Expected("an object")));
        };
        let mut members = Members::read(settings)?;
        let secret_in_body = client_kwargs::flatten(&mut members)?;
        Ok(Self { members, secret_in_body })
    }

    /// Puts these settings over earlier ones.
    pub fn over(self, mut earlier: Self) -> Self {
        self.members.over(&mut earlier.members);
        earlier.secret_in_body |= self.secret_in_body;
        earlier
    }

    pub fn parse(&self) -> ConfigResult<ClientConfig> {
        let mut reader = Reader::new(self.members.clone(), RULES)?;
        check_issuer(reader.see_text("issuer"))?;
        let explicit_metadata = read_explicit_metadata(&mut reader)?;
        let jwks = reader.object("jwks").map(|keys| JwkSet::from_json(&keys)).transpose();
        let jwks = jwks.map_err(|_| ConfigError::new("jwks", Problem::Expected(JWK_SET)))?;
        check_response_mode(reader.see_text("responseMode"))?;
        if self.secret_in_body && reader.see_text("insecureClientSecret").is_none() {
            return Err(ConfigError::within("client_kwargs", "token_endpoint_auth_method", Problem::Expected("none")));
        }
        // The check comes after the check of the names: where `clientId` is missing, a `clientID` is a misspelt `clientId`.
        if reader.see_text("clientId").is_none() {
            return Err(ConfigError::new("clientId", Problem::Missing));
        }
        let metadata_source = match (reader.text("serverMetadataUrl"), reader.text("issuer")) {
            (Some(url), issuer) => MetadataSource::Document { url, issuer },
            (None, Some(issuer)) => MetadataSource::Issuer(issuer),
            (None, None) => MetadataSource::Settings,
        };
        let mut scope = reader.words("scope");
        if metadata_source != MetadataSource::Settings {
            scope.get_or_insert_with(|| vec!["openid".to_owned()]);
        }
        let api_base_url = reader.text("apiBaseUrl");
        Ok(ClientConfig {
            client_id: reader.text("clientId").unwrap_or_default(),
            metadata_source,
            explicit_metadata,
            jwks: jwks.map(Rc::new),
            scope: scope.unwrap_or_default(),
            redirect_uri: reader.text("redirectUri"),
            popup_redirect_uri: reader.text("popupRedirectUri"),
            silent_redirect_uri: reader.text("silentRedirectUri"),
            post_logout_redirect_uri: reader.text("postLogoutRedirectUri"),
            authorize_params: reader.params("authorizeParams"),
            access_token_params: reader.params("accessTokenParams"),
            refresh_token_url: reader.text("refreshTokenUrl"),
            refresh_token_params: reader.params("refreshTokenParams"),
            insecure_client_secret: reader.text("insecureClientSecret").map(Secret::new),
            api_origins: web_origins(api_base_url.as_deref(), &reader.list("apiOrigins").unwrap_or_default()),
            api_base_url,
            id_token_signing_algs: algorithms(&reader.list("idTokenSigningAlgs").unwrap_or_default()),
            trusted_audiences: reader.list("trustedAudiences").unwrap_or_default(),
            allow_missing_nonce: reader.flag("allowMissingNonce"),
            response_mode: match reader.text("responseMode") {
                Some(name) => ResponseMode::parse(&name).unwrap_or(ResponseMode::Query),
                None => ResponseMode::Query,
            },
            resource: reader.list("resource").unwrap_or_default(),
        })
    }
}

/// The settings of a client that are not put over earlier ones.
pub fn parse(settings: Value) -> ConfigResult<ClientConfig> {
    ClientSettings::read(settings)?.parse()
}

fn is_issuer(value: &Value) -> bool {
    value.as_str().is_some_and(|text| Uri::parse_issuer(text).is_ok())
}

fn is_origin(text: &str) -> bool {
    Uri::parse_endpoint(text).is_ok_and(|uri| uri.query.is_none() && ["", "/"].contains(&uri.path))
}

/// The origin of the base URL, and then the listed origins.
fn web_origins(base: Option<&str>, listed: &[String]) -> Vec<String> {
    let mut origins = Vec::new();
    for url in base.into_iter().chain(listed.iter().map(String::as_str)) {
        if let Ok(uri) = Uri::parse(url) {
            origins.push(uri.web_origin());
        }
    }
    origins
}

/// The algorithms that the setting names. An empty list stands for a setting that was not given; a given list is never empty.
fn algorithms(names: &[String]) -> Vec<SigningAlgorithm> {
    if names.is_empty() {
        return SigningAlgorithm::ALL.to_vec();
    }
    let mut algorithms = Vec::new();
    for name in names {
        algorithms.extend(SigningAlgorithm::parse(name));
    }
    algorithms
}

/// The path that the URL of a metadata document has and an issuer has not: Discovery section 4, RFC 8414 section 3.
const WELL_KNOWN: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

fn check_issuer(issuer: Option<&str>) -> ConfigResult<()> {
    if issuer.is_none_or(|url| !WELL_KNOWN.iter().any(|part| contains(url, part))) {
        return Ok(());
    }
    let what = "the issuer itself: the URL of its metadata document belongs into serverMetadataUrl";
    Err(ConfigError::new("issuer", Problem::Expected(what)))
}

fn read_explicit_metadata(reader: &mut Reader) -> ConfigResult<Object> {
    let mut explicit = reader.object("metadata").unwrap_or_default();
    for (name, wire_name) in [("authorizeUrl", "authorization_endpoint"), ("accessTokenUrl", "token_endpoint")] {
        if let Some(url) = reader.take(name).filter(json::is_present) {
            explicit.insert(wire_name.into(), url);
        }
    }
    // `null` takes a member of the discovered document away.
    for (wire_name, value) in explicit.iter().filter(|(_, value)| !value.is_null()) {
        let is_url = wire_name == "issuer" || ENDPOINTS.contains(&wire_name.as_str());
        if is_url && value.as_str().is_none_or(|text| Uri::parse_endpoint(text).is_err()) {
            let problem = Problem::Expected("an absolute https URL (http on loopback only)");
            return Err(ConfigError::within("metadata", wire_name, problem));
        }
    }
    Ok(explicit)
}

fn check_response_mode(name: Option<&str>) -> ConfigResult<()> {
    let problem = match name {
        Some("form_post") => Problem::FormPost,
        Some("jwt" | "query.jwt" | "fragment.jwt") => Problem::NotInThisVersion,
        Some(name) if ResponseMode::parse(name).is_none() => Problem::Expected("\"query\" or \"fragment\""),
        _ => return Ok(()),
    };
    Err(ConfigError::new("responseMode", problem))
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
